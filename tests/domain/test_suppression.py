"""Small counts are withheld, and with them as many others as keep them from being worked out."""

from __future__ import annotations

import datetime as dt
import itertools

from hypothesis import given
from hypothesis import strategies as st

from accredit.domain.evaluation import EvaluatedData, Evaluation, GroupComparison, GroupCounts, Metric
from accredit.domain.suppression import UNKNOWN, slice_name, withheld_in, withheld_slices

LEAST = 10


def compared(groups: dict[str, int], unknown: int = 0, attributes: tuple[str, ...] = ("race",)) -> GroupComparison:
    counts = {name: GroupCounts(n=n, selected=0) for name, n in groups.items()}
    return GroupComparison(attributes=attributes, source="recorded", unknown_n=unknown, groups=counts)


def evaluation(*comparisons: GroupComparison) -> Evaluation:
    data = EvaluatedData(dataset="d", sha256="0" * 64, split="test")
    return Evaluation(name="x", at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), data=data, fairness=comparisons)


def withheld(groups: dict[str, int], unknown: int = 0, least: int = LEAST) -> dict[str, str]:
    return dict(withheld_in(evaluation(compared(groups, unknown)), least).get(("race",), {}))


def test_nothing_is_withheld_of_large_groups() -> None:
    assert withheld({"a": 10, "b": 300}) == {}


def test_the_next_smallest_is_withheld_too_so_that_the_total_does_not_tell() -> None:
    assert withheld({"a": 7, "b": 40, "c": 300}) == {"a": "<10", "b": "withheld"}


def test_two_small_groups_protect_each_other_unless_their_sum_leaves_one_way() -> None:
    assert withheld({"a": 7, "b": 4, "c": 300}) == {"a": "<10", "b": "<10"}
    assert withheld({"a": 1, "b": 1, "c": 300, "d": 400}) == {"a": "<10", "b": "<10", "c": "withheld"}
    assert withheld({"a": 9, "b": 9, "c": 300, "d": 400}) == {"a": "<10", "b": "<10", "c": "withheld"}


def test_people_of_no_known_group_are_a_count_like_any_other() -> None:
    assert withheld({"a": 50, "b": 40}, unknown=3) == {UNKNOWN: "<10", "b": "withheld"}
    assert withheld({"a": 7, "b": 400, "c": 500}, unknown=20) == {UNKNOWN: "withheld", "a": "<10"}


def test_a_group_without_people_says_nothing_of_anybody() -> None:
    assert withheld({"a": 0, "b": 40}) == {}


def test_zero_publishes_everything() -> None:
    assert withheld({"a": 1, "b": 40}, least=0) == {}


def test_few_positives_withhold_a_group_of_many_people() -> None:
    groups = {
        name: GroupCounts(n=200, selected=50, positives=positives, negatives=200 - positives)
        for name, positives in (("a", 3), ("b", 90), ("c", 120))
    }
    found = withheld_in(evaluation(GroupComparison(attributes=("race",), source="recorded", groups=groups)), LEAST)
    assert found == {("race",): {"a": "withheld", "b": "withheld"}}


def test_an_intersection_is_protected_in_every_row_and_column() -> None:
    cells = {"f / young": 7, "f / old": 90, "m / young": 80, "m / old": 70}
    both = ("gender", "age-band")
    found = withheld_in(evaluation(compared(cells, attributes=both)), LEAST)[both]
    assert set(found) == set(cells)


def test_what_is_withheld_of_an_attribute_is_withheld_where_it_meets_another() -> None:
    single = compared({"a": 7, "b": 40, "c": 300})
    cells = {f"{race} / {sex}": n for race, n in (("a", 12), ("b", 20), ("c", 150)) for sex in ("f", "m")}
    found = withheld_in(evaluation(single, compared(cells, attributes=("race", "gender"))), LEAST)
    assert {"a / f", "a / m", "b / f", "b / m"} <= set(found[("race", "gender")])


def test_slices_are_withheld_as_groups_are() -> None:
    metrics = [Metric(type="auc", value=0.8, n=n, slice={"race": name}) for name, n in (("a", 7), ("b", 40), ("c", 90))]
    assert withheld_slices(metrics, LEAST) == {"a": "<10", "b": "withheld"}
    assert slice_name(metrics[0]) == "a"


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 25), min_size=2), st.integers(0, 25))
def test_no_withheld_small_count_can_be_worked_out_from_the_total(groups: dict[str, int], unknown: int) -> None:
    people = {**groups, UNKNOWN: unknown}
    found = withheld(groups, unknown)
    assert {name for name, n in people.items() if 0 < n < LEAST} <= set(found)
    if len(found) == len([n for n in people.values() if n]):
        return  # nothing is left to withhold
    total = sum(people[name] for name in found)
    ways = [range(1, LEAST) if label.startswith("<") else range(LEAST, 120) for label in found.values()]
    for place, label in enumerate(found.values()):
        if label.startswith("<"):
            others = [w for i, w in enumerate(ways) if i != place]
            low, high = sum(map(min, others)), sum(map(max, others))
            assert len([x for x in ways[place] if low <= total - x <= high]) > 1


def test_the_bounds_hold_for_every_table_of_three() -> None:
    for a, b, c in itertools.product(range(1, 13), repeat=3):
        found = withheld({"a": a, "b": b, "c": c})
        if found and len(found) < 3:
            same = [
                t
                for t in itertools.product(range(1, 30), repeat=len(found))
                if sum(t) == sum({"a": a, "b": b, "c": c}[k] for k in found)
                and all((x < LEAST) == label.startswith("<") for x, label in zip(t, found.values(), strict=True))
            ]
            assert len({t[0] for t in same}) > 1
