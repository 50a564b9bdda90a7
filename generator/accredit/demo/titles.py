"""What a commit of the story says that it did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accredit.domain.paths import EntryPath, parse_path
from accredit.loading.yaml import parse

_DECISIONS = {"approve": "Approve", "reject": "Reject", "approve-with-conditions": "Approve with conditions"}
_TITLES = {
    "version": "Train {of}",
    "evaluation": "Evaluate {of}",
    "card": "Write the card of {of}",
    "validation": "Report on the validation of {of}",
    "transition": "Request {of}: {from} to {to}",
    "closing": "Close a condition on {of}",
    "monitoring": "Watch {of}: {id}",
    "decisions": "Keep the decisions of {of}: {id}",
    "waiver": "Waive {rule} for {model}@{version}",
    "hold": "Hold records: {reason}",
    "incident": "Record an incident: {title}",
}
_CHANGED = {
    "model": "Bring the record of {model} up to date",
    "deployment": "Switch {of} off in {slot}",
    "waiver": "Look after the waiver {id}",
}


def title(files: Mapping[str, bytes], before: Mapping[str, bytes]) -> str:
    """One line for a commit that adds or changes these files; what they said before tells which of both it was."""
    parts = [_title(path, files[path], before.get(path)) for path in sorted(files)]
    return "; ".join(dict.fromkeys(parts))


def _title(path: str, content: bytes, before: bytes | None) -> str:
    known, facts = parse_path(path), parse(content).data
    if known is None:
        return f"Write {path}"
    match known.kind:
        case "policy":
            return f"Policy {facts['policy']['version']}"
        case "person":
            return _person(facts, parse(before).data if before else None)
        case "approval":
            return f"{_DECISIONS[facts['decision']]} {_of(known)} as {facts['role']}"
        case "model" if before is None:
            return f"Register {known.model}"
        case "deployment" if before is None:
            return f"Deploy {_of(known)} to {facts['slot']}"
    form = (_CHANGED if before is not None else _TITLES).get(known.kind, "Record {kind} {id} {of}")
    words = {"kind": known.kind, "id": known.id, "model": known.model, "of": _of(known)}
    return form.format_map({**facts, **{k: v for k, v in words.items() if v}, "of": _of(known)}).strip()


def _of(known: EntryPath) -> str:
    return f"{known.model}@{known.version}" if known.version else ""


def _person(facts: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    name = facts["name"]
    if before is None:
        return f"{name} joins"
    if len(facts.get("keys", ())) != len(before.get("keys", ())):
        return f"{name} signs with a new key, and the old one is revoked"
    held, more = ({r["role"]: r.get("to") for r in known.get("roles", ())} for known in (before, facts))
    begun = [f"becomes {role}" for role in more if role not in held]
    ended = [f"is {role} until {end}" for role, end in more.items() if role in held and end != held[role]]
    return f"{name} {' and '.join([*begun, *ended]) or 'has another record'}"
