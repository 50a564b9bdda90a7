"""Reliability diagram: what was predicted against what was observed, bin by bin."""

from __future__ import annotations

from dataclasses import dataclass

from accredit.site.charts.chart import WIDTH, Chart, drawing
from accredit.site.charts.scale import Scale, percent, scale

_LEFT, _RIGHT, _TOP, _BOTTOM, _STRIP = 44, WIDTH - 12, 10, 300, 34
_HEIGHT = _BOTTOM + 40


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin of scores: mean prediction, observed share with its interval, and the number of rows."""

    predicted: float
    observed: float
    lower: float
    upper: float
    n: int


def reliability(title: str, bins: tuple[Bin, ...], caption: str = "") -> Chart:
    """Draws the bins. On the diagonal, predictions mean what they say; the bars below show the rows of each bin."""
    reach = [v for b in bins for v in (b.predicted, b.observed, b.lower, b.upper)] + [0.0]
    x = scale(reach, _LEFT, _RIGHT, within=(0.0, 1.0))
    y = Scale(x.low, x.high, _BOTTOM - _STRIP, _TOP, x.ticks)
    parts = [_frame(x, y), *(_bar(b, bins, x) for b in bins), _points(bins, x, y)]
    said = "; ".join(f"predicted {percent(b.predicted)}, observed {percent(b.observed)}, n {b.n:,}" for b in bins)
    rows = tuple(
        (percent(b.predicted), percent(b.observed), percent(b.lower), percent(b.upper), f"{b.n:,}") for b in bins
    )
    svg = drawing(_HEIGHT, title, said, "".join(parts), "reliability")
    return Chart(title, svg, ("Predicted", "Observed", "Lower", "Upper", "n"), rows, caption)


def _frame(x: Scale, y: Scale) -> str:
    parts = [f'<path class="ac-axis" d="M{_LEFT} {_TOP}V{_BOTTOM}H{_RIGHT}"/>']
    for place, label in x.labels(percent=True):
        parts.append(f'<path class="ac-grid" d="M{place} {_TOP}V{_BOTTOM - _STRIP}"/>')
        anchor = "end" if place > _RIGHT - 12 else "middle"
        parts.append(f'<text class="ac-tick" x="{place}" y="{_BOTTOM + 15}" text-anchor="{anchor}">{label}</text>')
    for place, label in y.labels(percent=True):
        parts.append(f'<path class="ac-grid" d="M{_LEFT} {place}H{_RIGHT}"/>')
        parts.append(f'<text class="ac-tick" x="{_LEFT - 5}" y="{place + 4}" text-anchor="end">{label}</text>')
    parts.append(f'<path class="ac-diagonal" d="M{x(x.low)} {y(x.low)}L{x(x.high)} {y(x.high)}"/>')
    middle = (_LEFT + _RIGHT) / 2
    parts.append(f'<text class="ac-note" x="{middle}" y="{_HEIGHT - 6}" text-anchor="middle">predicted share</text>')
    parts.append(f'<text class="ac-note" x="{_LEFT + 6}" y="{_TOP + 10}">observed share</text>')
    return "".join(parts)


def _bar(here: Bin, bins: tuple[Bin, ...], x: Scale) -> str:
    most = max(b.n for b in bins) or 1
    height = round((_STRIP - 10) * here.n / most, 1)
    place = min(max(x(here.predicted) - 4, _LEFT), _RIGHT - 8)
    return f'<rect class="ac-bar" x="{place:.1f}" y="{_BOTTOM - height:.1f}" width="8" height="{height}"/>'


def _points(bins: tuple[Bin, ...], x: Scale, y: Scale) -> str:
    path = "L".join(f"{x(b.predicted)} {y(b.observed)}" for b in bins)
    parts = [f'<path class="ac-trace" d="M{path}"/>'] if bins else []
    for b in bins:
        place = x(b.predicted)
        said = f"predicted {percent(b.predicted)}, observed {percent(b.observed)}, n {b.n:,}"
        parts.append(
            f'<g class="ac-row ac-tone-plain"><title>{said}</title>'
            f'<path class="ac-whisker" d="M{place} {y(b.lower)}V{y(b.upper)}"/>'
            f'<circle class="ac-dot" cx="{place}" cy="{y(b.observed)}" r="4"/></g>'
        )
    return "".join(parts)
