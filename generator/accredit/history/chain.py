"""One version's chain of sign-offs, followed landing by landing under the governance of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from accredit.domain.classification import effective_profile, effective_tier, facts_of
from accredit.domain.lifecycle import Lifecycle, Step, StepStatus, signed_step, timed
from accredit.domain.policy import Policy
from accredit.domain.predicate import Facts
from accredit.domain.registry import RegisteredModel, Registry, Transition
from accredit.domain.signatures import TransitionPolicy
from accredit.domain.signoff import Approval, Assurance, Request
from accredit.domain.verification import Doubt, Flaw, Move, Place, Signoff
from accredit.history.authority import Governance
from accredit.history.subject import Subject


@dataclass(frozen=True, slots=True)
class Demand:
    """What policy asks of a model's sign-offs at one landing."""

    tier: int
    facts: Facts
    assurance: Assurance

    @classmethod
    def of(cls, subject: Subject, governance: Governance) -> Demand | None:
        """The demand on a version; None where there is no policy or no model to judge by, so that nothing counts."""
        model, policy = subject.model(), governance.policy
        if model is None or policy is None:
            return None
        registered = RegisteredModel(subject.model_id, model, subject.versions())
        facts = facts_of(registered, Registry(None, policy, datasets=subject.datasets()))
        tier = effective_tier(registered, policy, facts)
        profile = policy.profiles.get(effective_profile(registered, policy, facts))
        return cls(tier, {**facts, "tier": tier}, profile.assurance if profile else "signed")


class Demands:
    """What policy asks of each model, worked out anew only where something that it goes by has changed."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[tuple[str, ...], Demand | None]] = {}

    def of(self, subject: Subject, governance: Governance) -> Demand | None:
        """The demand on a version; None where nothing counts."""
        basis = (governance.policy_sha256, *subject.classed_by())
        known = self._known.get(subject.model_id)
        if known is None or known[0] != basis:
            known = self._known[subject.model_id] = (basis, Demand.of(subject, governance))
        return known[1]


@dataclass
class Chain:
    """The sign-offs of one version so far.

    A request that does not count takes up its number and moves nothing; the next one follows on it.
    """

    subject: str
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    approved: str = ""
    """The content that the stage stands for; empty in staging, where it may change."""
    contributors: set[str] = field(default_factory=set)
    """Addresses and ids of people who committed the version's content."""
    landed: dict[int, str] = field(default_factory=dict)
    """Number of the folder to digest of every request that landed, whether or not it counts."""
    places: dict[int, int] = field(default_factory=dict)
    """Number of the folder to the place of its step."""

    @property
    def bound(self) -> str:
        """The content that must not change now; empty while the version may."""
        pending = self.lifecycle.pending
        return pending.transition.request.content if pending else self.approved

    def step(self, seq: int) -> Step | None:
        """The step of the request in a folder, if it could be read."""
        return self.lifecycle.steps[self.places[seq]] if seq in self.places else None

    def doubts(self, request: Request, seq: int) -> Iterator[Doubt]:
        """What speaks against a new request by what went before it."""
        number = next(n for n in range(1, len(self.landed) + 2) if n not in self.landed)
        previous = self.landed.get(seq - 1, "none")
        if seq != number:
            yield Doubt(Flaw.OUT_OF_ORDER, f"the request is number {seq}, and the next one is number {number}")
        elif request.previous != previous:
            said = request.previous[:12]
            yield Doubt(Flaw.OUT_OF_ORDER, f"the request follows on {said}, and the one before is {previous[:12]}")
        if request.from_stage != self.lifecycle.stage:
            stage = self.lifecycle.stage
            yield Doubt(Flaw.OUT_OF_ORDER, f"the request starts in {request.from_stage}, and the version is in {stage}")
        if self.lifecycle.pending is not None and request.emergency is None:
            yield Doubt(Flaw.OUT_OF_ORDER, "another request waits for sign-off: reject that first")
        if self.approved and request.content != self.approved and request.from_stage != request.to_stage:
            yield Doubt(Flaw.CHANGED_CONTENT, f"the content is not the one that is in {self.lifecycle.stage}")

    def add(self, seq: int, request: Request | None, signoff: Signoff) -> None:
        """Takes in a request that landed."""
        self.landed[seq] = signoff.sha256
        if request is None:
            return
        self.places[seq] = len(self.lifecycle.steps)
        if signoff.counts and request.emergency is not None:  # which waits for nobody else's request
            self.drop_pending()
        step = Step(Transition(request, signoff.sha256), "pending" if signoff.counts else "broken", ("sign-off",))
        self.lifecycle = replace(self.lifecycle, steps=(*self.lifecycle.steps, step))

    def drop_pending(self) -> None:
        """Gives up a request that binds what is no longer so."""
        self._settle("broken")

    def approve(
        self, approvals: Mapping[str, Approval], demand: Demand, rules: TransitionPolicy, under: Policy, at: dt.datetime
    ) -> bool:
        """Judges the pending request by the approvals that count, at a landing. Returns whether it took effect."""
        pending = self.lifecycle.pending
        if pending is None:
            return False
        transition = replace(pending.transition, approvals=approvals)
        step = timed(signed_step(transition, rules, demand.tier, demand.facts), under, at)
        request = transition.request
        self._settle(step.status, step)
        if step.status == "effective" and step.kind != "suspend":
            self.lifecycle = Lifecycle(request.to_stage, step.at, self.lifecycle.steps)
            self.approved = "" if request.to_stage == "staging" else request.content
        return step.status == "effective"

    def _settle(self, status: StepStatus, by: Step | None = None) -> None:
        steps = (((by or replace(s, status=status)) if s.status == "pending" else s) for s in self.lifecycle.steps)
        self.lifecycle = replace(self.lifecycle, steps=tuple(steps))

    def last_move(self, place: Place) -> Move:
        """The step that took effect at a landing."""
        request = [s for s in self.lifecycle.steps if s.status == "effective"][-1].transition.request
        return Move(self.subject, request.seq, request.from_stage, request.to_stage, place)


def moment_of(place: Place, day: dt.date) -> dt.datetime:
    """The moment of a landing on a day; its beginning, where the commit says that it was another day."""
    known = place.time is not None and place.time.date() == day
    return place.time if place.time and known else dt.datetime.combine(day, dt.time.min, dt.UTC)


def day_of(place: Place, earlier: dt.date) -> dt.date:
    """The day on which something landed: never before what landed earlier, whatever the commit says."""
    return max(earlier, place.time.date()) if place.time else earlier
