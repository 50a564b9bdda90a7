"""For a person at a terminal: findings with their remedies, then how each model stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from accredit.assess import Assessment, ModelAssessment, VersionAssessment
from accredit.domain.value import STAGES
from accredit.findings import Finding, Severity
from accredit.proposals.baseline import Baseline
from accredit.reports.plain import one_line

Paint = Callable[[str, str], str]

_COLOURS = {"blocker": "1;31", "error": "31", "warning": "33", "open": "32", "closed": "31", "bold": "1", "dim": "2"}
_MOST_CODES = 8


def report(assessment: Assessment, root: str, *, colour: bool = False, baseline: Baseline | None = None) -> str:
    """`file:line:column CODE message` and the remedy for each finding, a summary by model, and the counts.

    With a baseline, the gates that became others take the place of the summary.
    """
    paint = _ansi if colour else _no_paint
    lines = [line for finding in assessment.findings for line in _finding(finding, root, paint)]
    if lines:
        lines.append("")
    if baseline:
        return "\n".join([*lines, *_since(baseline, paint)]) + "\n"
    lines += [line for model in assessment.models.values() for line in _model(model, paint)]
    return "\n".join([*lines, _counts(assessment.findings, paint)]) + "\n"


def _ansi(text: str, style: str) -> str:
    return f"\x1b[{_COLOURS[style]}m{text}\x1b[0m"


def _no_paint(text: str, _style: str) -> str:
    return text


def _finding(finding: Finding, root: str, paint: Paint) -> Iterator[str]:
    label = finding.severity.label
    place = one_line(f"{root}{finding.location}")
    place = f"./{place}" if place.startswith(":") else place  # a line that starts with :: is a command to some forges
    yield f"{paint(place, 'bold')} {paint(finding.code, label)} {one_line(finding.message)}"
    yield f"    {paint(label, label)}: {one_line(finding.help)}"
    for related in finding.related:
        yield paint(f"    see {one_line(f'{root}{related}')}", "dim")


def _model(model: ModelAssessment, paint: Paint) -> Iterator[str]:
    stages = Counter(v.stage for v in model.versions.values())
    counted = ", ".join(f"{stages[stage]} {stage}" for stage in STAGES if stages[stage]) or "no versions"
    standing = model.standing
    yield f"{paint(model.model.id, 'bold')}: tier {standing.tier}, {standing.profile}; {counted}"
    for version in _newest(model):
        yield f"    {version.version.id}, {version.stage}: {_gate(version, paint)}"


def _newest(model: ModelAssessment) -> list[VersionAssessment]:
    """The newest version, and the newest one in each stage on the way to production."""
    by_stage = {v.stage: v for v in model.versions.values()}
    return [by_stage[stage] for stage in ("production", "review", "staging") if stage in by_stage]


def _gate(version: VersionAssessment, paint: Paint) -> str:
    gate = version.next_gate
    if gate is None:
        return "policy has no gate"
    if gate.is_open:
        return f"{gate.move} {paint('open', 'open')}"
    codes = " ".join(gate.blocking[:_MOST_CODES])
    more = len(gate.blocking) - _MOST_CODES
    return f"{gate.move} {paint('closed', 'closed')} by {codes}{f' and {more} more' if more > 0 else ''}"


def _since(baseline: Baseline, paint: Paint) -> Iterator[str]:
    """What became of gates and findings since the base."""
    for effect in baseline.gates:
        yield one_line(f"{effect.subject}: {effect.what} was {effect.before}, is {effect.after}")
    yield from (one_line(f"Note: {note}") for note in baseline.notes)
    yield _counts(baseline.caused, paint, "new ")
    if baseline.elsewhere:
        yield f"In files that were left alone: {len(baseline.elsewhere):,} of them."
    before = f"{len(baseline.unchanged):,} as before" + (f", {len(baseline.gone):,} gone" if baseline.gone else "")
    yield paint(one_line(f"Compared with {baseline.revision} ({baseline.commit[:12]}): {before}."), "dim")


def _counts(findings: Sequence[Finding], paint: Paint, kind: str = "") -> str:
    found = Counter(f.severity for f in findings)
    total = len(findings)
    if not total:
        return paint(f"No {kind}findings.", "open")
    parts = [paint(_plural(found[s], s.label), s.label) for s in sorted(Severity, reverse=True) if found[s]]
    return f"{_plural(total, f'{kind}finding')}: {', '.join(parts)}."


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
