from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accredit.domain.statistics import Estimate, difference, katz, newcombe, people_needed, wilson, z_score

rates = st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
some = rates.filter(lambda kn: kn[0] > 0)
levels = st.floats(0.5, 0.999)


def rounded(estimate: Estimate, digits: int = 4) -> tuple[float, float, float]:
    return (round(estimate.value, digits), round(estimate.lower, digits), round(estimate.upper, digits))


@pytest.mark.parametrize(
    ("k", "n", "lower", "upper"),
    [
        (45, 100, 0.3561, 0.5476),
        (56, 70, 0.6918, 0.8770),
        (48, 80, 0.4905, 0.7004),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
    ],
)
def test_a_rate_has_the_interval_of_wilson(k: int, n: int, lower: float, upper: float) -> None:
    assert rounded(wilson(k, n)) == (round(k / n, 4), lower, upper)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((56, 70), (48, 80), (0.2000, 0.0524, 0.3339)),  # Newcombe 1998, table II, method 10
        ((9, 10), (3, 10), (0.6000, 0.1705, 0.8090)),
        ((6, 7), (2, 7), (0.5714, 0.0582, 0.8062)),
        ((5, 56), (0, 29), (0.0893, -0.0381, 0.1926)),
        ((0, 10), (0, 20), (0.0000, -0.1611, 0.2775)),
        ((10, 10), (0, 20), (1.0000, 0.6791, 1.0000)),
        ((264, 300), (240, 300), (0.0800, 0.0213, 0.1385)),
    ],
)
def test_a_difference_has_the_interval_of_newcombe(
    first: tuple[int, int], second: tuple[int, int], expected: tuple[float, float, float]
) -> None:
    assert rounded(newcombe(*first, *second)) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((2400, 5000), (2500, 5000), (0.9600, 0.9224, 0.9992)),
        ((1800, 5000), (2500, 5000), (0.7200, 0.6875, 0.7540)),
        ((88, 200), (100, 200), (0.8800, 0.7141, 1.0845)),
        ((55, 150), (75, 150), (0.7333, 0.5630, 0.9552)),
        ((5, 40), (2500, 5000), (0.2500, 0.1101, 0.5678)),
        ((10, 90), (500, 1000), (0.2222, 0.1235, 0.3999)),
    ],
)
def test_a_ratio_has_the_interval_of_katz(
    first: tuple[int, int], second: tuple[int, int], expected: tuple[float, float, float]
) -> None:
    assert rounded(katz(*first, *second)) == expected


def test_a_ratio_with_an_empty_cell_has_a_finite_interval_that_holds_it() -> None:
    assert rounded(katz(0, 500, 250, 500)) == (0.0, 0.0, 0.0319)


@pytest.mark.parametrize(("comparisons", "z"), [(1, 1.9600), (2, 2.2414), (4, 2.4977), (0, 1.9600)])
def test_more_comparisons_ask_for_a_larger_quantile(comparisons: int, z: float) -> None:
    assert round(z_score(0.95, comparisons), 4) == z


@pytest.mark.parametrize(("k", "n"), [(5, 4), (-1, 4), (0, 0)])
def test_counts_that_are_no_rate_are_refused(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="is not a rate"):
        wilson(k, n)
    with pytest.raises(ValueError, match="is not a rate"):
        katz(1, 2, k, n)


@given(rates)
def test_a_rate_lies_in_its_interval_and_that_between_0_and_1(rate: tuple[int, int]) -> None:
    found = wilson(*rate)
    assert 0 <= found.lower <= found.value <= found.upper <= 1
    assert found.lower < found.upper


@given(rates, rates)
def test_a_difference_lies_in_its_interval_and_that_between_minus_1_and_1(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    found = newcombe(*one, *other)
    assert -1 - 1e-12 <= found.lower <= found.value <= found.upper <= 1 + 1e-12


@given(rates, some)
def test_a_ratio_lies_in_its_interval_and_that_above_0(one: tuple[int, int], other: tuple[int, int]) -> None:
    found = katz(*one, *other)
    assert 0 <= found.lower <= found.value <= found.upper < math.inf


@given(rates, rates)
def test_a_difference_changes_its_sign_with_the_order(one: tuple[int, int], other: tuple[int, int]) -> None:
    there, back = newcombe(*one, *other), newcombe(*other, *one)
    expected = (-back.value, -back.upper, -back.lower)
    assert (there.value, there.lower, there.upper) == pytest.approx(expected, abs=1e-12)


@given(some, some)
def test_a_ratio_is_inverted_with_the_order(one: tuple[int, int], other: tuple[int, int]) -> None:
    there, back = katz(*one, *other), katz(*other, *one)
    expected = (1 / back.value, 1 / back.upper, 1 / back.lower)
    assert (there.value, there.lower, there.upper) == pytest.approx(expected, rel=1e-9)


@given(rates, some, levels, levels)
def test_more_confidence_means_wider_intervals(
    one: tuple[int, int], other: tuple[int, int], first: float, second: float
) -> None:
    low, high = sorted((z_score(first), z_score(second)))
    for narrow, wide in [
        (wilson(*one, low), wilson(*one, high)),
        (newcombe(*one, *other, low), newcombe(*one, *other, high)),
        (katz(*one, *other, low), katz(*one, *other, high)),
    ]:
        assert wide.lower <= narrow.lower + 1e-12
        assert narrow.upper <= wide.upper + 1e-12 * max(1, wide.upper)


@given(rates, st.integers(2, 50))
def test_more_people_with_the_same_rate_mean_a_narrower_interval(rate: tuple[int, int], times: int) -> None:
    few, many = wilson(*rate), wilson(rate[0] * times, rate[1] * times)
    assert many.upper - many.lower < few.upper - few.lower


def test_a_difference_of_two_recorded_intervals_is_newcombes_way() -> None:
    found = difference(Estimate(0.84, 0.83, 0.85), Estimate(0.80, 0.78, 0.82))
    assert rounded(found) == (0.04, 0.0176, 0.0624)


@pytest.mark.parametrize(
    ("rate", "ratio", "people"), [(0.5, 0.9, 616), (0.1, 0.9, 5292), (0.5, 1.0, 155), (0.05, 0.85, 43407)]
)
def test_the_people_needed_are_the_fewest_whose_interval_clears_the_limit(
    rate: float, ratio: float, people: int
) -> None:
    assert people_needed(rate, ratio, 0.8) == people

    def lower(n: int) -> float:
        variance = (1 - rate) / (n * rate) + (1 - rate * ratio) / (n * rate * ratio)
        return ratio * math.exp(-z_score() * math.sqrt(variance))

    assert lower(people) >= 0.8 > lower(people - 1)


@pytest.mark.parametrize(("rate", "ratio"), [(0.5, 0.8), (0.5, 0.7), (0.0, 0.9), (0.9, 1.2)])
def test_no_number_of_people_settles_what_is_not_inside_the_limit(rate: float, ratio: float) -> None:
    assert people_needed(rate, ratio, 0.8) is None


def test_the_guide_says_how_many_people_are_needed() -> None:
    text = (Path(__file__).parents[2] / "docs/guide/policy.md").read_text()
    rows = re.findall(r"^\| (\d+) % \| (.*) \|$", text, re.MULTILINE)
    assert len(rows) == 3
    for rate, cells in rows:
        shown = [int(cell.replace(",", "")) for cell in cells.split(" | ")]
        assert shown == [people_needed(int(rate) / 100, ratio, 0.8) for ratio in (0.85, 0.9, 0.95, 1)]
