"""What a model is for, who answers for it and how risky it is: `models/<model>/model.yaml`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from accredit.domain.value import Count, Date, Line, Markdown, PersonId, Region, Slug, TeamId, Url, Value

Domain = Literal[
    "banking",
    "credit",
    "insurance",
    "healthcare",
    "medical_device",
    "employment",
    "education",
    "housing",
    "public_services",
    "marketing",
    "retail",
    "operations",
    "research",
    "other",
]
Task = Literal["binary_classification", "multiclass_classification", "regression", "ranking", "survival", "other"]
Level = Literal["low", "medium", "high"]
Tier = Annotated[int, Field(ge=1, le=4)]


class Decision(Value):
    """The decision that the model's output feeds."""

    kind: Slug | None = Field(None, examples=["credit"])
    effect: Literal["significant", "limited", "none"] | None = Field(
        None, description="Effect on the person: legal or similarly significant (GDPR Art. 22), limited, or none."
    )
    automation: Literal["solely", "assisted", "none"] | None = Field(
        None, description="`solely` where no person decides, `assisted` where a person does with the output in view."
    )
    people_per_year: Count | None = Field(None, description="How many people it affects in a year.")


class Screening(Value):
    """One question of the prohibited-practice screen (EU AI Act Art. 5)."""

    practice: Slug
    answer: bool | None = Field(None, description="True where the model does it.")
    exception: Line | None = Field(None, description="The legal exception that allows a `true` answer.")
    signed_off_by: PersonId | None = None


class Derogation(Value):
    """A claim that an Annex III system is not high-risk (EU AI Act Art. 6(3))."""

    condition: Line
    profiling: bool
    assessed: Date
    registration: Line | None = Field(None, description="Registration reference, or the reason why there is none.")


class AiAct(Value):
    """Role and risk class under the EU AI Act."""

    role: Literal["provider", "deployer", "importer", "distributor", "none"] | None = None
    risk: Literal["unacceptable", "high_annex_i", "high_annex_iii", "limited", "minimal", "unclassified"] = (
        "unclassified"
    )
    rationale: Markdown | None = None
    assessor: PersonId | None = None
    date: Date | None = None
    derogation: Derogation | None = None


class Residual(Value):
    """The decision to live with what is left of a risk."""

    level: Level
    accepted_by: PersonId | None = None
    date: Date | None = None


class Risk(Value):
    """One risk of the model, its treatment and what remains."""

    id: Slug
    description: Markdown
    likelihood: Level
    impact: Level
    mitigation: Markdown | None = None
    owner: PersonId | None = None
    residual: Residual | None = None


class ImpactAssessment(Value):
    """An impact assessment that covers the model."""

    kind: Literal["dpia", "fria", "ccpa_ra", "aia"]
    reference: Line
    approved_by: PersonId | None = None
    date: Date
    covers_versions: tuple[Line, ...] = Field((), description="Empty: every version.")


class TierOverride(Value):
    """A tier other than the derived one, with the reason and who allowed it."""

    reason: Line
    approved_by: PersonId


class RiskProfile(Value):
    """Classification and risks."""

    tier: Tier | None = Field(None, description="1 is the highest. Must equal the tier that policy.yaml derives.")
    tier_override: TierOverride | None = None
    rationale: Markdown | None = None
    screening: tuple[Screening, ...] = ()
    ai_act: AiAct = AiAct()
    risks: tuple[Risk, ...] = ()
    impact_assessments: tuple[ImpactAssessment, ...] = ()


class CannotMeasure(Value):
    """A record that a protected attribute cannot be measured, with legal sign-off."""

    attribute: Slug
    reason: Line
    signed_off_by: PersonId
    expires: Date


class Link(Value):
    """A link to something outside of the registry."""

    title: Line
    url: Url


ExternalId = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class Model(Value):
    """A model: one purpose, one owner, many versions. MLflow: registered model; SageMaker: model package group."""

    name: Line = Field(examples=["Credit risk predictor"])
    summary: Line = Field(description="What it does and for whom, in a sentence.")
    description: Markdown | None = None
    owner: PersonId = Field(description="The one accountable person. Not a team, a list or a bot.")
    deputy: PersonId | None = None
    owner_confirmed: Date | None = Field(None, description="When the owner last confirmed the ownership.")
    team: TeamId | None = None
    purpose: Slug = Field(description="Datasets must permit this purpose.", examples=["credit-scoring"])
    domain: tuple[Domain, ...] = ()
    regions: tuple[Region, ...] = Field((), description="Where the people affected live.", examples=[["EU", "US-CA"]])
    task: Task
    decision: Decision = Decision()
    profile: Literal["strict", "standard", "fast"] | None = Field(
        None, description="A stricter profile than the tier's. A weaker one fails."
    )
    risk: RiskProfile = RiskProfile()
    cannot_measure: tuple[CannotMeasure, ...] = ()
    tags: tuple[Slug, ...] = ()
    links: tuple[Link, ...] = ()
    external_ids: dict[str, ExternalId] = Field(default_factory=dict, examples=[{"mlflow": "models:/credit-risk"}])
