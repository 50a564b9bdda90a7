"""Performance of scores against outcomes, with percentile bootstrap intervals and calibration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.stats import rankdata

RESAMPLES = 1000
LEVEL = 0.95
BINS = 10
METHOD = f"percentile bootstrap, {RESAMPLES} resamples"

Array = np.ndarray
Measure = Callable[[Array, Array, Array], float]
"""Takes outcome, score and decision, all by row."""


def _auc(y: Array, s: Array, _: Array) -> float:
    positives = int(y.sum())
    ranks = rankdata(s)
    return float((ranks[y == 1].sum() - positives * (positives + 1) / 2) / (positives * (len(y) - positives)))


def _brier(y: Array, s: Array, _: Array) -> float:
    return float(((s - y) ** 2).mean())


def _recall(y: Array, _: Array, d: Array) -> float:
    return float(d[y == 1].mean())


def _specificity(y: Array, _: Array, d: Array) -> float:
    return float(1 - d[y == 0].mean())


def _precision(y: Array, _: Array, d: Array) -> float:
    return float(y[d == 1].mean()) if d.any() else float("nan")


def _balanced(y: Array, s: Array, d: Array) -> float:
    return (_recall(y, s, d) + _specificity(y, s, d)) / 2


def _accuracy(y: Array, _: Array, d: Array) -> float:
    return float((y == d).mean())


def _selected(_y: Array, _s: Array, d: Array) -> float:
    return float(d.mean())


MEASURES: dict[str, Measure] = {
    "auc": _auc,
    "brier": _brier,
    "accuracy": _accuracy,
    "balanced-accuracy": _balanced,
    "recall": _recall,
    "specificity": _specificity,
    "precision": _precision,
    "selection-rate": _selected,
}
SLICED = ("auc", "balanced-accuracy", "selection-rate")
MIN_SLICE, MIN_CLASS = 50, 10
"""A slice with fewer rows, or fewer rows of either outcome, gets no metric: it would be noise."""


def metrics(
    y: Array, s: Array, d: Array, names: tuple[str, ...] = tuple(MEASURES), **where: str
) -> list[dict[str, Any]]:
    """Metric records with intervals; the resampling is of rows and the same for every metric."""
    rng = np.random.default_rng(7)
    draws: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(RESAMPLES):
        i = rng.integers(0, len(y), len(y))
        if 0 < y[i].sum() < len(y):
            for name in names:
                draws[name].append(MEASURES[name](y[i], s[i], d[i]))
    return [_record(name, MEASURES[name](y, s, d), draws[name], len(y), where) for name in names]


def _record(name: str, value: float, draws: list[float], n: int, where: dict[str, str]) -> dict[str, Any]:
    lower, upper = np.nanpercentile(draws, [100 * (1 - LEVEL) / 2, 100 * (1 + LEVEL) / 2])
    interval = {"lower": _round(lower), "upper": _round(upper), "method": METHOD}
    record: dict[str, Any] = {"type": name, "value": _round(value), "n": n, "interval": interval}
    return record | ({"slice": where} if where else {})


def sliced(y: Array, s: Array, d: Array, groups: dict[str, Array]) -> list[dict[str, Any]]:
    """Metrics of each group of each attribute that is large enough."""
    records = []
    for attribute, labels in groups.items():
        for label in sorted({g for g in labels if isinstance(g, str)}):
            here = labels == label
            events = int(y[here].sum())
            if here.sum() >= MIN_SLICE and min(events, int(here.sum()) - events) >= MIN_CLASS:
                records += metrics(y[here], s[here], d[here], SLICED, **{attribute: label})
    return records


def confusion(y: Array, d: Array) -> dict[str, int]:
    """Outcome counts at the decision threshold."""
    return {
        "true_positives": int((d & y).sum()),
        "false_positives": int((d & (1 - y)).sum()),
        "true_negatives": int(((1 - d) & (1 - y)).sum()),
        "false_negatives": int(((1 - d) & y).sum()),
    }


def calibration(y: Array, s: Array) -> dict[str, Any]:
    """Ten bins of equal size, slope and intercept of the logistic recalibration, and the expected calibration error."""
    parts = np.array_split(np.argsort(s, kind="stable"), BINS)
    bins = [{"n": len(p), "predicted": _round(s[p].mean()), "observed": _round(y[p].mean())} for p in parts]
    ece = sum(len(p) * abs(s[p].mean() - y[p].mean()) for p in parts) / len(y)
    slope, intercept = _recalibrate(y, s)
    return {"bins": bins, "slope": _round(slope), "intercept": _round(intercept), "ece": _round(ece)}


def _recalibrate(y: Array, s: Array) -> tuple[float, float]:
    clipped = np.clip(s, 1e-6, 1 - 1e-6)
    x = np.column_stack([np.log(clipped / (1 - clipped)), np.ones(len(s))])
    beta = np.array([1.0, 0.0])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ beta))
        step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x, x.T @ (y - p))
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            break
    return float(beta[0]), float(beta[1])


def _round(value: float) -> float:
    return round(float(value), 4)
