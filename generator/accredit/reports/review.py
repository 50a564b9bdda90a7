"""For a reviewer before signing: what is asked, what changed since the last approved version, what every gate says."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.assess import VersionAssessment
from accredit.comparison.baseline import last_approved
from accredit.comparison.compare import compare
from accredit.comparison.reading import sheet_of
from accredit.domain.registry import ModelVersion
from accredit.domain.signoff import Request
from accredit.gates import Gate
from accredit.reports.comparison import section_lines
from accredit.reports.plain import one_line
from accredit.signing.approval import waiting
from accredit.signing.workspace import Workspace

_MOST = 60
"""Differences of a kind; a review of more is better done in the pull request."""


def report(workspace: Workspace, version: ModelVersion) -> str:
    """The request, the differences with metrics first, and each gate with its reasons."""
    asked = waiting(workspace, version).transition.request
    lines = [
        f"{version.key}: {asked.from_stage} -> {asked.to_stage}{_urgency(asked)}",
        f"    asked by {asked.requested_by} at {asked.requested_at.isoformat()}",
        f"    {one_line(asked.reason)}",
        f"    content {asked.content}",
        "",
        *_changes(workspace, version),
        "",
    ]
    assessed = workspace.assessed(version)
    for gate in assessed.gates.values():
        lines += gate_lines(gate, assessed)
    return "\n".join(lines)


def _urgency(asked: Request) -> str:
    """What an emergency is, and for how long; empty for an ordinary move."""
    urgent = asked.emergency
    if urgent is None:
        return ""
    held = f" for {urgent.hours} hours" if urgent.hours else ""
    return one_line(f", an emergency {urgent.kind}{held}: {urgent.incident}")


def _changes(workspace: Workspace, version: ModelVersion) -> Iterator[str]:
    before = last_approved(workspace.context, version)
    if before is None:
        yield "No version of this model was approved before: all of it is new."
        return
    yield f"Changed since {before.key}, which was approved last:"
    sheets = (sheet_of(workspace.assessed(v), workspace.context) for v in (before, version))
    yield from section_lines(compare(*sheets), _MOST)


def gate_lines(gate: Gate, assessed: VersionAssessment) -> Iterator[str]:
    """A gate with the reasons of every rule that blocks it."""
    yield f"Gate {gate.move}: {'open' if gate.is_open else 'closed'} ({len(gate.codes)} rules)"
    for code in gate.blocking:
        result = assessed.results[code]
        yield f"    {code} {result.outcome}: {result.rule.title}"
        for reason in result.reasons[:3]:
            yield f"        {one_line(reason.message)}"
