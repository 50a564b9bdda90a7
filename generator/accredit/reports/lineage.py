"""Lineage around one thing: a tree to read, DOT and Mermaid to draw elsewhere, and JSON for a program."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from accredit.domain.lineage import Edge, Lineage, Node
from accredit.problems import Status
from accredit.reports.plain import one_line
from accredit.reports.tool import NAME, VERSION

FORMAT = 1
_SHAPES = {"dataset": "box", "features": "component", "version": "box3d", "deployment": "cds"}
"""Kind of node to Graphviz shape."""
_NOT_PLAIN = re.compile(r"[^\w .,@/+-]")


@dataclass(frozen=True)
class Part:
    """The part of a lineage that is told: a node, what it came from and what came from it, as far as asked."""

    lineage: Lineage
    focus: str
    upstream: bool = True
    downstream: bool = True
    depth: int | None = None
    """Most hops in each direction; None for all."""
    statuses: Mapping[str, Status] = field(default_factory=dict)
    """Node to what is wrong with it or upstream of it."""

    @cached_property
    def before(self) -> tuple[str, ...]:
        """Ids of what the node came from, nearest first."""
        return tuple(self.lineage.upstream(self.focus, self.depth)) if self.upstream else ()

    @cached_property
    def after(self) -> tuple[str, ...]:
        """Ids of what came from the node, nearest first."""
        return tuple(self.lineage.downstream(self.focus, self.depth)) if self.downstream else ()

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every node in the order of making."""
        return tuple(self.lineage.nodes[n] for n in self.lineage.order({self.focus, *self.before, *self.after}))

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Every edge on a way into or out of the node."""
        sources, targets = {self.focus, *self.before}, {self.focus, *self.after}
        ends = ((edge, {edge.source, edge.target}) for edge in self.lineage.edges)
        return tuple(edge for edge, both in ends if both <= sources or both <= targets)


def tree(part: Part) -> str:
    """The node, then what it came from and what went out of it, indented. Each node is unfolded once, where nearest."""
    lineage = part.lineage
    lines = [_named(part, part.focus), *_wrong(part)]
    if part.upstream:
        found = list(_branches(part, lineage.into, lineage.upstream(part.focus, part.depth), lambda edge: edge.source))
        lines += ["", "Made from:", *(found or ["  nothing that is registered"])]
    if part.downstream:
        reach = lineage.downstream(part.focus, part.depth)
        found = list(_branches(part, lineage.out_of, reach, lambda edge: edge.target))
        lines += ["", "Went into:", *(found or ["  nothing that is registered"])]
    return "\n".join(lines) + "\n"


def _branches(
    part: Part, edges: Mapping[str, tuple[Edge, ...]], hops: Mapping[str, int], end: Callable[[Edge], str]
) -> Iterator[str]:
    """A line for each neighbour, and below it its own. A stack, not recursion, since lineages may be deep."""
    unfolded = {part.focus}
    stack = [(edge, 1) for edge in reversed(edges.get(part.focus, ()))] if hops else []
    while stack:
        edge, level = stack.pop()
        node, beyond = end(edge), edges.get(end(edge), ())
        unfolds = level == hops.get(node) and level != part.depth and node not in unfolded
        role = f" [{edge.role}]" if edge.role else ""
        yield f"{'  ' * level}{_named(part, node)}{role}{' ...' if beyond and not unfolds else ''}"
        if unfolds:
            unfolded.add(node)
            stack += [(further, level + 1) for further in reversed(beyond)]


def _named(part: Part, node: str) -> str:
    known, status, name = part.lineage.nodes[node], part.statuses.get(node), node.partition(":")[2]
    label = f"  {one_line(known.label)}" if known.label != name else ""
    sign = "" if status is None else "  ! problem" if status.own else "  ! upstream problem"
    return f"{known.detail if known.missing else known.kind} {one_line(name)}{label}{sign}"


def _wrong(part: Part) -> Iterator[str]:
    """What is wrong with the node, and upstream of it."""
    status = part.statuses.get(part.focus, Status())
    for word, problems in (("problem", status.own), ("upstream problem", status.upstream)):
        yield from (f"  ! {word}: {one_line(f'{p.code} {p.message}'.strip())}" for p in problems)


def dot(part: Part) -> str:
    """A Graphviz digraph, left to right. Labels are quoted by us, so no text of a registry is read as DOT."""
    lines = ["digraph lineage {", "  rankdir=LR;", '  node [fontname="Helvetica"];']
    for node in part.nodes:
        style = ', style="dashed"' if node.missing else ', style="bold"' if node.id == part.focus else ""
        lines.append(f"  {_quoted(node.id)} [label={_quoted(node.label)}, shape={_SHAPES[node.kind]}{style}];")
    lines += [f"  {_quoted(e.source)} -> {_quoted(e.target)} [label={_quoted(e.role)}];" for e in part.edges]
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    escaped = one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def mermaid(part: Part) -> str:
    """A Mermaid flowchart. Every character that Mermaid could read as its own is written as an entity."""
    ids = {node.id: f"n{index}" for index, node in enumerate(part.nodes)}
    lines = ["flowchart LR"]
    lines += [f'  {ids[node.id]}["{_entities(node.label)}"]' for node in part.nodes]
    for edge in part.edges:
        arrow = f' -- "{_entities(edge.role)}" --> ' if edge.role else " --> "
        lines.append(f"  {ids[edge.source]}{arrow}{ids[edge.target]}")
    return "\n".join([*lines, f"  style {ids[part.focus]} stroke-width:3px"]) + "\n"


def _entities(text: str) -> str:
    return _NOT_PLAIN.sub(lambda match: f"#{ord(match[0])};", one_line(text))


def as_json(part: Part) -> str:
    """One JSON object: the nodes in the order of making, and the edges from upstream to downstream."""
    content = {
        "format": FORMAT,
        "tool": {"name": NAME, "version": VERSION},
        "focus": part.focus,
        "nodes": [
            {"id": n.id, "kind": n.kind, "label": n.label, "registered": not n.missing} | _status(part, n)
            for n in part.nodes
        ],
        "edges": [
            {
                "source": e.source,
                "target": e.target,
                "role": e.role,
                "sha256": e.digest or None,
                "job": e.job.name if e.job else None,
            }
            for e in part.edges
        ],
    }
    return json.dumps(content, indent=2) + "\n"


def _status(part: Part, node: Node) -> dict[str, list[dict[str, str]]]:
    status = part.statuses.get(node.id, Status())
    named = {"problems": status.own, "upstream_problems": status.upstream}
    return {
        name: [{"node": p.node, "rule": p.code, "message": p.message} for p in problems]
        for name, problems in named.items()
    }
