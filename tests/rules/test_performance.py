from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.support.cases import SUBJECT, assessed, base_files, patched
from tests.support.sealing import sealed

from accredit.assess import Assessment

VERSION = "models/loan-default/versions/2.0.0/version.yaml"
EVALUATION = "models/loan-default/versions/2.0.0/evaluations/held-out.yaml"
SECOND = "models/loan-default/versions/2.0.0/evaluations/second.yaml"
MODEL = "models/loan-default/model.yaml"
TASK = "performance.tasks.binary_classification"
ARTIFACT = "71a0b4a5e4914fbf6d56d4093ecd79298de1dfdc749aa99beeaf3f86658b5d9e"
TRAINING = "2cb8d21385cec79d4fb3427b8f9a938aeb77994a4598fa5cb7501e83fc5f9aff"


def with_patches(patches: dict[str, dict[str, Any] | None]) -> Assessment:
    return assessed(sealed(patched(base_files(), patches)))


def outcome(code: str, patches: dict[str, dict[str, Any] | None]) -> tuple[str, tuple[str, ...]]:
    result = with_patches(patches).version(SUBJECT).results[code]
    return result.outcome, tuple(v.message for v in result.reasons)


def reported(patches: dict[str, dict[str, Any] | None], *families: str) -> list[str]:
    found = {f.code for f in with_patches(patches).findings if f.subject == SUBJECT}
    return sorted(code for code in found if code[:4] in families)


def second(split: str, **more: Any) -> dict[str, Any]:
    data = {"dataset": "loans-evaluation", "split": split, **more.pop("data", {})}
    return {
        "name": "Second look",
        "at": dt.datetime(2026, 8, 6, 10, tzinfo=dt.UTC),
        "data": data,
        "artifact_sha256": ARTIFACT,
        "decision_threshold": 0.3,
        "n": 20000,
        **more,
    }


def metric(name: str, value: float, half: float = 0.005, **more: Any) -> dict[str, Any]:
    interval = {"lower": value - half, "upper": value + half}
    return {"type": name, "value": value, "interval": interval, **more}


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        ({"metrics.0.value": 1.2}, "auc is recorded as 1.2 and cannot have that value"),
        ({"metrics.0.value": 0.9}, "auc is recorded as 0.9 and lies outside its interval 0.833 to 0.847"),
        ({"metrics.3.slice": None}, "auc is recorded as 0.836 and is recorded twice"),
        ({"n": 20001}, "the confusion counts add up to 20,000 and n is 20,001"),
        ({"positives": 4100}, "the confusion counts hold 4,000 positives and `positives` is 4,100"),
        ({"metrics.0.n": 30000}, "auc has n 30,000 and the evaluation has 20,000"),
        ({"metrics.1": None}, "brier is required and was not measured on loans-evaluation (test)"),
        ({"n": None, "confusion": None, "metrics.1.n": None}, "brier has no n"),
    ],
)
def test_numbers_that_are_missing_or_cannot_be_true_fail(patch: dict[str, Any], message: str) -> None:
    found, messages = outcome("PERF101", {EVALUATION: patch})
    assert found == "fail"
    assert message in messages


def test_an_evaluation_that_cannot_be_read_is_not_also_called_missing() -> None:
    files = {**base_files(), EVALUATION: b"name: [\n"}
    assessment = assessed(sealed(files))
    assert assessment.version(SUBJECT).results["PERF101"].outcome == "fail"
    assert not [f for f in assessment.findings if f.subject == SUBJECT and f.code[:4] in ("PERF", "FAIR")]


def test_a_metric_may_differ_from_its_counts_by_rounding() -> None:
    recorded = metric("recall", 0.7505, n=4000)
    assert outcome("PERF101", {EVALUATION: {"metrics.2": recorded}})[0] == "pass"


def test_a_version_without_evaluation_is_reported_once() -> None:
    patches: dict[str, dict[str, Any] | None] = {EVALUATION: None}
    assert reported(patches, "PERF") == ["PERF101"]
    assert outcome("PERF102", patches)[0] == "fail"
    assert outcome("PERF104", patches)[0] == "unknown"


