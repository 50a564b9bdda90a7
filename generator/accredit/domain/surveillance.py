"""How a model is followed in use: `monitoring` of `model.yaml`. Metrics, limits and owner stand in each card."""

from __future__ import annotations

from pydantic import Field

from accredit.domain.value import Count, Date, Line, Markdown, PersonId, Slug, Value


class InUsePlan(Value):
    """The plan for collecting experience in use (EU AI Act Art. 72: post-market monitoring)."""

    reference: Line = Field(description="Where the plan is kept.")
    date: Date = Field(description="Date of the plan.")
    contents: dict[Slug, Line] = Field(
        default_factory=dict, description="What policy asks the plan to contain, and where in the plan it stands."
    )


class RuntimeLogging(Value):
    """Which predictions are stored while the model runs. `decisions/` has the manifests of what was stored."""

    records: tuple[Line, ...] = Field(description="What is stored of each prediction.")
    where: Line = Field(description="Where it is stored.")
    months: Count = Field(description="Months for which it is kept.")
    since: Date = Field(description="Since when it is on.")


class PlannedChange(Value):
    """A change that was approved in advance, with the test that it must pass (a predetermined change plan)."""

    id: Slug = Field(description="Short name of the change, which versions cite.")
    change: Markdown = Field(description="What may change, and within which bounds.")
    test: Line = Field(description="What a version must pass.")


class ChangePlan(Value):
    """The envelope within which versions may change without a review of the change itself."""

    reference: Line = Field(description="Where the plan is kept.")
    approved_by: PersonId
    date: Date = Field(description="When it was approved.")
    items: tuple[PlannedChange, ...] = ()


class Surveillance(Value):
    """How the model is followed in use, whichever version runs."""

    in_use_plan: InUsePlan | None = None
    logging: RuntimeLogging | None = None
    change_plan: ChangePlan | None = None


class ChangeInPlan(Value):
    """The item of the model's change plan that a version stays within, and what its test gave."""

    item: Slug = Field(description="Id of the item in `monitoring.change_plan` of `model.yaml`.")
    evaluation: Line | None = Field(None, description="Name of the evaluation that holds the test.")
    result: Line = Field(description="What the test gave.")
    passed: bool = Field(description="Whether the test was passed.")
