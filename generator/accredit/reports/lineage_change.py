"""What changed in a lineage since a revision, as text to read and JSON for a program."""

from __future__ import annotations

import json
from collections.abc import Iterator

from accredit.domain.lineage import Edge, Node
from accredit.domain.lineage_change import LineageChange, Redigested
from accredit.reports.plain import one_line
from accredit.reports.tool import NAME, VERSION

FORMAT = 1
_SHORT = 12


def text(focus: str, base: str, change: LineageChange) -> str:
    """A line for each thing and each link: + added, - gone, ~ another digest."""
    lines = [f"{_name(focus)} since {base}:", *_lines(change)]
    if change.is_empty:
        lines = [f"Nothing changed in the lineage of {_name(focus)} since {base}."]
    return "\n".join(one_line(line) for line in lines) + "\n"


def _lines(change: LineageChange) -> Iterator[str]:
    yield from (f"  + {_named(node)}" for node in change.added)
    yield from (f"  - {_named(node)}" for node in change.removed)
    yield from (f"  ~ {_named(found.what)}: {_digests(found)}" for found in change.redigested)
    yield from (f"  + {_named(edge)}" for edge in change.added_edges)
    yield from (f"  - {_named(edge)}" for edge in change.removed_edges)


def _name(node: str) -> str:
    return node.replace(":", " ", 1)


def _named(what: Node | Edge) -> str:
    if isinstance(what, Edge):
        return f"{_name(what.source)} -> {_name(what.target)}" + (f" [{what.role}]" if what.role else "")
    return _name(what.id) + (f"  {what.label}" if what.label != what.id.partition(":")[2] else "")


def _digests(found: Redigested) -> str:
    before, after = (f"{d[:_SHORT]}..." if d else "none" for d in (found.before, found.after))
    return f"sha256 {before} before, {after} now"


def as_json(focus: str, base: str, change: LineageChange) -> str:
    """One JSON object with whole digests."""
    content = {
        "format": FORMAT,
        "tool": {"name": NAME, "version": VERSION},
        "focus": focus,
        "base": base,
        "added": {"nodes": _ids(change.added), "edges": [_edge(e) for e in change.added_edges]},
        "removed": {"nodes": _ids(change.removed), "edges": [_edge(e) for e in change.removed_edges]},
        "redigested": [
            {**_what(f.what), "before": f.before or None, "after": f.after or None} for f in change.redigested
        ],
    }
    return json.dumps(content, indent=2) + "\n"


def _ids(nodes: tuple[Node, ...]) -> list[str]:
    return [node.id for node in nodes]


def _what(what: Node | Edge) -> dict[str, str]:
    return _edge(what) if isinstance(what, Edge) else {"node": what.id}


def _edge(edge: Edge) -> dict[str, str]:
    return {"source": edge.source, "target": edge.target, "role": edge.role}
