"""Whether a version may be deployed, with every rule that was asked and everybody who signed or has to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from accredit.domain.separation import NOT_ACHIEVED
from accredit.domain.verification import Signoff
from accredit.gates import Result
from accredit.reports.plain import one_line
from accredit.reports.tool import NAME, VERSION
from accredit.signing.gating import Deployability

FORMAT = 1


def text(found: Deployability) -> str:
    """For a person: the answer, then rules, sign-offs and what the history says against it."""
    answer = "deployable" if found.is_deployable else "not deployable"
    lines = [f"{found.assessed.version.key} to {found.target}: {answer}", "", *_rules(found), ""]
    lines.append("Sign-offs, proved from the history:" if found.verified else "Sign-offs, as files declare them:")
    lines += [f"    {_signoff(s)}" for s in found.given]
    if found.arrived:
        lines.append(f"    complete: {found.assessed.version.key} moved to {found.target}")
    for wanted in found.awaited:
        lines.append(one_line(f"    missing: {wanted}"))
    if not found.arrived and not found.awaited:
        lines.append("    nobody has to sign, and nobody asked for the move yet")
    lines += [f"Note: {one_line(remark)}" for remark in found.remarks]
    lines += [f"Against it: {one_line(objection)}" for objection in found.objections]
    return "\n".join(lines) + "\n"


def _rules(found: Deployability) -> Iterator[str]:
    if found.gate is None:
        yield f"Policy has no gate for {found.move}."
        return
    yield f"Gate {found.move}: {len(found.gate.codes)} rules, {len(found.gate.blocking)} of them block"
    for code in found.gate.codes:
        result = found.assessed.results[code]
        blocks = " BLOCKS" if code in found.gate.blocking else ""
        waived = f" waived by {result.waiver}" if result.waiver else ""
        yield f"    {code} {result.outcome}{waived}{blocks}: {result.rule.title}"
        if result.outcome not in ("pass", "not_applicable"):
            yield from (f"        {one_line(v.message)}" for v in result.reasons)


def _signoff(signoff: Signoff) -> str:
    doubts = "; ".join(d.message for d in signoff.doubts)
    role = f" as {signoff.role}" if signoff.role else ""
    says = f"{signoff.decision} by {signoff.person}{role}, {signoff.assurance}"
    return one_line(f"{says}, {'counts' if signoff.counts else f'does not count: {doubts}'}{conceded(signoff)}")


def conceded(signoff: Signoff) -> str:
    """What to say behind a sign-off that counts for want of other people; mostly nothing."""
    own = "; ".join(d.message for d in signoff.conceded)
    return f". {NOT_ACHIEVED}: {own}" if own else ""


def as_json(found: Deployability, as_of: str, commit: str) -> str:
    """For a program: one JSON object. A new key does not change the format's version."""
    version = found.assessed.version
    gate = found.gate
    content: dict[str, Any] = {
        "format": FORMAT,
        "tool": {"name": NAME, "version": VERSION},
        "model": version.model_id,
        "version": version.id,
        "content": version.content,
        "to": found.target,
        "move": found.move,
        "as_of": as_of,
        "commit": commit or None,
        "verified": found.verified,
        "deployable": found.is_deployable,
        "rules": [_rule(found.assessed.results[c], blocks=c in gate.blocking) for c in gate.codes] if gate else None,
        "signoffs": {
            "complete": found.arrived,
            "given": [signoff_json(s) for s in found.given],
            "missing": [{"role": w.role, "people": list(w.people)} for w in found.awaited],
        },
        "objections": list(found.objections),
        "remarks": list(found.remarks),
    }
    return json.dumps(content, indent=2) + "\n"


def _rule(result: Result, *, blocks: bool) -> dict[str, Any]:
    return {
        "code": result.rule.code,
        "title": result.rule.title,
        "outcome": result.outcome,
        "blocks": blocks,
        "waiver": result.waiver,
        "reasons": [v.message for v in result.reasons],
    }


def signoff_json(signoff: Signoff) -> dict[str, Any]:
    """A request or an approval as history shows it."""
    time = signoff.landed.time
    return {
        "path": signoff.path,
        "sha256": signoff.sha256,
        "person": signoff.person,
        "role": signoff.role or None,
        "decision": signoff.decision,
        "assurance": signoff.assurance,
        "key": signoff.key or None,
        "landed": {"commit": signoff.landed.commit, "time": time.isoformat() if time else None},
        "counts": signoff.counts,
        "doubts": [{"flaw": d.flaw.value, "message": d.message} for d in signoff.doubts],
        "conceded": [{"flaw": d.flaw.value, "message": d.message} for d in signoff.conceded],
    }
