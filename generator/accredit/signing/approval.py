"""A reviewer's decision on the request that waits: who may give it, and what it binds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, NoReturn

from accredit.domain.lifecycle import Step
from accredit.domain.registry import ModelVersion
from accredit.domain.signoff import Assurance
from accredit.errors import UsageError
from accredit.signing.record import Draft, draft
from accredit.signing.transition import is_current, request_path
from accredit.signing.workspace import Workspace

DEFAULT_STATEMENT = "Looked at what changed and at the gate, as `accredit approve` shows them."


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer decides and says."""

    kind: Literal["approve", "reject", "approve-with-conditions"]
    conditions: Sequence[tuple[str, date]] = ()
    """What must be done, and the last day for it."""
    statement: str = DEFAULT_STATEMENT
    assurance: Assurance = "signed"

    def declared(self) -> Decision:
        """The same, not signed."""
        return replace(self, assurance="declared")


def waiting(workspace: Workspace, version: ModelVersion) -> Step:
    """The request that waits for sign-offs.

    Raises:
        UsageError: where there is none, or it does not ask about what is in the folder.
    """
    pending = workspace.lifecycle(version).pending
    if pending is None:
        _explain_none(workspace, version)
    request = pending.transition.request
    if not is_current(workspace, version, request):
        raise UsageError(
            f"{version.key}, its data or the policy are not what request {request.seq} asks about any more",
            "Undo the change, or ask again.",
        )
    return pending


def _explain_none(workspace: Workspace, version: ModelVersion) -> NoReturn:
    steps, stage = workspace.lifecycle(version).steps, workspace.lifecycle(version).stage
    command = f"accredit request {version.model_id} {version.id} --to STAGE"
    if steps and steps[-1].status == "broken":
        path = request_path(version, len(steps))
        why = workspace.doubts(path) or "it does not follow on what was before"
        raise UsageError(f"{path} does not count: {why}", f"Ask again: {command}")
    if len(version.transitions) > len(steps):
        path = request_path(version, len(version.transitions))
        raise UsageError(f"{path} is not committed yet", "Commit it first: a sign-off is for what has landed.")
    raise UsageError(
        f"no request about {version.key} waits for a sign-off", f"It is in {stage}. Ask for a move: {command}"
    )


def fitting_role(workspace: Workspace, version: ModelVersion, reviewer: str, role: str) -> str:
    """The role in which somebody signs: the one named, or the only one that is still missing.

    Raises:
        UsageError: where the person does not hold it, or holds several that are missing.
    """
    held = workspace.context.roles_held.get(reviewer, frozenset())
    if role:
        if role not in held:
            raise UsageError(f"{reviewer} does not hold the role {role}", _holds(reviewer, held))
        return role
    wanted = list(dict.fromkeys(r for slot in waiting(workspace, version).missing for r in slot.split(" or ")))
    fitting = [r for r in wanted if r in held]
    if not fitting:
        raise UsageError(
            f"{reviewer} holds no role that is still missing: {', '.join(waiting(workspace, version).missing)}",
            f"{_holds(reviewer, held)} --role names one of them.",
        )
    if len(fitting) > 1:
        raise UsageError(f"{reviewer} can sign as {' or '.join(fitting)}", f"Choose one: --role {fitting[0]}")
    return fitting[0]


def _holds(reviewer: str, held: frozenset[str]) -> str:
    return f"{reviewer} holds {', '.join(sorted(held)) or 'no role'} today."


def own_part(workspace: Workspace, version: ModelVersion, reviewer: str) -> str:
    """What a reviewer did about the move or the version; empty where it was nothing."""
    if reviewer == waiting(workspace, version).transition.request.requested_by:
        return f"{reviewer} asked for this move"
    trained = version.record.trained
    if trained is not None and workspace.loaded.registry.behind(trained.by) == reviewer:
        return f"{reviewer} trained {version.key}"
    return ""


def refuse_own(workspace: Workspace, version: ModelVersion, reviewer: str) -> None:
    """Separation of duties: who asked for a move or trained the version does not approve it. Rejecting is free.

    Raises:
        UsageError: where the reviewer did one of these, and policy does not let a small team do so.
    """
    part = own_part(workspace, version, reviewer)
    tier = workspace.context.standing(version).tier
    if part and not workspace.policy.separation_of_duties.is_given_up(tier):
        raise UsageError(f"{part} and cannot approve it", "Somebody else has to sign.")


def draft_approval(workspace: Workspace, version: ModelVersion, reviewer: str, role: str, decision: Decision) -> Draft:
    """The decision on the request that waits, checked for who gives it.

    Raises:
        UsageError: where this person cannot give it.
    """
    pending = waiting(workspace, version)
    if decision.kind != "reject":
        refuse_own(workspace, version, reviewer)
    chosen = fitting_role(workspace, version, reviewer, role)
    fields: dict[str, object] = {
        "kind": "approval/v1",
        "registry": workspace.registry_id,
        "request": pending.transition.sha256,
        "reviewer": reviewer,
        "role": chosen,
        "decision": decision.kind,
        "conditions": [{"text": text, "due": due} for text, due in decision.conditions],
        "time": workspace.now,
        "statement": decision.statement,
        "assurance": decision.assurance,
    }
    if not decision.conditions:
        del fields["conditions"]
    path = request_path(version, pending.transition.request.seq).replace("request.yaml", f"approvals/{reviewer}.yaml")
    return draft(workspace.unused(path), fields)
