"""A waiver covers one rule for one version, and only if nothing is wrong with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from tests.support.cases import AS_OF, SUBJECT, assessed, base_files, patched
from tests.support.sealing import sealed

from accredit.assess import Assessment

EVALUATION = "models/loan-default/versions/2.0.0/evaluations/held-out.yaml"
FAILS: Mapping[str, Any] = {
    EVALUATION: {"robustness.1": {"name": "recession", "kind": "shift", "passed": False, "result": "AUC falls"}}
}
"""PERF108 does not hold for the subject."""
WAIVER: Mapping[str, Any] = {
    "rule": "PERF108",
    "model": "loan-default",
    "version": "2.0.0",
    "reason": "Data of a recession is being bought.",
    "risk": "Applicants are ranked badly in a recession.",
    "ticket": "RISK-17",
    "requested_by": "dana",
    "accepted_by": "rolf",
    "accepted_as": "risk",
    "granted": dt.date(2026, 10, 1),
    "expires": dt.date(2026, 12, 29),
    "compensating_controls": [
        {"control": "Officers decide alone.", "evidence": "Procedure LP-12", "checked": dt.date(2026, 10, 5)}
    ],
}
NEVER = {"policy.yaml": {"waivers.never": ["PERF108"]}}
NO_WAIVERS = {"policy.yaml": {"profiles.strict.waivers": False}}
TRAINED_BY_BOT: Mapping[str, Any] = {
    "people/robot.yaml": {"name": "Robot", "kind": "bot", "responsible": "rolf"},
    "models/loan-default/versions/2.0.0/version.yaml": {"trained.by": "robot"},
}


def waived(
    changes: Mapping[str, Any],
    patches: Mapping[str, Any] | None = None,
    as_of: dt.date = AS_OF,
    **others: Mapping[str, Any],
) -> Assessment:
    waivers = {"the-waiver": {**WAIVER, **changes}, **{k: {**WAIVER, **v} for k, v in others.items()}}
    written = {f"waivers/{name}.yaml": fields for name, fields in waivers.items()}
    return assessed(sealed(patched(base_files(), {**FAILS, **(patches or {}), **written})), as_of)


def reported(assessment: Assessment) -> set[str]:
    return {f.code for f in assessment.findings if f.location.path.startswith("waivers/") and f.code.startswith("WVR")}


def test_a_waiver_without_fault_covers_the_rule_and_the_failure_stays_visible() -> None:
    assessment = waived({})
    result = assessment.version(SUBJECT).results["PERF108"]
    assert (result.outcome, result.waiver) == ("fail", "the-waiver")
    assert "PERF108" not in assessment.version(SUBJECT).gates["review->production"].blocking
    assert reported(assessment) == set()


@pytest.mark.parametrize(
    ("changes", "patches", "codes"),
    [
        ({"risk": "n/a"}, {}, {"WVR101"}),
        ({"accepted_by": "dana"}, {}, {"WVR102"}),
        ({"accepted_by": "gwen", "accepted_as": "risk"}, {}, {"WVR102"}),
        ({"accepted_by": "olga", "accepted_as": "owner"}, {}, {"WVR102"}),
        ({}, {"people/rolf.yaml": {"roles.0.to": dt.date(2026, 9, 30)}}, {"WVR102"}),
        ({}, {"models/loan-default/model.yaml": {"owner": "rolf"}}, {"WVR102"}),
        ({}, {"models/loan-default/versions/2.0.0/version.yaml": {"trained.by": "rolf"}}, {"WVR102"}),
        ({}, TRAINED_BY_BOT, {"WVR102"}),
        ({}, {"policy.yaml": {"waivers.accept_by": {"blocker": ["governance"]}}}, {"WVR102"}),
        ({"expires": dt.date(2026, 12, 30)}, {}, {"WVR103"}),
        ({"renewals": 2}, {}, {"WVR103"}),
        ({}, {"policy.yaml": {"waivers.max_days": {"blocker": 30}}}, {"WVR103"}),
        ({"granted": dt.date(2026, 8, 25), "expires": dt.date(2026, 11, 22)}, {}, {"WVR103"}),
        ({"compensating_controls": []}, {}, {"WVR104"}),
        ({}, NEVER, {"WVR105"}),
        ({}, NO_WAIVERS, {"WVR105"}),
        ({"rule": "CARD102", "accepted_by": "gwen", "accepted_as": "governance"}, {}, {"WVR105", "WVR106"}),
    ],
)
def test_a_waiver_at_fault_changes_nothing_and_is_reported(
    changes: Mapping[str, Any], patches: Mapping[str, Any], codes: set[str]
) -> None:
    assessment = waived(changes, patches)
    version = assessment.version(SUBJECT)
    assert {r.waiver for r in version.results.values()} == {None}
    assert "PERF108" in version.gates["review->production"].blocking
    assert codes <= reported(assessment)
    assert codes <= set(version.gates["review->production"].blocking)


def test_a_waiver_of_one_version_covers_no_other_and_closes_no_gate_of_another() -> None:
    other = "models/loan-default/versions/1.0.0/evaluations/held-out.yaml"
    assessment = waived({"ticket": "TBD"}, {other: FAILS[EVALUATION]})
    results = assessment.version("loan-default@1.0.0").results
    assert (results["PERF108"].outcome, results["PERF108"].waiver) == ("fail", None)
    assert results["WVR101"].outcome == "not_applicable"
    assert assessment.version(SUBJECT).results["WVR101"].outcome == "fail"


def test_renewals_are_counted_and_not_believed() -> None:
    first = {"granted": dt.date(2026, 5, 1), "expires": dt.date(2026, 6, 30)}
    second = {"granted": dt.date(2026, 7, 1), "expires": dt.date(2026, 9, 28)}
    assert waived({}, None, AS_OF, a=first).version(SUBJECT).results["PERF108"].waiver == "the-waiver"
    assert waived({}, None, AS_OF, a=first, b=second).version(SUBJECT).results["PERF108"].waiver is None


def test_a_waiver_that_has_ended_is_a_record_once_its_rule_holds() -> None:
    ended = {"granted": dt.date(2026, 8, 25), "expires": dt.date(2026, 11, 22)}
    assert reported(waived(ended, {EVALUATION: {}})) == set()
    assert reported(waived(ended)) == {"WVR103"}


def test_a_waiver_that_has_ended_is_a_record_once_another_takes_its_place() -> None:
    ended = {"granted": dt.date(2026, 8, 1), "expires": dt.date(2026, 9, 30)}
    assert reported(waived({"renewals": 1}, None, AS_OF, first=ended)) == set()


def test_a_waiver_counts_from_its_first_to_its_last_day() -> None:
    def covered(day: dt.date) -> bool:
        return waived({}, as_of=day).version(SUBJECT).results["PERF108"].waiver is not None

    days = [dt.date(2026, 9, 30), dt.date(2026, 10, 5), dt.date(2026, 12, 29), dt.date(2026, 12, 30)]
    assert [covered(d) for d in days] == [False, True, True, False]


def test_a_waiver_of_a_rule_that_holds_is_a_warning_that_itself_can_be_waived() -> None:
    assessment = waived({}, {EVALUATION: {}})
    assert reported(assessment) == {"WVR106"}
    another = {"rule": "WVR106", "accepted_by": "rolf", "accepted_as": "risk", "ticket": "RISK-18"}
    silenced = waived({}, {EVALUATION: {}}, AS_OF, other=another)
    assert silenced.version(SUBJECT).results["WVR106"].waiver == "other"
    assert reported(silenced) == set()
