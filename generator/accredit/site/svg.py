"""Draws a laid out neighbourhood as SVG: our own elements and attributes only, text escaped, colours left to CSS."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from accredit.site.graph import Box, Layout

HEIGHT, STEP, PADDING, WIDEST = 46.0, 12.0, 22.0, 144.0
"""Boxes have one height and few widths, so that many diagrams share a layout."""
LINES = 2
"""Most lines of a label."""
MORE_HEIGHT = 20.0
LABEL_SIZE, DETAIL_SIZE, LINE = 12.0, 10.0, 14.0
MARGIN = 4.0
ARROW_LENGTH, ARROW_HALF = 7.0, 3.0
_BOLD = 1.08
_SLACK = 1.08
"""Room for fonts a little wider than Helvetica, by whose measures the boxes are made."""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u0080-\u009f]")
_WIDTHS = {
    " !,./:;I[\\]ft": 278, "ijl'": 222, '"': 355, "()-`r": 333, "*": 389, "kcsvxyzJ": 500, "^": 469, "{|}": 334,
    "FTZ": 611, "ABEKPSVXY&": 667, "CDHNRUw": 722, "GOQ": 778, "Mm": 833, "W": 944, "%": 889, "@": 1015,
}  # fmt: skip
_ADVANCE = {ord(c): width / 1000 for chars, width in _WIDTHS.items() for c in chars}


SIGNS = {"wrong": "!", "wrong-above": "\N{UPWARDS ARROW}"}
"""Class of a box to the sign in its corner: something is wrong with the thing itself, or with what it was made from."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One box: what stands in it, where it leads, and the classes that style it. All text is plain text."""

    label: str
    detail: str
    title: str
    kind: str
    classes: tuple[str, ...] = ()
    href: str = ""

    @property
    def size(self) -> float:
        """By which size of type the label is measured: what is in focus is bold, which is wider."""
        return LABEL_SIZE * _BOLD if "focus" in self.classes else LABEL_SIZE

    @property
    def lines(self) -> tuple[str, ...]:
        """The label in lines."""
        return lines_of(self.label, self.size, LINES)

    @property
    def box(self) -> Box:
        """Width and height, in points."""
        if self.kind == "more":
            return _rounded(width_of(self.label, DETAIL_SIZE) + PADDING / 2), MORE_HEIGHT
        widths = [width_of(line, self.size) for line in self.lines]
        return _rounded(max(*widths, width_of(self.detail, DETAIL_SIZE)) + PADDING), HEIGHT


def _rounded(width: float) -> float:
    return min(max(math.ceil(width / STEP) * STEP, 4 * STEP), WIDEST)


@lru_cache(maxsize=4096)
def width_of(text: str, size: float) -> float:
    """How wide a text is in Helvetica, in points; East Asian wide characters count as one em."""
    return _SLACK * size * sum(_advance(char) for char in text)


def _advance(char: str) -> float:
    if char.isascii():
        return _ADVANCE.get(ord(char), 0.556)
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0.0
    return 1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.65


@lru_cache(maxsize=4096)
def lines_of(text: str, size: float, most: int) -> tuple[str, ...]:
    """The text in lines that fit into the widest box, broken between words where that can be; the rest is cut off."""
    lines: list[str] = []
    rest = " ".join(text.split())
    while rest and len(lines) < most:
        count = _how_many_fit(rest, size)
        if count < len(rest) and len(lines) + 1 == most:
            lines.append(f"{rest[: max(count - 1, 1)].rstrip()}\N{HORIZONTAL ELLIPSIS}")
            break
        space = rest.rfind(" ", 0, count + 1) if count < len(rest) else count
        cut = space if space > 0 else count
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return tuple(lines) or ("",)


def _how_many_fit(text: str, size: float) -> int:
    used = 0.0
    for index, char in enumerate(text):
        used += _SLACK * size * _advance(char)
        if used > WIDEST - PADDING:
            return max(index, 1)
    return len(text)


def plain(text: str) -> str:
    """The text without characters that XML does not know, escaped."""
    return str(escape(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)))


