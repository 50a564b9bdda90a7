"""Everything that happened in a registry as one list of events: who did what to what, when, and how sure that is."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from accredit.domain.lifecycle import Lifecycle
from accredit.domain.paths import parse_path, version_path
from accredit.domain.registry import ModelVersion, Registry
from accredit.domain.verification import Place, Signoff, Verification

EventKind = Literal[
    "training", "evaluation", "request", "decision", "move", "deployment", "change", "waiver", "hold", "breach"
]
KINDS: tuple[EventKind, ...] = get_args(EventKind)
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. Times are what a file or a commit claims; the position is what history proves."""

    kind: EventKind
    action: str
    """What was done, in a word or two: `trained`, `approve`, `took effect`."""
    subject: str
    """`model@version`, or empty for the registry as a whole."""
    time: dt.datetime | None
    """When the file says that it was."""
    actor: str = ""
    """Id of a person; empty where nobody in particular acted."""
    detail: str = ""
    path: str = ""
    landed: Place | None = None
    """Where it arrived in the history, as far as that was replayed."""
    assurance: str = ""
    """Of a sign-off: its level, or what its file claims where no history was asked."""
    counts: bool | None = None
    """Of a sign-off: whether history lets it count; None where no history was asked."""

    @property
    def model(self) -> str:
        """Id of the model; empty for the registry as a whole."""
        return self.subject.partition("@")[0]

    @property
    def at(self) -> dt.datetime:
        """The time to sort by: that of the landing, else the claimed one."""
        return (self.landed.time if self.landed else None) or self.time or _NEVER


def events(
    registry: Registry, lifecycles: Mapping[str, Lifecycle], verification: Verification | None = None
) -> tuple[Event, ...]:
    """Every event, oldest first. The same input gives the same list.

    Args:
        registry: The registry.
        lifecycles: `model@version` to its steps, for the moves that took effect.
        verification: What history proves; without it sign-offs are as their files declare them.
    """
    found = [*_signoffs(registry, verification), *_registry_wide(registry, verification)]
    for version in registry.versions():
        found += _made(version)
        found += _moves(version.key, lifecycles.get(version.key, Lifecycle()), verification)
    return tuple(sorted(found, key=_order))


def _order(event: Event) -> tuple[object, ...]:
    position = event.landed.position if event.landed else -1
    return event.at, position, KINDS.index(event.kind), event.subject, event.path, event.action, event.detail


def _made(version: ModelVersion) -> Iterator[Event]:
    """How a version was trained, evaluated and deployed."""
    key, folder = version.key, version_path(version.model_id, version.id, "")
    if (trained := version.record.trained) is not None:
        yield Event("training", "trained", key, trained.at, trained.by, trained.run or "", f"{folder}version.yaml")
    for name, run in version.evaluations.items():
        yield Event("evaluation", "evaluated", key, run.at, run.by or "", run.name, f"{folder}evaluations/{name}.yaml")
    for name, d in version.deployments.items():
        where, path = f"{d.environment}/{d.slot}, {d.strategy}", f"{folder}deployments/{name}.yaml"
        yield Event("deployment", "deployed", key, d.deployed_at, d.deployed_by, where, path)
        if d.until is not None:
            yield Event("deployment", "switched off", key, d.until, "", where, path)


def _moves(key: str, lifecycle: Lifecycle, verification: Verification | None) -> Iterator[Event]:
    if verification is not None:
        times = {s.transition.request.seq: s.at for s in lifecycle.steps if s.status == "effective"}
        for m in (m for m in verification.moves if m.subject == key):
            yield Event("move", "took effect", key, times.get(m.seq), "", f"{m.source} -> {m.target}", "", m.landed)
        return
    for step in (s for s in lifecycle.steps if s.status == "effective"):
        asked = step.transition.request
        yield Event("move", "took effect", key, step.at, "", f"{asked.from_stage} -> {asked.to_stage}")


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


def _folders(registry: Registry) -> dict[tuple[str, str], list[str]]:
    """Version and digest of a request to the folders in which it lies."""
    found: dict[tuple[str, str], list[str]] = {}
    for path, sha256 in sorted(registry.digests.items()):
        entry = parse_path(path) if path.endswith("/request.yaml") else None
        if entry is not None and entry.kind == "transition":
            folder = path.removesuffix("request.yaml")
            found.setdefault((f"{entry.model}@{entry.version}", sha256), []).append(folder)
    return found


def _registry_wide(registry: Registry, verification: Verification | None) -> Iterator[Event]:
    """Changes of people and policy, waivers, holds, and what must not be in a history."""
    known = verification.signoffs if verification else {}
    for name, change in registry.changes.items():
        path = f"changes/{name}/request.yaml"
        if path not in known:
            yield Event("change", "requested", "", change.requested_at, change.requested_by, "people or policy", path)
    for name, w in registry.waivers.items():
        subject, path = f"{w.model}@{w.version}", f"waivers/{name}.yaml"
        yield Event(
            "waiver", "accepted", subject, _start(w.granted), w.accepted_by, f"{w.rule} until {w.expires}", path
        )
    for name, hold in registry.holds.items():
        path = f"holds/{name}.yaml"
        yield Event("hold", "issued", "", _start(hold.issued), hold.issued_by, hold.reason, path)
        if hold.released is not None:
            released = hold.released
            yield Event("hold", "released", "", _start(released.date), released.by, released.reason, path)
    for b in verification.breaches if verification else ():
        yield Event("breach", str(b.flaw), b.subject, None, "", b.message, b.path, b.landed)


def _start(day: dt.date) -> dt.datetime:
    """The first moment of a day (UTC)."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


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
