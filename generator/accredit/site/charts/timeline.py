"""The stages of each version over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accredit.domain.value import Stage
from accredit.site.charts.chart import WIDTH, Chart, cut, drawing, text
from accredit.site.charts.scale import Scale

_LEFT, _RIGHT, _ROW, _AXIS = 92, WIDTH - 10, 26, 24


@dataclass(frozen=True, slots=True)
class Span:
    """One stage of one version, from a day to a day, both included."""

    row: str
    stage: Stage
    start: date
    end: date
    name: str = ""
    """What the stage is called; empty for its id."""

    @property
    def called(self) -> str:
        """Name of the stage."""
        return self.name or self.stage


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened to a version on a day, for example an emergency."""

    row: str
    day: date
    name: str


def timeline(title: str, spans: tuple[Span, ...], caption: str = "", marks: tuple[Mark, ...] = ()) -> Chart:
    """Draws one row a version, in the order in which the rows first appear, and marks upon the rows."""
    names = tuple(dict.fromkeys([*(s.row for s in spans), *(m.row for m in marks)]))
    days = [float(d.toordinal()) for d in _days(spans, marks)] or [0.0]
    x = Scale(min(days), max(*days, min(days) + 1), _LEFT, _RIGHT)
    bottom = 6 + _ROW * len(names)
    parts = [_years(_days(spans, marks), x, bottom)]
    for index, name in enumerate(names):
        y = 6 + _ROW * index
        parts.append(
            f'<text class="ac-label" x="{_LEFT - 8}" y="{y + 15}" text-anchor="end">{text(cut(name, 13))}</text>'
        )
        parts += [_bar(s, y, x) for s in spans if s.row == name]
        parts += [_mark(m, y, x) for m in marks if m.row == name]
    rows = tuple((s.row, s.called, str(s.start), str(s.end)) for s in spans)
    rows += tuple((m.row, m.name, str(m.day), "") for m in marks)
    said = "; ".join(
        [f"{s.row} in {s.called} from {s.start} to {s.end}" for s in spans]
        + [f"{m.row}: {m.name} on {m.day}" for m in marks]
    )
    svg = drawing(bottom + _AXIS, title, said, "".join(parts), "timeline")
    return Chart(title, svg, ("Version", "Stage", "From", "To"), rows, caption)


def _bar(span: Span, y: float, x: Scale) -> str:
    start, end = x(float(span.start.toordinal())), x(float(span.end.toordinal()))
    width = min(max(end - start, 2.0), _RIGHT - start) if start < _RIGHT else 2.0
    start = min(start, _RIGHT - width)
    said = text(f"{span.row}: {span.called} from {span.start} to {span.end}")
    label = ""
    if width > 7 * len(span.called):
        label = f'<text class="ac-bar-label" x="{start + 5:.1f}" y="{y + 15}">{text(span.called)}</text>'
    return (
        f'<g class="ac-span ac-fill-{span.stage}"><title>{said}</title>'
        f'<rect x="{start:.1f}" y="{y + 2}" width="{width:.1f}" height="18" rx="3"/>{label}</g>'
    )


def _days(spans: tuple[Span, ...], marks: tuple[Mark, ...]) -> list[date]:
    return [d for s in spans for d in (s.start, s.end)] + [m.day for m in marks]


def _mark(mark: Mark, y: float, x: Scale) -> str:
    """A diamond: told from a bar without its colour."""
    place, middle = x(float(mark.day.toordinal())), y + 11
    place = min(max(place, _LEFT + 7), _RIGHT - 7)
    said = text(f"{mark.row}: {mark.name} on {mark.day}")
    left, right = f"{place - 7:.1f}", f"{place + 7:.1f}"
    path = f"M{place:.1f} {middle - 7}L{right} {middle}L{place:.1f} {middle + 7}L{left} {middle}z"
    return f'<g class="ac-mark"><title>{said}</title><path d="{path}"/></g>'


def _years(days: list[date], x: Scale, bottom: float) -> str:
    parts = [f'<path class="ac-axis" d="M{_LEFT} {bottom}H{_RIGHT}"/>']
    for day in _months(days):
        place = x(float(day.toordinal()))
        anchor = "end" if place > _RIGHT - 24 else "start" if place < _LEFT + 24 else "middle"
        parts.append(f'<path class="ac-grid" d="M{place} 4V{bottom}"/>')
        label = f"{day:%Y-%m}"
        parts.append(f'<text class="ac-tick" x="{place}" y="{bottom + 16}" text-anchor="{anchor}">{label}</text>')
    return "".join(parts)


def _months(days: list[date]) -> list[date]:
    """The first days of up to five round months between the first and the last day."""
    if not days:
        return []
    first, last = min(days), max(days)
    low, high = first.year * 12 + first.month, last.year * 12 + last.month
    step = next((s for s in (1, 2, 3, 6, 12, 24, 60, 120, 600) if high - low <= 5 * s), 12_000)
    return [date(m // 12, m % 12 + 1, 1) for m in range(low + -low % step, high, step)]
