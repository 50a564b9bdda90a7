"""What a chart is: a drawing, and behind it the numbers as a table for those who cannot or will not look."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from html import escape as html_escape

from markupsafe import Markup

WIDTH = 420
"""Width of every drawing in its own units. Two fit side by side on a desk, one fills a phone."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its title, caption and data."""

    title: str
    svg: Markup
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""

    @property
    def table(self) -> Markup:
        """The numbers as head and body of a table."""
        head = "".join(f'<th scope="col">{text(c) or "Name"}</th>' for c in self.columns)
        body = "".join(
            f'<tr><th scope="row">{text(first)}</th>{"".join([f"<td>{text(cell)}</td>" for cell in cells])}</tr>\n'
            for first, *cells in self.rows
        )
        return Markup(f"<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody>")  # noqa: S704 - every text went through `text`


def text(value: str) -> str:
    """The value as text of an element or attribute; characters that XML does not know are replaced."""
    if value.isascii() and value.isprintable():
        return html_escape(value)
    return html_escape(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", value))


def cut(value: str, width: int) -> str:
    """The beginning of a label that fits into a number of narrow characters; wide ones count twice."""
    used = 0
    for index, char in enumerate(value):
        used += 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if used > width:
            return f"{value[: max(index - 1, 0)].rstrip()}\N{HORIZONTAL ELLIPSIS}"
    return value


def drawing(height: float, title: str, description: str, body: str, kind: str) -> Markup:
    """The drawing around its elements. `body` must be escaped."""
    return Markup(  # noqa: S704 - every text inside went through `text`
        f'<svg class="ac-chart ac-plot-{kind}" viewBox="0 0 {WIDTH} {height:g}" role="img" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{text(title)}</title><desc>{text(description)}</desc>{body}</svg>'
    )
