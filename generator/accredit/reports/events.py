"""The audit log as text, CSV and JSON; as lines of JSON the format itself writes it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

from accredit.domain.events import Event, record
from accredit.reports.plain import one_line
from accredit.reports.tool import NAME, VERSION

FORMAT = 1
COLUMNS = (
    "time", "landed", "position", "commit", "kind", "action", "actor", "subject", "assurance", "counts", "detail",
    "path",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a cell for a formula."""


def text(found: Sequence[Event]) -> str:
    """One line an event, oldest first."""
    return "".join(f"{one_line(_line(event))}\n" for event in found) or "Nothing has happened yet.\n"


def _line(event: Event) -> str:
    time = f"{event.time:%Y-%m-%d %H:%M}" if event.time else " " * 16
    landed = f"{event.landed.position:>6} {event.landed.commit[:12]}" if event.landed else " " * 19
    judged = {True: "", False: ", does not count", None: ", not verified"}[event.counts] if event.assurance else ""
    parts = [event.action, event.subject, event.detail, f"({event.assurance}{judged})" if event.assurance else ""]
    return f"{time} {landed} {event.kind:<10} {event.actor or '-':<16} {' '.join(p for p in parts if p)}"


def as_csv(found: Sequence[Event]) -> str:
    """Comma-separated values (RFC 4180) with a header. No cell is one that a spreadsheet would run."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for event in found:
        writer.writerow({name: cell(value) for name, value in record(event).items()})
    return out.getvalue()


def cell(value: object) -> str:
    """A value as a cell of CSV that no spreadsheet runs."""
    if value is None or isinstance(value, bool | int):
        return "" if value is None else str(value).lower()
    plain = one_line(str(value))
    return f"'{plain}" if plain.startswith(_FORMULA) else plain


def as_json(found: Sequence[Event]) -> str:
    """One JSON object. A new key does not change the format's version."""
    content = {
        "format": FORMAT,
        "tool": {"name": NAME, "version": VERSION},
        "events": [record(event) for event in found],
    }
    return json.dumps(content, indent=2) + "\n"
