"""What a commit of the story says that it did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from accredit.domain.paths import EntryPath, parse_path
from accredit.loading.yaml import parse

_DECISIONS = {"approve": "Approve", "reject": "Reject", "approve-with-conditions": "Approve with conditions"}
_TITLES = {
    "policy": "Policy {policy[version]}",
    "model": "Register {model}",
    "version": "Train {of}",
    "evaluation": "Evaluate {of}",
    "card": "Write the card of {of}",
    "validation": "Report on the validation of {of}",
    "transition": "Request {of}: {from} to {to}{urgently}",
    "approval": "{decided} {of} as {role}",
    "deployment": "Deploy {of} to {slot}",
    "closing": "Close a condition on {of}",
    "monitoring": "Watch {of}: {id}",
    "decisions": "Keep the decisions of {of}: {id}",
    "waiver": "Waive {rule} for {model}@{version}",
    "hold": "Hold records: {reason}",
    "incident": "Record an incident: {title}",
    "record": "Keep the {id} of {of}",
    "verification": "Look whether what is stored of {of} is there",
}
_CHANGED = {
    "policy": "Policy {policy[version]}",
    "model": "Bring the record of {model} up to date",
    "deployment": "Switch {of} off in {slot}",
    "waiver": "Look after the waiver {id}",
    "incident": "Follow up the incident {id}",
}


def title(files: Mapping[str, bytes], before: Mapping[str, bytes]) -> str:
    """One line for a commit that adds or changes these files; what they said before tells which of both it was."""
    parts = [_title(path, files[path], before.get(path)) for path in sorted(files)]
    return "; ".join(dict.fromkeys(parts))


def _title(path: str, content: bytes, before: bytes | None) -> str:
    known, facts = parse_path(path), parse(content).data
    if known is None:
        return f"Write {path}"
    if known.kind == "person":
        return _person(facts, parse(before).data if before else None)
    form = (_TITLES if before is None else _CHANGED).get(known.kind, "Record {kind} {id} {of}")
    return form.format_map({**facts, **dict(_words(known, facts))}).strip()


def _words(known: EntryPath, facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from {"kind": known.kind, "id": known.id, "of": ""}.items()
    if known.model:
        yield "model", known.model
    if known.version:
        yield "of", f"{known.model}@{known.version}"
    if known.kind == "approval":
        yield "decided", _DECISIONS[facts["decision"]]
    if known.kind == "transition":
        yield "urgently", f", by {facts['emergency']['kind']}" if facts.get("emergency") else ""


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
