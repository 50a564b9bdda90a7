from __future__ import annotations

import pytest

from accredit.domain.criteria import FairnessCriteria, FairnessLimit
from accredit.domain.evaluation import Interval, Metric
from accredit.domain.fairness_result import FairnessResult
from accredit.domain.slices import slice_result

CRITERIA = FairnessCriteria()
LIMIT = FairnessLimit(metric="slice_gap", max=0.05)


def metric(value: float, half: float | None, n: int | None, place: str = "", name: str = "auc") -> Metric:
    interval = None if half is None else Interval(lower=value - half, upper=value + half)
    return Metric(type=name, value=value, n=n, interval=interval, slice={"geography": place} if place else {})


def compared(*parts: Metric, name: str = "auc", whole: float = 0.84) -> FairnessResult:
    return slice_result(metric(whole, 0.007, 20_000, name=name), parts, "geography", LIMIT, CRITERIA)


@pytest.mark.parametrize(
    ("value", "half", "n", "outcome"),
    [
        (0.83, 0.01, 4000, "pass"),
        (0.80, 0.02, 4000, "inconclusive"),
        (0.78, 0.02, 4000, "fail"),
        (0.83, None, 4000, "inconclusive"),
        (0.78, None, 4000, "fail"),
        (0.83, 0.01, 99, "unknown"),
        (0.76, 0.02, 99, "fail"),
        (0.78, 0.06, 99, "unknown"),
        (0.60, 0.02, 9, "unknown"),
        (0.83, 0.01, None, "unknown"),
        (0.90, 0.01, 4000, "pass"),
    ],
)
def test_a_slice_is_judged_by_value_interval_and_size(
    value: float, half: float | None, n: int | None, outcome: str
) -> None:
    assert compared(metric(value, half, n, "west")).outcome == outcome


def test_where_less_is_better_a_higher_value_is_the_worse_slice() -> None:
    parts = (metric(0.19, 0.005, 4000, "west", "brier"), metric(0.05, 0.005, 4000, "east", "brier"))
    result = compared(*parts, name="brier", whole=0.11)
    assert result.outcome == "fail"
    assert result.breaches == ("west",)


def test_the_sentence_names_slice_whole_and_interval() -> None:
    assert compared(metric(0.76, 0.01, 4000, "west")).sentence == (
        "gap to the whole by geography (auc) is 0.0800 (95% interval 0.0678 to 0.0922), beyond the limit of 0.05: "
        "west 0.7600 (n 4,000) against the whole 0.8400 (n 20,000)"
    )
