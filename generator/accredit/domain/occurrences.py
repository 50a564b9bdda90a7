"""What files and history say happened, beside the sign-offs of versions: each fact as an event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from accredit.domain.event import Event, start_of
from accredit.domain.lifecycle import Lifecycle, Step
from accredit.domain.paths import parse_path, version_path
from accredit.domain.registry import ModelVersion, Registry
from accredit.domain.verification import Move, Place, Verification


def made(version: ModelVersion) -> Iterator[Event]:
    """How a version was trained, evaluated, validated, deployed and watched."""
    key, folder = version.key, version_path(version.model_id, version.id, "")
    if (trained := version.record.trained) is not None:
        yield Event("training", "trained", key, trained.at, trained.by, trained.run or "", f"{folder}version.yaml")
    for name, run in version.evaluations.items():
        yield Event("evaluation", "evaluated", key, run.at, run.by or "", run.name, f"{folder}evaluations/{name}.yaml")
    for name, v in version.validations.items():
        path, outcome = f"{folder}validations/{name}.yaml", v.outcome.replace("-", " ")
        yield Event("validation", "validated", key, start_of(v.date), v.by, outcome, path)
    yield from _operated(version, folder)


def _operated(version: ModelVersion, folder: str) -> Iterator[Event]:
    key = version.key
    for name, d in version.deployments.items():
        where, path = f"{d.environment}/{d.slot}, {d.strategy}", f"{folder}deployments/{name}.yaml"
        yield Event("deployment", "deployed", key, d.deployed_at, d.deployed_by, where, path)
        if d.until is not None:
            yield Event("deployment", "switched off", key, d.until, "", where, path)
    for name, m in version.monitoring.items():
        path = f"{folder}monitoring/{name}.yaml"
        yield Event("monitoring", "monitored", key, m.observed_at, "", f"{m.period_from} to {m.period_to}", path)
        for crossed in m.breaches:
            detail = f"{crossed.metric} {crossed.value:g}, threshold {crossed.threshold}"
            yield Event("monitoring", "threshold crossed", key, m.observed_at, "", detail, path)


def moves(key: str, lifecycle: Lifecycle, proven: Sequence[Move] | None) -> Iterator[Event]:
    """The moves of a version that took effect: those that history proves, or without one those that files declare."""
    steps = {s.transition.request.seq: s for s in lifecycle.steps if s.status == "effective"}
    found: list[tuple[Step, Place | None]] = [(step, None) for step in steps.values()]
    if proven is not None:
        found = [(steps[m.seq], m.landed) for m in proven if m.seq in steps]
    for step, landed in found:
        asked = step.transition.request
        yield Event("move", action_of(step), key, step.at, "", f"{asked.from_stage} -> {asked.to_stage}", "", landed)


def action_of(step: Step) -> str:
    """What a move did, in a word or two."""
    asked = step.transition.request
    if asked.emergency is not None:
        return {"suspend": "suspended", "rollback": "rolled back to", "deploy": "deployed in emergency"}[
            asked.emergency.kind
        ]
    if asked.from_stage == asked.to_stage:
        return "revalidated"
    if asked.from_stage == "production" and asked.to_stage != "archived":
        return "taken out of production"
    return {"archived": "archived", "production": "released"}.get(asked.to_stage, "took effect")


def registry_wide(registry: Registry, verification: Verification | None, as_of: dt.date | None) -> Iterator[Event]:
    """Changes of people and policy, waivers, holds, incidents, and what must not be in a history."""
    yield from _changes(registry, verification)
    for name, w in registry.waivers.items():
        subject, path, term = f"{w.model}@{w.version}", f"waivers/{name}.yaml", f"{w.rule} until {w.expires}"
        yield Event("waiver", "accepted", subject, start_of(w.granted), w.accepted_by, term, path)
        if as_of is not None and w.expires < as_of:
            lapsed = start_of(w.expires + dt.timedelta(days=1))
            yield Event("waiver", "lapsed", subject, lapsed, "", w.rule, path)
    for name, hold in registry.holds.items():
        path = f"holds/{name}.yaml"
        yield Event("hold", "issued", "", start_of(hold.issued), hold.issued_by, hold.reason, path)
        if (released := hold.released) is not None:
            yield Event("hold", "released", "", start_of(released.date), released.by, released.reason, path)
    yield from _incidents(registry)
    for b in verification.breaches if verification else ():
        yield Event("breach", str(b.flaw), b.subject, None, "", b.message, b.path, b.landed)


def _incidents(registry: Registry) -> Iterator[Event]:
    for name, i in registry.incidents.items():
        path, by = f"incidents/{name}.yaml", i.detected_by or ""
        for subject in [f"{i.model}@{version}" for version in i.versions] or [i.model]:
            yield Event("incident", "detected", subject, i.detected_at, by, f"{i.severity}: {i.title}", path)
            for duty, report in i.reports.items():
                if report.reported_at is not None:
                    said = f"{duty}, {report.reference}" if report.reference else duty
                    yield Event("incident", "reported", subject, report.reported_at, i.owner, said, path)
            if i.closed_at is not None:
                yield Event("incident", "closed", subject, i.closed_at, i.owner, i.title, path)


def _changes(registry: Registry, verification: Verification | None) -> Iterator[Event]:
    """What was asked and decided about people and policy, and with a history what became of them."""
    for number, change in registry.changes.items():
        folder = f"changes/{int(number):04}"
        path = f"{folder}/request.yaml"
        counts = registry.digests.get(path, "") in verification.adopted if verification else None
        level, by = "signed" if counts else "declared", change.requested_by
        asked = Event("change", "requested", "", change.requested_at, by, "people or policy", path, None, level, counts)
        yield asked
        for who, a in registry.change_approvals.get(number, {}).items():
            said, path = f"{a.role}, change {int(number):04}", f"{folder}/approvals/{who}.yaml"
            yield Event("change", a.decision, "", a.time, a.reviewer, said, path, None, level, counts)
    for turn in verification.turns if verification else ():
        what = "policy" if turn.path == "policy.yaml" else turn.path.removeprefix("people/").removesuffix(".yaml")
        detail = f"{what}, {turn.key}" if turn.key else what
        action = f"policy {turn.action}" if what == "policy" else turn.action if turn.key else f"person {turn.action}"
        yield Event("change", action, "", None, "", detail, turn.path, turn.landed)


def registrations(verification: Verification) -> Iterator[Event]:
    """When each model and each version was registered, by the landing that brought its record."""
    for path, landed in verification.arrivals.items():
        entry = parse_path(path)
        if entry is not None and entry.kind in ("model", "version"):
            subject = f"{entry.model}@{entry.version}" if entry.version else entry.model
            yield Event("registration", "registered", subject, None, "", f"the {entry.kind}", path, landed)
