"""What a model is for, who answers for it and how risky it is: `models/<model>/model.yaml`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from accredit.domain.oversight import Oversight, SecurityReview
from accredit.domain.reach import Document, Scope, Technology
from accredit.domain.surveillance import Surveillance
from accredit.domain.transparency import Transparency
from accredit.domain.value import Count, Date, Line, Markdown, PersonId, Region, Slug, TeamId, Url, Value

Domain = Literal[
    "banking",
    "credit",
    "trading",
    "aml_fraud",
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
ActRole = Literal["provider", "deployer", "importer", "distributor", "gpai_provider", "none"]
Tier = Annotated[int, Field(ge=1, le=4)]


class Decision(Value):
    """The decision that the model's output feeds."""

    kind: Slug | None = Field(None, examples=["credit"], description="What is decided.")
    effect: Literal["significant", "limited", "none"] | None = Field(
        None, description="Effect on the person: legal or similarly significant (GDPR Art. 22), limited, or none."
    )
    automation: Literal["solely", "substantially_replaces", "assisted", "none"] | None = Field(
        None,
        description="`solely` where no person decides, `substantially_replaces` where one hardly looks, "
        "`assisted` where a person decides with the output in view.",
    )
    consumer: bool | None = Field(None, description="Whether the person is a consumer.")
    people_per_year: Count | None = Field(None, description="How many people it affects in a year.")


class Screening(Value):
    """One question of the prohibited-practice screen (EU AI Act Art. 5)."""

    practice: Slug = Field(description="The practice, as policy names it.")
    answer: bool | None = Field(None, description="True where the model does it.")
    exception: Line | None = Field(None, description="The legal exception that allows a `true` answer.")
    signed_off_by: PersonId | None = None


class Derogation(Value):
    """A claim that an Annex III system is not high-risk (EU AI Act Art. 6(3))."""

    condition: Line = Field(description="The condition of Art. 6(3) that is claimed.")
    profiling: bool = Field(description="Whether the system profiles people; then no exemption holds.")
    assessed: Date = Field(description="When the claim was assessed.")
    registration: Line | None = Field(None, description="Registration reference, or the reason why there is none.")


class AiAct(Value):
    """Role and risk class under the EU AI Act."""

    role: ActRole | None = Field(None, description="Role of the organisation for this system.")
    other_roles: tuple[ActRole, ...] = Field(
        (), examples=[["deployer"]], description="Roles that it has besides, as a provider who also uses the system."
    )
    risk: Literal["unacceptable", "high_annex_i", "high_annex_iii", "limited", "minimal", "unclassified"] = Field(
        "unclassified", description="Risk class of the system."
    )
    rationale: Markdown | None = Field(None, description="Why this role and this class.")
    assessor: PersonId | None = None
    date: Date | None = Field(None, description="When it was classified.")
    derogation: Derogation | None = None
    annex_iii_point: tuple[Line, ...] = Field(
        (), examples=[["5b"]], description="Points of Annex III that the use falls under."
    )


class Residual(Value):
    """The decision to live with what is left of a risk."""

    level: Level = Field(description="How grave what is left is.")
    accepted_by: PersonId | None = None
    date: Date | None = Field(None, description="When it was accepted.")


class Risk(Value):
    """One risk of the model, its treatment and what remains."""

    id: Slug = Field(description="Short name of the risk, the same over time.")
    description: Markdown = Field(description="What could happen, and to whom.")
    likelihood: Level = Field(description="How likely it is without treatment.")
    impact: Level = Field(description="How bad it would be.")
    mitigation: Markdown | None = Field(None, description="What is done about it.")
    owner: PersonId | None = None
    residual: Residual | None = None


