"""One version's chain of sign-offs, followed landing by landing under the governance of each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from accredit.domain.classification import effective_profile, effective_tier, facts_of
from accredit.domain.lifecycle import Lifecycle, Step, signed_step
from accredit.domain.predicate import Facts
from accredit.domain.registry import RegisteredModel, Registry, Transition
from accredit.domain.signoff import Approval, Assurance, Request
from accredit.domain.verification import Move, Place, Signoff
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


@dataclass
class Chain:
    """The sign-offs of one version so far. A request that does not count ends the chain: nothing may follow it."""

    subject: str
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    bound: str = ""
    """The content that the last request binds; empty while the version may still change."""
    contributors: set[str] = field(default_factory=set)
    """People who committed the version's content."""
    last: str = "none"

    @property
    def is_broken(self) -> bool:
        """Whether a request ended the chain."""
        return bool(self.lifecycle.steps) and self.lifecycle.steps[-1].status == "broken"

    def add(self, request: Request, signoff: Signoff, governance: Governance) -> None:
        """Takes in a request that landed. It must follow on the last and be allowed by the policy's table."""
        if self.is_broken:
            return
        pending = self.lifecycle.pending
        follows = (request.seq, request.previous) == (len(self.lifecycle.steps) + 1, self.last) and pending is None
        allowed = governance.policy and f"{request.from_stage}->{request.to_stage}" in governance.policy.transitions
        fits = follows and allowed and request.from_stage == self.lifecycle.stage and signoff.counts
        step = Step(Transition(request, signoff.sha256), "pending" if fits else "broken", ("sign-off",))
        self.lifecycle = replace(self.lifecycle, steps=(*self.lifecycle.steps, step))
        if fits:
            self.last, self.bound = signoff.sha256, request.content

    def approve(self, approvals: dict[str, Approval], demand: Demand | None, governance: Governance) -> bool:
        """Judges the pending request by the approvals that count. Returns whether it took effect."""
        pending = self.lifecycle.pending
        if pending is None or demand is None or governance.policy is None:
            return False
        request = pending.transition.request
        rules = governance.policy.transitions[f"{request.from_stage}->{request.to_stage}"]
        transition = replace(pending.transition, approvals=approvals)
        step = signed_step(transition, rules, demand.tier, demand.facts)
        steps = (*self.lifecycle.steps[:-1], step)
        self.lifecycle = replace(self.lifecycle, steps=steps)
        if step.status == "effective":
            self.lifecycle = Lifecycle(request.to_stage, step.at, steps)
            self.bound = "" if request.to_stage == "staging" else request.content
        elif step.status == "rejected":
            self.bound = self._bound_before()
        return step.status == "effective"

    def _bound_before(self) -> str:
        """What the last request that took effect binds, once a later one is rejected."""
        done = [s for s in self.lifecycle.steps if s.status == "effective"]
        return done[-1].transition.request.content if done and self.lifecycle.stage != "staging" else ""

    def move(self, place: Place) -> Move:
        """The step that took effect last."""
        request = self.lifecycle.steps[-1].transition.request
        return Move(self.subject, request.seq, request.from_stage, request.to_stage, place)


def day_of(place: Place, earlier: dt.date) -> dt.date:
    """The day on which something landed: never before what landed earlier, whatever the commit says."""
    return max(earlier, place.time.date()) if place.time else earlier
