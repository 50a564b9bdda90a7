"""A figure over time, as monitoring reports it, or from version to version."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from accredit.site.charts.chart import WIDTH, Chart, cut, drawing, text
from accredit.site.charts.dots import Line
from accredit.site.charts.scale import NONE, Scale, metric, scale

_LEFT, _RIGHT, _PLOT, _LABEL = 52, WIDTH - 12, 150, 15
_LETTER, _LEVELS = 7, 3
"""Width of a letter below the axis, and lines on which the names of versions may stand."""


@dataclass(frozen=True, slots=True)
class Point:
    """One observation. `breached` where it crossed its limit. `name` is the version, where each point is one."""

    day: date
    value: float
    lower: float | None = None
    upper: float | None = None
    n: int | None = None
    breached: bool = False
    name: str = ""


def series(
    title: str, points: tuple[Point, ...], lines: tuple[Line, ...] = (), caption: str = "", *, limited: bool = True
) -> Chart:
    """Draws the points in order of time, with the lines to compare them with; `limited` says that there is a limit.

    Points with names are versions: they stand side by side in the order given, under their names.
    """
    named = any(p.name for p in points)
    ordered = points if named else tuple(sorted(points, key=lambda p: p.day))
    reach = [v for p in ordered for v in (p.value, p.lower, p.upper) if v is not None]
    top = 8 + _LABEL * len(lines)
    y = scale(reach + [line.value for line in lines], top + _PLOT, top, within=(0.0, 1.0))
    places = _side_by_side(ordered) if named else _in_time(ordered)
    labels = _names(ordered, places) if named else _ends(ordered, places)
    levels = 1 + max((level for _, level, _, _ in labels), default=0)
    parts = [
        _frame(y),
        *(_label(label, y.start) for label in labels),
        *(_line(line, i, y) for i, line in enumerate(lines)),
    ]
    parts.append(_points(ordered, places, y))
    said = "; ".join(f"{p.name or p.day}: {_reading(p)}" for p in ordered)
    svg = drawing(y.start + 10 + 14 * levels, title, said, "".join(parts), "series")
    rows = tuple(_cells(p, limited=limited) for p in ordered)
    heads = ("Version", "Trained") if named else ("Observed",)
    return Chart(title, svg, (*heads, "Value", "Lower", "Upper", "n", "Limit"), rows, caption)


def _in_time(points: tuple[Point, ...]) -> tuple[float, ...]:
    days = [float(p.day.toordinal()) for p in points] or [0.0]
    low, high = (min(days), max(days)) if min(days) < max(days) else (min(days) - 1, max(days) + 1)
    x = Scale(low, high, _LEFT + 10, _RIGHT - 10)
    return tuple(x(float(p.day.toordinal())) for p in points)


def _side_by_side(points: tuple[Point, ...]) -> tuple[float, ...]:
    pitch = (_RIGHT - _LEFT) / len(points)
    return tuple(round(_LEFT + pitch * (i + 0.5), 1) for i in range(len(points)))


_Label = tuple[float, int, str, str]
"""Place, line from the axis down, anchor and text."""


def _ends(points: tuple[Point, ...], places: tuple[float, ...]) -> list[_Label]:
    """The first and the last day."""
    if not points:
        return []
    first, last = (places[0], 0, "start", str(points[0].day)), (places[-1], 0, "end", str(points[-1].day))
    return [first, last] if points[0].day != points[-1].day else [(places[0], 0, "middle", str(points[0].day))]


def _names(points: tuple[Point, ...], places: tuple[float, ...]) -> list[_Label]:
    """Every version, on as many lines as it takes that names do not touch; what is still too long is cut."""
    pitch = (_RIGHT - _LEFT) / len(points)
    longest = max(len(p.name) for p in points) * _LETTER
    levels = min(max(math.ceil((longest + 8) / pitch), 1), _LEVELS, len(points))
    half = min(longest, pitch * levels - 8) / 2
    found = []
    for i, (point, place) in enumerate(zip(points, places, strict=True)):
        x = round(min(max(place, half), WIDTH - half), 1)
        room = 2 * half - abs(x - place)
        found.append((x, i % levels, "middle", cut(point.name, max(int(room / _LETTER), 4))))
    return found


def _label(label: _Label, bottom: float) -> str:
    place, level, anchor, said = label
    y = bottom + 16 + 14 * level
    return f'<text class="ac-tick" x="{place}" y="{y}" text-anchor="{anchor}">{text(said)}</text>'


def _frame(y: Scale) -> str:
    parts = [f'<path class="ac-axis" d="M{_LEFT} {y.start}H{_RIGHT}"/>']
    for place, label in y.labels():
        parts.append(f'<path class="ac-grid" d="M{_LEFT} {place}H{_RIGHT}"/>')
        parts.append(
            f'<text class="ac-tick" x="{_LEFT - 5}" y="{place + 4:.1f}" text-anchor="end">{text(label)}</text>'
        )
    return "".join(parts)


def _line(line: Line, index: int, y: Scale) -> str:
    kind, place = ("ac-limit" if line.side else "ac-reference"), y(line.value)
    label = text(cut(line.label, 50))
    return (
        f'<path class="{kind}" d="M{_LEFT} {place}H{_RIGHT}"/>'
        f'<text class="ac-note {kind}-label" x="{_RIGHT}" y="{_LABEL * index + 12}" text-anchor="end">{label}</text>'
    )


def _points(points: tuple[Point, ...], places: tuple[float, ...], y: Scale) -> str:
    drawn = [(p, px, y(p.value)) for p, px in zip(points, places, strict=True)]
    parts = ['<path class="ac-trace" d="M' + "L".join(f"{px} {py}" for _, px, py in drawn) + '"/>'] if drawn else []
    for p, px, py in drawn:
        whisker = ""
        if p.lower is not None and p.upper is not None:
            whisker = f'<path class="ac-whisker" d="M{px} {y(p.lower)}V{y(p.upper)}"/>'
        tone = "fail" if p.breached else "plain"
        parts.append(
            f'<g class="ac-row ac-tone-{tone}"><title>{text(p.name) or p.day}: {_reading(p)}</title>{whisker}'
            f'<circle class="ac-dot" cx="{px}" cy="{py}" r="4"/></g>'
        )
    return "".join(parts)


def _reading(point: Point) -> str:
    return metric(point.value) + (", beyond the limit" if point.breached else "")


def _cells(point: Point, *, limited: bool) -> tuple[str, ...]:
    numbers = [metric(v) if v is not None else NONE for v in (point.value, point.lower, point.upper)]
    n = f"{point.n:,}" if point.n is not None else NONE
    heads = (point.name, str(point.day)) if point.name else (str(point.day),)
    return (*heads, *numbers, n, "breached" if point.breached else "held" if limited else NONE)
