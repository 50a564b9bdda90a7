"""Where every model stands, as a table and for a program."""

from __future__ import annotations

import json
from collections.abc import Sequence

from accredit.domain.separation import NOT_ACHIEVED
from accredit.policies.words import plural
from accredit.reports.plain import one_line
from accredit.reports.tool import NAME, VERSION
from accredit.signing.board import Row

FORMAT = 1
_HEAD = ("MODEL", "STAGE", "VERSION", "SINCE", "WAITS FOR", "NOTE")


def text(rows: Sequence[Row], *, verified: bool, standing: int = 0) -> str:
    """A table: a line for each model and stage; `standing` is how much stands against the history."""
    told = [_cells(row) for row in rows]
    shown = slice(len(_HEAD) if any(line[-1] for line in told) else -1)  # no column for notes that nobody has
    cells = [line[shown] for line in (_HEAD, *told)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(cells[0]))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in cells]
    proof = f"Sign-offs are {'proved from the history' if verified else 'only declared'}."
    against = f" {plural(standing, 'thing')} against the history: see accredit verify." if standing else ""
    return "\n".join([*lines, "", proof + against]) + "\n"


def _cells(row: Row) -> tuple[str, ...]:
    since = row.since.date().isoformat() if row.since else ""
    wanted = ", ".join(map(str, row.awaited))
    waits = f"{row.target}: {wanted or 'nobody'}" if row.target else ""
    note = "; ".join(said for said in (row.urgency, NOT_ACHIEVED if row.conceded else "") if said)
    return tuple(one_line(cell) for cell in (row.model, row.stage, row.version, since, waits, note))


def as_json(rows: Sequence[Row], *, verified: bool, standing: int = 0) -> str:
    """One JSON object. A new key does not change the format's version."""
    content = {
        "format": FORMAT,
        "tool": {"name": NAME, "version": VERSION},
        "verified": verified,
        "breaches": standing,
        "rows": [
            {
                "model": row.model,
                "stage": row.stage,
                "version": row.version,
                "since": row.since.isoformat() if row.since else None,
                "requested": row.target,
                "emergency": row.urgency or None,
                "separation_of_duties": not row.conceded,
                "awaited": [{"role": w.role, "people": list(w.people)} for w in row.awaited],
            }
            for row in rows
        ],
    }
    return json.dumps(content, indent=2) + "\n"
