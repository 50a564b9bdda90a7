from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.support.cases import SUBJECT, assessed, base_registry, finding_lines, patched
from tests.support.sealing import sealed

from accredit.assess import Assessment
from accredit.gates import Result

VERSION = "models/loan-default/versions/2.0.0/version.yaml"
FEATURES = "features/loan-features.yaml"
ENTRY = "71a0b4a5e4914fbf6d56d4093ecd79298de1dfdc749aa99beeaf3f86658b5d9e"
WRONG = "8dd9031df312e11e371fbc330a8880db088276b59e5f036330ab5f11aa897909"
Patches = Mapping[str, Mapping[str, Any] | None]


def data(state: str) -> str:
    return f"datasets/loans-{state}.yaml"


def with_changes(patches: Patches) -> Assessment:
    return assessed(sealed(patched(base_registry(), patches)))


def result(code: str, patches: Patches) -> Result:
    return with_changes(patches).version(SUBJECT).results[code]


def messages(found: Result) -> list[str]:
    return [v.message for v in found.reasons]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"trained": None}, "the version names no training run"),
        ({"code": None}, "the version names no commit of its code"),
        ({"config": None}, "the version names no configuration"),
        ({"datasets": None}, "the version names no data"),
        ({"environment": None}, "the version names no environment by digest"),
        ({"features.0.sha256": None}, "the state of `loan-features` that the run read is not recorded"),
    ],
)
def test_each_of_the_five_references_is_needed(fields: dict[str, Any], says: str) -> None:
    found = result("LIN101", {VERSION: fields})
    assert (found.outcome, messages(found)) == ("fail", [says])


@pytest.mark.parametrize(("code", "field"), [("LIN105", "code"), ("LIN107", "config")])
def test_what_another_rule_reports_is_unknown_and_not_found_twice(code: str, field: str) -> None:
    assessment = with_changes({VERSION: {field: None}})
    assert assessment.version(SUBJECT).results[code].outcome == "unknown"
    assert [line.split()[1] for line in finding_lines(assessment) if " LIN1" in line] == ["LIN101"]


@pytest.mark.parametrize("code", ["LIN102", "LIN103", "LIN108"])
def test_a_trail_through_data_that_is_not_registered_is_not_judged(code: str) -> None:
    found = result(code, {data("cleaned"): None})
    assert found.outcome == "unknown"
    assert "nothing is known about the dataset `loans-cleaned`: it is not registered (REG002)" in messages(found)


def test_a_derivation_without_inputs_is_no_source() -> None:
    found = result("LIN102", {data("cleaned"): {"derived_from.inputs": []}})
    assert messages(found) == ["the trail ends at `loans-cleaned` of kind cleaned, which is not a source"]


def test_a_feature_set_from_nowhere_ends_the_trail() -> None:
    found = result("LIN102", {FEATURES: {"inputs": []}})
    assert messages(found) == ["the trail ends at the feature set `loan-features`, which names no inputs"]


def test_a_dataset_made_from_itself_is_a_cycle() -> None:
    source = {"job": {"name": "merge", "kind": "other"}, "inputs": [{"dataset": "loans-raw"}]}
    assessment = with_changes({data("raw"): {"derived_from": source}})
    results = assessment.version(SUBJECT).results
    assert "the data is made from itself: loans-raw -> loans-raw" in messages(results["LIN103"])
    assert results["LIN102"].outcome == "unknown"


@pytest.mark.parametrize(
    ("path", "field", "place"),
    [
        (VERSION, "datasets.0.sha256", ("datasets", 0, "sha256")),
        (VERSION, "features.0.sha256", ("features", 0, "sha256")),
        (FEATURES, "inputs.0.sha256", ("inputs", 0, "sha256")),
        (data("training"), "derived_from.inputs.0.sha256", ("derived_from", "inputs", 0, "sha256")),
    ],
)
def test_a_digest_that_differs_is_found_where_it_is_recorded(
    path: str, field: str, place: tuple[str | int, ...]
) -> None:
    (verdict,) = result("LIN103", {path: {field: WRONG}}).reasons
    assert verdict.at is not None
    assert (verdict.outcome, verdict.at.path, verdict.at.route) == ("fail", path, place)
    assert "was used with sha256 8dd9031df312..." in verdict.message


@pytest.mark.parametrize(
    ("path", "field", "says", "finds"),
    [
        (
            data("training"),
            "derived_from.inputs.0.sha256",
            "which state of `loans-features` was used is not recorded",
            True,
        ),
        (FEATURES, "sha256", "the feature set `loan-features` has no digest to compare with", True),
        (data("raw"), "sha256", "`loans-raw` has no digest to compare with (DATA101)", False),
        (
            VERSION,
            "datasets.0.sha256",
            "the digest of `loans-training` as the run read it is not recorded (LIN101)",
            False,
        ),
    ],
)
def test_a_digest_that_is_absent_is_unknown(path: str, field: str, says: str, *, finds: bool) -> None:
    found = result("LIN103", {path: {field: None}})
    assert (found.outcome, messages(found)) == ("unknown", [says])
    assert [v.at is not None for v in found.reasons] == [finds]


def test_a_version_without_artifacts_has_nothing_to_approve() -> None:
    found = result("LIN104", {VERSION: {"artifacts": None}})
    assert (found.outcome, messages(found)) == ("unknown", ["the version records no artifact that could be approved"])


def test_a_version_that_is_not_deployed_is_not_judged() -> None:
    found = result("LIN104", {"models/loan-default/versions/2.0.0/deployments/branches.yaml": None})
    assert (found.outcome, messages(found)) == ("not_applicable", ["no deployment is recorded of `model`"])


def test_the_artifact_that_runs_is_shown_beside_those_that_were_approved() -> None:
    deployment = "models/loan-default/versions/2.0.0/deployments/branches.yaml"
    (verdict,) = result("LIN104", {deployment: {"artifact_sha256": WRONG}}).reasons
    assert verdict.message == f"`branches` runs {WRONG[:12]}..., and the version's artifact is {ENTRY[:12]}..."
    assert [place.path for place in verdict.related] == [VERSION]


def test_data_that_was_not_derived_needs_no_job() -> None:
    uses = [{"dataset": "loans-raw", "role": "training", "sha256": WRONG}]
    found = result("LIN108", {VERSION: {"datasets": uses, "features": None}})
    assert (found.outcome, messages(found)) == ("not_applicable", ["nothing upstream was derived: `loans-raw`"])
