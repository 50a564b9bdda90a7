"""A determination counts for the content that was seen, in its time, and from the right person; CTL rules say so."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.support.cases import AS_OF, SUBJECT, assessed, base_files, patched
from tests.support.sealing import sealed

from accredit.assess import Assessment

MODEL = "models/loan-default/model.yaml"
PATH = "determinations/oversight.yaml"
MADE = {
    "framework": "eu-ai-act",
    "control": "AIA-05",
    "model": "loan-default",
    "version": "2.0.0",
    "result": "met",
    "reason": "The screen was read with counsel, minutes B-9.",
    "by": "lars",
    "role": "legal",
    "date": dt.date(2026, 11, 1),
    "expires": dt.date(2027, 10, 31),
    "subject_digest": "<content>",
}


def determined(patches: dict[str, Any] | None = None, **fields: Any) -> Assessment:
    policy = {"catalogue": {"frameworks": ("eu-ai-act",)}}
    made = {k: v for k, v in {**MADE, **fields}.items() if v is not None}
    return assessed(sealed(patched(base_files(), {"policy.yaml": policy, PATH: made, **(patches or {})})))


def status(assessment: Assessment, control: str = "AIA-05") -> str:
    return {s.of.id: s.status for s in assessment.controls("loan-default")}[control]


def complaint(assessment: Assessment) -> list[str]:
    return [f.message for f in assessment.findings if f.code == "CTL103"]


def test_checks_that_hold_and_a_fresh_determination_make_evidence_present() -> None:
    found = determined()
    assert status(found) == "met"
    assert complaint(found) == []
    assert found.version(SUBJECT).results["CTL103"].outcome == "pass"


def test_a_change_of_one_byte_of_the_content_ends_a_determination() -> None:
    files = sealed(patched(base_files(), {"policy.yaml": {"catalogue": {"frameworks": ("eu-ai-act",)}}, PATH: MADE}))
    card = "models/loan-default/versions/2.0.0/card.yaml"
    found = assessed({**files, card: files[card] + b"\n"})
    assert status(found) == "needs_judgement"
    assert complaint(found) == ["AIA-05: the version has changed since it was decided"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"expires": dt.date(2026, 11, 10)}, "AIA-05: the determination ended on 2026-11-10"),
        (
            {"date": dt.date(2026, 12, 1)},
            "AIA-05: the determination is of 2026-12-01, which has not come yet",
        ),
        ({"expires": dt.date(2030, 1, 1)}, "AIA-05: it holds for 1157 days, and policy allows 365"),
        ({"by": "dana", "role": "developer"}, "AIA-05: `dana` decides and trained the version"),
        ({"by": "vera"}, "AIA-05: Vera Validator did not hold the role legal on 2026-11-01"),
        ({"reason": "TBD"}, "AIA-05: `reason` says nothing yet"),
        (
            {"by": "vera", "role": "validator", "result": "not_applicable"},
            "AIA-05: the role validator may not decide that a control does not apply; legal or compliance may",
        ),
    ],
)
def test_a_determination_with_a_fault_counts_for_nothing_and_is_reported(fields: dict[str, Any], message: str) -> None:
    found = determined(**fields)
    assert status(found) == "needs_judgement"
    first = complaint(found)[0].replace(found.registry.people["vera"].name, "Vera Validator")
    assert first == message


def test_counsel_can_decide_that_a_control_does_not_apply() -> None:
    assert status(determined(result="not_applicable")) == "not_applicable"


def test_what_a_person_found_missing_is_missing_though_checks_hold() -> None:
    assert status(determined(result="not_met")) == "not_met"


def test_a_determination_settles_what_missing_facts_leave_open() -> None:
    assert status(determined(), "AIA-50") == "needs_judgement"
    assert status(determined(control="AIA-50", result="not_applicable"), "AIA-50") == "not_applicable"


def test_without_a_version_it_is_about_the_content() -> None:
    sealed_digest = determined().registry.determinations["oversight"].subject_digest
    assert status(determined(version=None, subject_digest=sealed_digest)) == "met"


def test_a_later_determination_takes_the_place_of_one_that_ended() -> None:
    earlier = {**MADE, "date": dt.date(2026, 1, 1), "expires": dt.date(2026, 6, 1)}
    found = determined({"determinations/earlier.yaml": earlier})
    assert complaint(found) == []
    assert status(found) == "met"


def test_an_unknown_control_in_a_determination_is_a_finding() -> None:
    found = determined(control="AIA-99")
    assert "`AIA-99` is no control of the framework `eu-ai-act`" in [f.message for f in found.findings]


def test_an_attestation_is_a_determination_in_the_role_that_is_asked_for() -> None:
    wrong = {s.of.id: s for s in determined(control="AIA-04").controls("loan-default")}["AIA-04"]
    assert wrong.rows[0].state == "open"
    right = determined(control="AIA-04", by="olga", role="owner")
    row = {s.of.id: s for s in right.controls("loan-default")}["AIA-04"].rows[0]
    assert (row.state, row.detail) == ("present", "olga as owner, 2026-11-01")


ENFORCED = {"policy.yaml": {"catalogue": {"enforce": ("house",)}}}
HOUSE = {
    "title": "House rules",
    "citation": "Manual",
    "url": "https://bank.example/manual",
    "kind": "guidance",
    "jurisdiction": "The bank",
    "verified": {"date": dt.date(2026, 11, 1), "level": "primary"},
}


def outcome(code: str, control: dict[str, Any], **catalogue: Any) -> str:
    whole = {"title": "T", "obligation": "O", "citation": "C", "assessment": "automated", **control}
    patches = {
        "policy.yaml": {"catalogue": {"enforce": ("house",), **catalogue}},
        "frameworks/house.yaml": {**HOUSE, "controls": {"H-1": whole}},
    }
    return assessed(sealed(patched(base_files(), patches)), AS_OF).version(SUBJECT).results[code].outcome


PRESENT = {"all_of": ({"rule": "OWN101"},)}
MISSING = {"all_of": ({"record": "manual"},)}
OPEN_FACT = {"fact": "tech.agentic", "is": True}


@pytest.mark.parametrize(
    ("control", "catalogue", "ctl101", "ctl102"),
    [
        ({"evidence": PRESENT}, {}, "pass", "pass"),
        ({"evidence": MISSING}, {}, "fail", "pass"),
        ({"evidence": PRESENT, "assessment": "human"}, {}, "inconclusive", "pass"),
        ({"evidence": MISSING, "in_force_from": dt.date(2027, 1, 1)}, {}, "pass", "pass"),
        ({"evidence": MISSING, "in_force_from": dt.date(2027, 1, 1)}, {"enforce_early": True}, "fail", "pass"),
        ({"evidence": MISSING, "in_force_until": dt.date(2026, 1, 1)}, {}, "pass", "pass"),
        ({"evidence": MISSING, "applies_when": {"fact": "domain", "any_in": ("retail",)}}, {}, "pass", "pass"),
        ({"evidence": MISSING, "applies_when": OPEN_FACT}, {}, "pass", "unknown"),
        ({"evidence": MISSING}, {"enforce": (), "frameworks": ("house",)}, "not_applicable", "not_applicable"),
    ],
)
def test_gates_ask_for_controls_that_apply_and_are_in_force(
    control: dict[str, Any], catalogue: dict[str, Any], ctl101: str, ctl102: str
) -> None:
    assert outcome("CTL101", control, **catalogue) == ctl101
    assert outcome("CTL102", control, **catalogue) == ctl102


def test_a_waiver_of_the_rule_behind_the_evidence_is_shown_and_opens_the_gate_but_leaves_the_status() -> None:
    """The waiver of the case WVR101, of a robustness test that fails."""
    evaluation = "models/loan-default/versions/2.0.0/evaluations/held-out.yaml"
    failing = {"name": "recession of 2009", "kind": "shift", "passed": False, "result": "AUC falls by 0.14"}
    waiver = {
        "rule": "PERF108",
        "model": "loan-default",
        "version": "2.0.0",
        "reason": "The test on a recession fails, and data of one is being bought.",
        "risk": "The model ranks applicants badly in a recession.",
        "ticket": "RISK-17",
        "requested_by": "dana",
        "accepted_by": "rolf",
        "accepted_as": "risk",
        "granted": dt.date(2026, 10, 1),
        "expires": dt.date(2026, 12, 29),
        "compensating_controls": (
            {"control": "Officers decide alone.", "evidence": "LP-12", "checked": dt.date(2026, 10, 5)},
        ),
    }
    control = {"title": "T", "obligation": "O", "citation": "C", "assessment": "automated"}
    house = {**HOUSE, "controls": {"H-1": {**control, "evidence": {"all_of": ({"rule": "PERF108"},)}}}}
    patches = {**ENFORCED, evaluation: {"robustness.1": failing}, "frameworks/house.yaml": house}
    bare = assessed(sealed(patched(base_files(), patches)))
    assert bare.version(SUBJECT).results["CTL101"].outcome == "fail"
    covered = assessed(sealed(patched(base_files(), {**patches, "waivers/recession.yaml": waiver})))
    status = covered.controls("loan-default")[0]
    assert (status.status, status.overlays) == ("not_met", ("waived by recession",))
    assert covered.version(SUBJECT).results["CTL101"].outcome == "pass"
    own = {**waiver, "rule": "CTL101"}
    assert (
        assessed(sealed(patched(base_files(), {**patches, "waivers/own.yaml": own})))
        .version(SUBJECT)
        .results["CTL101"]
        .waiver
        == "own"
    )
    needless = assessed(
        sealed(patched(base_files(), {**patches, "waivers/recession.yaml": waiver, "waivers/own.yaml": own}))
    )
    assert [f.message for f in needless.findings if f.code == "WVR106"] == ["CTL101 holds, so the waiver is not needed"]
