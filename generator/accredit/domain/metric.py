"""What the names of metrics mean: which direction is better, which values are possible, which names are the same."""

from __future__ import annotations

import math

LOWER_IS_BETTER = frozenset(
    {"brier", "log-loss", "mae", "mse", "rmse", "mape", "smape", "fpr", "fnr", "ece", "error-rate", "hinge-loss"}
)
"""Metrics of which less is better. Every other metric is taken to be better when it is higher."""

NEITHER_IS_BETTER = frozenset({"prevalence", "selection-rate", "slope", "intercept"})
"""Metrics of which neither more nor less is better by itself."""

SHARES = frozenset(
    {
        *("auc", "pr-auc", "average-precision", "brier", "accuracy", "balanced-accuracy", "recall", "specificity"),
        *("precision", "npv", "f1", "fpr", "fnr", "ece", "error-rate", "selection-rate", "prevalence", "c-index"),
    }
)
"""Metrics that lie between 0 and 1."""

SYNONYMS = {
    "sensitivity": "recall",
    "tpr": "recall",
    "true-positive-rate": "recall",
    "tnr": "specificity",
    "true-negative-rate": "specificity",
    "ppv": "precision",
    "positive-predictive-value": "precision",
    "negative-predictive-value": "npv",
    "false-positive-rate": "fpr",
    "false-negative-rate": "fnr",
    "f1-score": "f1",
    "roc-auc": "auc",
    "auroc": "auc",
    "brier-score": "brier",
    "concordance": "c-index",
}
"""Another name of a metric to the name that is used here."""


def canonical(name: str) -> str:
    """The one name of a metric that has several."""
    return SYNONYMS.get(name, name)


def loss(name: str, before: float, after: float) -> float:
    """How much worse `after` is than `before`, in the metric's own unit; negative where it is better."""
    return after - before if canonical(name) in LOWER_IS_BETTER else before - after


def is_possible(name: str, value: float) -> bool:
    """Whether a metric can have the value: finite, and between 0 and 1 where the metric is a share."""
    return math.isfinite(value) and (canonical(name) not in SHARES or 0 <= value <= 1)
