"""The moves and sign-offs of a model's versions, in the order in which they landed."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.events import events
from accredit.domain.lifecycle import Lifecycle, Step
from accredit.domain.registry import RegisteredModel
from accredit.domain.verification import Place, Signoff, Verification
from accredit.reports import events as log
from accredit.reports.gate import conceded
from accredit.reports.plain import one_line
from accredit.signing.audit import signoffs_of
from accredit.signing.workspace import Workspace

_TOLD = ("request", "decision", "move")


def text(workspace: Workspace, model: RegisteredModel) -> str:
    """Each request with what was decided on it, by whom, in which commit, and with which assurance."""
    proof = workspace.verification
    lines = [*_proven(proof, model.id)] if proof else [*_declared(workspace, model)]
    return "\n".join(lines or [f"Nobody has asked for a move of {model.id} yet."]) + "\n"


def as_json(workspace: Workspace, model: RegisteredModel) -> str:
    """The same as events, in the format of the audit log."""
    registry = workspace.loaded.registry
    lifecycles = workspace.context.lifecycles if registry.policy else {}
    found = events(registry, lifecycles, workspace.verification)
    return log.as_json([e for e in found if e.kind in _TOLD and e.subject.startswith(f"{model.id}@")])


def _proven(verification: Verification, model: str) -> Iterator[str]:
    moves = {(m.subject, m.seq): m.landed for m in verification.moves}
    for version, seq, signoffs in signoffs_of(verification, model):
        lifecycle = verification.lifecycles.get(f"{model}@{version}", Lifecycle())
        yield one_line(f"{version} #{seq}: {_step(lifecycle, seq)}")
        told = [(signoff.landed, _said(signoff)) for signoff in signoffs]
        if landed := moves.get((f"{model}@{version}", seq)):
            told.append((landed, "took effect"))
        for place, said in sorted(told, key=lambda item: item[0].position):
            yield one_line(f"    {_day(place)} {place.commit[:12]} {said}")


def _step(lifecycle: Lifecycle, seq: int) -> str:
    if not 0 < seq <= len(lifecycle.steps):
        return "a request that does not count"
    return _told(lifecycle.steps[seq - 1])


def _told(step: Step) -> str:
    """Where a request leads and what became of it; of an emergency, which and until when."""
    request, due = step.transition.request, f", review due {step.review_due}" if step.review_due else ""
    until = f", until {step.until:%Y-%m-%d %H:%M} UTC" if step.until else ""
    urgent = f" (emergency {step.kind}: {request.emergency.incident})" if request.emergency else ""
    return f"{request.from_stage} -> {request.to_stage}{urgent}, {step.status}{until}{due}"


def _said(signoff: Signoff) -> str:
    role = f" as {signoff.role}" if signoff.role else ""
    doubts = "; ".join(d.message for d in signoff.doubts)
    counts = "" if signoff.counts else f", does not count: {doubts}"
    return f"{signoff.decision} by {signoff.person}{role}, {signoff.assurance}{counts}{conceded(signoff)}"


def _day(place: Place) -> str:
    return f"{place.time:%Y-%m-%d}" if place.time else "----------"


def _declared(workspace: Workspace, model: RegisteredModel) -> Iterator[str]:
    """Without history: what the files say, by the times that they claim."""
    steps = [(s, v) for v in model.versions.values() for s in workspace.lifecycle(v).steps]
    for step, version in sorted(steps, key=lambda item: (item[0].transition.request.requested_at, item[1].id)):
        request = step.transition.request
        yield one_line(f"{version.id} #{request.seq}: {_told(step)}")
        yield one_line(f"    {request.requested_at:%Y-%m-%d} request by {request.requested_by}, declared")
        for approval in sorted(step.transition.approvals.values(), key=lambda a: (a.time, a.reviewer)):
            said = f"{approval.decision} by {approval.reviewer} as {approval.role}"
            yield one_line(f"    {approval.time:%Y-%m-%d} {said}, declared")
