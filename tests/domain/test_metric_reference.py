from __future__ import annotations

import pytest
from tests.support.cases import SUBJECT, assessed, base_registry

from accredit.domain.metric_reference import literals, references, resolve, shown
from accredit.domain.registry import ModelVersion


@pytest.fixture(scope="module")
def version() -> ModelVersion:
    return assessed(base_registry()).version(SUBJECT).version


@pytest.mark.parametrize(
    ("reference", "value"),
    [
        ("held-out.auc", 0.84),
        ("held-out.roc-auc", 0.84),
        ("held-out.n", 20000),
        ("held-out.positives", 4000),
        ("held-out.accuracy", 16600 / 20000),
        ("held-out.specificity", 13600 / 16000),
        ("held-out.slope", 0.98),
        ("held-out.impact_ratio.gender", (6560 / 9000) / (8040 / 11000)),
        ("held-out.dp_diff.gender", 8040 / 11000 - 6560 / 9000),
        ("held-out.eo_diff.age-band", 8240 / 9600 - 2650 / 3200),
        ("held-out.equalized_odds_diff.age-band", 8240 / 9600 - 2650 / 3200),
        ("held-out.dp_diff.age-band+gender", 4868 / 6600 - 1285 / 1800),
    ],
)
def test_a_reference_is_answered_from_the_record_or_its_counts(
    version: ModelVersion, reference: str, value: float
) -> None:
    assert resolve(version, reference) == pytest.approx(value)


@pytest.mark.parametrize(
    "reference",
    [
        "auc",
        "holdout.auc",
        "held-out.",
        "held-out",
        "held-out.r2",
        "held-out.impact_ratio.race",
        "held-out.auc.gender",
        "",
    ],
)
def test_what_no_record_answers_is_none(version: ModelVersion, reference: str) -> None:
    assert resolve(version, reference) is None


def test_groups_that_are_too_small_are_left_out(version: ModelVersion) -> None:
    assert resolve(version, "held-out.impact_ratio.gender", min_n=9001) is None


def test_references_are_found_in_prose() -> None:
    assert list(references("The AUC is [[held-out.auc]], [[ held-out.n ]] rows, not [[ or ]] [a].")) == [
        "held-out.auc",
        "held-out.n",
        "or",
    ]


@pytest.mark.parametrize(
    ("text", "metric", "value", "tolerance"),
    [
        ("an AUC of 0.81 on", "auc", 0.81, 0.005),
        ("AUC 0.8", "auc", 0.8, 0.05),
        ("the ROC AUC is 0.812.", "auc", 0.812, 0.0005),
        ("accuracy: 93 %", "accuracy", 0.93, 0.005),
        ("Accuracy (93.5%)", "accuracy", 0.935, 0.0005),
        ("a **recall** of about 75 per cent", "recall", 0.75, 0.005),
        ("F1 score = 0.7", "f1", 0.7, 0.05),
        ("balanced accuracy of 0.66", "balanced-accuracy", 0.66, 0.005),
        ("MAE was 12", "mae", 12.0, 0.5),
    ],
)
def test_a_number_after_a_name_is_a_literal(text: str, metric: str, value: float, tolerance: float) -> None:
    found = next(literal for literal in literals(text) if literal.metric == metric)
    assert (found.value, found.tolerance) == (pytest.approx(value), pytest.approx(tolerance))


@pytest.mark.parametrize(
    "text",
    [
        "AUC is above 0.70",
        "an AUC of at least 0.7",
        "AUC of version 1.0.0",
        "the AUC is [[held-out.auc]]",
        "recall of 3 models",
        "The AUC fell. 0.4 is the share",
        "AUC on 2026-11-23",
        "no number at all",
    ],
)
def test_a_limit_a_version_or_a_date_is_no_literal_of_a_metric(text: str) -> None:
    assert {literal.metric for literal in literals(text)}.isdisjoint({"auc", "recall"})


@pytest.mark.parametrize(("recorded", "agrees"), [(0.805, True), (0.8149, True), (0.8151, False), (0.8049, False)])
def test_a_literal_agrees_with_what_rounds_to_it(recorded: float, agrees: bool) -> None:  # noqa: FBT001
    assert next(literals("AUC 0.81")).agrees_with(recorded) is agrees


def test_counts_and_metrics_are_shown_as_prose_shows_them() -> None:
    assert (shown(20000), shown(0.84)) == ("20,000", "0.840")