@pytest.mark.parametrize("split", ["training", "validation"])
def test_an_evaluation_on_data_that_was_learnt_from_is_no_evidence(split: str) -> None:
    patches: dict[str, dict[str, Any] | None] = {EVALUATION: {"data.split": split}}
    assert reported(patches, "PERF") == ["PERF104"]
    assert outcome("PERF104", patches) == ("fail", (f"the version is evaluated on the {split} split only",))


def test_an_evaluation_on_training_data_beside_one_that_is_held_out_does_no_harm() -> None:
    beside = second("training", data={"dataset": "loans-training"}, metrics=[metric("auc", 0.6)])
    assert reported({SECOND: beside}, "PERF") == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"dataset": "loans-training"}, "the dataset loans-training is in the lineage of the training data"),
        ({"dataset": "loans-features"}, "the dataset loans-features is in the lineage of the training data"),
        (
            {"dataset": "loans-evaluation", "sha256": TRAINING},
            "the data has the digest 2cb8d21385ce of loans-training, which is in the training lineage",
        ),
    ],
)
def test_data_from_the_lineage_of_the_training_data_is_not_held_out(data: dict[str, str], reason: str) -> None:
    found, messages = outcome("PERF104", {SECOND: second("test", data=data, metrics=[metric("auc", 0.84)])})
    assert (found, messages) == ("fail", (f"the split is called test, but {reason}",))


def test_the_data_that_the_version_was_tuned_on_is_not_held_out() -> None:
    assert outcome("PERF104", {VERSION: {"datasets.1.role": "validation"}})[0] == "fail"


def test_a_tier_that_asks_for_a_later_period_is_met_by_the_split_or_by_the_separation() -> None:
    unstated: dict[str, dict[str, Any] | None] = {VERSION: {"separation.by_time": None}}
    assert outcome("PERF104", unstated) == (
        "fail",
        ("tier 1 asks for an evaluation on a later period, and the splits are test",),
    )
    assert outcome("PERF104", {**unstated, EVALUATION: {"data.split": "out_of_time"}})[0] == "pass"


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ({"artifact_sha256": None}, ("unknown", "Held-out loans does not say which artifact it is of")),
        (
            {"artifact_sha256": TRAINING},
            ("fail", "Held-out loans is of the artifact 2cb8d21385ce; the version's are 71a0b4a5e491"),
        ),
        ({"decision_threshold": None}, ("unknown", "Held-out loans does not say at which threshold it counted")),
    ],
)
def test_an_evaluation_says_what_it_is_of(patch: dict[str, Any], expected: tuple[str, str]) -> None:
    found, messages = outcome("PERF105", {EVALUATION: patch})
    assert (found, *messages) == expected


def test_every_evaluation_that_carries_a_metric_must_meet_its_threshold() -> None:
    later = second("out_of_time", metrics=[metric("auc", 0.66)])
    assert outcome("PERF102", {SECOND: later}) == (
        "fail",
        ("auc is 0.6600 on loans-evaluation (out_of_time), n 20,000; it must be at least 0.70",),
    )


def test_a_threshold_on_a_metric_that_nobody_measured_fails() -> None:
    patches: dict[str, dict[str, Any] | None] = {"policy.yaml": {f"{TASK}.thresholds.ks": {"min": 0.4}}}
    assert outcome("PERF102", patches) == ("fail", ("ks was not measured, and must be at least 0.40",))


def test_the_stricter_threshold_holds_where_a_fact_is_not_recorded() -> None:
    override = [{"when": {"fact": "decision.kind", "is": "credit"}, "thresholds": {"auc": {"min": 0.9}}}]
    lenient = [{"when": {"fact": "decision.kind", "is": "credit"}, "thresholds": {"auc": {"min": 0.1}}}]
    unrecorded = {MODEL: {"decision.kind": None}}
    for overrides in (override, [*override, *lenient]):
        assert outcome("PERF102", {"policy.yaml": {"performance.overrides": overrides}, **unrecorded})[0] == "fail"
    other = {MODEL: {"decision.kind": "insurance"}}
    assert outcome("PERF102", {"policy.yaml": {"performance.overrides": override}, **other})[0] == "pass"


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        ({EVALUATION: {"metrics.0.interval": None}}, "auc on loans-evaluation (test) has no interval"),
        ({EVALUATION: {"metrics.0.interval.level": 0.8}}, "auc on loans-evaluation (test) has an interval of only 80%"),
        (
            {"policy.yaml": {f"{TASK}.min_n": 20001}},
            "auc rests on 20,000 rows of loans-evaluation (test), fewer than 20,001",
        ),
    ],
)
def test_a_result_that_is_not_precise_is_inconclusive(patch: dict[str, dict[str, Any] | None], message: str) -> None:
    found, messages = outcome("PERF103", patch)
    assert found == "inconclusive"
    assert message in messages


