"""What monitoring saw of a version in production, against the limits of its own plan and of policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accredit.domain.criteria import MetricThreshold
from accredit.domain.evaluation import Metric
from accredit.domain.metric import canonical
from accredit.domain.operation import Monitoring
from accredit.domain.registry import ModelVersion
from accredit.site.charts.chart import Chart
from accredit.site.charts.dots import Line
from accredit.site.charts.scale import metric
from accredit.site.charts.series import Point, series
from accredit.site.pages.evaluation import metric_name


def drift(
    version: ModelVersion, thresholds: Mapping[str, MetricThreshold], evaluated: tuple[Metric, ...]
) -> tuple[Chart, ...]:
    """One plot a metric that monitoring reported more than once; those with a limit come first.

    Args:
        version: Its snapshots and the plan of its card.
        thresholds: Limits of policy by metric.
        evaluated: What its newest evaluation measured, to compare with.
    """
    seen: dict[str, list[tuple[Monitoring, Metric]]] = {}
    for snapshot in sorted(version.monitoring.values(), key=lambda s: s.observed_at):
        for found in snapshot.metrics:
            if not found.slice:
                seen.setdefault(canonical(found.type), []).append((snapshot, found))
    limits = {kind: tuple(_limits(kind, version, thresholds)) for kind in seen}
    several = [kind for kind, rows in seen.items() if len(rows) > 1]
    return tuple(
        _plot(seen[kind], limits[kind], next((m for m in evaluated if canonical(m.type) == kind and not m.slice), None))
        for kind in sorted(several, key=lambda kind: not limits[kind])
    )


def _limits(kind: str, version: ModelVersion, thresholds: Mapping[str, MetricThreshold]) -> Iterator[Line]:
    """The limits of the card's plan, then those of policy that are not the same."""
    drawn: set[tuple[float, str]] = set()
    for planned in version.card.monitoring_plan.metrics if version.card else ():
        if canonical(planned.metric) == kind:
            drawn |= {(value, bound) for bound, value in planned.limit.items()}
            yield from (_line(value, bound, "plan") for bound, value in sorted(planned.limit.items()))
    for name, limit in thresholds.items():
        if canonical(name) == kind:
            bounds = {"min": limit.min, "max": limit.max}
            yield from (_line(v, b, "policy") for b, v in bounds.items() if v is not None and (v, b) not in drawn)


def _line(value: float, bound: str, whose: str) -> Line:
    if bound == "min":
        return Line(value, f"limit of the {whose}: at least {value:g}", "below")
    return Line(value, f"limit of the {whose}: at most {value:g}", "above")


def _plot(rows: list[tuple[Monitoring, Metric]], limits: tuple[Line, ...], before: Metric | None) -> Chart:
    lines = (Line(before.value, f"at evaluation: {metric(before.value)}"),) if before else ()
    points = tuple(_point(snapshot, found, limits) for snapshot, found in rows)
    limited = bool(limits) or any(p.breached for p in points)
    caption = "" if limited else "Neither the monitoring plan nor policy gives a limit in numbers."
    return series(metric_name(rows[0][1].type), points, (*lines, *limits), caption, limited=limited)


def _point(snapshot: Monitoring, found: Metric, limits: tuple[Line, ...]) -> Point:
    low, high = (found.interval.lower, found.interval.upper) if found.interval else (None, None)
    told = any(canonical(b.metric) == canonical(found.type) for b in snapshot.breaches)
    beyond = any(found.value < line.value if line.side == "below" else found.value > line.value for line in limits)
    return Point(snapshot.observed_at.date(), found.value, low, high, found.n, told or beyond)
