"""How a model's numbers went from version to version, and how long its approvals took."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.assess import ModelAssessment, VersionAssessment
from accredit.comparison.sheet import Measure
from accredit.site.charts.chart import Chart
from accredit.site.charts.dots import Line, Row, dot_plot
from accredit.site.charts.series import Point, series
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.comparing import published_sheet
from accredit.site.pages.evaluation import metric_name
from accredit.site.pages.home import key_metric

_MOST = 12
"""Charts of disparity, and versions in them."""


def trends(model: ModelAssessment, catalogue: Catalogue) -> tuple[Chart, ...]:
    """The key metric, then each disparity, over the versions by the day they were trained; only what has a trend."""
    measured: dict[str, list[tuple[VersionAssessment, Measure]]] = {}
    for version in [v for v in model.versions.values() if v.version.record.trained][-_MOST:]:
        sheet, key = published_sheet(catalogue, version), key_metric(version, catalogue)
        primary = next((m for m in sheet.metrics if key and m.name == key.type), None)
        found = {f"{metric_name(primary.name)} by version": primary} if primary else {}
        for measure in sheet.fairness:
            found.setdefault(measure.name[:1].upper() + measure.name[1:], measure)
        for title, measure in found.items():
            if measure.value is not None:
                measured.setdefault(title, []).append((version, measure))
    several = {title: rows for title, rows in measured.items() if len(rows) > 1}
    return tuple(_trend(title, rows) for title, rows in [*several.items()][:_MOST])


def _trend(title: str, rows: list[tuple[VersionAssessment, Measure]]) -> Chart:
    points = [
        Point(v.version.record.trained.at.date(), m.value, m.lower, m.upper, m.n, m.within is False, v.version.id)
        for v, m in rows
        if v.version.record.trained and m.value is not None
    ]
    limits = tuple(_limits(rows[-1][1]))
    intervals = " with its interval" if any(p.lower is not None for p in points) else ""
    caption = f"Each version{intervals}, as its evaluation measured it before use."
    return series(title, tuple(points), limits, caption, limited=bool(limits))


def _limits(last: Measure) -> Iterator[Line]:
    if last.minimum is not None:
        yield Line(last.minimum, f"limit of policy: at least {last.minimum:g}", "below")
    if last.maximum is not None:
        yield Line(last.maximum, f"limit of policy: at most {last.maximum:g}", "above")


def lead_times(model: ModelAssessment) -> Chart | None:
    """Days from a request to the last signature that it needed; None where no move has taken effect."""
    rows: list[Row] = []
    for version in [*model.versions.values()][-_MOST:]:
        for step in version.lifecycle.effective:
            if step.at is not None:
                days = (step.at - step.transition.request.requested_at).total_seconds() / 86_400
                rows.append(Row(f"{version.version.id}: {step.move.replace('->', ' → ')}", max(days, 0.0)))
    caption = "From the request to the last signature that was needed, by the times that sign-offs claim."
    return dot_plot("Days to approval", tuple(rows), unit="days", caption=caption) if rows else None
