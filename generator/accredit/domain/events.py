"""Everything that happened in a registry as one list of events: who did what to what, when, and how sure that is."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from accredit.domain.event import KINDS, Event, EventKind
from accredit.domain.lifecycle import Lifecycle
from accredit.domain.occurrences import made, moves, registrations, registry_wide
from accredit.domain.paths import parse_path
from accredit.domain.registry import Registry
from accredit.domain.signoff import Closing
from accredit.domain.verification import Move, Signoff, Verification

__all__ = ["KINDS", "Event", "events", "ndjson", "record"]


def events(
    registry: Registry,
    lifecycles: Mapping[str, Lifecycle],
    verification: Verification | None = None,
    as_of: dt.date | None = None,
) -> tuple[Event, ...]:
    """Every event, oldest first. The same input gives the same list.

    Args:
        registry: The registry.
        lifecycles: `model@version` to its steps, for the moves that took effect.
        verification: What history proves; without it sign-offs are as their files declare them.
        as_of: The day by which waivers may have lapsed; None to leave that out.
    """
    found = [*_signoffs(registry, verification)]
    other = [*registry_wide(registry, verification, as_of)]
    proven = _moves(verification) if verification else None
    for version in registry.versions():
        other += made(version)
        known = None if proven is None else proven.get(version.key, [])
        found += moves(version.key, lifecycles.get(version.key, Lifecycle()), known)
    if verification is not None:
        other = [
            *(_attested(_arrived(event, verification), verification) for event in other),
            *registrations(verification),
        ]
    found += other
    return tuple(sorted(found, key=_order))


def _moves(verification: Verification) -> Mapping[str, list[Move]]:
    """`model@version` to its moves."""
    found: dict[str, list[Move]] = {}
    for move in verification.moves:
        found.setdefault(move.subject, []).append(move)
    return found


def _order(event: Event) -> tuple[object, ...]:
    position = event.landed.position if event.landed else -1
    return event.at, position, KINDS.index(event.kind), event.subject, event.path, event.action, event.detail


_LATER = frozenset({"switched off", "lapsed", "released", "closed"})
"""What a file tells of later than it landed."""


def _arrived(event: Event, verification: Verification) -> Event:
    """An event with the first landing of the file that tells of it."""
    known = event.landed is None and event.action not in _LATER
    return replace(event, landed=verification.arrivals.get(event.path)) if known else event


def _attested(event: Event, verification: Verification) -> Event:
    """An event of a waiver, a determination or a hold with how sure it is that whoever it names did it.

    The signature is by whom the file names last: once a hold is released, who placed it is told by an earlier text.
    """
    found = verification.attestations.get(event.path)
    if found is None or event.actor != found.person or event.action == "lapsed":
        return event
    return replace(event, assurance=found.assurance, counts=found.counts)


def _signoffs(registry: Registry, verification: Verification | None) -> Iterator[Event]:
    """Requests and decisions: those that the files hold, and those that history remembers."""
    proven = dict(verification.signoffs) if verification else {}
    for event in _filed(registry):
        signoff = proven.pop(event.path, None)
        if signoff is not None and registry.digests.get(event.path) != signoff.sha256:
            event = replace(event, time=None, detail="the file is not as it landed any more")  # noqa: PLW2901
        yield _judged(event, signoff) if signoff else replace(event, counts=False if verification else None)
    for path, signoff in proven.items():
        entry = parse_path(path)
        subject = f"{entry.model}@{entry.version}" if entry and entry.model else ""
        kind: EventKind = "request" if signoff.decision == "request" else "decision"
        action = "requested" if kind == "request" else signoff.decision
        yield _judged(Event(kind, action, subject, None, signoff.person, signoff.role, path), signoff)


def _judged(event: Event, signoff: Signoff) -> Event:
    doubts = "; ".join(d.message for d in signoff.doubts)
    detail = "; ".join(part for part in (event.detail, doubts) if part)
    landed, level = signoff.landed, signoff.assurance
    action = event.action if signoff.decision == "request" else signoff.decision
    told = replace(event, action=action, actor=signoff.person or event.actor, detail=detail)
    return replace(told, landed=landed, assurance=level, counts=signoff.counts)


def _filed(registry: Registry) -> Iterator[Event]:
    folders = _folders(registry)
    for version in registry.versions():
        for transition in version.transitions:
            asked, known = transition.request, folders.get((version.key, transition.sha256))
            if not known:
                continue
            folder, move = known.pop(0), f"{asked.from_stage} -> {asked.to_stage}"
            path, by = f"{folder}request.yaml", asked.requested_by
            yield Event("request", "requested", version.key, asked.requested_at, by, move, path, assurance="declared")
            for who, a in transition.approvals.items():
                path = f"{folder}approvals/{who}.yaml"
                yield Event(
                    "decision", a.decision, version.key, a.time, a.reviewer, a.role, path, assurance=a.assurance
                )
            yield from (_closed(version.key, f"{folder}closings/{n}.yaml", c) for n, c in transition.closings.items())


def _closed(key: str, path: str, closing: Closing) -> Event:
    detail = f"condition {closing.condition}: {closing.evidence}"
    return Event("decision", "closing", key, closing.time, closing.by, detail, path, assurance="declared")


def _folders(registry: Registry) -> dict[tuple[str, str], list[str]]:
    """Version and digest of a request to the folders in which it lies."""
    found: dict[tuple[str, str], list[str]] = {}
    for path, sha256 in sorted(registry.digests.items()):
        entry = parse_path(path) if path.endswith("/request.yaml") else None
        if entry is not None and entry.kind == "transition":
            folder = path.removesuffix("request.yaml")
            found.setdefault((f"{entry.model}@{entry.version}", sha256), []).append(folder)
    return found


def record(event: Event) -> dict[str, object]:
    """An event as plain values. A new key may be added; none changes its meaning."""
    landed = event.landed
    return {
        "kind": event.kind,
        "action": event.action,
        "subject": event.subject or None,
        "actor": event.actor or None,
        "time": event.time.isoformat() if event.time else None,
        "detail": event.detail or None,
        "path": event.path or None,
        "position": landed.position if landed else None,
        "commit": landed.commit if landed else None,
        "landed": landed.time.isoformat() if landed and landed.time else None,
        "assurance": event.assurance or None,
        "counts": event.counts,
    }


def ndjson(found: Iterable[Event]) -> str:
    """One JSON object a line (https://github.com/ndjson/ndjson-spec), in plain ASCII."""
    return "".join(f"{json.dumps(record(event))}\n" for event in found)
