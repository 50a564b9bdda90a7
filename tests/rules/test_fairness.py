from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from tests.support.cases import SUBJECT, assessed, base_files, patched
from tests.support.sealing import sealed

from accredit.assess import Assessment
from accredit.domain.statistics import people_needed
from accredit.rules import all_rules

EVALUATION = "models/loan-default/versions/2.0.0/evaluations/held-out.yaml"
SECOND = "models/loan-default/versions/2.0.0/evaluations/second.yaml"
CARD = "models/loan-default/versions/2.0.0/card.yaml"
MODEL = "models/loan-default/model.yaml"
Patches = dict[str, dict[str, Any] | None]
LIMITS = ("FAIR103", "FAIR104", "FAIR105", "FAIR106")


def with_patches(patches: Patches) -> Assessment:
    return assessed(sealed(patched(base_files(), patches)))


def outcome(code: str, patches: Patches) -> tuple[str, tuple[str, ...]]:
    result = with_patches(patches).version(SUBJECT).results[code]
    return result.outcome, tuple(v.message for v in result.reasons)


def reported(patches: Patches) -> list[str]:
    return sorted({f.code for f in with_patches(patches).findings if f.code.startswith("FAIR")})


def cannot_measure(**changes: str) -> dict[str, Any]:
    record = {"attribute": "age-band", "reason": "Not kept by law", "signed_off_by": "lars", "expires": "2027-06-30"}
    return {"cannot_measure": [record | changes]}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"expires": "2026-11-22"}, "the record that it cannot be measured expired on 2026-11-22"),
        ({"signed_off_by": "rolf"}, "is signed off by rolf, who does not hold the role legal on 2026-11-23"),
        ({"signed_off_by": "nobody"}, "is signed off by nobody, who does not hold the role legal"),
        ({"attribute": "gender"}, "age-band is required and is not tested"),
    ],
)
def test_a_record_that_an_attribute_cannot_be_measured_needs_counsel_and_a_date(
    changes: dict[str, str], message: str
) -> None:
    record = cannot_measure(**changes)
    record["cannot_measure"][0]["expires"] = dt.date.fromisoformat(record["cannot_measure"][0]["expires"])
    found, messages = outcome("FAIR101", {MODEL: record, EVALUATION: {"fairness.1": None}})
    assert found == "fail"
    assert message in messages[0]


def test_attributes_are_required_where_the_fact_that_decides_is_not_recorded() -> None:
    silent: Patches = {EVALUATION: {"fairness": []}}
    assert outcome("FAIR101", {MODEL: {"decision.effect": None}, **silent})[0] == "fail"
    assert outcome("FAIR101", {MODEL: {"decision.effect": "none"}, **silent})[0] == "not_applicable"


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        ({"fairness.0.favourable": None}, "gender does not say which outcome is good for the person"),
        ({"fairness.0.source": "inferred"}, "gender is inferred, and the error of the inference is not stated"),
        (
            {"fairness.0.unknown_n": 7},
            "gender: the groups have 20,000 people and 7 are unknown, but the evaluation has 20,000",
        ),
        (
            {"fairness.0.groups.female.selected": 6561},
            "gender, female: true positives 6,100 and false positives 460 do not add up to selected 6,561",
        ),
        (
            {"n": None, "confusion": None},
            "gender: the evaluation has no n, so nobody can see whether people were dropped",
        ),
        (
            {"fairness.0.groups.other": {"n": 0, "selected": 0}},
            "gender is counted with other; the policy fixes the groups as female, male",
        ),
        (
            {"fairness.0.groups": {"male": {"n": 20000, "selected": 14000}}},
            "gender has only the group male: nothing to compare",
        ),
    ],
)
def test_a_comparison_that_means_nothing_is_reported_once(patch: dict[str, Any], message: str) -> None:
    patches: Patches = {EVALUATION: patch}
    found, messages = outcome("FAIR102", patches)
    assert found == "fail"
    assert message in messages
    assert reported(patches) == ["FAIR102"]
    for code in LIMITS:
        assert outcome(code, patches) == ("unknown", outcome(code, patches)[1])
        assert "gender is not evaluated: see FAIR102" in outcome(code, patches)[1]


def test_a_comparison_that_is_too_old_means_nothing() -> None:
    found, messages = outcome("FAIR102", {"policy.yaml": {"fairness.max_age_days": 109}})
    assert found == "fail"
    assert messages[0] == "gender was compared on 2026-08-05, 110 days ago; at most 109 are allowed"


def test_a_comparison_at_another_threshold_fails_and_is_reported_by_the_rule_on_artifacts() -> None:
    patches: Patches = {EVALUATION: {"decision_threshold": 0.5}}
    assert outcome("FAIR102", patches)[0] == "fail"
    assert reported(patches) == []


def test_a_comparison_on_training_data_beside_one_that_is_held_out_does_no_harm() -> None:
    groups = {"female": {"n": 30, "selected": 1}, "male": {"n": 30, "selected": 30}}
    comparison = {"attributes": ["gender"], "source": "recorded", "groups": groups}
    beside = {
        "name": "Training",
        "at": dt.datetime(2026, 8, 6, 10, tzinfo=dt.UTC),
        "data": {"dataset": "loans-training", "split": "training"},
        "n": 60,
        "fairness": [comparison],
    }
    assert reported({SECOND: beside}) == []
    alone = {**beside, "fairness": [{**comparison, "attributes": ["nationality"]}]}
    assert reported({SECOND: alone}) == ["FAIR102"]


