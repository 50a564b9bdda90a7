"""A request that a version moves: what it binds, and when none can be made."""

from __future__ import annotations

from collections.abc import Mapping

from accredit.domain.emergency import Emergency
from accredit.domain.lifecycle import Step, rules_of
from accredit.domain.paths import dataset_path, features_path, model_path, version_path
from accredit.domain.registry import ModelVersion, Registry, Transition
from accredit.domain.signatures import TransitionPolicy
from accredit.domain.signoff import Request
from accredit.domain.value import Stage
from accredit.errors import UsageError
from accredit.loading.schema import read_entry
from accredit.signing.record import Draft, draft
from accredit.signing.workspace import Workspace

_ORDINARY = "Take the ordinary way, or another version."


def request_path(version: ModelVersion, seq: int) -> str:
    """Where the request with a number lies."""
    return version_path(version.model_id, version.id, f"transitions/{seq:04}/request.yaml")


def move_rules(
    workspace: Workspace, version: ModelVersion, target: Stage, urgent: Emergency | None = None
) -> TransitionPolicy:
    """What policy asks for a move from where the version is.

    Raises:
        UsageError: where policy does not know the move, or something stands against an emergency.
    """
    lifecycle = workspace.lifecycle(version)
    stage = lifecycle.stage
    rules = rules_of(f"{stage}->{target}", urgent, workspace.policy, lifecycle)
    if rules is None and urgent is not None:
        raise UsageError(
            f"policy allows no emergency {urgent.kind} of {version.key} from {stage}", "See `emergency` in policy.yaml."
        )
    if rules is None:
        known = sorted(m.partition("->")[2] for m in workspace.policy.transitions if m.startswith(f"{stage}->"))
        raise UsageError(
            f"policy allows no move of {version.key} from {stage} to {target}",
            f"From {stage} it allows a move to {' or '.join(known)}." if known else "It allows no move from there.",
        )
    return rules


def draft_request(  # noqa: PLR0913, PLR0917 - one value
    workspace: Workspace,
    version: ModelVersion,
    target: Stage,
    by: str,
    reason: str,
    urgent: Emergency | None = None,
) -> Draft:
    """The request that a version moves, as it stands in the folder.

    Raises:
        UsageError: where the move is not allowed, another waits, or the version cannot be read.
    """
    _refuse_unready(workspace, version, urgent)
    rules = move_rules(workspace, version, target, urgent)
    if rules.reason == "required" and not reason:
        raise UsageError("policy wants a reason for this move", 'Say why it is right: --reason "...".')
    earlier = version.transitions
    fields = {
        "kind": "transition-request/v1",
        "registry": workspace.registry_id,
        "model": version.model_id,
        "version": version.id,
        "seq": len(earlier) + 1,
        "from": workspace.lifecycle(version).stage,
        "to": target,
        "previous": earlier[-1].sha256 if earlier else "none",
        "content": version.content,
        "context": context_of(workspace.loaded.registry, version),
        "policy": workspace.loaded.registry.digests["policy.yaml"],
        "requested_by": by,
        "requested_at": workspace.now,
        "reason": reason or (urgent.incident if urgent else f"{version.key} is ready for {target}."),
    }
    if urgent is not None:
        fields["emergency"] = urgent.model_dump(exclude_none=True)
    made = draft(workspace.unused(request_path(version, len(earlier) + 1)), fields)
    _refuse_hindered(workspace, version, made, by)
    return made


def _refuse_hindered(workspace: Workspace, version: ModelVersion, made: Draft, by: str) -> None:
    """Says before anything is signed what would keep an emergency from counting."""
    request, _ = read_entry("transition", made.path, made.text.encode())
    if not isinstance(request, Request) or request.emergency is None:
        return
    context, stops = workspace.context, workspace.policy.emergency.suspend
    against = [message for _, message in context.hindrances(version, Step(Transition(request, ""), "pending"))]
    held = context.roles_held.get(by, frozenset())
    if request.emergency.kind == "suspend" and stops and held.isdisjoint(stops.role):
        against.append(f"{by} holds none of the roles that may suspend: {', '.join(stops.role)}")
    if against:
        raise UsageError(f"the emergency {request.emergency.kind} would not count: {'; '.join(against)}", _ORDINARY)


def context_of(registry: Registry, version: ModelVersion) -> Mapping[str, str]:
    """Path to digest of what signers see beside the content: the model's record, and the data that is named."""
    named = [model_path(version.model_id)]
    named += [dataset_path(u.dataset) for u in version.record.datasets]
    named += [features_path(u.features) for u in version.record.features]
    return {path: registry.digests[path] for path in sorted(set(named)) if path in registry.digests}


def is_current(workspace: Workspace, version: ModelVersion, request: Request) -> bool:
    """Whether all that a request binds is still so in the folder."""
    registry = workspace.loaded.registry
    bound = (request.content, request.context, request.policy)
    return bound == (version.content, context_of(registry, version), registry.digests["policy.yaml"])


def _refuse_unready(workspace: Workspace, version: ModelVersion, urgent: Emergency | None) -> None:
    folder = version_path(version.model_id, version.id, "")
    broken = next((p for p in sorted(workspace.loaded.registry.broken) if p.startswith(folder)), None)
    if broken is not None:
        raise UsageError(f"{broken} cannot be read", "Correct it first: accredit check")
    lifecycle = workspace.lifecycle(version)
    asked = lifecycle.pending
    if urgent is None and asked is not None and is_current(workspace, version, asked.transition.request):
        raise UsageError(
            f"request {asked.transition.request.seq} to {asked.transition.request.to_stage} waits for "
            f"{', '.join(asked.missing)}",
            f"Sign it with `accredit approve {version.model_id} {version.id}`, or add --reject.",
        )
    if len(version.transitions) > len(lifecycle.steps):
        raise UsageError(
            f"{request_path(version, len(version.transitions))} is not committed yet", "Commit it, or delete it."
        )
