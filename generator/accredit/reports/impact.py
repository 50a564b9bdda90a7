"""What hangs on a dataset, as text to read and JSON for a program."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from accredit.domain.lineage import Node
from accredit.impact import Affected
from accredit.policies.change import Effect
from accredit.policies.words import plural
from accredit.reports.plain import one_line
from accredit.reports.tool import NAME, VERSION

FORMAT = 1
_HEAD = ("WHAT", "STAGE", "HOPS", "OWNER")


def text(node: Node, affected: Sequence[Affected], effects: Sequence[Effect] | None) -> str:
    """Who is reached, then what would close if the data lost its legal basis; None for data that has none to lose."""
    return "\n".join(one_line(line) for line in _lines(node, affected, effects)) + "\n"


def _lines(node: Node, affected: Sequence[Affected], effects: Sequence[Effect] | None) -> Iterator[str]:
    versions = [a for a in affected if a.node.kind == "version"]
    models = {a.node.id.partition("@")[0] for a in versions}
    running = sum(a.in_use or False for a in affected)
    in_production = sum(a.stage == "production" for a in versions)
    name = node.id.replace(":", " ", 1)
    reach = f"{plural(len(versions), 'version')} of {plural(len(models), 'model')}, {in_production} in production"
    yield f"{name} reaches {reach}; {plural(running, 'deployment')} in use."
    if affected:
        yield ""
        yield from _table([_HEAD, *(_row(a) for a in affected)])
    if effects is None:
        return
    yield ""
    closing = [e for e in effects if e.what.startswith("gate ") and e.before != e.after]
    if not closing:
        yield "No gate would close if its legal basis were withdrawn."
        return
    yield "If its legal basis were withdrawn:"
    yield from (f"  {e.subject}: {e.what} {e.after}" for e in closing)


def _row(affected: Affected) -> tuple[str, ...]:
    use = {True: "in use", False: "switched off", None: ""}[affected.in_use]
    name = affected.node.id.replace(":", " ", 1)
    return name, affected.stage or use, str(affected.hops), affected.owner


def _table(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def as_json(node: Node, affected: Sequence[Affected], effects: Sequence[Effect] | None) -> str:
    """One JSON object. `if_withdrawn` is null for data that has no legal basis to lose."""
    content = {
        "format": FORMAT,
        "tool": {"name": NAME, "version": VERSION},
        "node": node.id,
        "affected": [
            {
                "id": a.node.id,
                "kind": a.node.kind,
                "hops": a.hops,
                "owner": a.owner,
                "stage": a.stage,
                "in_use": a.in_use,
            }
            for a in affected
        ],
        "if_withdrawn": None if effects is None else [asdict(e) for e in effects],
    }
    return json.dumps(content, indent=2) + "\n"
