"""The retention schedule, what falls due, and what a round through the stores found, as text and for a program."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from accredit.domain.address import without_secrets
from accredit.domain.dues import Due
from accredit.domain.schedule import Kept
from accredit.reports.plain import one_line
from accredit.reports.tool import NAME, VERSION

FORMAT = 1
_HEAD = ("CLASS", "NAME", "SINCE", "KEPT UNTIL", "WHY", "LAST LOOK")


def schedule_text(kept: Sequence[Kept]) -> str:
    """A table: a line for each record."""
    return _table([_HEAD, *(_cells(k) for k in kept)])


def _cells(kept: Kept) -> tuple[str, ...]:
    look = kept.look
    seen = f"{look.at.date()} {look.found.result}" if look else "in git" if kept.pointer.in_git else "never"
    until = "erased" if kept.pointer.tombstone else str(kept.until or "without end")
    return (kept.pointer.record, kept.pointer.name, str(kept.since or ""), until, kept.why, seen)


def due_text(dues: Sequence[Due], decisions: Sequence[tuple[str, str]], as_of: date, until: date) -> str:
    """What is late, what falls due until a day, and what people must decide."""
    late, near = [d for d in dues if d.day < as_of], [d for d in dues if as_of <= d.day <= until]
    lines: list[str] = []
    for title, found in ((f"Late on {as_of}", late), (f"Due by {until}", near)):
        lines += [title, *(f"  {d.day}  {one_line(d.message)}. {one_line(d.remedy)}" for d in found)]
        lines += [] if found else ["  nothing"]
        lines.append("")
    lines += ["To be decided by people", *(f"  {one_line(m)}. {one_line(h)}" for m, h in decisions)]
    lines += [] if decisions else ["  nothing"]
    return "\n".join(lines) + "\n"


def due_json(dues: Iterable[Due], decisions: Iterable[tuple[str, str]], as_of: date, until: date) -> str:
    """One JSON object. A new key does not change the format's version."""
    told = [
        {"day": d.day.isoformat(), "late": d.day < as_of, "kind": d.kind, "subject": d.subject, "message": d.message}
        | {"remedy": d.remedy, "why": d.detail, "path": d.path}
        for d in dues
        if d.day <= until
    ]
    decide = [{"message": message, "remedy": remedy} for message, remedy in decisions]
    return _json({"as_of": as_of.isoformat(), "until": until.isoformat(), "due": told, "to_be_decided": decide})


def schedule_json(kept: Iterable[Kept]) -> str:
    """One JSON object. A new key does not change the format's version."""
    return _json({"records": [_record(k) for k in kept]})


def _record(kept: Kept) -> dict[str, Any]:
    terms = [
        {"source": t.source, "months": t.months, "clock": t.clock, "start": _day(t.start), "end": _day(t.end)}
        for t in kept.terms
    ]
    pointer, look = kept.pointer, kept.look
    found = (
        {"at": look.at.isoformat(), "by": look.by, "method": look.found.method, "result": look.found.result}
        if look
        else None
    )
    return {
        "subject": kept.subject,
        "class": pointer.record,
        "name": pointer.name,
        "path": pointer.path,
        "uri": without_secrets(pointer.uri) if pointer.uri else None,
        "sha256": pointer.sha256,
        "since": _day(kept.since),
        "until": _day(kept.until),
        "erased": _day(pointer.tombstone.date) if pointer.tombstone else None,
        "holds": list(kept.holds),
        "maximum": _day(kept.longest),
        "minimums": terms,
        "look": found,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _json(content: dict[str, Any]) -> str:
    head = {"format": FORMAT, "tool": {"name": NAME, "version": VERSION}}
    return json.dumps({**head, **content}, indent=2) + "\n"


def _table(rows: Sequence[Sequence[str]]) -> str:
    shown = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in shown) for i in range(len(shown[0]))]
    lines = ("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in shown)
    return "\n".join(lines) + "\n"