def draw(layout: Layout, shapes: Sequence[Shape], titles: Sequence[str], caption: str) -> Markup:
    """The diagram. `titles` are those of the layout's curves, in the same order."""
    width, height = layout.width + 2 * MARGIN, layout.height + 2 * MARGIN
    arrows = "".join(_arrow(points, title) for (_, _, points), title in zip(layout.curves, titles, strict=True))
    boxes = "".join(_box(shape, x, y) for shape, (x, y) in zip(shapes, layout.centres, strict=True))
    return Markup(  # noqa: S704 - every text inside went through `plain`
        f'<svg class="lineage" role="group" aria-label="{plain(caption)}" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="{-MARGIN:g} {-MARGIN:g} {width:g} {height:g}">{arrows}{boxes}</svg>'
    )


def _box(shape: Shape, x: float, y: float) -> str:
    width, height = shape.box
    classes = " ".join(("node", f"n-{shape.kind}", *shape.classes))
    if shape.kind == "more":
        text = _text(shape.label, x, y + 3.5, "detail")
    else:
        label = shape.lines
        top = y - (LINE * len(label) + DETAIL_SIZE) / 2
        text = "".join(_text(line, x, top + LINE * i - 4, "") for i, line in enumerate(label, 1))
        text += _text(lines_of(shape.detail, DETAIL_SIZE, 1)[0], x, top + LINE * len(label) + 7, "detail")
        text += _sign(shape, x - width / 2 + 8, y - height / 2 + 3)
    inner = f'<title>{plain(shape.title)}</title><path d="{_outline(shape.kind, x, y, width, height)}"/>{text}'
    if shape.href:
        # Out of the tab order: the table beside the diagram has the same links for the keyboard and for screen readers.
        inner = f'<a href="{plain(shape.href)}" tabindex="-1">{inner}</a>'
    return f'<g class="{classes}">{inner}</g>'


def _sign(shape: Shape, x: float, y: float) -> str:
    sign = next((SIGNS[c] for c in shape.classes if c in SIGNS), "")
    return f'<circle cx="{x:g}" cy="{y:g}" r="7"/>{_text(sign, x, y + 4, "sign")}' if sign else ""


def _text(text: str, x: float, y: float, class_: str) -> str:
    attribute = f' class="{class_}"' if class_ else ""
    return f'<text{attribute} x="{x:g}" y="{y:g}">{plain(text)}</text>'


def _outline(kind: str, x: float, y: float, width: float, height: float) -> str:
    """Each kind has a shape of its own, so that colour is never the only sign."""
    left, top, right, bottom = x - width / 2, y - height / 2, x + width / 2, y + height / 2
    if kind == "features":
        slant = 8.0
        return f"M{left + slant:g} {top:g}H{right:g}L{right - slant:g} {bottom:g}H{left:g}z"
    if kind == "deployment":
        corner = 9.0
        return f"M{left:g} {top:g}H{right - corner:g}L{right:g} {top + corner:g}V{bottom:g}H{left:g}z"
    radius = height / 2 if kind in {"version", "more"} else 4.0
    arc = f"a{radius:g} {radius:g} 0 0 1"
    return (
        f"M{left + radius:g} {top:g}H{right - radius:g}{arc} {radius:g} {radius:g}V{bottom - radius:g}"
        f"{arc} {-radius:g} {radius:g}H{left + radius:g}{arc} {-radius:g} {-radius:g}V{top + radius:g}"
        f"{arc} {radius:g} {-radius:g}z"
    )


def _arrow(points: Sequence[tuple[float, float]], title: str) -> str:
    (x0, y0), *rest = points
    (x1, y1), (x2, y2) = points[-2], points[-1]
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    tip = (x2 + ux * ARROW_LENGTH, y2 + uy * ARROW_LENGTH)
    sides = ((x2 - uy * ARROW_HALF, y2 + ux * ARROW_HALF), (x2 + uy * ARROW_HALF, y2 - ux * ARROW_HALF))
    corners = " ".join(f"{round(x, 1):g},{round(y, 1):g}" for x, y in (tip, *sides))
    curve = " ".join(f"{x:g} {y:g}" for x, y in rest)
    about = f"<title>{plain(title)}</title>" if title else ""
    return f'<g class="edge">{about}<path d="M{x0:g} {y0:g}C{curve}"/><polygon points="{corners}"/></g>'
