"""What happened to a version in operation: deployments, monitoring snapshots and stored predictions."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from accredit.domain.evaluation import GroupComparison, Metric, Tool
from accredit.domain.stored import Storage
from accredit.domain.value import (
    Count,
    Date,
    Instant,
    Line,
    Markdown,
    PersonId,
    Region,
    Sha256,
    Share,
    Slug,
    Uri,
    Url,
    Value,
)


class Breach(Value):
    """A threshold that was crossed, and what was done."""

    metric: Line = Field(description="What was measured.")
    value: float = Field(description="The value found.")
    threshold: Line = Field(description="The value that was crossed.")
    action: Markdown | None = Field(None, description="What was or will be done.")
    due: Date | None = Field(None, description="Last day to do it.")
    closed: Date | None = Field(None, description="When it was done.")


class Monitoring(Value):
    """A snapshot from production: `monitoring/<name>.yaml`."""

    observed_at: Instant
    period_from: Date = Field(description="First day of the period.")
    period_to: Date = Field(description="Last day of the period.")
    source: Tool | None = None
    n: Count | None = Field(None, description="Predictions in the period.")
    metrics: tuple[Metric, ...] = ()
    breaches: tuple[Breach, ...] = ()
    notes: Markdown | None = Field(None, description="What a reader must know, in Markdown.")


class Deployment(Value):
    """One deployment: `deployments/<name>.yaml`. SageMaker: endpoint; DataHub: mlModelDeployment."""

    environment: Slug = Field(examples=["production"], description="Where it runs.")
    slot: Slug = Field("default", description="Where versions replace each other; one version a slot.")
    strategy: Literal["full", "canary", "shadow"] = Field(
        "full", description="Whether it decides for all, for some or for nobody."
    )
    artifact_sha256: Sha256
    deployed_by: PersonId
    deployed_at: Instant
    until: Instant | None = Field(None, description="When it was switched off.")
    regions: tuple[Region, ...] = ()
    endpoint: Url | None = Field(None, description="Where it answers.")
    rollback_to: Line | None = Field(None, description="The version to return to if this one fails.")


class Decisions(Value):
    """The manifest of a stored prediction log: `decisions/<period>.yaml`. The log itself is never in git."""

    period_from: Date = Field(description="First day of the period.")
    period_to: Date = Field(description="Last day of the period.")
    uri: Uri = Field(description="Where the log is kept.")
    sha256: Sha256
    storage: Storage | None = None
    records: Count = Field(description="Predictions in the log.")
    with_reasons: Share | None = Field(None, description="Share of the decisions that carry reasons.")
    outcomes: tuple[GroupComparison, ...] = ()
