"""The lifecycle of a version as its files declare it, where no history is asked: the same steps as a history's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from accredit.domain.incident import Incident
from accredit.domain.lifecycle import Lifecycle, Step, rules_of, signed_step, timed
from accredit.domain.policy import Policy
from accredit.domain.predicate import Facts
from accredit.domain.registry import ModelVersion, Transition
from accredit.domain.urgency import hindrances
from accredit.domain.waiver import Hold


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What sign-offs are judged by beside the version itself."""

    policy: Policy
    tier: int
    facts: Facts
    holds: Mapping[str, Hold] = field(default_factory=dict)
    incidents: Mapping[str, Incident] = field(default_factory=dict)


def lifecycle_of(version: ModelVersion, given: Circumstances) -> Lifecycle:
    """Replays a version's transitions.

    A request that does not count takes up its number and moves nothing; the next one follows on it.
    """
    lifecycle, approved, previous = Lifecycle(), "", "none"
    for number, transition in enumerate(version.transitions, 1):
        request = transition.request
        lifecycle = _gives_way(lifecycle, transition)
        follows = (request.seq, request.previous, request.from_stage) == (number, previous, lifecycle.stage)
        same = not approved or request.content == approved or request.from_stage == request.to_stage
        own = (request.model, request.version) == (version.model_id, version.id)
        step = Step(transition, "broken")
        if follows and same and own and lifecycle.pending is None:
            step = _judged(transition, lifecycle, given)
        lifecycle, previous = lifecycle.followed_by(step), transition.sha256
        if step.status == "effective" and step.kind != "suspend":
            approved = "" if request.to_stage == "staging" else request.content
    return lifecycle


def _gives_way(lifecycle: Lifecycle, to: Transition) -> Lifecycle:
    """A request that waits gives way to an emergency, and to one that binds what is so later."""
    pending = lifecycle.pending
    if pending is None:
        return lifecycle
    old, new = pending.transition.request, to.request
    bound = (old.content, old.context, old.policy)
    if new.emergency is None and bound == (new.content, new.context, new.policy):
        return lifecycle
    return replace(lifecycle, steps=tuple(replace(s, status="broken") if s is pending else s for s in lifecycle.steps))


def _judged(transition: Transition, lifecycle: Lifecycle, given: Circumstances) -> Step:
    request = transition.request
    move = f"{request.from_stage}->{request.to_stage}"
    rules = rules_of(move, request.emergency, given.policy, lifecycle)
    against = hindrances(
        request, lifecycle, given.policy, given.tier, request.requested_at.date(), given.holds, given.incidents
    )
    if rules is None or any(against):
        return Step(transition, "broken")
    return timed(signed_step(transition, rules, given.tier, given.facts), given.policy)
