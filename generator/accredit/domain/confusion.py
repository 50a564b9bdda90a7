"""Metrics that follow from outcome counts at the decision threshold. They are computed, never believed."""

from __future__ import annotations

from collections.abc import Mapping

from accredit.domain.evaluation import Confusion
from accredit.domain.statistics import Z95, Estimate, newcombe, wilson

ROUNDING = 0.0005
"""A recorded metric may differ from its counts by half of the third decimal."""


def total(counts: Confusion) -> int:
    """How many people or cases were counted."""
    return counts.true_positives + counts.false_positives + counts.true_negatives + counts.false_negatives


def metrics_of(counts: Confusion, z: float = Z95) -> Mapping[str, Estimate]:
    """Every metric that the counts determine, by name, as shares with their intervals.

    Rates have Wilson's interval. F1 is `2J / (1 + J)` of the rate `J = TP / (TP + FP + FN)`, so its interval is that of
    `J` transformed. Balanced accuracy is `(1 + TPR - FPR) / 2`, so its interval is Newcombe's for `TPR - FPR`
    transformed. A metric whose denominator is zero is left out.
    """
    tp, fp, tn, fn = counts.true_positives, counts.false_positives, counts.true_negatives, counts.false_negatives
    rates = {
        "accuracy": (tp + tn, tp + fp + tn + fn),
        "recall": (tp, tp + fn),
        "specificity": (tn, tn + fp),
        "precision": (tp, tp + fp),
        "npv": (tn, tn + fn),
        "fpr": (fp, tn + fp),
        "fnr": (fn, tp + fn),
        "error-rate": (fp + fn, tp + fp + tn + fn),
        "selection-rate": (tp + fp, tp + fp + tn + fn),
        "prevalence": (tp + fn, tp + fp + tn + fn),
    }
    found = {name: wilson(k, n, z) for name, (k, n) in rates.items() if n}
    if tp + fp + fn:
        jaccard = wilson(tp, tp + fp + fn, z)
        found["f1"] = Estimate(*(2 * j / (1 + j) for j in (jaccard.value, jaccard.lower, jaccard.upper)))
    if tp + fn and tn + fp:
        gap = newcombe(tp, tp + fn, fp, tn + fp, z)
        found["balanced-accuracy"] = Estimate(*((1 + g) / 2 for g in (gap.value, gap.lower, gap.upper)))
    return found
