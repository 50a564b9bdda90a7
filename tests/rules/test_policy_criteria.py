"""What policy says about approvals, waivers and records that replace a comparison is what the rules ask for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from tests.rules.test_waiver import waived
from tests.support.cases import AS_OF, SUBJECT, assessed, base_files, patched
from tests.support.sealing import sealed

from accredit.domain.calendar import months_after
from accredit.gates import Result

MODEL = "models/loan-default/model.yaml"
EVALUATION = "models/loan-default/versions/2.0.0/evaluations/held-out.yaml"
APPROVAL = "models/loan-default/versions/2.0.0/transitions/0002/approvals/rolf.yaml"


def result(code: str, policy: Mapping[str, Any], **files: Mapping[str, Any]) -> Result:
    patches = {"policy.yaml": policy, **files}
    return assessed(sealed(patched(base_files(), patches))).version(SUBJECT).results[code]


def messages(found: Result) -> str:
    return "; ".join(v.message for v in found.verdicts)


def conditional(*due: str) -> dict[str, Any]:
    conditions = [{"text": "Refusals are looked at.", "due": dt.date.fromisoformat(d), "owner": "olga"} for d in due]
    return {APPROVAL: {"decision": "approve-with-conditions", "conditions": conditions}}


def test_open_conditions_are_counted_against_the_most_that_policy_allows() -> None:
    open_ones = conditional("2026-12-01", "2026-12-02")
    assert result("APR107", {}, **open_ones).outcome == "pass"
    assert result("APR107", {"approvals.conditions": {"max_open": 2}}, **open_ones).outcome == "pass"
    found = result("APR107", {"approvals.conditions": {"max_open": 1}}, **open_ones)
    assert found.outcome == "fail"
    assert "2 conditions are open, and policy allows 1" in messages(found)


def test_a_condition_that_is_due_too_far_off_is_refused() -> None:
    far = conditional("2027-12-01")
    assert result("APR107", {}, **far).outcome == "pass"
    found = result("APR107", {"approvals.conditions": {"max_days": 90}}, **far)
    assert "days after the approval, and policy allows 90" in messages(found)


@pytest.mark.parametrize(("grace", "outcome"), [(0, "fail"), (366, "pass")])
def test_an_approval_counts_in_its_days_of_grace(grace: int, outcome: str) -> None:
    policy = {"tiers.1.approval_valid_months": 1, "approvals.expiry": {"grace_days": grace}}
    found = result("APR105", policy)
    assert found.outcome == outcome
    assert ("counts until" in messages(found)) == (outcome == "pass")


def test_the_days_at_which_an_end_is_announced_are_those_of_policy() -> None:
    assert "which is within 366 days" in messages(result("APR105", {"approvals.expiry": {"warn_days": [366, 900]}}))
    assert "within" not in messages(result("APR105", {"approvals.expiry": {"warn_days": []}}))


RECORD = {"attribute": "race", "reason": "Law forbids it.", "signed_off_by": "lena", "expires": dt.date(2027, 6, 30)}
RACE = {"fairness.required_attributes": ["gender", "age-band", "race"]}


@pytest.mark.parametrize(
    ("cannot_measure", "says"),
    [
        ({}, "race cannot be measured: Law forbids it."),
        ({"allowed": False}, "is not accepted by this policy"),
        ({"expires_months": 3}, "policy allows 3 months"),
        ({"expires_months": 12}, "race cannot be measured"),
        ({"sign_off": ["governance"]}, "does not hold the role governance"),
    ],
)
def test_a_record_that_an_attribute_cannot_be_measured_counts_as_policy_says(
    cannot_measure: dict[str, Any], says: str
) -> None:
    registry = assessed(sealed(base_files())).registry
    legal = next(p for p, person in registry.people.items() if "legal" in person.roles_on(AS_OF))
    record = {MODEL: {"cannot_measure": [{**RECORD, "signed_off_by": legal}]}}
    found = result("FAIR101", {**RACE, "fairness.cannot_measure": cannot_measure}, **record)
    assert says in messages(found)


def test_a_role_that_signs_off_such_records_exists() -> None:
    changes = {"policy.yaml": {"fairness.cannot_measure": {"sign_off": ["oracle"]}}}
    findings = assessed(sealed(patched(base_files(), changes))).findings
    assert [(f.code, f.message) for f in findings] == [("REG002", "`oracle` is no role of the policy")]


def test_intersections_are_asked_for_and_limited_where_policy_says_so() -> None:
    alone = {EVALUATION: {"fairness.2": None}}
    assert result("FAIR108", {}, **alone).outcome == "fail"
    assert result("FAIR108", {"fairness.intersections": {"report_pairs": False}}, **alone).outcome == "not_applicable"
    unequal = {EVALUATION: {"fairness.2.groups.female / over-60.selected": 500,
                            "fairness.2.groups.female / over-60.true_positives": 450,
                            "fairness.2.groups.female / over-60.false_positives": 50}}  # fmt: skip
    limits = {"fairness.limits": [{"metric": "impact_ratio", "min": 0.8}]}
    assert result("FAIR103", limits, **unequal).outcome == "pass"
    found = result("FAIR103", {**limits, "fairness.intersections": {"gate": True}}, **unequal)
    assert found.outcome == "fail"
    assert "female / over-60" in messages(found)


def test_a_waiver_has_as_many_compensating_controls_as_policy_asks_for() -> None:
    few = waived({}, {"policy.yaml": {"waivers.min_controls": 2}})
    assert "1 compensating controls are recorded, and policy asks for 2" in {f.message for f in few.findings}


def test_months_beyond_the_calendar_end_with_it() -> None:
    assert months_after(dt.date(2026, 11, 23), 10**9) == dt.date.max