def test_reweighted_groups_need_not_add_up_and_the_sentence_says_so() -> None:
    patches: Patches = {EVALUATION: {"fairness.0.reweighted": True, "fairness.0.unknown_n": 7}}
    assert outcome("FAIR102", patches)[0] == "pass"
    assert "groups were re-weighted before counting" in outcome("FAIR103", patches)[1][0]


def test_a_limit_on_some_attributes_leaves_the_others_alone() -> None:
    limits = [{"metric": "impact_ratio", "min": 0.999, "attributes": ["gender"]}]
    found, messages = outcome("FAIR103", {"policy.yaml": {"fairness.limits": limits}})
    assert (found, len(messages)) == ("fail", 1)
    assert outcome("FAIR104", {"policy.yaml": {"fairness.limits": limits}})[0] == "not_applicable"


@pytest.mark.parametrize(("kind", "expected"), [("credit", "fail"), ("insurance", "not_applicable"), (None, "fail")])
def test_a_limit_holds_where_its_condition_holds_or_is_not_known(kind: str | None, expected: str) -> None:
    limits = [{"metric": "impact_ratio", "min": 0.999, "when": {"fact": "decision.kind", "is": "credit"}}]
    patches: Patches = {"policy.yaml": {"fairness.limits": limits}, MODEL: {"decision.kind": kind}}
    assert outcome("FAIR103", patches)[0] == expected


def test_an_inconclusive_result_counts_in_its_own_rule_and_is_reported_by_one() -> None:
    female = {
        "n": 9000,
        "selected": 900,
        "positives": 1000,
        "true_positives": 850,
        "negatives": 8000,
        "false_positives": 50,
    }
    male = {
        "n": 11000,
        "selected": 1353,
        "positives": 1400,
        "true_positives": 1190,
        "negatives": 9600,
        "false_positives": 163,
    }
    patches: Patches = {EVALUATION: {"fairness.0.groups": {"female": female, "male": male}}}
    assert outcome("FAIR103", patches)[0] == "inconclusive"
    assert reported(patches) == ["FAIR109"]
    help_text = next(f.help for f in with_patches(patches).findings if f.code == "FAIR109")
    assert (
        help_text == "Evaluate on more people. If the ratio stays, about 238,176 people in each group would settle it."
    )


def test_counts_that_a_limit_needs_and_nobody_made_are_asked_for() -> None:
    patches: Patches = {EVALUATION: {"fairness.0.groups.female": {"n": 9000, "selected": 6560}}}
    assert outcome("FAIR105", patches) == (
        "unknown",
        (
            (
                "equal opportunity difference by gender cannot be evaluated: no counts for female; "
                "left out: female (n 9,000, not counted)"
            ),
        ),
    )
    assert reported(patches) == ["FAIR105", "FAIR106"]


def test_a_required_attribute_that_is_compared_has_slices() -> None:
    patches: Patches = {EVALUATION: {"metrics.4": None, "metrics.3": None}}
    assert outcome("FAIR107", patches) == ("unknown", ("auc is not recorded for the slices of gender",))


def test_an_intersection_is_not_asked_for_where_there_are_few_people() -> None:
    patches: Patches = {EVALUATION: {"fairness.2": None}, "policy.yaml": {"fairness.min_n": 6000}}
    assert outcome("FAIR108", patches)[0] == "not_applicable"


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        ({"audit": None}, "no independent bias audit is recorded"),
        ({"audit.independent": False}, "the bias audit by Example Audit is not independent"),
        ({"audit.auditor": "Vera Validator"}, "the bias audit by Vera Validator is by a colleague"),
        ({"audit.summary_url": None}, "the bias audit by Example Audit is not published"),
        (
            {"audit.notice_date": None},
            "the bias audit by Example Audit has no date for the notice to the people concerned",
        ),
    ],
)
def test_an_audit_is_independent_and_published(patch: dict[str, Any], message: str) -> None:
    assert outcome("FAIR111", {EVALUATION: patch}) == ("fail", (message,))


def test_an_answer_for_one_group_is_none_for_another() -> None:
    counts = {
        "n": 4000,
        "selected": 1429,
        "positives": 3200,
        "true_positives": 1325,
        "negatives": 800,
        "false_positives": 104,
    }
    answer = {"attribute": "age-band", "group": "over-60", "cause": "c", "alternatives": "a", "decision": "d"}
    patches: Patches = {EVALUATION: {"fairness.1.groups.under-30": counts}, CARD: {"disparity_responses": [answer]}}
    found, messages = outcome("FAIR112", patches)
    assert (found, len(messages)) == ("fail", 1)
    assert messages[0].startswith("the card does not say why age-band under-30 is beyond the limit: impact_ratio 0.48")


def test_the_table_of_people_needed_is_computed() -> None:
    table = all_rules()["FAIR109"].sections["How to fix"]
    rows = [[c.strip() for c in line.strip("|").split("|")] for line in table.splitlines() if line.startswith("|")]
    ratios = [float(head.removeprefix("ratio ")) for head in rows[0][1:]]
    shown = {float(re.sub(r" %", "", row[0])) / 100: [int(c.replace(",", "")) for c in row[1:]] for row in rows[2:]}
    assert len(shown) == 5
    for rate, people in shown.items():
        assert people == [people_needed(rate, ratio, 0.8) for ratio in ratios]


def test_the_page_on_impact_ratios_says_where_the_limit_is_from() -> None:
    page = all_rules()["FAIR103"].sections["References"]
    assert "29 CFR 1607.4(D)" in page
    assert "not a legal pass mark" in page
