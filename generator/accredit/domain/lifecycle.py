"""The stage of a version, derived from its chain of transitions. There is no stage field to edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from accredit.domain.policy import Policy, TransitionPolicy
from accredit.domain.predicate import Facts
from accredit.domain.quorum import signers
from accredit.domain.registry import ModelVersion, Transition
from accredit.domain.signoff import Approval
from accredit.domain.value import Instant, Stage

StepStatus = Literal["effective", "pending", "rejected", "broken"]
ENTRY: Stage = "staging"


@dataclass(frozen=True, slots=True)
class Step:
    """One transition as it stands: whether it took effect, and whose sign-off is missing."""

    transition: Transition
    status: StepStatus
    missing: tuple[str, ...] = ()
    """Roles that still have to sign; alternatives are joined by ` or `."""
    at: Instant | None = None
    """When it took effect: the claimed time of the last sign-off that was needed."""


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The steps of a version in order, and the stage that they lead to."""

    stage: Stage = ENTRY
    since: Instant | None = None
    steps: tuple[Step, ...] = ()

    @property
    def pending(self) -> Step | None:
        """The request that waits for sign-offs, if any."""
        return next((s for s in self.steps if s.status == "pending"), None)


def lifecycle_of(version: ModelVersion, policy: Policy, tier: int, facts: Facts) -> Lifecycle:
    """Replays a version's transitions. A step counts only if it continues the chain and has the sign-offs of policy."""
    stage, since, previous = ENTRY, None, "none"
    steps: list[Step] = []
    for transition in version.transitions:
        request = transition.request
        continues = request.from_stage == stage and request.previous == previous and request.seq == len(steps) + 1
        rules = policy.transitions.get(f"{request.from_stage}->{request.to_stage}")
        if not continues or rules is None or (request.model, request.version) != (version.model_id, version.id):
            steps.append(Step(transition, "broken"))
            break
        step = signed_step(transition, rules, tier, facts)
        steps.append(step)
        previous = transition.sha256
        if step.status == "effective":
            stage, since = request.to_stage, step.at
    return Lifecycle(stage, since, tuple(steps))


def signed_step(transition: Transition, rules: TransitionPolicy, tier: int, facts: Facts) -> Step:
    """A transition as its approvals leave it: any rejection vetoes, and every signature of policy is needed."""
    approvals = [a for a in transition.approvals.values() if a.request == transition.sha256]
    if any(a.decision == "reject" for a in approvals):
        return Step(transition, "rejected")
    missing = missing_signatures(rules, {a.reviewer: a for a in approvals}, tier, facts)
    if missing:
        return Step(transition, "pending", missing)
    return Step(transition, "effective", (), max([transition.request.requested_at, *(a.time for a in approvals)]))


def missing_signatures(
    rules: TransitionPolicy, approvals: Mapping[str, Approval], tier: int, facts: Facts
) -> tuple[str, ...]:
    """The signatures that a move still needs. One person counts for one role; an unknown condition asks for it."""
    needed = [s.role for s in rules.sign if s.is_asked(tier, facts)]
    signer = signers(needed, {person: (a.role,) for person, a in approvals.items()})
    missing = [" or ".join(roles) for slot, roles in enumerate(needed) if slot not in signer]
    distinct = rules.distinct_people.get(str(tier), 0)  # type: ignore[call-overload]
    if len(approvals) < distinct and not missing:
        missing.append(f"{distinct - len(approvals)} more people")
    return tuple(missing)
