"""Requests that people or policy change: what they bind, and who may say so."""

from __future__ import annotations

import hashlib
from typing import Literal

from accredit.domain.content import FileState, content_digest
from accredit.domain.signoff import ChangeRequest
from accredit.domain.verification import Flaw
from accredit.errors import UsageError
from accredit.history.governance import governs
from accredit.loading.folder import Tree
from accredit.signing.record import Draft, draft
from accredit.signing.workspace import Workspace


def governance_digest(tree: Tree) -> str:
    """The digest of people and policy in a tree, as a change of them binds it."""
    states = []
    for file in tree.files():
        if governs(file.path) and not file.irregular:
            content = tree.read(file.path)
            states.append(FileState(file.path, hashlib.sha256(content).hexdigest(), len(content), file.mode))
    return content_digest(states)


def change_path(seq: int) -> str:
    """Where the request for a change lies."""
    return f"changes/{seq:04}/request.yaml"


def draft_change(workspace: Workspace, tree: Tree, by: str, reason: str) -> Draft:
    """The request that people and policy become what they are in the folder.

    Raises:
        UsageError: where nothing changed, it was asked for before, or there is no history that authorised anything.
    """
    if workspace.verification is None:
        raise UsageError("the registry is not committed yet", "Its first commit needs nobody's leave: commit it.")
    before, after = workspace.verification.governance, governance_digest(tree)
    if before == after:
        raise UsageError("people and policy are as they were authorised", "Edit people/ or policy.yaml first.")
    asked = _requests(workspace)
    for seq, request in asked.items():
        if (request.from_digest, request.to_digest) == (before, after) and not _is_spoilt(workspace, seq):
            raise UsageError(
                f"{change_path(seq)} asks for it already", f"Sign it with `accredit change approve {seq:04}`."
            )
    seq = max(asked, default=0) + 1
    fields = {
        "kind": "change-request/v1",
        "registry": workspace.registry_id,
        "seq": seq,
        "previous": workspace.loaded.registry.digests.get(change_path(seq - 1), "none"),
        "from": before,
        "to": after,
        "requested_by": by,
        "requested_at": workspace.now,
        "reason": reason,
    }
    return draft(workspace.unused(change_path(seq)), fields)


def _is_spoilt(workspace: Workspace, seq: int) -> bool:
    """Whether a record of a change was rewritten or deleted at some time: then it authorises nothing any more."""
    breaches = workspace.verification.breaches if workspace.verification else ()
    return any(b.flaw == Flaw.REWRITTEN and b.path.startswith(f"changes/{seq:04}/") for b in breaches)


def _requests(workspace: Workspace) -> dict[int, ChangeRequest]:
    """Number to request of every change; a folder whose request cannot be read stops us.

    Raises:
        UsageError: where one cannot be read.
    """
    registry = workspace.loaded.registry
    broken = next((p for p in sorted(registry.broken) if p.startswith("changes/")), None)
    if broken is not None:
        raise UsageError(f"{broken} cannot be read", "See what is wrong: accredit check")
    return {request.seq: request for request in registry.changes.values()}


def change_request(workspace: Workspace, seq: int) -> ChangeRequest:
    """The request with a number.

    Raises:
        UsageError: where there is none.
    """
    asked = _requests(workspace)
    if seq not in asked:
        known = ", ".join(f"{n:04}" for n in sorted(asked)) or "none"
        raise UsageError(f"there is no change {seq:04}", f"Known changes: {known}.")
    return asked[seq]


def draft_change_approval(
    workspace: Workspace, tree: Tree, seq: int, reviewer: str, decision: tuple[Literal["approve", "reject"], str]
) -> Draft:
    """A decision, and why, on a change of people or policy.

    Raises:
        UsageError: where the folder is not what the request asks for, or this person cannot decide.
    """
    request, role = change_request(workspace, seq), workspace.policy.policy.approved_by_role
    kind, statement = decision
    if _is_spoilt(workspace, seq):
        message = f"records of {change_path(seq)} were rewritten after they landed, so it authorises nothing"
        raise UsageError(message, "Let it be asked for anew: accredit change.")
    if request.to_digest != governance_digest(tree):
        raise UsageError(
            f"people and policy in the folder are not what {change_path(seq)} asks for",
            "Check out the branch that proposes the change.",
        )
    if kind == "approve" and workspace.loaded.registry.behind(request.requested_by) == reviewer:
        raise UsageError(f"{reviewer} asked for this change and cannot approve it", "Somebody else has to sign.")
    if reviewer not in workspace.context.role_holders.get(role, ()):
        raise UsageError(f"{reviewer} does not hold the role {role}", "Policy names it as `approved_by_role`.")
    fields = {
        "kind": "approval/v1",
        "registry": workspace.registry_id,
        "request": workspace.loaded.registry.digests[change_path(seq)],
        "reviewer": reviewer,
        "role": role,
        "decision": kind,
        "time": workspace.now,
        "statement": statement,
        "assurance": "signed",
    }
    return draft(workspace.unused(f"changes/{seq:04}/approvals/{reviewer}.yaml"), fields)
