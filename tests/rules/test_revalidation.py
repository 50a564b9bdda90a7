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
    changes = {"policy.yaml": {"revalidation": revalidation}, **files}
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
