"""Numbers from one evaluation run: `evaluations/<name>.yaml` of a version.

Fairness and confusion are stored as counts, and every rate is computed from them: a rate without its counts cannot be
checked by anybody.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from accredit.domain.value import (
    Count,
    DatasetId,
    Date,
    Instant,
    Line,
    Markdown,
    PersonId,
    Sha256,
    Share,
    Slug,
    Url,
    Value,
)


class EvaluatedData(Value):
    """The data that the model was evaluated on."""

    dataset: DatasetId
    sha256: Sha256 | None = None
    split: Literal["training", "validation", "test", "out_of_time", "cross_validation", "external"] = Field(
        description="Which part of the data it was. Numbers on training data prove nothing."
    )


class Tool(Value):
    """What computed the numbers."""

    name: Line = Field(description="Name of the tool.")
    version: Line | None = Field(None, description="Its version.")
    url: Url | None = Field(None, description="Where it is described.")


class Interval(Value):
    """A confidence interval."""

    lower: float = Field(description="Lower bound.")
    upper: float = Field(description="Upper bound.")
    level: Share = Field(0.95, description="Confidence level.")
    method: Line | None = Field(
        None, examples=["percentile bootstrap, 2000 resamples"], description="How it was computed."
    )


class Metric(Value):
    """One metric, overall or for a slice of the data."""

    type: Slug | Literal["r2"] = Field(examples=["auc"], description="Name of the metric.")
    value: float = Field(description="Its value.")
    n: Count | None = Field(None, description="Rows that it was computed on.")
    unit: Line | None = Field(None, description="Unit, where it has one.")
    interval: Interval | None = None
    slice: dict[Slug, Line] = Field(
        default_factory=dict,
        examples=[{"gender": "female"}],
        description="The slice of the data, attribute to value; empty: all of it.",
    )


class Confusion(Value):
    """Outcome counts at the decision threshold."""

    true_positives: Count = Field(description="Positives that were predicted so.")
    false_positives: Count = Field(description="Negatives that were predicted positive.")
    true_negatives: Count = Field(description="Negatives that were predicted so.")
    false_negatives: Count = Field(description="Positives that were predicted negative.")


class CalibrationBin(Value):
    """Predicted and observed rate of one bin of scores."""

    n: Count = Field(description="Rows in the bin.")
    predicted: Share = Field(description="Mean score.")
    observed: Share = Field(description="Share in which the outcome occurred.")


class Calibration(Value):
    """How well scores match observed rates."""

    bins: tuple[CalibrationBin, ...] = ()
    slope: float | None = Field(None, description="Slope of the outcome on the score, in log odds; 1 is ideal.")
    intercept: float | None = Field(None, description="Intercept of the same; 0 is ideal.")
    ece: Share | None = Field(None, description="Expected calibration error.")


class GroupCounts(Value):
    """Counts of one group. `selected` counts those who received the favourable outcome."""

    n: Count = Field(description="People in the group.")
    selected: Count = Field(description="Of them, those who received the favourable outcome.")
    positives: Count | None = Field(None, description="People who in truth deserved the favourable outcome.")
    true_positives: Count | None = Field(None, description="Of the positives, those who received it.")
    negatives: Count | None = Field(None, description="People who in truth did not deserve the favourable outcome.")
    false_positives: Count | None = Field(None, description="Of the negatives, those who received it all the same.")


class GroupComparison(Value):
    """Counts per group of one protected attribute, or of an intersection of two."""

    attributes: tuple[Slug, ...] = Field(
        min_length=1,
        max_length=3,
        examples=[["gender"], ["gender", "race"]],
        description="The protected attribute, or several for an intersection.",
    )
    source: Literal["self_reported", "observed", "recorded", "inferred"] = Field(
        description="How the attribute is known."
    )
    inference_error: Share | None = Field(None, description="Error rate of the inference, for an inferred attribute.")
    favourable: Line | None = Field(None, description="The outcome that is good for the person.", examples=["approved"])
    reweighted: bool = Field(False, description="True where groups were rebalanced before counting.")
    unknown_n: Count = Field(0, description="Rows in which the attribute is not known.")
    groups: dict[Line, GroupCounts] = Field(
        max_length=200, description="Counts by group; groups of an intersection are joined by a comma."
    )


class RobustnessTest(Value):
    """A test under noise, shift, attack or misuse."""

    name: Line = Field(description="Name of the test.")
    kind: Literal["noise", "shift", "adversarial", "misuse", "missing_data", "security"] = Field(
        description="What the model was tested under."
    )
    passed: bool = Field(description="Whether it passed.")
    result: Line = Field(description="The result in a sentence, with numbers.")


class BiasAudit(Value):
    """An audit by somebody independent (for example NYC Local Law 144)."""

    auditor: Line = Field(description="Who audited.")
    independent: bool = Field(description="Whether they had no part in building, selling or using the model.")
    date: Date = Field(description="When they audited.")
    summary_url: Url | None = Field(None, description="Where the summary is published.")
    notice_date: Date | None = Field(None, description="When the people concerned were told.")


class Evaluation(Value):
    """One evaluation run of one artifact on one dataset. Machine-written; one file a run avoids merge conflicts."""

    name: Line = Field(description="Name of the run.")
    at: Instant
    by: PersonId | None = None
    data: EvaluatedData
    artifact_sha256: Sha256 | None = Field(None, description="Digest of the artifact that was evaluated.")
    decision_threshold: Share | None = Field(
        None, description="Score at or above which the positive class was chosen in this run."
    )
    source: Tool | None = None
    n: Count | None = Field(None, description="Rows in the evaluated data.")
    positives: Count | None = Field(None, description="Rows in which the outcome occurred.")
    confusion: Confusion | None = None
    metrics: tuple[Metric, ...] = ()
    calibration: Calibration | None = None
    fairness: tuple[GroupComparison, ...] = ()
    robustness: tuple[RobustnessTest, ...] = ()
    audit: BiasAudit | None = None
    notes: Markdown | None = Field(None, description="What a reader must know to read the numbers, in Markdown.")
