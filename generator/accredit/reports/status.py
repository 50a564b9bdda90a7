"""Where every model stands, as a table and for a program."""

from __future__ import annotations

import json
from collections.abc import Sequence

from accredit.reports.plain import one_line
from accredit.reports.tool import NAME, VERSION
from accredit.signing.board import Row

FORMAT = 1
_HEAD = ("MODEL", "STAGE", "VERSION", "SINCE", "WAITS FOR")


def text(rows: Sequence[Row], *, verified: bool) -> str:
    """A table: a line for each model and stage."""
    cells = [_HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(_HEAD))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in cells]
    return (
        "\n".join([*lines, "", f"Sign-offs are {'proved from the history' if verified else 'only declared'}."]) + "\n"
    )


def _cells(row: Row) -> tuple[str, ...]:
    since = row.since.date().isoformat() if row.since else ""
    wanted = ", ".join(map(str, row.awaited))
    waits = f"{row.target}: {wanted or 'nobody'}" if row.target else ""
    return tuple(one_line(cell) for cell in (row.model, row.stage, row.version, since, waits))


def as_json(rows: Sequence[Row], *, verified: bool) -> str:
    """One JSON object. A new key does not change the format's version."""
    content = {
        "format": FORMAT,
        "tool": {"name": NAME, "version": VERSION},
        "verified": verified,
        "rows": [
            {
                "model": row.model,
                "stage": row.stage,
                "version": row.version,
                "since": row.since.isoformat() if row.since else None,
                "requested": row.target,
                "awaited": [{"role": w.role, "people": list(w.people)} for w in row.awaited],
            }
            for row in rows
        ],
    }
    return json.dumps(content, indent=2) + "\n"
