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
    split: Literal["training", "validation", "test", "out_of_time", "cross_validation", "external"]


class Tool(Value):
    """What computed the numbers."""

    name: Line
    version: Line | None = None
    url: Url | None = None


class Interval(Value):
    """A confidence interval."""

    lower: float
    upper: float
    level: Share = 0.95
    method: Line | None = Field(None, examples=["percentile bootstrap, 2000 resamples"])


class Metric(Value):
    """One metric, overall or for a slice of the data."""

    type: Slug | Literal["r2"] = Field(examples=["auc"])
    value: float
    n: Count | None = None
    unit: Line | None = None
    interval: Interval | None = None
    slice: dict[Slug, Line] = Field(default_factory=dict, examples=[{"gender": "female"}])


class Confusion(Value):
    """Outcome counts at the decision threshold."""

    true_positives: Count
    false_positives: Count
    true_negatives: Count
    false_negatives: Count


class CalibrationBin(Value):
    """Predicted and observed rate of one bin of scores."""

    n: Count
    predicted: Share
    observed: Share


class Calibration(Value):
    """How well scores match observed rates."""

    bins: tuple[CalibrationBin, ...] = ()
    slope: float | None = None
    intercept: float | None = None
    ece: Share | None = Field(None, description="Expected calibration error.")


class GroupCounts(Value):
    """Counts of one group. `selected` counts those who received the favourable outcome."""

    n: Count
    selected: Count
    positives: Count | None = Field(None, description="People who in truth deserved the favourable outcome.")
    true_positives: Count | None = Field(None, description="Of the positives, those who received it.")
    negatives: Count | None = None
    false_positives: Count | None = Field(None, description="Of the negatives, those who received it all the same.")


class GroupComparison(Value):
    """Counts per group of one protected attribute, or of an intersection of two."""

    attributes: tuple[Slug, ...] = Field(min_length=1, max_length=3, examples=[["gender"], ["gender", "race"]])
    source: Literal["self_reported", "observed", "recorded", "inferred"]
    inference_error: Share | None = Field(None, description="Error rate of the inference, for an inferred attribute.")
    favourable: Line | None = Field(None, description="The outcome that is good for the person.", examples=["approved"])
    reweighted: bool = Field(False, description="True where groups were rebalanced before counting.")
    unknown_n: Count = Field(0, description="Rows in which the attribute is not known.")
    groups: dict[Line, GroupCounts]


class RobustnessTest(Value):
    """A test under noise, shift, attack or misuse."""

    name: Line
    kind: Literal["noise", "shift", "adversarial", "misuse", "missing_data", "security"]
    passed: bool
    result: Line


class BiasAudit(Value):
    """An audit by somebody independent (for example NYC Local Law 144)."""

    auditor: Line
    independent: bool
    date: Date
    summary_url: Url | None = None
    notice_date: Date | None = None


class Evaluation(Value):
    """One evaluation run of one artifact on one dataset. Machine-written; one file a run avoids merge conflicts."""

    name: Line
    at: Instant
    by: PersonId | None = None
    data: EvaluatedData
    artifact_sha256: Sha256 | None = Field(None, description="Digest of the artifact that was evaluated.")
    decision_threshold: Share | None = None
    source: Tool | None = None
    n: Count | None = None
    positives: Count | None = Field(None, description="Rows in which the outcome occurred.")
    confusion: Confusion | None = None
    metrics: tuple[Metric, ...] = ()
    calibration: Calibration | None = None
    fairness: tuple[GroupComparison, ...] = ()
    robustness: tuple[RobustnessTest, ...] = ()
    audit: BiasAudit | None = None
    notes: Markdown | None = None
