"""For a reviewer before signing: what is asked, what changed since the last approved version, what every gate says."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.assess import VersionAssessment
from accredit.domain.registry import ModelVersion
from accredit.domain.signoff import Request
from accredit.gates import Gate
from accredit.reports.plain import one_line
from accredit.signing.approval import waiting
from accredit.signing.comparison import Difference, differences, last_approved
from accredit.signing.workspace import Workspace

_MOST = 60
"""Differences in a file; a review of more is better done in the pull request."""
_WIDTH = 100


def report(workspace: Workspace, version: ModelVersion) -> str:
    """The request, the differences by file with metrics first, and each gate with its reasons."""
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
    by_file: dict[str, list[Difference]] = {}
    for difference in differences(before, version):
        by_file.setdefault(difference.file, []).append(difference)
    if not by_file:
        yield "    nothing"
    for file, found in by_file.items():
        yield f"  {one_line(file)}"
        for difference in found[:_MOST]:
            yield f"    {_difference(difference)}"
        if len(found) > _MOST:
            yield f"    and {len(found) - _MOST} more"


def _difference(d: Difference) -> str:
    field = one_line(d.field)
    if d.before is None:
        return f"+ {field}: {_shown(d.after)}"
    if d.after is None:
        return f"- {field}: {_shown(d.before)}"
    if d.worse is not None and isinstance(d.before, float) and isinstance(d.after, float):
        verdict = "worse" if d.worse > 0 else "better"
        return f"~ {field}: {d.before:g} -> {d.after:g} ({d.after - d.before:+.4g}, {verdict})"
    return f"~ {field}: {_shown(d.before)} -> {_shown(d.after)}"


def _shown(value: object) -> str:
    text = one_line(", ".join(map(str, value)) if isinstance(value, list) else str(value))
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 3]}..."


def gate_lines(gate: Gate, assessed: VersionAssessment) -> Iterator[str]:
    """A gate with the reasons of every rule that blocks it."""
    yield f"Gate {gate.move}: {'open' if gate.is_open else 'closed'} ({len(gate.codes)} rules)"
    for code in gate.blocking:
        result = assessed.results[code]
        yield f"    {code} {result.outcome}: {result.rule.title}"
        for reason in result.reasons[:3]:
            yield f"        {one_line(reason.message)}"
