"""The end of a condition: what says that it is met, without touching the approval that was signed."""

from __future__ import annotations

import datetime as dt

from accredit.domain.lifecycle import Step
from accredit.domain.registry import ModelVersion
from accredit.domain.signoff import Approval
from accredit.errors import UsageError
from accredit.rules.approval_conditions import conditions_of
from accredit.rules.decisive import approval_path, approving, decisive, request_path
from accredit.signing.record import Draft, draft
from accredit.signing.workspace import Workspace


def draft_closing(  # noqa: PLR0913, PLR0917 - one value a field
    workspace: Workspace, version: ModelVersion, by: str, reviewer: str, number: int, closed: dt.date, evidence: str
) -> Draft:
    """What closes a condition of the move on which the version stands, checked for who says so.

    Args:
        workspace: The registry.
        version: The version.
        by: Who closes it.
        reviewer: Whose condition; empty where only one approval has any.
        number: Which of the conditions, counted from 1.
        closed: When it was done.
        evidence: Where it shows.

    Raises:
        UsageError: where there is no such condition, it is closed, or this person cannot close it.
    """
    step = decisive(version, workspace.context)
    if step is None:
        raise UsageError(f"nobody asked for a move of {version.key} yet", "So there is no condition to close.")
    name, approval = _approval(version, step, reviewer)
    conditions = [*conditions_of(version, step, name, workspace.context)]
    if not 1 <= number <= len(conditions):
        raise UsageError(
            f"{approval.reviewer} made {len(conditions)} conditions, and none is number {number}", "Count them from 1."
        )
    condition = conditions[number - 1]
    if condition.closed is not None:
        raise UsageError(
            f"condition {number} of {approval.reviewer} was closed on {condition.closed}", "It is closed once."
        )
    if by not in (approval.reviewer, condition.owner):
        who = " or ".join(p for p in (approval.reviewer, condition.owner) if p)
        raise UsageError(f"{by} cannot close a condition that {who} answers for", f"Let {who} close it.")
    fields: dict[str, object] = {
        "kind": "closing/v1",
        "registry": workspace.registry_id,
        "approval": workspace.loaded.registry.digests[approval_path(version, step, name)],
        "condition": number,
        "by": by,
        "closed": closed,
        "evidence": evidence,
        "time": workspace.now,
    }
    return draft(
        f"{request_path(version, step).removesuffix('request.yaml')}closings/{_free(version, step)}.yaml", fields
    )


def _approval(version: ModelVersion, step: Step, reviewer: str) -> tuple[str, Approval]:
    """The approval with conditions that is meant."""
    found = {name: a for name, a in approving(step) if a.conditions}
    if reviewer in found:
        return reviewer, found[reviewer]
    if reviewer or len(found) != 1:
        known = ", ".join(found) or "nobody"
        raise UsageError(f"conditions on the move of {version.key} were made by {known}", "Say whose: --of PERSON.")
    return next(iter(found.items()))


def _free(version: ModelVersion, step: Step) -> str:
    """The number of the next closing of a request."""
    filed = next((t.closings for t in version.transitions if t.sha256 == step.transition.sha256), {})
    return f"{max((int(name) for name in filed), default=0) + 1:02}"
