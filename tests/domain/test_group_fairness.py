from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from accredit.domain.criteria import FairnessCriteria, FairnessLimit, FairnessMetric, IntervalCriteria
from accredit.domain.evaluation import GroupComparison, GroupCounts
from accredit.domain.fairness_result import FairnessResult
from accredit.domain.group_fairness import fairness_result, impossible_counts

CRITERIA = FairnessCriteria()
Groups = Mapping[str, GroupCounts]


def of(n: int, selected: int) -> GroupCounts:
    return GroupCounts(n=n, selected=selected)


def counted(positives: int, tp: int, negatives: int, fp: int) -> GroupCounts:
    return GroupCounts(
        n=positives + negatives,
        selected=tp + fp,
        positives=positives,
        true_positives=tp,
        negatives=negatives,
        false_positives=fp,
    )


def compared(
    groups: Groups, metric: FairnessMetric = "impact_ratio", unknown_n: int = 0, criteria: FairnessCriteria = CRITERIA
) -> FairnessResult:
    comparison = GroupComparison(
        attributes=("gender",), source="recorded", favourable="approved", unknown_n=unknown_n, groups=dict(groups)
    )
    return fairness_result(comparison, FairnessLimit(metric=metric), criteria)


def numbers(result: FairnessResult) -> tuple[float, ...]:
    value = result.decisive.value
    return () if value is None else tuple(round(x, 4) for x in (value.value, value.lower, value.upper))


@pytest.mark.parametrize(
    ("groups", "outcome", "expected"),
    [
        ({"f": of(5000, 2400), "m": of(5000, 2500)}, "pass", (0.96, 0.9224, 0.9992)),
        ({"f": of(5000, 1800), "m": of(5000, 2500)}, "fail", (0.72, 0.6875, 0.754)),
        ({"f": of(200, 88), "m": of(200, 100)}, "inconclusive", (0.88, 0.7141, 1.0845)),
        ({"f": of(150, 55), "m": of(150, 75)}, "fail", (0.7333, 0.563, 0.9552)),
        ({"f": of(5000, 2400), "m": of(5000, 2500), "x": of(40, 5)}, "fail", (0.25, 0.1101, 0.5678)),
        ({"f": of(90, 10), "m": of(1000, 500)}, "fail", (0.2222, 0.1235, 0.3999)),
        ({"f": of(500, 0), "m": of(500, 250)}, "fail", (0.0, 0.0, 0.0319)),
        ({"all": of(1000, 500)}, "unknown", ()),
        ({"f": of(500, 0), "m": of(500, 0)}, "unknown", ()),
        ({"f": of(99, 50), "m": of(99, 50)}, "unknown", ()),
        ({}, "unknown", ()),
        ({"f": of(100, 120), "m": of(500, 250)}, "invalid", ()),
    ],
)
def test_an_impact_ratio_is_judged_by_value_interval_and_size(
    groups: Groups, outcome: str, expected: tuple[float, ...]
) -> None:
    result = compared(groups)
    assert (result.outcome, numbers(result)) == (outcome, expected)


def test_a_parity_difference_within_the_limit_passes() -> None:
    result = compared({"f": of(5000, 2400), "m": of(5000, 2500)}, "dp_diff")
    assert (result.outcome, numbers(result)) == ("pass", (0.02, 0.0004, 0.0396))


def test_an_equal_opportunity_difference_near_the_limit_is_inconclusive() -> None:
    groups = {"f": counted(300, 240, 600, 100), "m": counted(300, 264, 600, 100)}
    result = compared(groups, "eo_diff")
    assert (result.outcome, numbers(result)) == ("inconclusive", (0.08, 0.0213, 0.1385))


def test_equalised_odds_are_two_gaps_each_with_its_own_interval() -> None:
    groups = {"f": counted(3000, 2400, 3000, 300), "m": counted(3000, 2430, 3000, 900)}
    result = compared(groups, "equalized_odds_diff")
    assert [(g.rate, g.outcome) for g in result.gaps] == [
        ("true positive rate", "pass"),
        ("false positive rate", "fail"),
    ]
    assert result.decisive.rate == "false positive rate"
    assert numbers(result) == (0.2, 0.1803, 0.2195)


