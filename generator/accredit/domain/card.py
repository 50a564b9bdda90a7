"""What a person needs to know before using the model: `card.yaml` of a version. Prose is Markdown.

Sections follow Mitchell et al. 2019, the Model Card Toolkit and Hugging Face, plus what the EU AI Act asks of
high-risk systems. A number in the prose is written as a reference, `[[holdout.auc]]`, and shown from the record.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from accredit.domain.value import Date, Line, Markdown, PersonId, Sha256, Slug, Uri, Value


class IntendedUse(Value):
    """Uses the model was built for, by whom, and uses it must not be put to."""

    uses: tuple[Markdown, ...] = ()
    users: tuple[Markdown, ...] = ()
    out_of_scope: tuple[Markdown, ...] = ()


class Design(Value):
    """Why the model is as it is."""

    approach: Markdown | None = None
    alternatives: Markdown | None = None
    assumptions: Markdown | None = None


class Limitation(Value):
    """A known limit or failure, what follows from it and what is done about it."""

    limitation: Markdown
    consequence: Markdown | None = None
    mitigation: Markdown | None = None


class EthicalConsideration(Value):
    """A risk to people, and its mitigation (Model Card Toolkit)."""

    name: Line
    mitigation: Markdown | None = None


class HumanOversight(Value):
    """Who watches over the model and what they may do (EU AI Act Art. 14)."""

    role: Line | None = None
    authority: Markdown | None = Field(None, description="What the person may override or stop.")
    training: Markdown | None = None
    workload: Markdown | None = None


class Explanation(Value):
    """How an output is explained, to whom, and the limits of the explanation."""

    method: Markdown | None = None
    audience: Markdown | None = None
    limits: Markdown | None = None


class Instructions(Value):
    """Instructions for the user or deployer (EU AI Act Art. 13)."""

    inputs: Markdown | None = None
    outputs: Markdown | None = None
    oversight: Markdown | None = None
    maintenance: Markdown | None = None


class MonitoredMetric(Value):
    """One figure that is watched in production."""

    metric: Slug | Line
    threshold: Line
    action: Line | None = None


class MonitoringPlan(Value):
    """What is watched, how often, by whom, and what happens then."""

    metrics: tuple[MonitoredMetric, ...] = ()
    frequency: Line | None = None
    owner: PersonId | None = None
    actions: Markdown | None = None


class Change(Value):
    """A change since the last approved version."""

    change: Markdown
    material: bool


class DisparityResponse(Value):
    """What was found out and decided about a disparity between groups."""

    attribute: Slug
    group: Line
    cause: Markdown
    alternatives: Markdown
    decision: Markdown


class DocumentPointer(Value):
    """Where one point of the technical documentation is kept, or why there is none."""

    point: Literal["1", "2", "3", "4", "5", "6", "7", "8", "9"]
    path: Line | None = Field(None, description="A file or section of this registry.")
    uri: Uri | None = None
    sha256: Sha256 | None = None
    reason: Line | None = None


class Card(Value):
    """The model card of one version."""

    model_details: Markdown | None = None
    design: Design = Design()
    intended_use: IntendedUse = IntendedUse()
    factors: Markdown | None = Field(None, description="Groups, instruments and conditions that change performance.")
    training_data: Markdown | None = None
    evaluation_data: Markdown | None = None
    performance: Markdown | None = None
    fairness: Markdown | None = None
    limitations: tuple[Limitation, ...] = ()
    ethical_considerations: tuple[EthicalConsideration, ...] = ()
    caveats_and_recommendations: Markdown | None = None
    human_oversight: HumanOversight = HumanOversight()
    explanation: Explanation = Explanation()
    instructions: Instructions = Instructions()
    monitoring_plan: MonitoringPlan = MonitoringPlan()
    changes: tuple[Change, ...] = ()
    disparity_responses: tuple[DisparityResponse, ...] = ()
    technical_documentation: tuple[DocumentPointer, ...] = Field(
        (), description="Where each of the nine points of EU AI Act Annex IV is documented."
    )
    reviewed: Date | None = None
    reviewed_by: PersonId | None = None
    references: tuple[Markdown, ...] = ()
