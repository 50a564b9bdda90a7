"""What happens in use can call for a revalidation before its time is up, where policy says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from tests.support.cases import SUBJECT, assessed, base_files, patched
from tests.support.sealing import sealed

from accredit.gates import Result

INCIDENT = "incidents/wrong-refusals.yaml"
MONITORING = "models/loan-default/versions/2.0.0/monitoring/2026-10.yaml"
BOTH = {"triggers": ["incident", "threshold_breach"], "within_days": 5}


def incident(severity: str = "serious", at: str = "2026-11-01T09:00:00Z", **more: object) -> dict[str, Any]:
    when = dt.datetime.fromisoformat(at)
    return {
        INCIDENT: {"title": "Wrong refusals", "model": "loan-default", "kind": "harm", "severity": severity,
                   "detected_at": when, "owner": "olga", "description": "Applicants were refused wrongly.", **more}
    }  # fmt: skip


def result(revalidation: Mapping[str, Any], files: Mapping[str, Any]) -> Result:
    policy = {**files.get("policy.yaml", {}), "revalidation": revalidation}
    changes = {**files, "policy.yaml": policy}
    return assessed(sealed(patched(base_files(), changes))).version(SUBJECT).results["LIFE106"]


def message(found: Result) -> str:
    return "; ".join(v.message for v in found.verdicts)


def test_an_incident_calls_for_a_revalidation_in_the_days_that_policy_gives() -> None:
    found = result(BOTH, incident())
    assert found.outcome == "fail"
    assert "the incident wrong-refusals on 2026-11-01 calls for a revalidation, which was due on 2026-11-06" in message(
        found
    )


@pytest.mark.parametrize(
    ("revalidation", "files"),
    [
        ({}, incident()),
        ({"triggers": ["threshold_breach"], "within_days": 5}, incident()),
        (BOTH, incident("minor")),
        (BOTH, incident(versions=["1.0.0"])),
        (BOTH, incident(at="2020-01-01T09:00:00Z")),
        ({**BOTH, "within_days": 22}, incident()),
    ],
    ids=["no triggers", "another trigger", "minor", "another version", "before the approval", "not yet due"],
)
def test_it_does_not_where_policy_or_the_incident_leaves_it_out(
    revalidation: dict[str, Any], files: dict[str, Any]
) -> None:
    assert result(revalidation, files).outcome == "pass"


def test_the_day_by_which_it_is_due_is_said() -> None:
    assert message(result({**BOTH, "within_days": 25}, incident())) == "the next validation is due on 2026-11-26"


def test_a_breach_that_monitoring_reports_calls_for_one_too() -> None:
    breach = {MONITORING: {"breaches": [{"metric": "auc", "value": 0.6, "threshold": "0.7"}]}}
    found = result({**BOTH, "within_days": 0}, breach)
    assert found.outcome == "fail"
    assert "the breach of auc that 2026-10 reports" in message(found)


def lost(**fields: object) -> dict[str, Any]:
    return {"datasets/loans-raw.yaml": fields}


def consent_until(day: dt.date) -> dict[str, Any]:
    given = {"record": "C-1", "purposes": ["credit-scoring"], "obtained": dt.date(2026, 1, 1)}
    consent = {**given, "expires": day, "withdrawals_processed_to": dt.date(2026, 11, 1)}
    return lost(legal_basis={"basis": "consent", "reference": "C-1", "consent": consent})


DAY = dt.date(2026, 11, 4)
ERASED = {"date": DAY, "authority": "x", "method": "All copies", "reason": "Asked for", "note": "It is gone."}
BREACHES = [{"metric": m, "value": 0.4, "threshold": "0.2"} for m in ("auc", "psi of income")]
ENCODER = {"name": "encoder", "supported_until": DAY}
HOUSE = {
    "title": "House rules", "citation": "HR", "url": "https://bank.example/hr", "kind": "voluntary",
    "jurisdiction": "Bank", "verified": {"date": DAY, "level": "primary"},
    "controls": {
        "HR-1": {"title": "New", "obligation": "It is new.", "citation": "HR 1", "assessment": "automated",
                 "evidence": {"all_of": [{"rule": "OWN101"}]}, "in_force_from": DAY},
        "HR-2": {"title": "Elsewhere", "obligation": "It is new.", "citation": "HR 2", "assessment": "automated",
                 "evidence": {"all_of": [{"rule": "OWN101"}]}, "in_force_from": DAY,
                 "applies_when": {"fact": "domain", "any_in": ["retail"]}},
    },
}  # fmt: skip
EVENTS: dict[str, tuple[dict[str, Any], str]] = {
    "drift_breach": ({MONITORING: {"breaches": BREACHES}}, "the breach of psi of income that 2026-10 reports"),
    "data_basis_lost": (consent_until(DAY), "the end of the consent for `loans-raw` on 2026-11-04"),
    "dependency_end_of_life": (
        {"models/loan-default/versions/2.0.0/version.yaml": {"base_models": [ENCODER]}},
        "the end of support for encoder on 2026-11-04",
    ),
    "new_control_in_force": (
        {"frameworks/house-rules.yaml": HOUSE, "policy.yaml": {"catalogue": {"frameworks": ["house-rules"]}}},
        "the coming into force of HR-1 in house-rules on 2026-11-04",
    ),
}


@pytest.mark.parametrize("trigger", EVENTS)
def test_every_trigger_calls_for_one_after_its_event_and_after_no_other(trigger: str) -> None:
    files, said = EVENTS[trigger]
    found = message(result({"triggers": [trigger], "within_days": 0}, files))
    assert said in found
    assert found.count("calls for a revalidation") == 1
    others = [t for t in (*EVENTS, "incident", "material_change") if t != trigger]
    assert result({"triggers": others, "within_days": 0}, files).outcome == "pass"


def test_erased_data_and_an_incident_of_drift_call_for_one_too() -> None:
    erased = {"datasets/loans-raw.yaml": {"tombstone": ERASED, "uri": None}}
    assert "the erasure of `loans-raw`" in message(result({"triggers": ["data_basis_lost"], "within_days": 0}, erased))
    drift = incident("minor", kind="drift")
    assert "the incident wrong-refusals" in message(result({"triggers": ["drift_breach"], "within_days": 0}, drift))


def test_a_consent_calls_for_one_when_its_last_day_is_over() -> None:
    last_day = {"triggers": ["data_basis_lost"], "within_days": 0}
    assert result(last_day, consent_until(dt.date(2026, 11, 23))).outcome == "pass"


def test_one_event_under_two_triggers_is_told_once() -> None:
    files = {MONITORING: {"breaches": BREACHES[1:]}}
    found = message(result({"triggers": ["drift_breach", "threshold_breach"], "within_days": 0}, files))
    assert found.count("psi of income") == 1
