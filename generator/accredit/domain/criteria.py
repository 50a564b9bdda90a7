"""The part of the policy that rules compare models with: limits, required sections and ages."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from accredit.domain.predicate import Predicate
from accredit.domain.value import Count, ProfileId, RoleId, Share, Slug, Value

FairnessMetric = Literal["impact_ratio", "dp_diff", "eo_diff", "equalized_odds_diff", "slice_gap"]


class OwnershipCriteria(Value):
    """Ownership: who must be named and how fresh the confirmation is."""

    confirm_months: Count = Field(12, description="Months after which an owner confirms anew.")
    deputy_tiers: tuple[int, ...] = Field((1, 2), description="Tiers that need a deputy.")


class CardCriteria(Value):
    """Documentation: the sections that each profile requires, and how long and recent they must be."""

    sections: dict[ProfileId, tuple[str, ...]] = Field(
        default_factory=dict, description="Required sections; a dotted name is a field of a section."
    )
    min_length: Count = Field(40, description="Characters that a required prose section has at least.")
    review_months: dict[ProfileId, Count] = Field(
        default_factory=dict, description="Months after which a card is read anew, by profile."
    )


class ImpactAssessmentRequirement(Value):
    """An impact assessment that is needed where a condition holds."""

    kind: Literal["dpia", "fria", "ccpa_ra", "aia"] = Field(description="The kind of assessment.")
    when: Predicate
    max_age_months: Count = Field(24, description="Months for which an assessment holds.")


class RiskCriteria(Value):
    """Risk: the screen's questions, the appetite and the impact assessments."""

    screening: tuple[Slug, ...] = Field((), description="Practices that every model answers for (EU AI Act Art. 5).")
    screening_sign_off: tuple[RoleId, ...] = Field(
        ("legal",), description="Roles that may accept a legal exception to a prohibited practice."
    )
    appetite: Literal["low", "medium", "high"] = Field("low", description="Risks above this level need treatment.")
    accept_residual: tuple[RoleId, ...] = ()
    impact_assessments: tuple[ImpactAssessmentRequirement, ...] = ()


class DataCriteria(Value):
    """Data: what must be stated about splits and de-identification."""

    separate_subjects_tiers: tuple[int, ...] = Field(
        (), description="Tiers in which no person may be on both sides of a split."
    )
    out_of_time_tiers: tuple[int, ...] = Field((), description="Tiers that need a test on later data.")
    reidentification_test_tiers: tuple[int, ...] = (1, 2)


class MetricThreshold(Value):
    """The least or greatest acceptable value of a metric."""

    min: float | None = Field(None, description="Least acceptable value.")
    max: float | None = Field(None, description="Greatest acceptable value.")


class CalibrationLimits(Value):
    """Limits on scores that are used as probabilities."""

    slope_min: float = Field(0.8, description="Least acceptable slope.")
    slope_max: float = Field(1.25, description="Greatest acceptable slope.")
    ece_max: Share = Field(0.05, description="Greatest acceptable expected calibration error.")


class TaskCriteria(Value):
    """What a task's evaluations must contain and reach."""

    required: tuple[Slug, ...] = Field((), description="Metrics that must be reported.")
    primary: Slug | None = Field(None, description="The metric that slices are compared by.")
    thresholds: dict[Slug, MetricThreshold] = Field(default_factory=dict, description="Limits by metric.")
    guard: dict[Slug, float] = Field(
        default_factory=dict, description="How much worse than the version in production each metric may be."
    )
    min_n: Count = Field(0, description="Rows that an evaluation has at least.")
    max_age_days: Count | None = Field(None, description="Days for which an evaluation counts.")
    calibration: CalibrationLimits | None = None
    robustness: dict[ProfileId, tuple[str, ...]] = Field(
        default_factory=dict, description="Kinds of tests that must exist, by profile."
    )


class ModelThresholds(Value):
    """Stricter or different thresholds for the models that a condition selects. The last that applies wins."""

    when: Predicate
    thresholds: dict[Slug, MetricThreshold] = Field(description="Limits by metric.")


class PerformanceCriteria(Value):
    """Performance: criteria by task."""

    tasks: dict[str, TaskCriteria] = Field(default_factory=dict, description="Criteria by task.")
    overrides: tuple[ModelThresholds, ...] = ()


class FairnessLimit(Value):
    """A limit on one fairness metric. None of these is a legal pass mark."""

    metric: FairnessMetric = Field(description="The fairness metric.")
    min: float | None = Field(None, description="Least acceptable value.")
    max: float | None = Field(None, description="Greatest acceptable value.")
    when: Predicate | None = None
    attributes: tuple[Slug, ...] | None = Field(None, description="Absent: every attribute.")


class IntervalCriteria(Value):
    """How intervals are computed."""

    level: float = Field(0.95, ge=0.5, le=0.9999, description="Confidence, as a share.")
    difference: Literal["newcombe"] = Field("newcombe", description="How the interval of a difference is computed.")
    ratio: Literal["katz_log"] = Field("katz_log", description="How the interval of a ratio is computed.")
    adjust: Literal["bonferroni", "none"] = Field(
        "bonferroni", description="Correction for making several comparisons."
    )


class BiasAuditRequirement(Value):
    """When an independent bias audit is needed and how old it may be."""

    when: Predicate
    max_age_days: Count = Field(365, description="Days for which an audit counts.")


class CannotMeasureCriteria(Value):
    """When a record that an attribute cannot be measured is accepted in place of a comparison."""

    allowed: bool = Field(True, description="Whether such a record is accepted at all.")
    sign_off: tuple[RoleId, ...] = Field(("legal",), description="Roles of which one signs it off.")
    expires_months: Count | None = Field(
        None, description="Months from the day of the check after which it ends at the latest; null: any."
    )


class IntersectionCriteria(Value):
    """What is asked of groups that are defined by two attributes."""

    report_pairs: bool = Field(True, description="Whether every pair of required attributes is counted.")
    gate: bool = Field(False, description="Whether limits hold for intersections too.")


class FairnessCriteria(Value):
    """Fairness: attributes, sizes and limits."""

    required_attributes: tuple[Slug, ...] = Field((), description="Protected attributes that must be tested.")
    required_when: Predicate | None = Field(
        None, description="Attributes are required where this holds; absent: always."
    )
    groups: dict[Slug, tuple[str, ...]] = Field(
        default_factory=dict, description="The groups of an attribute, fixed before results are known."
    )
    min_n: Count = Field(100, description="People that a group has at least to be judged.")
    min_events: Count = Field(30, description="Positives that a group has at least for rates among them.")
    min_cover: Share = Field(
        0.95, description="Share of the rows with a known attribute that judged groups must cover."
    )
    max_unknown: Share = Field(
        0.20, description="Greatest acceptable share of rows in which the attribute is not known."
    )
    small_group: Share = Field(0.02, description="Groups below this share are listed but may be left out of ratios.")
    max_age_days: Count | None = Field(365, description="Days for which a fairness result counts.")
    interval: IntervalCriteria = IntervalCriteria()
    limits: tuple[FairnessLimit, ...] = ()
    intersections: IntersectionCriteria = IntersectionCriteria()
    cannot_measure: CannotMeasureCriteria = CannotMeasureCriteria()
    publish_min_n: Count = Field(
        10, description="Counts of people below this are not shown on the site; the check knows them. 0: all are shown."
    )
    independent_audit: BiasAuditRequirement | None = None
