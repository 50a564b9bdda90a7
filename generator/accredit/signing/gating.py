"""Whether a version may be where somebody wants to have it: every rule of the gate, the sign-offs, the history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from accredit.assess import VersionAssessment
from accredit.domain.emergency import Emergency
from accredit.domain.lifecycle import DEPLOY, Lifecycle, Step, missing_signatures, rules_of
from accredit.domain.registry import ModelVersion
from accredit.domain.value import Stage
from accredit.domain.verification import Flaw, Signoff, Verification
from accredit.errors import UsageError
from accredit.gates import Gate
from accredit.rules.context import Context
from accredit.signing.transition import request_path
from accredit.signing.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Awaited:
    """A signature that is missing, and who could give it."""

    role: str
    people: tuple[str, ...]

    def __str__(self) -> str:
        """The role with the people in brackets."""
        return f"{self.role} ({', '.join(self.people)})" if self.people else self.role


@dataclass(frozen=True)
class Deployability:
    """`Deploy(M)` for one version and stage, with everything that it rests on."""

    assessed: VersionAssessment
    target: Stage
    move: str
    gate: Gate | None
    """None where policy has no gate for the move."""
    arrived: bool
    """Whether the move took effect."""
    awaited: tuple[Awaited, ...]
    given: tuple[Signoff, ...]
    """Sign-offs of the move as history shows them; empty without history."""
    objections: tuple[str, ...]
    verified: bool
    remarks: tuple[str, ...] = ()
    """What must be said beside the answer: an emergency that waits for its review, and approvals of one's own work."""

    @property
    def is_deployable(self) -> bool:
        """Whether every rule holds, everybody signed, and nothing in the history stands against it."""
        return self.arrived and not self.objections and (self.gate is None or self.gate.is_open)


def deployability(workspace: Workspace, version: ModelVersion, target: Stage) -> Deployability:
    """Whether a version may be in a stage.

    Raises:
        UsageError: where policy knows no way for the version to get there.
    """
    assessed = workspace.assessed(version)
    arrived = assessed.stage == target
    pending = assessed.lifecycle.pending
    source = _source(assessed, target)
    move = f"{source}->{target}"
    asked = pending is not None and pending.move == move
    if not arrived and not asked and move not in workspace.policy.transitions:
        raise UsageError(f"policy allows no move of {version.key} from {source} to {target}", "See policy.yaml.")
    verification = workspace.verification
    given = tuple(_given(verification, version, assessed, target)) if verification else ()
    against = [*(objections(verification, version) if verification else _unproven(workspace, version))]
    if target == "production":
        against += emergency_objections(assessed.lifecycle, workspace.now)
    missing = () if arrived else awaited(workspace.context, version, move)
    gate = assessed.gates.get(move) or (assessed.gates.get(DEPLOY) if target == "production" else None)
    proved, remarks = verification is not None, tuple(_remarks(assessed))
    return Deployability(assessed, target, move, gate, arrived, missing, given, tuple(against), proved, remarks)


def emergency_objections(lifecycle: Lifecycle, now: datetime) -> Iterator[str]:
    """Why a version in production must not run at a moment: it is suspended, or an emergency deploy has ended."""
    if (stopped := lifecycle.suspended) is not None:
        request = stopped.transition.request
        incident = request.emergency.incident if request.emergency else ""
        yield f"the version is suspended since {stopped.start:%Y-%m-%d} by {request.requested_by}: {incident}"
    urgent = lifecycle.unreviewed
    if urgent is not None and lifecycle.stage == "production" and not urgent.is_in_force(now):
        yield f"the emergency deploy held from {urgent.start:%Y-%m-%d %H:%M} to {urgent.until:%Y-%m-%d %H:%M} UTC only"


def _remarks(assessed: VersionAssessment) -> Iterator[str]:
    yield from (s for s in (assessed.lifecycle.urgency,) if s)
    yield from (v.message for v in assessed.results["APR103"].reasons if v.conceded)


def _source(assessed: VersionAssessment, target: Stage) -> str:
    """Where a move to a stage starts: where the last one there did, or the stage that comes before it."""
    if assessed.stage == target:
        done = [s for s in assessed.lifecycle.effective if s.transition.request.from_stage != target]
        return done[-1].transition.request.from_stage if done else "none"
    pending = assessed.lifecycle.pending
    if pending is not None and pending.transition.request.to_stage == target:
        return pending.transition.request.from_stage
    return "review" if (assessed.stage, target) == ("staging", "production") else assessed.stage


def awaited(context: Context, version: ModelVersion, move: str, urgent: Emergency | None = None) -> tuple[Awaited, ...]:
    """The signatures that a move still needs: those that its request lacks, or all where nobody asked for it yet."""
    lifecycle = context.lifecycles[version.key]
    pending = lifecycle.pending
    if pending is not None and pending.move == move and urgent is None:
        return tuple(_awaited(context, version, role, pending) for role in pending.missing)
    standing, rules = context.standing(version), rules_of(move, urgent, context.policy, lifecycle)
    missing = missing_signatures(rules, {}, standing.tier, standing.facts) if rules else ()
    return tuple(_awaited(context, version, role, None) for role in missing)


def _awaited(context: Context, version: ModelVersion, role: str, pending: Step | None) -> Awaited:
    holders = {person for name in role.split(" or ") for person in context.role_holders.get(name, ())}
    if context.policy.separation_of_duties.is_given_up(context.standing(version).tier):
        return Awaited(role, tuple(sorted(holders - set(pending.transition.approvals if pending else ()))))
    if version.record.trained is not None:
        holders.discard(context.registry.behind(version.record.trained.by))
    if pending is not None:
        holders.discard(pending.transition.request.requested_by)
        holders -= set(pending.transition.approvals)
    return Awaited(role, tuple(sorted(holders)))


def _given(
    verification: Verification, version: ModelVersion, assessed: VersionAssessment, target: Stage
) -> Iterator[Signoff]:
    """The sign-offs of the last request for a stage."""
    steps = [s for s in assessed.lifecycle.steps if s.transition.request.to_stage == target and s.kind != "suspend"]
    if steps:
        folder = request_path(version, steps[-1].transition.request.seq).removesuffix("request.yaml")
        yield from (s for path, s in sorted(verification.signoffs.items()) if path.startswith(folder))


def _unproven(workspace: Workspace, version: ModelVersion) -> Iterator[str]:
    """Without history nothing is signed, whatever the files say."""
    wanted = workspace.policy.profiles[workspace.context.standing(version).profile].assurance
    if wanted != "declared":
        yield f"policy wants sign-offs that are {wanted}, and without a history in git they are no more than declared"


def objections(verification: Verification, version: ModelVersion) -> Iterator[str]:
    """What the history says against a version: what must not be and still is, and approvals by keys in wrong hands."""
    standing = [b for subject in ("", version.key) for b in verification.standing_breaches(subject)]
    first = {(b.flaw, b.path): b for b in reversed(standing)}  # what a file did more than once began where it did first
    for breach in reversed(first.values()):
        yield f"{breach.message} ({breach.flaw}, {breach.path or 'history'}, {breach.landed.commit[:12]})"
    lifecycle = verification.lifecycles.get(version.key)
    done = [s for s in lifecycle.steps if s.status == "effective"] if lifecycle else []
    if done:
        folder = request_path(version, done[-1].transition.request.seq).removesuffix("request.yaml")
        for path, signoff in sorted(verification.signoffs.items()):
            if path.startswith(folder):
                yield from (f"{path}: {d.message}" for d in signoff.doubts if d.flaw == Flaw.TAINTED)
