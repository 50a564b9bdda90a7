"""One evaluation run as plots and tables: metrics with intervals, slices, calibration and the confusion matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from accredit.domain.confusion import metrics_of
from accredit.domain.criteria import MetricThreshold, TaskCriteria
from accredit.domain.evaluation import Evaluation, Metric
from accredit.domain.paths import version_path
from accredit.domain.registry import ModelVersion
from accredit.domain.statistics import wilson
from accredit.domain.suppression import slice_name, withheld_of
from accredit.site.charts.calibration import Bin, reliability
from accredit.site.charts.chart import Chart
from accredit.site.charts.dots import Line, Row, dot_plot
from accredit.site.charts.scale import metric
from accredit.site.pages.words import CROSS, spaced

NAMES = {
    "auc": "AUC", "pr-auc": "PR AUC", "brier": "Brier score", "f1": "F1", "npv": "Negative predictive value",
    "mae": "MAE", "rmse": "RMSE", "mse": "MSE", "r2": "R²", "ece": "ECE", "log-loss": "Log loss", "fpr": "FPR",
    "fnr": "FNR", "c-index": "C-index", "mape": "MAPE", "population-stability-index": "Population stability index",
}  # fmt: skip
"""Metrics whose names are not plain words."""


def metric_name(kind: str) -> str:
    """A metric's name as people write it."""
    return NAMES.get(kind) or spaced(kind).capitalize()


@dataclass(frozen=True, slots=True)
class MetricRow:
    """A metric with its limit and what the counts say about it."""

    metric: Metric
    limit: MetricThreshold | None
    recomputed: str
    holds: bool | None
    """Whether the value is inside of the limit; None where there is no limit."""

    @property
    def name(self) -> str:
        """Name of the metric."""
        return metric_name(self.metric.type)


@dataclass(frozen=True)
class EvaluationView:
    """One evaluation of one version, with the criteria of policy for the model's task."""

    id: str
    evaluation: Evaluation
    version: ModelVersion
    criteria: TaskCriteria | None
    thresholds: dict[str, MetricThreshold]
    least: int = 0
    """Counts of people below this are not published."""

    @property
    def path(self) -> str:
        """The evaluation's file."""
        return version_path(self.version.model_id, self.version.id, f"evaluations/{self.id}.yaml")

    @cached_property
    def overall(self) -> tuple[MetricRow, ...]:
        """The metrics of all rows, the primary one first."""
        primary = self.criteria.primary if self.criteria else None
        found = [m for m in self.evaluation.metrics if not m.slice]
        return tuple(self._row(m) for m in sorted(found, key=lambda m: m.type != primary))

    def _row(self, found: Metric) -> MetricRow:
        limit = self.thresholds.get(found.type)
        counts = metrics_of(self.evaluation.confusion) if self.evaluation.confusion else {}
        again = counts.get(found.type)
        holds = None
        if limit is not None:
            holds = (limit.min is None or found.value >= limit.min) and (limit.max is None or found.value <= limit.max)
        return MetricRow(found, limit, metric(again.value) if again else "", holds)

    @cached_property
    def plots(self) -> tuple[Chart, ...]:
        """Metrics between 0 and 1, calibration, and one plot a metric that was measured on slices."""
        charts = []
        shares = [r for r in self.overall if 0 <= r.metric.value <= 1 and _inside(r.metric)]
        if shares:
            caption = "Dots are measured values, bars their intervals, dashed marks the limits of policy."
            charts.append(dot_plot("Metrics", tuple(_dot(r) for r in shares), caption=caption))
        if self.evaluation.calibration and self.evaluation.calibration.bins:
            charts.append(self._calibration())
        return tuple(charts)

    def _calibration(self) -> Chart:
        found = self.evaluation.calibration
        bins = []
        for b in found.bins if found else ():
            interval = wilson(min(round(b.observed * b.n), b.n), b.n) if b.n else None
            low, high = (interval.lower, interval.upper) if interval else (b.observed, b.observed)
            bins.append(Bin(b.predicted, b.observed, min(low, b.observed), max(high, b.observed), b.n))
        caption = "On the diagonal a score means what it says. Intervals are Wilson's; bars show the rows of each bin."
        return reliability("Calibration", tuple(bins), caption)

    @cached_property
    def slices(self) -> tuple[Chart, ...]:
        """One plot a metric that was measured on slices, against its overall value."""
        kinds = dict.fromkeys(m.type for m in self.evaluation.metrics if m.slice)
        return tuple(self._slices(kind) for kind in kinds)

    def _slices(self, kind: str) -> Chart:
        rows: list[Row] = []
        heading = ""
        found = [m for m in self.evaluation.metrics if m.type == kind and m.slice]
        hidden: Mapping[str, str] = {}
        for m in sorted(found, key=lambda m: (len(m.slice), list(m.slice.items()))):
            names = CROSS.join(spaced(a).capitalize() for a in m.slice)
            if names != heading:
                heading = names
                rows.append(Row(names))
                hidden = withheld_of(self.evaluation, tuple(m.slice), self.least)
            rows.append(_slice(m, hidden.get(slice_name(m), "")))
        whole = next((m for m in self.evaluation.metrics if m.type == kind and not m.slice), None)
        lines = (Line(whole.value, f"all rows: {metric(whole.value)}"),) if whole else ()
        return dot_plot(f"{metric_name(kind)} by group", tuple(rows), lines)


def _inside(found: Metric) -> bool:
    return found.interval is None or (found.interval.lower >= 0 and found.interval.upper <= 1)


def _dot(row: MetricRow) -> Row:
    m, limit = row.metric, row.limit
    return Row(
        row.name,
        m.value,
        m.interval.lower if m.interval else None,
        m.interval.upper if m.interval else None,
        minimum=limit.min if limit else None,
        maximum=limit.max if limit else None,
        tone="fail" if row.holds is False else "",
    )


def _slice(m: Metric, withheld: str) -> Row:
    label = CROSS.join(m.slice.values())
    if withheld:
        return Row(label, withheld=withheld)
    low, high = (m.interval.lower, m.interval.upper) if m.interval else (None, None)
    return Row(label, m.value, low, high, m.n)