def test_a_perfect_specificity_is_no_obstacle() -> None:
    groups = {"f": counted(3000, 2400, 3000, 0), "m": counted(3000, 2430, 3000, 0)}
    assert compared(groups, "equalized_odds_diff").outcome == "pass"


def test_a_difference_that_equals_the_limit_passes_the_point_and_a_ratio_too() -> None:
    assert not compared({"f": of(1000, 700), "m": of(1000, 800)}, "dp_diff").breaches
    assert not compared({"f": of(1000, 400), "m": of(1000, 500)}).breaches


def test_few_events_leave_a_group_out_however_many_people_it_has() -> None:
    groups = {"f": counted(29, 20, 5000, 100), "m": counted(3000, 2400, 3000, 100)}
    result = compared(groups, "eo_diff")
    assert result.outcome == "unknown"
    assert result.sentence.endswith("left out: f (n 5,029, 29 positives, fewer than 30)")


def test_a_group_without_counts_is_not_passed_over() -> None:
    groups = {
        "f": counted(3000, 2400, 3000, 100),
        "m": counted(3000, 2400, 3000, 100),
        "x": GroupCounts(n=200, selected=10),
    }
    assert compared(groups, "dp_diff").outcome == "fail"
    result = compared(groups, "eo_diff")
    assert (result.outcome, result.decisive.why) == ("unknown", "no counts for x")


def test_negatives_follow_from_the_other_counts() -> None:
    def bare(group: GroupCounts) -> GroupCounts:
        return group.model_copy(update={"negatives": None, "false_positives": None})

    groups = {"f": counted(3000, 2400, 3000, 300), "m": counted(3000, 2430, 3000, 900)}
    found = compared({name: bare(g) for name, g in groups.items()}, "equalized_odds_diff")
    assert numbers(found) == numbers(compared(groups, "equalized_odds_diff"))


def test_too_many_unknown_people_leave_the_question_open() -> None:
    result = compared({"f": of(500, 240), "m": of(500, 250)}, unknown_n=400)
    assert result.outcome == "unknown"
    assert "unknown for 28.57% of the people; at most 20.00% are allowed" in result.sentence


def test_unknown_people_do_not_excuse_a_failure_that_can_be_seen() -> None:
    assert compared({"f": of(5000, 1800), "m": of(5000, 2500)}, unknown_n=9000).outcome == "fail"


def test_small_groups_that_hold_many_people_together_leave_the_question_open() -> None:
    small = {f"x{i}": of(90, 45) for i in range(10)}
    assert compared({"f": of(5000, 2500), "m": of(5000, 2500), **small}).outcome == "unknown"


def test_a_group_of_a_very_small_share_need_not_be_precise() -> None:
    groups = {"f": of(9000, 4500), "m": of(9000, 4500), "x": of(150, 64)}
    assert compared(groups).outcome == "pass"
    assert compared(groups, criteria=FairnessCriteria(small_group=0.0)).outcome == "inconclusive"


def test_a_group_of_a_very_small_share_fails_like_any_other() -> None:
    assert compared({"f": of(9000, 4500), "m": of(9000, 4500), "x": of(150, 58)}).outcome == "fail"


def test_nobody_passes_where_every_other_group_is_of_a_very_small_share() -> None:
    assert compared({"m": of(9900, 4950), "x": of(150, 64)}).outcome == "inconclusive"


def test_more_groups_widen_the_intervals() -> None:
    three = {"a": of(1000, 500), "b": of(1000, 480), "c": of(1000, 470)}
    plain = FairnessCriteria(interval=IntervalCriteria(adjust="none"))
    assert numbers(compared(three)) == (0.94, 0.8477, 1.0424)
    assert numbers(compared(three, criteria=plain)) == (0.94, 0.8587, 1.0289)


def test_a_sentence_holds_every_number_that_it_rests_on() -> None:
    assert compared({"f": of(5000, 1800), "m": of(5000, 2500)}).sentence == (
        "impact ratio by gender is 0.7200 (95% interval 0.6875 to 0.7540), beyond the limit of 0.80: "
        "f 36.0% (1,800 of 5,000) against m 50.0% (2,500 of 5,000)"
    )
    assert "though not separated from it" in compared({"f": of(150, 55), "m": of(150, 75)}).sentence