def test_one_precise_evaluation_is_enough() -> None:
    later = second("out_of_time", n=500, metrics=[metric("auc", 0.72, 0.05)])
    assert outcome("PERF103", {SECOND: later})[0] == "pass"


def test_a_value_that_misses_its_threshold_is_not_also_called_imprecise() -> None:
    patches: dict[str, dict[str, Any] | None] = {EVALUATION: {"metrics.0": metric("auc", 0.68, 0.03, n=20000)}}
    assert "PERF102" in reported(patches, "PERF")
    assert "PERF103" not in reported(patches, "PERF")


def test_counts_go_before_recorded_intervals() -> None:
    thresholds: dict[str, Any] = {f"{TASK}.thresholds": {"recall": {"min": 0.745}}}
    narrow = metric("recall", 0.75, 0.001, n=4000)
    found, messages = outcome("PERF103", {"policy.yaml": thresholds, EVALUATION: {"metrics.2": narrow}})
    assert found == "inconclusive"
    assert "0.7500 (0.7363 to 0.7632)" in messages[0]


def test_versions_measured_on_different_data_cannot_be_compared() -> None:
    digest = "c" * 64
    found, messages = outcome("PERF107", {EVALUATION: {"data.sha256": digest}})
    assert found == "unknown"
    assert messages[0] == "no evaluation is on the same data as one of 1.0.0, which is in production"


def test_without_another_version_in_production_there_is_nothing_to_compare_with() -> None:
    step = "models/loan-default/versions/1.0.0/transitions/0002/approvals/rita.yaml"
    found, _ = outcome("PERF107", {step: None})
    assert found == "not_applicable"


def test_a_metric_that_is_better_when_lower_is_guarded_the_other_way_round() -> None:
    assert outcome("PERF107", {EVALUATION: {"metrics.1": metric("brier", 0.09)}})[0] == "pass"
    assert outcome("PERF107", {EVALUATION: {"metrics.1": metric("brier", 0.14)}})[0] == "fail"


def test_a_robustness_test_that_the_policy_names_must_be_recorded() -> None:
    patches: dict[str, dict[str, Any] | None] = {EVALUATION: {"robustness.1": None}}
    assert outcome("PERF108", patches) == ("fail", ("no shift test is recorded; recorded are adversarial, noise",))


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ({"calibration": None}, ("unknown", "no calibration is recorded, and the policy sets limits for it")),
        ({"calibration.ece": 0.02}, ("fail", "the recorded ECE is 0.0200, and that of the bins is 0.0050")),
        ({"calibration.slope": 1.3}, ("fail", "the slope is 1.3000; it must lie between 0.8 and 1.25")),
        ({"calibration": {"slope": 1.0}}, ("unknown", "calibration is recorded without bins and without an error")),
        ({"calibration": {"ece": 0.06}}, ("fail", "the expected calibration error is 0.0600; at most 0.05 is allowed")),
    ],
)
def test_calibration_is_judged_by_its_bins(patch: dict[str, Any], expected: tuple[str, str]) -> None:
    found, messages = outcome("PERF109", {EVALUATION: patch})
    assert (found, *messages) == expected


def test_a_task_without_criteria_asks_for_nothing_but_an_evaluation() -> None:
    patches: dict[str, dict[str, Any] | None] = {MODEL: {"task": "other"}}
    assert outcome("PERF101", patches)[0] == "not_applicable"
    assert outcome("PERF102", patches)[0] == "not_applicable"
    assert outcome("PERF101", {**patches, EVALUATION: None})[0] == "fail"
