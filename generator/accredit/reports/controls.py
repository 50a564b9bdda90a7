"""Controls with the evidence that was found for them, and the catalogues that they stand in."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from accredit.domain.control_status import LABELS, ROLL_UP, ControlStatus, EvidenceRow
from accredit.domain.framework import Framework
from accredit.findings import Location
from accredit.policies.words import plural
from accredit.reports.plain import one_line
from accredit.reports.tool import NAME, VERSION

FORMAT = 1
Locate = Callable[[Location], Location]


def text(found: Sequence[ControlStatus], locate: Locate) -> str:
    """For a person: per version and framework the counts, then each control with its evidence."""
    lines: list[str] = []
    for (model, version, framework), statuses in _grouped(found).items():
        lines += [f"{model}@{version} {framework}" if version else f"{model} {framework}", f"    {counted(statuses)}"]
        for status in statuses:
            if status.status != "not_applicable" or status.determination is not None:
                lines += [one_line(line) for line in _control(status, locate)]
        if left := [s.of.id for s in statuses if s.status == "not_applicable" and s.determination is None]:
            lines.append(f"    {LABELS['not_applicable']}: {', '.join(left)}")
        lines.append("")
    return "\n".join(lines) if lines else "No control to look at: policy reports on no framework.\n"


def counted(statuses: Iterable[ControlStatus]) -> str:
    """How many controls have which status, with the number of those that apply."""
    counts = Counter(s.status for s in statuses)
    applicable = counts.total() - counts["not_applicable"]
    shown = ", ".join(f"{LABELS[s].lower()} {counts[s]}" for s in ROLL_UP if s != "not_applicable")
    few = f"{applicable} of {counts.total()} controls apply, or may"
    return f"{few}: {shown}" if applicable else f"{few}"


def _grouped(found: Iterable[ControlStatus]) -> dict[tuple[str, str | None, str], list[ControlStatus]]:
    groups: dict[tuple[str, str | None, str], list[ControlStatus]] = {}
    for status in found:
        groups.setdefault((status.model, status.version, status.of.framework_id), []).append(status)
    return groups


def _control(status: ControlStatus, locate: Locate) -> Iterator[str]:
    beside = f" ({'; '.join(status.overlays)})" if status.overlays else ""
    yield f"    {status.of.id} {status.of.control.title}: {status.label}{beside}"
    if status.missing_facts:
        yield f"        facts missing: {', '.join(status.missing_facts)}"
    if status.of.control.uncertain:
        yield f"        uncertain: {status.of.control.uncertain}"
    for row in status.rows:
        yield f"        {row.state}: {row.kind} {row.name}{_detail(row, locate)}"
    if status.determination is not None:
        name, made = status.determination
        who = f"{made.by} as {made.role} until {made.expires}"
        yield f"        decided {made.result} by {who}: determinations/{name}.yaml"


def _detail(row: EvidenceRow, locate: Locate) -> str:
    place = f" ({locate(row.at)})" if row.at is not None else ""
    return f": {row.detail}{place}" if row.detail else place


def as_json(found: Iterable[ControlStatus], as_of: date, locate: Locate) -> str:
    """For programs: one entry a control."""
    body = {
        "format": FORMAT,
        "tool": {"name": NAME, "version": VERSION},
        "as_of": as_of.isoformat(),
        "controls": [_entry(status, locate) for status in found],
    }
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def _entry(status: ControlStatus, locate: Locate) -> dict[str, Any]:
    control = status.of.control
    return {
        "model": status.model,
        "version": status.version,
        "framework": status.of.framework_id,
        "control": status.of.id,
        "title": control.title,
        "obligation": control.obligation,
        "citation": control.citation,
        "url": status.of.url,
        "assessment": control.assessment,
        "status": status.status,
        "label": status.label,
        "overlays": list(status.overlays),
        "missing_facts": list(status.missing_facts),
        "uncertain": control.uncertain,
        "in_force_from": status.in_force_from.isoformat() if status.in_force_from else None,
        "evidence": [_row(row, locate) for row in status.rows],
        "determination": _determination(status),
    }


def _row(row: EvidenceRow, locate: Locate) -> dict[str, Any]:
    place = locate(row.at) if row.at is not None else None
    return {
        "kind": row.kind,
        "name": row.name,
        "state": row.state,
        "detail": row.detail,
        "path": place.path if place else None,
        "line": (place.line or None) if place else None,
        "waiver": row.waiver,
    }


def _determination(status: ControlStatus) -> dict[str, Any] | None:
    if status.determination is None:
        return None
    name, made = status.determination
    return {"id": name, **made.model_dump(mode="json", exclude_none=True)}


def catalogues(frameworks: Mapping[str, Framework], reported: Sequence[str], enforced: Sequence[str]) -> str:
    """Every framework with its controls counted and the day on which it was verified."""
    lines = []
    for name, framework in frameworks.items():
        use = "enforced" if name in enforced else "reported" if name in reported else "not used"
        checked = f"verified {framework.verified.date} ({framework.verified.level})"
        doubts = f", {plural(len(framework.uncertain), 'open question')}" if framework.uncertain else ""
        lines.append(f"{name:18} {len(framework.controls):3} controls, {checked}, {use}{doubts}: {framework.title}")
        older = dict.fromkeys(f"{f.citation} (until {f.until})" for i, f in framework.former.items() if i.islower())
        lines += [f"{'':18} once {citation}" for citation in older]
    return "".join(f"{one_line(line)}\n" for line in lines)


def catalogues_json(frameworks: Mapping[str, Framework], reported: Sequence[str], enforced: Sequence[str]) -> str:
    """The same for programs."""
    found = [
        {
            "id": name,
            "title": framework.title,
            "citation": framework.citation,
            "url": framework.url,
            "kind": framework.kind,
            "jurisdiction": framework.jurisdiction,
            "verified": framework.verified.model_dump(mode="json", exclude_none=True),
            "uncertain": list(framework.uncertain),
            "timeline": [milestone.model_dump(mode="json") for milestone in framework.timeline],
            "former": {i: f.model_dump(mode="json", exclude_none=True) for i, f in framework.former.items()},
            "controls": list(framework.controls),
            "reported": name in reported,
            "enforced": name in enforced,
        }
        for name, framework in frameworks.items()
    ]
    body = {"format": FORMAT, "tool": {"name": NAME, "version": VERSION}, "frameworks": found}
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"
