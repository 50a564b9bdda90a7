from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from tests.support.cases import SUBJECT, assessed, base_registry, finding_lines, patched
from tests.support.sealing import sealed

from accredit.assess import Assessment
from accredit.gates import Result
from accredit.rules import all_rules

DAY = dt.date.fromisoformat
MODEL = "models/loan-default/model.yaml"
VERSION = "models/loan-default/versions/2.0.0/version.yaml"
OTHER = "models/loan-default/versions/1.0.0/version.yaml"
STATES = ("raw", "cleaned", "features", "training", "evaluation")
DATA_RULES = [code for code in all_rules() if code.startswith("DATA")]
PERSONAL_ONLY = ["DATA103", "DATA107", "DATA109", "DATA110", "DATA114"]
Patches = Mapping[str, Mapping[str, Any] | None]


def data(state: str) -> str:
    return f"datasets/loans-{state}.yaml"


def everywhere(**fields: Any) -> dict[str, dict[str, Any]]:
    """The same fields in all datasets of the base registry."""
    return {data(state): dict(fields) for state in STATES}


def with_changes(patches: Patches) -> Assessment:
    return assessed(sealed(patched(base_registry(), patches)))


def result(code: str, patches: Patches) -> Result:
    return with_changes(patches).version(SUBJECT).results[code]


def messages(found: Result) -> list[str]:
    return [v.message for v in found.reasons]


def consent(**fields: Any) -> dict[str, Any]:
    record = {"record": "CR-9", "purposes": ["credit-scoring"], "obtained": DAY("2024-01-01")}
    record |= {"withdrawals_processed_to": DAY("2026-11-01")} | fields
    return {"basis": "consent", "reference": "Form 12", "consent": record}


@pytest.mark.parametrize("code", [c for c in DATA_RULES if c != "DATA113"])
def test_data_that_is_not_registered_is_unknown_and_no_finding_of_this_family(code: str) -> None:
    assessment = with_changes({data("cleaned"): None})
    found = assessment.version(SUBJECT).results[code]
    assert found.outcome in ("unknown", "fail")
    assert "nothing is known about the dataset `loans-cleaned`: it is not registered (REG002)" in [
        v.message for v in found.verdicts
    ]
    assert [line for line in finding_lines(assessment) if f" {code} datasets/loans-cleaned" in line] == []


@pytest.mark.parametrize("code", [c for c in DATA_RULES if c not in ("DATA113", "DATA115")])
def test_a_version_without_data_is_unknown_under_every_rule_and_found_once(code: str) -> None:
    assessment = with_changes({path: {"datasets": None, "features": None} for path in (VERSION, OTHER)})
    assert assessment.version(SUBJECT).results[code].outcome == "unknown"
    assert [line for line in finding_lines(assessment) if f" {code} " in line] == []
    assert f"{VERSION} LIN101 the version names no data" in finding_lines(assessment)


@pytest.mark.parametrize("code", PERSONAL_ONLY)
def test_data_about_nobody_needs_none_of_what_people_are_owed(code: str) -> None:
    columns: list[dict[str, Any]] = [{"name": "wind", "type": "number"}]
    nobody = everywhere(
        personal_data=False, sensitive=None, columns=columns, legal_basis=None, notice=None, rights=None
    )
    found = result(code, nobody)
    assert found.outcome == "not_applicable"
    names = ", ".join(f"`loans-{s}`" for s in ("raw", "cleaned", "features", "evaluation", "training"))
    assert messages(found) == [f"no dataset holds personal data: {names}"]


@pytest.mark.parametrize("code", [*PERSONAL_ONLY, "DATA105", "DATA111"])
def test_an_unrecorded_status_is_never_taken_for_a_no(code: str) -> None:
    found = result(code, everywhere(personal_data=None, sensitive=None, processors=None))
    assert found.outcome == "unknown"
    assert messages(found)[0] == "whether `loans-raw` holds personal data is not recorded (DATA102)"


