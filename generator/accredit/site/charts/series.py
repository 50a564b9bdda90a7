"""A figure over time, as monitoring reports it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accredit.site.charts.chart import WIDTH, Chart, cut, drawing, text
from accredit.site.charts.dots import Line
from accredit.site.charts.scale import NONE, Scale, metric, scale

_LEFT, _RIGHT, _BOTTOM, _LABEL = 52, WIDTH - 12, 150, 15
_HEIGHT = _BOTTOM + 24


@dataclass(frozen=True, slots=True)
class Point:
    """One observation. `breached` where it crossed its limit."""

    day: date
    value: float
    lower: float | None = None
    upper: float | None = None
    n: int | None = None
    breached: bool = False


def series(
    title: str, points: tuple[Point, ...], lines: tuple[Line, ...] = (), caption: str = "", *, limited: bool = True
) -> Chart:
    """Draws the points in order of time, with the lines to compare them with; `limited` says that there is a limit."""
    ordered = tuple(sorted(points, key=lambda p: p.day))
    reach = [v for p in ordered for v in (p.value, p.lower, p.upper) if v is not None]
    top = 8 + _LABEL * len(lines)
    y = scale(reach + [line.value for line in lines], _BOTTOM, top, within=(0.0, 1.0))
    x = Scale(*_span(ordered), _LEFT + 10, _RIGHT - 10)
    parts = [_frame(x, y, ordered), *(_line(line, i, y) for i, line in enumerate(lines)), _points(ordered, x, y)]
    said = "; ".join(f"{p.day}: {metric(p.value)}" for p in ordered)
    rows = tuple(_cells(p, limited=limited) for p in ordered)
    svg = drawing(_HEIGHT, title, said, "".join(parts), "series")
    return Chart(title, svg, ("Observed", "Value", "Lower", "Upper", "n", "Limit"), rows, caption)


def _span(points: tuple[Point, ...]) -> tuple[float, float]:
    days = [float(p.day.toordinal()) for p in points] or [0.0]
    return (min(days), max(days)) if min(days) < max(days) else (min(days) - 1, max(days) + 1)


def _frame(x: Scale, y: Scale, points: tuple[Point, ...]) -> str:
    parts = [f'<path class="ac-axis" d="M{_LEFT} {_BOTTOM}H{_RIGHT}"/>']
    for place, label in y.labels():
        parts.append(f'<path class="ac-grid" d="M{_LEFT} {place}H{_RIGHT}"/>')
        parts.append(
            f'<text class="ac-tick" x="{_LEFT - 5}" y="{place + 4:.1f}" text-anchor="end">{text(label)}</text>'
        )
    ends = {points[0].day, points[-1].day} if points else set()
    for day in sorted(ends):
        place = x(float(day.toordinal()))
        anchor = "middle" if len(ends) == 1 else "start" if day == points[0].day else "end"
        parts.append(f'<text class="ac-tick" x="{place}" y="{_BOTTOM + 16}" text-anchor="{anchor}">{day}</text>')
    return "".join(parts)


def _line(line: Line, index: int, y: Scale) -> str:
    kind, place = ("ac-limit" if line.side else "ac-reference"), y(line.value)
    label = text(cut(line.label, 50))
    return (
        f'<path class="{kind}" d="M{_LEFT} {place}H{_RIGHT}"/>'
        f'<text class="ac-note {kind}-label" x="{_RIGHT}" y="{_LABEL * index + 12}" text-anchor="end">{label}</text>'
    )


def _points(points: tuple[Point, ...], x: Scale, y: Scale) -> str:
    places = [(p, x(float(p.day.toordinal())), y(p.value)) for p in points]
    parts = ['<path class="ac-trace" d="M' + "L".join(f"{px} {py}" for _, px, py in places) + '"/>'] if places else []
    for p, px, py in places:
        whisker = ""
        if p.lower is not None and p.upper is not None:
            whisker = f'<path class="ac-whisker" d="M{px} {y(p.lower)}V{y(p.upper)}"/>'
        tone = "fail" if p.breached else "plain"
        parts.append(
            f'<g class="ac-row ac-tone-{tone}"><title>{p.day}: {metric(p.value)}</title>{whisker}'
            f'<circle class="ac-dot" cx="{px}" cy="{py}" r="4"/></g>'
        )
    return "".join(parts)


def _cells(point: Point, *, limited: bool) -> tuple[str, ...]:
    numbers = [metric(v) if v is not None else NONE for v in (point.value, point.lower, point.upper)]
    n = f"{point.n:,}" if point.n is not None else NONE
    return (str(point.day), *numbers, n, "breached" if point.breached else "held" if limited else NONE)