def test_a_plot_finds_rates_reference_and_limit() -> None:
    result = compared({"f": of(5000, 1800), "m": of(5000, 2500), "x": of(40, 20)})
    gap = result.decisive
    assert gap.reference is not None
    assert (gap.reference.group, result.limit_line(gap)) == ("m", 0.4)
    assert [(g.group, g.is_breach, g.left_out) for g in gap.groups] == [
        ("f", True, ""),
        ("m", False, ""),
        ("x", False, "fewer than 100 people"),
    ]


@pytest.mark.parametrize(
    ("group", "fault"),
    [
        (of(100, 120), "selected 120 is more than n 100"),
        (
            GroupCounts(n=100, selected=50, positives=40, true_positives=41),
            "true_positives 41 is more than positives 40",
        ),
        (GroupCounts(n=100, selected=50, positives=40, negatives=59), "positives 40 and negatives 59 do not add up"),
        (counted(40, 30, 60, 20).model_copy(update={"selected": 51}), "do not add up to selected 51"),
    ],
)
def test_impossible_counts_are_found(group: GroupCounts, fault: str) -> None:
    comparison = GroupComparison(attributes=("gender",), source="recorded", groups={"f": group, "m": of(9, 3)})
    assert any(name == "f" and fault in found for name, found in impossible_counts(comparison))


def test_possible_counts_have_no_fault() -> None:
    comparison = GroupComparison(attributes=("gender",), source="recorded", groups={"f": counted(40, 30, 60, 20)})
    assert list(impossible_counts(comparison)) == []


def group(most: int) -> st.SearchStrategy[GroupCounts]:
    """A group with up to so many positives and as many negatives."""
    return st.integers(0, most).flatmap(
        lambda p: st.integers(0, most).flatmap(
            lambda n: st.builds(counted, st.just(p), st.integers(0, p), st.just(n), st.integers(0, n))
        )
    )


one = group(3000)
many = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), one, max_size=6)
metrics = st.sampled_from(("impact_ratio", "dp_diff", "eo_diff", "equalized_odds_diff"))


@given(many, metrics, st.randoms(use_true_random=False))
def test_neither_order_nor_names_of_groups_change_the_outcome(groups: Groups, metric: FairnessMetric, random) -> None:
    names = list(groups)
    random.shuffle(names)
    shuffled = {f"g{i}": groups[name] for i, name in enumerate(names)}
    there, here = compared(shuffled, metric), compared(groups, metric)
    assert (there.outcome, numbers(there)) == (here.outcome, numbers(here))
    assert len(there.breaches) == len(here.breaches)


@given(many, one, metrics)
def test_one_more_group_never_turns_a_failure_into_anything_else(
    groups: Groups, another: GroupCounts, metric: FairnessMetric
) -> None:
    assume(compared(groups, metric).outcome == "fail")
    assert compared({**groups, "another": another}, metric).outcome == "fail"


@given(many, metrics, st.integers(0, 10_000))
def test_unknown_people_never_make_a_pass(groups: Groups, metric: FairnessMetric, unknown_n: int) -> None:
    without, found = compared(groups, metric), compared(groups, metric, unknown_n)
    assert found.outcome in (without.outcome, "unknown")


@given(st.dictionaries(st.sampled_from("abcdef"), group(49), max_size=6), metrics)
def test_few_people_never_pass(groups: Groups, metric: FairnessMetric) -> None:
    assert compared(groups, metric).outcome == "unknown"


@given(many, metrics)
def test_a_pass_holds_with_less_confidence_and_every_group_is_listed(groups: Groups, metric: FairnessMetric) -> None:
    result = compared(groups, metric)
    less = FairnessCriteria(interval=IntervalCriteria(level=0.8))
    if result.outcome == "pass":
        assert compared(groups, metric, criteria=less).outcome == "pass"
    assert all([g.group for g in gap.groups] == sorted(groups) for gap in result.gaps)
    assert result.sentence