def test_the_same_fault_of_a_dataset_reads_the_same_from_every_version() -> None:
    assessment = with_changes({data("raw"): {"licence": None, "notice": None, "legal_basis": None}})
    for code in ("DATA103", "DATA108", "DATA109"):
        one, other = (assessment.version(f"loan-default@{v}").results[code].reasons for v in ("1.0.0", "2.0.0"))
        assert one == other != ()


def test_a_dataset_of_somebody_who_has_left_needs_a_successor() -> None:
    found = result("DATA101", {data("raw"): {"owner": "gwen"}, "people/gwen.yaml": {"active_to": DAY("2026-11-22")}})
    assert messages(found) == ["the owner `gwen` of `loans-raw` is not an active person on 2026-11-23"]


def test_health_information_is_personal_whatever_the_flag_says() -> None:
    found = result("DATA102", {data("raw"): {"phi": True, "personal_data": False}})
    assert messages(found) == ["`loans-raw` says `personal_data: false` and `phi: true`"]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"purposes": []}, "the consent CR-9 of `loans-raw` names no purpose"),
        ({"obtained": DAY("2026-11-24")}, "the consent of `loans-raw` is dated 2026-11-24, after 2026-11-23 (REG005)"),
        ({"expires": DAY("2026-11-22")}, "the consent CR-9 of `loans-raw` expired on 2026-11-22"),
    ],
)
def test_a_consent_must_stand(fields: dict[str, Any], says: str) -> None:
    assert says in messages(result("DATA103", {data("raw"): {"legal_basis": consent(**fields)}}))


def test_consent_without_a_record_of_it_is_none() -> None:
    found = result("DATA103", {data("raw"): {"legal_basis": {"basis": "consent", "reference": "Form 12"}}})
    assert messages(found) == ["`loans-raw` is used by consent, and no consent is recorded"]


def test_withdrawals_cannot_be_judged_without_the_day_of_collection() -> None:
    found = result("DATA103", {data("raw"): {"legal_basis": consent(), "source.collected_to": None}})
    assert (found.outcome, messages(found)) == (
        "unknown",
        ["until when `loans-raw` was collected is not recorded (DATA101)"],
    )


def test_an_assessment_of_compatibility_that_is_not_made_yet_permits_nothing() -> None:
    later = [{"purpose": "credit-scoring", "reference": "CA-3", "date": DAY("2026-11-24")}]
    found = result("DATA104", {data("raw"): {"permitted_purposes": ["billing"], "compatibility": later}})
    assert messages(found) == ["`loans-raw` permits billing, and the model's purpose is credit-scoring"]


def test_the_purpose_of_the_model_is_shown_beside_what_the_data_permits() -> None:
    (verdict,) = result("DATA104", {data("raw"): {"permitted_purposes": ["billing"]}}).reasons
    assert verdict.at is not None
    assert (verdict.at.path, verdict.at.route) == (data("raw"), ("permitted_purposes",))
    assert [place.path for place in verdict.related] == [MODEL]


@pytest.mark.parametrize(
    ("subjects", "storage", "outcome"),
    [
        (["DE"], ["FR"], "pass"),
        (["NO"], ["EU"], "pass"),
        (["EU-DE"], ["IE"], "pass"),
        (["US-CA"], ["US"], "pass"),
        (["GB"], ["EU"], "fail"),
        (["CH"], ["DE"], "fail"),
        (["EU"], ["GB"], "fail"),
        (["DE", "GB"], ["DE"], "fail"),
    ],
)
def test_storage_leaves_where_another_region_begins(subjects: list[str], storage: list[str], outcome: str) -> None:
    region = {"subjects": subjects, "storage": storage}
    assert result("DATA107", {data("raw"): {"region": region}}).outcome == outcome


