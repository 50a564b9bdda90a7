"""The stage of a version, derived from its chain of transitions. There is no stage field to edit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from accredit.domain.calendar import days_after
from accredit.domain.emergency import Emergency, EmergencyKind
from accredit.domain.policy import Policy
from accredit.domain.predicate import Facts
from accredit.domain.quorum import signers
from accredit.domain.registry import Transition
from accredit.domain.signatures import TransitionPolicy
from accredit.domain.signoff import Approval
from accredit.domain.value import Date, Instant, Stage

StepStatus = Literal["effective", "pending", "rejected", "broken"]
ENTRY: Stage = "staging"
DEPLOY = "review->production"
REVALIDATION = "production->production"


@dataclass(frozen=True, slots=True)
class Step:
    """One transition as it stands: whether it took effect, and whose sign-off is missing."""

    transition: Transition
    status: StepStatus
    missing: tuple[str, ...] = ()
    """Roles that still have to sign; alternatives are joined by ` or `."""
    at: Instant | None = None
    """When it took effect: the claimed time of the last sign-off that was needed."""
    start: Instant | None = None
    """When it took effect, as the landing says where there is a history: what deadlines run from."""
    until: Instant | None = None
    """When an emergency deploy ends that nobody reviewed."""
    review_due: Date | None = None
    """Last day to review an emergency."""

    @property
    def kind(self) -> EmergencyKind | None:
        """Which emergency it is; None for an ordinary move."""
        return self.transition.request.emergency.kind if self.transition.request.emergency else None

    @property
    def move(self) -> str:
        """Where from and where to, as policy names it."""
        return f"{self.transition.request.from_stage}->{self.transition.request.to_stage}"

    def is_in_force(self, moment: Instant) -> bool:
        """Whether the time of an emergency deploy has begun and not ended; others have no end."""
        return self.until is None or (self.start is not None and self.start <= moment < self.until)

    def is_overdue(self, day: Date) -> bool:
        """Whether the review of an emergency should have been."""
        return self.review_due is not None and self.review_due < day


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

    @property
    def effective(self) -> tuple[Step, ...]:
        """The steps that took effect."""
        return tuple(s for s in self.steps if s.status == "effective")

    @property
    def emergencies(self) -> tuple[Step, ...]:
        """Emergencies that nobody has reviewed: no ordinary move, nor a revalidation, took effect after them."""
        found: tuple[Step, ...] = ()
        for step in self.effective:
            found = (*found, step) if step.kind else ()
        return found

    @property
    def suspended(self) -> Step | None:
        """The suspension that stands, if any."""
        return next((s for s in self.emergencies if s.kind == "suspend"), None)

    @property
    def unreviewed(self) -> Step | None:
        """The emergency deploy or the rollback that brought the version to where it is, until it is reviewed."""
        return next((s for s in self.emergencies if s.kind != "suspend"), None)

    @property
    def release(self) -> Step | None:
        """The last ordinary move into production or revalidation there: what people approved without haste."""
        moves = (s for s in reversed(self.effective) if s.kind is None)
        return next((s for s in moves if s.transition.request.to_stage == "production"), None)

    @property
    def urgency(self) -> str:
        """How it stands with emergencies in production, in words; empty where none is open."""
        if self.stage != "production" or not self.emergencies:
            return ""
        stopped, urgent = self.suspended, self.unreviewed
        said = ["suspended"] if stopped else []
        if urgent is not None:
            said.append(f"emergency until {urgent.until:%Y-%m-%d %H:%M} UTC" if urgent.until else "rolled back")
        due = min(s.review_due for s in self.emergencies if s.review_due)
        return f"{', '.join(said)}; review due {due}"

    def before(self, step: Step) -> Lifecycle:
        """As it was when a step was asked for."""
        place = next((i for i, s in enumerate(self.steps) if s is step), len(self.steps))
        return Lifecycle(self.stage, self.since, self.steps[:place])

    def followed_by(self, step: Step) -> Lifecycle:
        """With one more step. A suspension neither moves the version nor is an approval of it."""
        if step.status != "effective" or step.kind == "suspend":
            return replace(self, steps=(*self.steps, step))
        return Lifecycle(step.transition.request.to_stage, step.at, (*self.steps, step))


def rules_of(move: str, urgent: Emergency | None, policy: Policy, lifecycle: Lifecycle) -> TransitionPolicy | None:
    """Who signs a move; None for one that is not allowed.

    What an emergency deploy left out is made up for: its review is signed by those who sign the ordinary deploy.
    """
    if urgent is not None:
        return policy.emergency.rules(urgent.kind, move)
    if move == "archived->production":  # the way there is a rollback
        return None
    if move == REVALIDATION and any(s.kind == "deploy" for s in lifecycle.emergencies):
        return policy.transitions.get(DEPLOY)
    return policy.transitions.get(move)


def signed_step(transition: Transition, rules: TransitionPolicy, tier: int, facts: Facts) -> Step:
    """A transition as its approvals leave it: any rejection vetoes, and every signature of policy is needed."""
    approvals = [a for a in transition.approvals.values() if a.request == transition.sha256]
    if any(a.decision == "reject" for a in approvals):
        return Step(transition, "rejected")
    missing = missing_signatures(rules, {a.reviewer: a for a in approvals}, tier, facts)
    if missing:
        return Step(transition, "pending", missing)
    return Step(transition, "effective", (), max([transition.request.requested_at, *(a.time for a in approvals)]))


def timed(step: Step, policy: Policy, landed: Instant | None = None) -> Step:
    """A step that took effect, with what must happen until when. Deadlines run from the landing, where there is one."""
    start, urgent = landed or step.at, step.transition.request.emergency
    if step.status != "effective" or start is None:
        return step
    if urgent is None:
        return replace(step, start=start)
    until = _later(start, urgent.hours) if urgent.hours else None
    due = days_after(start.date(), policy.emergency.review_days(urgent.kind))
    return replace(step, start=start, until=until, review_due=due)


def _later(start: Instant, hours: int) -> Instant:
    """A moment so many hours later; at once where no calendar has it."""
    try:
        return start + dt.timedelta(hours=hours)
    except OverflowError:
        return start


def missing_signatures(
    rules: TransitionPolicy, approvals: Mapping[str, Approval], tier: int, facts: Facts
) -> tuple[str, ...]:
    """The signatures that a move still needs. One person counts for one role; an unknown condition asks for it."""
    return tuple(_missing(rules, approvals, tier, facts))


def _missing(rules: TransitionPolicy, approvals: Mapping[str, Approval], tier: int, facts: Facts) -> Iterator[str]:
    needed = [s.role for s in rules.sign if s.is_asked(tier, facts)]
    signer = signers(needed, {person: (a.role,) for person, a in approvals.items()})
    missing = [" or ".join(roles) for slot, roles in enumerate(needed) if slot not in signer]
    yield from missing
    distinct = rules.distinct_people.get(str(tier), 0)  # type: ignore[call-overload]
    if len(approvals) < distinct and not missing:
        yield f"{distinct - len(approvals)} more people"
