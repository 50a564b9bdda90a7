"""Dot-and-whisker plots: one row a value with its interval, against limits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from accredit.site.charts.chart import WIDTH, Chart, cut, drawing, text
from accredit.site.charts.scale import NONE, Scale, metric, percent, scale

_LEFT, _RIGHT = 10, WIDTH - 10
_ROW, _HEADING, _LABEL, _AXIS = 36, 26, 15, 26
Tone = Literal["", "fail", "muted"]


@dataclass(frozen=True, slots=True)
class Row:
    """One value with its interval. A row without a value is a heading, unless something is said in its place."""

    label: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    n: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    tone: Tone = ""
    note: str = ""
    """Said in the table of data, for example why a group was left out."""
    withheld: str = ""
    """What stands in place of a value that is not published; the row then has no value and no n."""

    @property
    def is_heading(self) -> bool:
        """Whether it is the heading of the rows below it."""
        return self.value is None and not self.withheld


@dataclass(frozen=True, slots=True)
class Line:
    """A vertical line through all rows. With `side`, values on that side of it are beyond the limit."""

    value: float
    label: str
    side: Literal["below", "above", ""] = ""


def dot_plot(  # noqa: PLR0913 - most are named, and few are ever given
    title: str,
    rows: tuple[Row, ...],
    lines: tuple[Line, ...] = (),
    *,
    shares: bool = False,
    unit: str = "",
    caption: str = "",
) -> Chart:
    """Draws the rows. `shares` says that all values lie between 0 and 1 and read as percentages.

    `unit` is written below the axis and at the head of the values.
    """
    axis = scale(_values(rows, lines), _LEFT, _RIGHT, within=(0.0, 1.0))
    top = 4 + _LABEL * len(lines)
    height = top + sum(_HEADING if r.is_heading else _ROW for r in rows) + _AXIS
    parts = [_grid(axis, top, height - _AXIS, shares=shares)]
    parts += [_line(line, i, axis, (top, height - _AXIS)) for i, line in enumerate(lines)]
    y = top
    for row in rows:
        parts.append(_heading(row, y) if row.is_heading else _row(row, y, axis, shares=shares))
        y += _HEADING if row.is_heading else _ROW
    if unit:
        place = f'x="{WIDTH / 2:g}" y="{height + 11}" text-anchor="middle"'
        parts.append(f'<text class="ac-note" {place}>{text(unit)}</text>')
        height += _LABEL
    said = "; ".join(f"{r.label}: {_reading(r, shares=shares)}" for r in rows if not r.is_heading)
    svg = drawing(height, title, said, "".join(parts), "dots")
    return Chart(title, svg, _columns(rows, unit), _table(rows, shares=shares), caption)


def _values(rows: tuple[Row, ...], lines: tuple[Line, ...]) -> list[float]:
    found = [v for r in rows for v in (r.value, r.lower, r.upper, r.minimum, r.maximum) if v is not None]
    return found + [line.value for line in lines]


def _grid(axis: Scale, top: float, bottom: float, *, shares: bool) -> str:
    parts = [f'<path class="ac-axis" d="M{_LEFT} {bottom}H{_RIGHT}"/>']
    for x, label in axis.labels(percent=shares):
        anchor = "start" if x < _LEFT + 12 else "end" if x > _RIGHT - 12 else "middle"
        parts.append(
            f'<path class="ac-grid" d="M{x} {top}V{bottom}"/>'
            f'<text class="ac-tick" x="{x}" y="{bottom + 16}" text-anchor="{anchor}">{label}</text>'
        )
    return "".join(parts)


def _line(line: Line, index: int, axis: Scale, span: tuple[float, float]) -> str:
    x, y = axis(line.value), _LABEL * index + 12
    top, bottom = span
    anchor, shift = ("start", 4) if x < WIDTH / 2 else ("end", -4)
    area = ""
    if line.side:
        left, right = (_LEFT, x) if line.side == "below" else (x, _RIGHT)
        area = f'<rect class="ac-beyond" x="{left}" y="{top}" width="{right - left:.1f}" height="{bottom - top}"/>'
    kind = "ac-limit" if line.side else "ac-reference"
    return (
        f'{area}<path class="{kind}" d="M{x} {y - 8}V{bottom}"/>'
        f'<text class="ac-note {kind}-label" x="{x + shift:.1f}" y="{y}" text-anchor="{anchor}">'
        f"{text(cut(line.label, 34))}</text>"
    )


def _heading(row: Row, y: float) -> str:
    return f'<text class="ac-heading" x="{_LEFT}" y="{y + 18}">{text(cut(row.label, 50))}</text>'


def _row(row: Row, y: float, axis: Scale, *, shares: bool) -> str:
    middle, x = y + 24, axis(row.value or 0.0)
    label, reading = cut(row.label, 29), text(_reading(row, shares=shares))
    whole = "" if label == row.label else f"<title>{text(row.label)}</title>"
    parts = [
        (
            f'<g class="ac-row ac-tone-{row.tone or "plain"}">{whole}'
            f'<text class="ac-label" x="{_LEFT}" y="{y + 13}">{text(label)}</text>'
            f'<text class="ac-value" x="{_RIGHT}" y="{y + 13}" text-anchor="end">{reading}</text>'
            f'<path class="ac-track" d="M{_LEFT} {middle}H{_RIGHT}"/>'
        )
    ]
    if row.lower is not None and row.upper is not None:
        low, high = axis(row.lower), axis(row.upper)
        parts.append(
            f'<path class="ac-whisker" d="M{low} {middle - 4}v8M{low} {middle}H{high}M{high} {middle - 4}v8"/>'
        )
    parts += [
        f'<path class="ac-limit" d="M{axis(v)} {middle - 9}v18"/>' for v in (row.minimum, row.maximum) if v is not None
    ]
    if row.value is not None:
        parts.append(f'<circle class="ac-dot" cx="{x}" cy="{middle}" r="4.5"/>')
    parts.append("</g>")
    return "".join(parts)


@lru_cache(maxsize=64)
def _reading(row: Row, *, shares: bool) -> str:
    """Value, interval and n as text, or what stands in their place. Asked for twice, for the drawing and its words."""
    if row.withheld:
        return row.withheld
    show = percent if shares else metric
    parts = [show(row.value or 0.0)]
    if row.lower is not None and row.upper is not None:
        parts.append(f" ({show(row.lower)} to {show(row.upper)})")
    if row.n is not None:
        parts.append(f" · n {row.n:,}")
    return "".join(parts)


def _columns(rows: tuple[Row, ...], unit: str) -> tuple[str, ...]:
    notes = ("Note",) if any(r.note for r in rows) else ()
    return ("", unit.capitalize() or "Value", "Lower", "Upper", "n", *notes)


def _table(rows: tuple[Row, ...], *, shares: bool) -> tuple[tuple[str, ...], ...]:
    show = percent if shares else metric
    notes = any(r.note for r in rows)
    found, heading = [], ""
    for row in rows:
        if row.is_heading:
            heading = f"{row.label}: "
            continue
        numbers = [show(v) if v is not None else NONE for v in (row.value, row.lower, row.upper)]
        n = row.withheld or (f"{row.n:,}" if row.n is not None else NONE)
        found.append((heading + row.label, *numbers, n, *((row.note,) if notes else ())))
    return tuple(found)
