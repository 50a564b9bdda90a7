from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accredit.domain.confusion import metrics_of, total
from accredit.domain.evaluation import Confusion
from accredit.domain.metric import SHARES, canonical, is_possible, loss

counts = st.builds(
    Confusion,
    true_positives=st.integers(0, 10**5),
    false_positives=st.integers(0, 10**5),
    true_negatives=st.integers(0, 10**5),
    false_negatives=st.integers(0, 10**5),
)


def confusion(tp: int, fp: int, tn: int, fn: int) -> Confusion:
    return Confusion(true_positives=tp, false_positives=fp, true_negatives=tn, false_negatives=fn)


def test_metrics_follow_from_counts() -> None:
    found = {name: round(e.value, 4) for name, e in metrics_of(confusion(90, 60, 140, 10)).items()}
    assert found == {
        "accuracy": 0.7667,
        "recall": 0.9,
        "specificity": 0.7,
        "precision": 0.6,
        "npv": 0.9333,
        "fpr": 0.3,
        "fnr": 0.1,
        "error-rate": 0.2333,
        "selection-rate": 0.5,
        "prevalence": 0.3333,
        "f1": 0.72,
        "balanced-accuracy": 0.8,
    }


def test_intervals_follow_from_counts() -> None:
    found = metrics_of(confusion(45, 0, 0, 55))
    assert (round(found["recall"].lower, 4), round(found["recall"].upper, 4)) == (0.3561, 0.5476)
    # F1 = 2J / (1 + J), and here J is the recall.
    assert (round(found["f1"].lower, 4), round(found["f1"].upper, 4)) == (0.5252, 0.7076)


def test_a_metric_without_a_denominator_is_left_out() -> None:
    assert "precision" not in metrics_of(confusion(0, 0, 10, 5))
    assert "balanced-accuracy" not in metrics_of(confusion(0, 3, 10, 0))
    assert metrics_of(confusion(0, 0, 0, 0)) == {}


@given(counts)
def test_every_metric_lies_in_its_interval_between_0_and_1(counted: Confusion) -> None:
    for name, estimate in metrics_of(counted).items():
        assert name in SHARES
        assert -1e-12 <= estimate.lower <= estimate.value <= estimate.upper <= 1 + 1e-12


@given(counts)
def test_swapping_the_classes_swaps_recall_and_specificity(counted: Confusion) -> None:
    swapped = confusion(
        counted.true_negatives, counted.false_negatives, counted.true_positives, counted.false_positives
    )
    one, other = metrics_of(counted), metrics_of(swapped)
    assert total(counted) == total(swapped)
    assert one.get("recall") == other.get("specificity")
    assert one.get("accuracy") == other.get("accuracy")


@pytest.mark.parametrize(("name", "worse"), [("auc", 0.02), ("brier", -0.02), ("brier-score", -0.02)])
def test_a_loss_knows_which_direction_is_better(name: str, worse: float) -> None:
    assert loss(name, 0.84, 0.82) == pytest.approx(worse)


@pytest.mark.parametrize(
    ("name", "value", "possible"),
    [("auc", 1.1, False), ("rmse", 1.1, True), ("rmse", float("inf"), False), ("sensitivity", -0.1, False)],
)
def test_impossible_values_are_known(name: str, value: float, possible: bool) -> None:  # noqa: FBT001
    assert is_possible(name, value) is possible


def test_synonyms_lead_to_one_name() -> None:
    assert {canonical(n) for n in ("recall", "sensitivity", "tpr")} == {"recall"}
