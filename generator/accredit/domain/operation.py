"""What happened to a version in operation: deployments, monitoring snapshots and stored predictions."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from accredit.domain.evaluation import GroupComparison, Metric, Tool
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

    metric: Line
    value: float
    threshold: Line
    action: Markdown | None = None
    due: Date | None = None
    closed: Date | None = None


class Monitoring(Value):
    """A snapshot from production: `monitoring/<name>.yaml`."""

    observed_at: Instant
    period_from: Date
    period_to: Date
    source: Tool | None = None
    n: Count | None = None
    metrics: tuple[Metric, ...] = ()
    breaches: tuple[Breach, ...] = ()
    notes: Markdown | None = None


class Deployment(Value):
    """One deployment: `deployments/<name>.yaml`. SageMaker: endpoint; DataHub: mlModelDeployment."""

    environment: Slug = Field(examples=["production"])
    slot: Slug = Field("default", description="Where versions replace each other; one version a slot.")
    strategy: Literal["full", "canary", "shadow"] = "full"
    artifact_sha256: Sha256
    deployed_by: PersonId
    deployed_at: Instant
    until: Instant | None = Field(None, description="When it was switched off.")
    regions: tuple[Region, ...] = ()
    endpoint: Url | None = None
    rollback_to: Line | None = Field(None, description="The version to return to if this one fails.")


class Decisions(Value):
    """The manifest of a stored prediction log: `decisions/<period>.yaml`. The log itself is never in git."""

    period_from: Date
    period_to: Date
    uri: Uri
    sha256: Sha256
    records: Count
    with_reasons: Share | None = Field(None, description="Share of the decisions that carry reasons.")
    outcomes: tuple[GroupComparison, ...] = ()