@pytest.mark.parametrize(
    ("licence", "domain", "outcome"),
    [
        ({"id": "CC-BY-NC-4.0", "allows_training": True, "allows_commercial_use": False}, ["research"], "pass"),
        ({"id": "CC-BY-NC-4.0", "allows_training": True}, ["research"], "pass"),
        (
            {"id": "CC-BY-NC-4.0", "allows_training": True, "allows_commercial_use": False},
            ["research", "credit"],
            "fail",
        ),
        ({"id": "MIT", "allows_commercial_use": True}, ["research"], "fail"),
        ({"id": "NOASSERTION", "allows_training": True, "allows_commercial_use": True}, ["research"], "fail"),
    ],
)
def test_only_research_may_use_what_is_not_for_commerce(licence: Any, domain: list[str], outcome: str) -> None:
    patches = {data("raw"): {"licence": licence}, MODEL: {"domain": domain}}
    assert result("DATA108", patches).outcome == outcome


def test_data_that_ceases_to_be_personal_must_show_how() -> None:
    columns: list[dict[str, Any]] = [{"name": "wind", "type": "number"}]
    found = result("DATA111", {data("training"): {"personal_data": False, "columns": columns}})
    claim = "`loans-training` says `personal_data: false`, is made from `loans-features` with `personal_data: true`"
    assert messages(found) == [f"{claim}, and records no de-identification"]


@pytest.mark.parametrize(("tiers", "outcome"), [([1, 2], "fail"), ([2], "pass")])
def test_policy_says_which_tiers_test_for_reidentification(tiers: list[int], outcome: str) -> None:
    evidence = {"method": "safe_harbor", "assessor": "Example Statistics", "date": DAY("2026-05-04")}
    patches = {data("raw"): {"deidentification": evidence}, "policy.yaml": {"data.reidentification_test_tiers": tiers}}
    assert result("DATA111", patches).outcome == outcome


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"separation": None}, "unknown"),
        ({"separation.by_subject": None}, "unknown"),
        ({"separation.by_subject": False}, "fail"),
        ({"separation.by_time": False}, "unknown"),
        ({"separation.overlap_rows": 1}, "fail"),
        ({"datasets.0.split": "a", "datasets.1.dataset": "loans-training", "datasets.1.split": "b"}, "pass"),
        ({"datasets.0.split": "a", "datasets.1.dataset": "loans-training", "datasets.1.split": "a"}, "fail"),
    ],
)
def test_training_and_test_data_are_apart(fields: dict[str, Any], outcome: str) -> None:
    assert result("DATA113", {VERSION: fields}).outcome == outcome


def test_a_later_test_is_as_good_as_a_split_by_time() -> None:
    later = {"models/loan-default/versions/2.0.0/evaluations/held-out.yaml": {"data.split": "out_of_time"}}
    assert result("DATA113", {VERSION: {"separation.by_time": False}} | later).outcome == "pass"


def test_tiers_that_policy_does_not_name_need_not_be_apart_by_person_and_time() -> None:
    patches = {
        VERSION: {"separation": {"method": "at random", "overlap_rows": 0}},
        "policy.yaml": {"data": {"separate_subjects_tiers": [2], "out_of_time_tiers": []}},
    }
    assert messages(result("DATA113", patches)) == ["at random; 0 rows on both sides"]


def test_a_version_that_names_no_feature_set_leaves_its_inputs_open() -> None:
    assessment = with_changes({path: {"features": None} for path in (VERSION, OTHER)})
    results = assessment.version(SUBJECT).results
    assert (results["DATA106"].outcome, results["DATA115"].outcome) == ("unknown", "unknown")
    found = [line for line in finding_lines(assessment) if " DATA1" in line and VERSION in line]
    assert found == [f"{VERSION} DATA115 the version names no feature set, so its inputs are not known"]


def test_inputs_without_protected_attributes_need_no_justification() -> None:
    found = result("DATA115", {})
    assert (found.outcome, messages(found)) == (
        "not_applicable",
        ["no input holds a protected attribute in `loan-features`"],
    )
