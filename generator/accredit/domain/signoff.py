"""Requests and approvals: a model version moves between stages, and people and policy change, by signed files.

What is signed is the exact bytes of a file. A detached signature lies beside it as `<file>.sig` (SSHSIG) or `.asc`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from accredit.domain.emergency import Emergency
from accredit.domain.value import (
    Date,
    Instant,
    Line,
    Markdown,
    ModelId,
    PersonId,
    RoleId,
    Sha256,
    Stage,
    Value,
    VersionId,
)

Assurance = Literal["signed", "platform", "commit", "declared"]


class Request(Value):
    """Asks that a version moves from one stage to another, or is revalidated where both are equal.

    `transitions/<NNNN>/request.yaml`, signed by the requester.
    """

    kind: Literal["transition-request/v1"]
    registry: Line = Field(description="The registry's id, so that a request cannot be replayed elsewhere.")
    model: ModelId
    version: VersionId
    seq: int = Field(ge=1, description="Number of the transition, from 1 on; the folder has the same.")
    from_stage: Stage | Literal["none"] = Field(alias="from", description="Stage before; none for a new version.")
    to_stage: Stage = Field(alias="to", description="Stage after.")
    previous: Sha256 | Literal["none"] = Field(description="SHA-256 of the previous request of this version.")
    content: Sha256 = Field(description="Digest of the version's content.")
    context: dict[Line, Sha256] = Field(
        default_factory=dict, description="SHA-256 of model.yaml and of every dataset and feature file named."
    )
    policy: Sha256 = Field(description="SHA-256 of policy.yaml.")
    requested_by: PersonId
    requested_at: Instant
    reason: Markdown = Field(description="Why the move is right.")
    emergency: Emergency | None = None


class Condition(Value):
    """Something that must be done by a day for an approval to stand."""

    text: Markdown = Field(description="What must be done.")
    due: Date = Field(description="Last day.")
    owner: PersonId | None = None
    closed: Date | None = Field(None, description="When it was done.")
    evidence: Line | None = Field(None, description="Where it shows.")


class Approval(Value):
    """A reviewer's decision on a request: `approvals/<person>.yaml`, signed by the reviewer."""

    kind: Literal["approval/v1"]
    registry: Line = Field(description="The registry's id.")
    request: Sha256 = Field(description="SHA-256 of request.yaml.")
    reviewer: PersonId
    role: RoleId
    decision: Literal["approve", "reject", "approve-with-conditions"] = Field(
        description="What the reviewer decides. One rejection stops the move."
    )
    conditions: tuple[Condition, ...] = ()
    time: Instant
    statement: Markdown = Field(description="What was looked at and why this is the decision.")
    assurance: Assurance = Field("signed", description="How sure it is that the reviewer said so.")


class Closing(Value):
    """Says after the landing of an approval that a condition of it is met: `closings/<NN>.yaml`, signed.

    Whoever made the condition or answers for it closes it. The signed approval stays as it is.
    """

    kind: Literal["closing/v1"]
    registry: Line = Field(description="The registry's id.")
    approval: Sha256 = Field(description="SHA-256 of the approval that has the condition.")
    condition: int = Field(ge=1, description="Which of its conditions, counted from 1.")
    by: PersonId
    closed: Date = Field(description="When it was done.")
    evidence: Line = Field(description="Where it shows.")
    time: Instant


class ChangeRequest(Value):
    """Asks that people or policy change: `changes/<NNNN>/request.yaml`."""

    kind: Literal["change-request/v1"]
    registry: Line
    seq: int = Field(ge=1)
    previous: Sha256 | Literal["none"]
    from_digest: Sha256 = Field(alias="from", description="Digest of people/ and policy.yaml before.")
    to_digest: Sha256 = Field(alias="to", description="Digest of people/ and policy.yaml after.")
    requested_by: PersonId
    requested_at: Instant
    reason: Markdown
