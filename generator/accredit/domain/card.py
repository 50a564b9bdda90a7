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

    uses: tuple[Markdown, ...] = Field((), description="What the model was built for, one use an item.")
    users: tuple[Markdown, ...] = Field((), description="Who is meant to use its output.")
    out_of_scope: tuple[Markdown, ...] = Field((), description="Uses that somebody might try, and must not.")


class Design(Value):
    """Why the model is as it is."""

    approach: Markdown | None = Field(None, description="Why this method.")
    alternatives: Markdown | None = Field(None, description="What else was tried, and why it was not chosen.")
    assumptions: Markdown | None = Field(None, description="What must be true for the model to work.")


class Limitation(Value):
    """A known limit or failure, what follows from it and what is done about it."""

    limitation: Markdown = Field(description="What the model cannot do, or how it fails.")
    consequence: Markdown | None = Field(None, description="What follows from it, and for whom.")
    mitigation: Markdown | None = Field(None, description="What is done about it.")


class EthicalConsideration(Value):
    """A risk to people, and its mitigation (Model Card Toolkit)."""

    name: Line = Field(description="The risk to people.")
    mitigation: Markdown | None = Field(None, description="What is done about it.")


class HumanOversight(Value):
    """Who watches over the model and what they may do (EU AI Act Art. 14)."""

    role: Line | None = Field(None, description="Who watches over the model.")
    authority: Markdown | None = Field(None, description="What the person may override or stop.")
    training: Markdown | None = Field(None, description="What they must know, and how they learn it.")
    workload: Markdown | None = Field(None, description="How many cases they can look at, and how many there are.")


class Explanation(Value):
    """How an output is explained, to whom, and the limits of the explanation."""

    method: Markdown | None = Field(None, description="How an output is explained.")
    audience: Markdown | None = Field(None, description="Who gets the explanation.")
    limits: Markdown | None = Field(None, description="What the explanation does not say.")


class Instructions(Value):
    """Instructions for the user or deployer (EU AI Act Art. 13)."""

    inputs: Markdown | None = Field(None, description="What the model needs, and in which form.")
    outputs: Markdown | None = Field(None, description="What the output means.")
    oversight: Markdown | None = Field(None, description="What a person must look at, and when.")
    maintenance: Markdown | None = Field(None, description="What must be done to keep it working.")


class MonitoredMetric(Value):
    """One figure that is watched in production."""

    metric: Slug | Line = Field(description="What is watched.")
    threshold: Line = Field(description="The value at which somebody acts.")
    limit: dict[Literal["min", "max"], float] = Field(
        default_factory=dict, description="The threshold in numbers, so that a breach can be told."
    )
    action: Line | None = Field(None, description="What happens then.")


class MonitoringPlan(Value):
    """What is watched, how often, by whom, and what happens then."""

    metrics: tuple[MonitoredMetric, ...] = ()
    frequency: Line | None = Field(None, description="How often it is looked at.")
    owner: PersonId | None = None
    actions: Markdown | None = Field(None, description="What happens when something is wrong.")


class Change(Value):
    """A change since the last approved version."""

    change: Markdown = Field(description="What changed.")
    material: bool = Field(description="Whether it changes what the approval rested on.")


class DisparityResponse(Value):
    """What was found out and decided about a disparity between groups."""

    attribute: Slug = Field(description="The protected attribute.")
    group: Line = Field(description="The group that fares worse.")
    cause: Markdown = Field(description="What was found out about the cause.")
    alternatives: Markdown = Field(description="What else was considered.")
    decision: Markdown = Field(description="What was decided, and why.")


class DocumentPointer(Value):
    """Where one point of the technical documentation is kept, or why there is none."""

    point: Literal["1", "2", "3", "4", "5", "6", "7", "8", "9"] = Field(description="The point of Annex IV.")
    path: Line | None = Field(None, description="A file or section of this registry.")
    uri: Uri | None = Field(None, description="Where the document is kept.")
    sha256: Sha256 | None = None
    reason: Line | None = Field(None, description="Why there is no document.")


class Card(Value):
    """The model card of one version."""

    model_details: Markdown | None = Field(None, description="What the model is, how it came about and whom to ask.")
    design: Design = Design()
    intended_use: IntendedUse = IntendedUse()
    factors: Markdown | None = Field(None, description="Groups, instruments and conditions that change performance.")
    training_data: Markdown | None = Field(None, description="What the data stands for, and whom it leaves out.")
    evaluation_data: Markdown | None = Field(
        None, description="What the model was tested on, and why that is a fair test."
    )
    performance: Markdown | None = Field(
        None, description="What the numbers mean for the use, and where they are poor."
    )
    fairness: Markdown | None = Field(
        None, description="Which groups were compared, what was found and what was done about it."
    )
    limitations: tuple[Limitation, ...] = ()
    ethical_considerations: tuple[EthicalConsideration, ...] = ()
    caveats_and_recommendations: Markdown | None = Field(None, description="What else a user should know.")
    human_oversight: HumanOversight = HumanOversight()
    explanation: Explanation = Explanation()
    instructions: Instructions = Instructions()
    monitoring_plan: MonitoringPlan = MonitoringPlan()
    changes: tuple[Change, ...] = ()
    disparity_responses: tuple[DisparityResponse, ...] = ()
    technical_documentation: tuple[DocumentPointer, ...] = Field(
        (), description="Where each of the nine points of EU AI Act Annex IV is documented."
    )
    reviewed: Date | None = Field(None, description="When somebody last read the card against the facts.")
    reviewed_by: PersonId | None = None
    references: tuple[Markdown, ...] = Field((), description="Papers, tickets and documents behind the card.")
