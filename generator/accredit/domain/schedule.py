"""The retention schedule: which record is kept until when, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from accredit.domain.calendar import months_after
from accredit.domain.lifecycle import Lifecycle
from accredit.domain.pointers import Look, Pointer, looks_at, pointers_of
from accredit.domain.policy import Policy
from accredit.domain.predicate import Facts
from accredit.domain.registry import ModelVersion, Registry
from accredit.domain.retention import CLOCK_WORDS, Clock, Term, deciding, retain_until, spell

AFTER_USE: tuple[Clock, ...] = ("last_in_production", "last_effective", "completed_or_processing_end", "last_use")
"""Clocks that start when a version is used for the last time."""


@dataclass(frozen=True)
class Kept:
    """One record of a version with how long it is kept."""

    subject: str
    """`model@version`."""
    pointer: Pointer
    terms: tuple[Term, ...]
    holds: tuple[str, ...] = ()
    """Ids of the legal holds on it."""
    longest: date | None = None
    """The last day on which it may be kept; None where there is no maximum, or nothing to count it from."""
    look: Look | None = None

    @property
    def until(self) -> date | None:
        """The last day for which it is kept; None is without end."""
        return retain_until(self.terms, held=bool(self.holds))

    @property
    def term(self) -> Term | None:
        """The minimum that decides."""
        return deciding(self.terms)

    @property
    def why(self) -> str:
        """Why it is kept for as long as it is, in words."""
        if self.pointer.tombstone is not None:
            return f"erased on {self.pointer.tombstone.date}"
        if self.holds:
            return f"legal hold {', '.join(self.holds)}"
        term = self.term
        if term is None:
            return "no minimum"
        start = f" of {term.start}" if term.start else ", which has not come"
        return f"{term.source}: {spell(term.months)} from {CLOCK_WORDS[term.clock]}{start}"

    @property
    def since(self) -> date | None:
        """When it was made."""
        return self.pointer.created


def schedule_of(  # noqa: PLR0913, PLR0917 - all that it follows from
    version: ModelVersion, registry: Registry, policy: Policy, facts: Facts, lifecycle: Lifecycle, as_of: date
) -> tuple[Kept, ...]:
    """Every record of a version, by class and name, with how long it is kept.

    Args:
        version: The version.
        registry: The registry that it is in.
        policy: The policy whose minimums hold.
        facts: The facts about the model that conditions of minimums speak of.
        lifecycle: The stages that the version was in.
        as_of: The day on which holds are looked at.
    """
    clocks, looks = clocks_of(version, lifecycle), looks_at(version)
    found = []
    for pointer in pointers_of(version, registry):
        asked = policy.retention.minimums(pointer.record, facts)
        terms = tuple(Term(s, m.length, m.clock, _start(m.clock, pointer, clocks)) for s, m in asked)
        subject = pointer.dataset or version.model_id
        holds = holds_on(registry, subject, as_of, data=bool(pointer.dataset))
        longest = latest_allowed(registry, pointer.dataset)
        look = looks.get((pointer.record, pointer.name, pointer.uri or ""))
        found.append(Kept(version.key, pointer, terms, holds, longest, look))
    return tuple(found)


def clocks_of(version: ModelVersion, lifecycle: Lifecycle) -> Mapping[Clock, date | None]:
    """When the clocks of a version started; None for one that has not.

    A version is in use from its first deployment to production, or its move there, until the last of both has ended. A
    deployment without an end, or the stage production, says that it still is.
    """
    moves = [(s.transition.request, s.at) for s in lifecycle.steps if s.status == "effective" and s.at is not None]
    runs = [d for d in version.deployments.values() if d.environment == "production" and d.strategy != "shadow"]
    moved = [at.date() for request, at in moves if request.to_stage == "production"]
    begun = [d.deployed_at.date() for d in runs] or moved
    ended = [d.until.date() for d in runs if d.until is not None]
    ended += [at.date() for request, at in moves if request.from_stage == "production" != request.to_stage]
    in_use = lifecycle.stage == "production" or any(d.until is None for d in runs)
    last = None if in_use or not begun else max(ended, default=None)
    event = max((at.date() for _, at in moves), default=None)
    return {"placed_on_market": min(begun, default=None), "event": event, **dict.fromkeys(AFTER_USE, last)}


def _start(clock: Clock, pointer: Pointer, clocks: Mapping[Clock, date | None]) -> date | None:
    """When a clock started for a record. What the record itself says can only make it later."""
    told = (pointer.clocks or {}).get(clock)
    if clock in ("created", "decision_notice"):
        derived = pointer.created if clock == "created" or pointer.record == "decision_records" else told
    else:
        derived = clocks.get(clock)
    return None if derived is None else max(derived, told or derived)


def holds_on(registry: Registry, subject: str, day: date, *, data: bool) -> tuple[str, ...]:
    """Ids of the legal holds on a model, or on a dataset, that are in force on a day."""
    found = registry.holds.items()
    return tuple(i for i, h in sorted(found) if h.is_in_force_on(day) and subject in (h.datasets if data else h.models))


def latest_allowed(registry: Registry, dataset: str) -> date | None:
    """The last day on which a dataset may be kept: its maximum counted from the end of the collection.

    Data that was derived counts from the last day on which any data that it was made from was collected. None where
    there is no maximum, or no such day is recorded.
    """
    record = registry.datasets.get(dataset)
    if record is None or record.max_retention_months is None:
        return None
    days, todo, seen = [], [dataset], {dataset}
    while todo:
        known = registry.datasets.get(todo.pop())
        if known is None:
            continue
        if known.source and known.source.collected_to:
            days.append(known.source.collected_to)
        inputs = [i.dataset for i in known.derived_from.inputs] if known.derived_from else []
        todo += [i for i in inputs if i not in seen]
        seen.update(inputs)
    return months_after(max(days), record.max_retention_months) if days else None
