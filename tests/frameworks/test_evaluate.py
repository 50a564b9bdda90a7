"""Unknown is never `not applicable`, checks alone seldom decide, and a person's decision counts for what it saw."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import product
from typing import Any, get_args

import pytest
from tests.support.cases import AS_OF, assessed, base_files, patched
from tests.support.sealing import sealed

from accredit.assess import Assessment
from accredit.domain.control_status import LABELS, ControlStatus, EvidenceRow, EvidenceState, roll_up
from accredit.domain.determination import Determination
from accredit.domain.framework import Mode
from accredit.frameworks.catalogue import shipped
from accredit.frameworks.evaluate import status_of, together

MODEL = "loan-default"
PLAIN = {
    "name": "Plain",
    "summary": "Says little of itself.",
    "owner": "olga",
    "purpose": "credit-scoring",
    "task": "other",
}
OTHER = "models/plain/model.yaml"
ORGANISATION = {
    "bank": False,
    "us_bank": False,
    "public_service": False,
    "hipaa_role": ["none"],
    "federal_health_funds": False,
    "ccpa_business": True,
    "ccpa_audit_threshold": False,
    "role": ["deployer"],
}


def registry(patches: dict[str, Any]) -> Assessment:
    return assessed(sealed(patched(base_files(), patches)))


def plain(policy: dict[str, Any] | None = None, **fields: Any) -> dict[str, ControlStatus]:
    """Every control for a model without a version that records these fields."""
    patches = {OTHER: {**PLAIN, **fields}, "policy.yaml": policy or {"organisation": {}}}
    return {s.of.id: s for s in registry(patches).controls("plain", frameworks=list(shipped()))}


def of_base(patches: dict[str, Any] | None = None, version: str = "2.0.0") -> dict[str, ControlStatus]:
    found = registry(patches or {}).controls(MODEL, version, list(shipped()))
    return {s.of.id: s for s in found}


def within(found: dict[str, ControlStatus], framework: str) -> list[ControlStatus]:
    return [s for s in found.values() if s.of.framework_id == framework]


def test_a_model_that_records_only_region_and_domain_is_never_told_that_a_control_does_not_apply() -> None:
    found = plain(regions=("FR",), domain=("healthcare",))
    act, privacy = within(found, "eu-ai-act"), within(found, "gdpr")
    assert "not_applicable" not in {s.status for s in (*act, *privacy)}
    assert Counter(s.status for s in privacy) == {"needs_judgement": 20}
    assert Counter(bool(s.missing_facts) for s in act) == {True: 23, False: 3}
    assert "data.personal" in found["GDPR-6"].missing_facts


def test_nothing_applies_to_a_forecast_for_shops_in_the_united_states_without_personal_data() -> None:
    raw = "datasets/loans-raw.yaml"
    fields = {"regions": ("US",), "domain": ("retail",), "decision": {"kind": "stock", "effect": "none"}}
    version = "models/plain/versions/1.0.0/version.yaml"
    patches = {
        OTHER: {**PLAIN, **fields},
        version: {
            "model": "plain",
            "version": "1.0.0",
            "summary": "First",
            "datasets": ({"dataset": "loans-raw", "role": "training"},),
        },
        raw: {"personal_data": False},
        "policy.yaml": {"organisation": ORGANISATION},
    }
    found = registry(patches).controls("plain", frameworks=list(shipped()))
    assert {s.of.id for s in found if s.status != "not_applicable"} == set()
    assert len(found) == 212


def test_a_credit_model_of_the_base_registry_meets_the_act_as_worked_out_by_hand() -> None:
    found = of_base()
    act = within(found, "eu-ai-act")
    assert Counter(s.applies for s in act)[True] == 18
    assert {s.of.id for s in act if s.missing_facts} == {"AIA-25", "AIA-4A", "AIA-50"}
    assert found["AIA-09"].in_force_from == dt.date(2027, 12, 2)
    assert found["AIA-09"].overlays == ("not yet in force, prepares for 2027-12-02",)
    assert found["AIA-09"].status == "needs_judgement"
    assert found["AIA-53"].status == "not_applicable"
    assert found["AIA-53"].overlays == ()


def test_a_credit_model_under_many_laws_as_worked_out_by_hand() -> None:
    """Credit decided by a machine alone, in Germany and California, on personal data of no special category."""
    model = {
        "regions": ("DE", "US-CA"),
        "decision": {"kind": "credit", "effect": "significant", "automation": "solely", "consumer": True},
        "technology": {"agentic": False, "emotion_or_biometric": False, "new": False},
        "third_party": False,
        "transparency": {"interacts_with_people": False, "generates_content": False},
    }
    data = {
        "personal_data": True,
        "sensitive": (),
        "legal_basis": {"basis": "contract", "reference": "C-1"},
        "region": {"storage": ("DE",), "subjects": ("DE",)},
        "large_scale": False,
    }
    organisation = {**ORGANISATION, "bank": True, "us_bank": True}
    datasets = ("loans-raw", "loans-cleaned", "loans-features", "loans-training", "loans-evaluation")
    found = of_base(
        {
            f"models/{MODEL}/model.yaml": model,
            "policy.yaml": {"organisation": organisation},
            **{f"datasets/{name}.yaml": data for name in datasets},
        }
    )
    expected = {"gdpr": 15, "credit-decisions": 7, "us-mrm": 15, "ccpa-admt": 11}
    assert {name: Counter(s.applies for s in within(found, name))[True] for name in expected} == expected
    assert {s.of.id for s in found.values() if s.applies is None} == {"BIII-VAL", "BIII-CHG", "BIII-HIST"}


def test_a_provider_who_also_uses_the_system_has_the_duties_of_both() -> None:
    roles = {"risk.ai_act.other_roles": ("deployer",), "risk.ai_act.annex_iii_point": ("5b",)}
    found = of_base({f"models/{MODEL}/model.yaml": roles})
    assert Counter(s.applies for s in within(found, "eu-ai-act"))[True] == 21
    assert found["AIA-14"].applies is found["AIA-26"].applies is found["AIA-27"].applies is True


def test_products_of_annex_i_come_into_force_later() -> None:
    found = of_base({f"models/{MODEL}/model.yaml": {"risk.ai_act.risk": "high_annex_i"}})
    assert found["AIA-09"].in_force_from == dt.date(2028, 8, 2)


@pytest.mark.parametrize(("framework", "adopted"), [("nist-ai-rmf", True), ("iso-42001", True), ("nist-ai-rmf", False)])
def test_a_voluntary_framework_applies_where_policy_lists_it(framework: str, adopted: bool) -> None:  # noqa: FBT001
    policy = {"catalogue": {"frameworks": (framework if adopted else "gdpr",)}}
    statuses = {s.applies for s in within(of_base({"policy.yaml": policy}), framework)}
    assert statuses == {adopted}


def test_a_part_of_a_city_is_a_part_of_its_country() -> None:
    found = plain(regions=("US-NYC",), decision={"kind": "employment"})
    assert found["LL144-AUDIT"].applies is True
    assert found["UGESP-45"].applies is True
    assert found["AIA-04"].applies is False


def decision(result: str) -> Determination:
    return Determination.model_validate(
        {
            "framework": "f",
            "control": "C",
            "model": "m",
            "result": result,
            "reason": "Seen.",
            "by": "vera",
            "role": "validator",
            "date": AS_OF,
            "expires": AS_OF,
            "subject_digest": "0" * 64,
        }
    )


def expected(mode: str, applies: bool | None, evidence: str, made: str | None) -> str:  # noqa: FBT001
    """The algorithm once more, as a table of cases in order."""
    if applies is False or made == "not_applicable":
        return "not_applicable"
    if applies is None and made is None:
        return "needs_judgement"
    if evidence == "missing" or made == "not_met":
        return "not_met"
    if made == "met" or (mode == "automated" and evidence == "present"):
        return "met"
    return "needs_judgement"


@pytest.mark.parametrize("mode", get_args(Mode))
def test_every_mode_with_every_evidence_and_decision(mode: Mode) -> None:
    for applies, evidence, made in product(
        (True, False, None), get_args(EvidenceState), (None, "met", "not_met", "not_applicable")
    ):
        determined = decision(made) if made else None
        assert status_of(mode, applies, evidence, determined) == expected(mode, applies, evidence, made)


def rows(*states: EvidenceState) -> tuple[EvidenceRow, ...]:
    return tuple(EvidenceRow("rule", "OWN101", state, "") for state in states)


@pytest.mark.parametrize(
    ("every", "some", "result"),
    [
        (("present", "present"), (), "present"),
        (("present", "missing"), (), "missing"),
        (("present", "open"), (), "open"),
        (("present", "not_applicable"), (), "open"),
        (("not_applicable",), (), "open"),
        ((), ("missing", "present"), "present"),
        ((), ("missing", "missing"), "missing"),
        ((), ("missing", "open"), "open"),
        (("present",), ("missing", "not_applicable"), "open"),
        (("missing",), ("present",), "missing"),
    ],
)
def test_all_of_the_first_and_one_of_the_second(
    every: tuple[EvidenceState, ...], some: tuple[EvidenceState, ...], result: EvidenceState
) -> None:
    assert together(rows(*every), rows(*some)) == result


def test_the_labels_are_those_that_pages_show() -> None:
    assert set(LABELS.values()) == {
        "Evidence present",
        "Evidence missing",
        "Needs human judgement",
        "Not applicable on the recorded facts",
    }
    assert roll_up(["met", "not_met", "needs_judgement"]) == "not_met"
    assert roll_up([]) == "not_applicable"


def test_a_field_is_shown_with_its_value_and_its_place() -> None:
    found = of_base({"policy.yaml": {"organisation": {"bank": True}}})["B239-4"]
    row = next(r for r in found.rows if r.kind == "field")
    assert row.state == "present"
    assert row.at is not None
    assert row.at.path.startswith("datasets/")
    assert row.at.route == ("quality", "known_gaps")


@pytest.mark.parametrize(
    ("document", "state"),
    [
        ({"approved_by": "lars", "date": "2026-06-01"}, "present"),
        ({"date": "2026-06-01"}, "missing"),
        ({"approved_by": "nobody", "date": "2026-06-01"}, "missing"),
        ({"approved_by": "lars", "date": "2025-06-01"}, "missing"),
        ({"approved_by": "lars", "date": "2027-06-01"}, "missing"),
        ({"approved_by": "lars", "date": "2026-06-01", "covers_versions": ["1.0.0"]}, "missing"),
        ({"approved_by": "lars", "date": "2026-06-01", "covers_versions": ["2.0.0"]}, "present"),
    ],
)
def test_a_document_counts_if_it_is_approved_recent_and_about_the_version(document: dict[str, Any], state: str) -> None:
    made = {**document, "kind": "qms-reference", "reference": "QM-1", "date": dt.date.fromisoformat(document["date"])}
    found = of_base({f"models/{MODEL}/model.yaml": {"documents": (made,)}})["AIA-17"]
    assert next(r for r in found.rows if r.name == "qms-reference").state == state


def test_an_impact_assessment_is_a_document() -> None:
    row = next(r for r in of_base()["GDPR-35"].rows if r.name == "dpia")
    assert (row.state, row.detail) == ("present", "DPIA-2026-3, of 2026-08-20")


@pytest.mark.parametrize(
    ("kept", "state"),
    [
        ({"months": 25, "clock": "decision_notice"}, "present"),
        ({"months": 24, "clock": "decision_notice"}, "missing"),
        ({"years": 9, "clock": "created"}, "open"),
    ],
)
def test_records_are_kept_long_enough_by_the_right_clock(kept: dict[str, Any], state: str) -> None:
    patches = {
        f"models/{MODEL}/model.yaml": {"regions": ("US",)},
        "policy.yaml": {"retention": {"classes": {"decision_records": kept}}},
    }
    assert of_base(patches)["ECOA-12"].rows[0].state == state


def test_without_a_version_nothing_is_evidence() -> None:
    found = plain(regions=("FR",))["AIA-05"]
    assert found.version is None
    assert found.status == "not_met"
    assert found.rows[0].detail == "there is no version to look at"


def test_the_current_version_is_the_latest_in_production() -> None:
    current = registry({}).current(MODEL)
    assert current is not None
    assert current.version.id == "2.0.0"


def test_a_catalogue_of_long_ago_is_marked_so() -> None:
    patches = {"policy.yaml": {"catalogue": {"max_age_days": 30}}}
    later = assessed(sealed(patched(base_files(), patches)), AS_OF + dt.timedelta(days=31))
    found = later.controls(MODEL, frameworks=["gdpr"])
    assert all("catalogue last verified on 2026-11-23" in s.overlays for s in found if s.status != "not_applicable")
    assert not any(s.stale for s in registry(patches).controls(MODEL, frameworks=["gdpr"]))