class ImpactAssessment(Value):
    """An impact assessment that covers the model."""

    kind: Literal["dpia", "fria", "ccpa_ra", "aia"] = Field(
        description="GDPR Art. 35, EU AI Act Art. 27, California risk assessment, Canadian algorithmic assessment."
    )
    reference: Line = Field(description="Where the assessment is kept.")
    approved_by: PersonId | None = None
    date: Date = Field(description="When it was approved.")
    covers_versions: tuple[Line, ...] = Field((), description="Empty: every version.")


class TierOverride(Value):
    """A tier other than the derived one, with the reason and who allowed it."""

    reason: Line = Field(description="Why the derived tier does not fit.")
    approved_by: PersonId


class RiskProfile(Value):
    """Classification and risks."""

    tier: Tier | None = Field(None, description="1 is the highest. Must equal the tier that policy.yaml derives.")
    tier_override: TierOverride | None = None
    rationale: Markdown | None = Field(None, description="Why the model has this tier.")
    screening: tuple[Screening, ...] = ()
    ai_act: AiAct = AiAct()
    risks: tuple[Risk, ...] = ()
    impact_assessments: tuple[ImpactAssessment, ...] = ()


class CannotMeasure(Value):
    """A record that a protected attribute cannot be measured, with legal sign-off."""

    attribute: Slug = Field(description="The protected attribute.")
    reason: Line = Field(description="Why it cannot be measured.")
    signed_off_by: PersonId
    expires: Date = Field(description="Last day on which the record holds.")


class Link(Value):
    """A link to something outside of the registry."""

    title: Line = Field(description="What the link leads to.")
    url: Url = Field(description="Where it leads.")


ExternalId = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class Model(Value):
    """A model: one purpose, one owner, many versions. MLflow: registered model; SageMaker: model package group."""

    name: Line = Field(examples=["Credit risk predictor"], description="Name as people say it.")
    summary: Line = Field(description="What it does and for whom, in a sentence.")
    description: Markdown | None = Field(None, description="The longer story, in Markdown.")
    owner: PersonId = Field(description="The one accountable person. Not a team, a list or a bot.")
    deputy: PersonId | None = None
    owner_confirmed: Date | None = Field(None, description="When the owner last confirmed the ownership.")
    team: TeamId | None = None
    purpose: Slug = Field(description="Datasets must permit this purpose.", examples=["credit-scoring"])
    domain: tuple[Domain, ...] = Field(
        (), description="Fields that the model is used in. Regulated ones call for a stricter profile."
    )
    regions: tuple[Region, ...] = Field((), description="Where the people affected live.", examples=[["EU", "US-CA"]])
    task: Task = Field(description="What the model does. Policy sets metrics and limits by task.")
    decision: Decision = Decision()
    profile: Literal["strict", "standard", "fast"] | None = Field(
        None, description="A stricter profile than the tier's. A weaker one fails."
    )
    risk: RiskProfile = RiskProfile()
    cannot_measure: tuple[CannotMeasure, ...] = ()
    technology: Technology = Technology()
    third_party: bool | None = Field(
        None, description="Whether somebody else supplies the model, its base model or a component."
    )
    regulatory_capital: bool | None = Field(
        None, description="Whether its output enters regulatory capital (an internal model under Basel)."
    )
    authorised_change_plan: bool | None = Field(
        None, description="Whether an authority authorised a plan of changes; true where `monitoring` records one."
    )
    scope: Scope = Field(
        default_factory=dict, description="Framework id to the decision whether its own definition covers the model."
    )
    documents: tuple[Document, ...] = Field((), description="Documents that frameworks ask for, kept elsewhere.")
    transparency: Transparency = Transparency()
    oversight: Oversight = Oversight()
    security: SecurityReview | None = None
    monitoring: Surveillance = Surveillance()
    tags: tuple[Slug, ...] = Field((), description="Words to find the model by.")
    links: tuple[Link, ...] = ()
    external_ids: dict[str, ExternalId] = Field(
        default_factory=dict,
        examples=[{"mlflow": "models:/credit-risk"}],
        description="Ids of the model in other systems.",
    )
