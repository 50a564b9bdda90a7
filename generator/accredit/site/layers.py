"""Where the things of a whole lineage go: in layers from raw data to deployments, in an order with few crossings.

Layers are longest paths (Sugiyama's method) and the order is by barycentres. It is ours because Graphviz takes minutes
where thousands of things hang together; what a page then shows of it, the page packs tightly by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accredit.domain.lineage import Lineage

SWEEPS = 8
"""Passes over the layers, there and back in turn. More of them change little."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing goes: its layer, from 0 for what was made from nothing, and its place in the layer."""

    layer: int
    order: int


def places_of(lineage: Lineage) -> Mapping[str, Place]:
    """Node to its place. What hangs together stays together; the same lineage always gives the same places."""
    layer = _layers(lineage)
    near = {node: _neighbours(node, lineage) for node in layer}
    columns: dict[int, list[str]] = {}
    for component in _components(near):
        for at, nodes in _ordered(component, layer, near).items():
            columns.setdefault(at, []).extend(nodes)
    return {node: Place(at, order) for at, nodes in columns.items() for order, node in enumerate(nodes)}


def _layers(lineage: Lineage) -> dict[str, int]:
    """Node to the length of the longest way to it. In a cycle, edges that lead back do not count."""
    found: dict[str, int] = {}
    for node in lineage.order():
        found[node] = max((found[e.source] + 1 for e in lineage.into.get(node, ()) if e.source in found), default=0)
    for node in reversed(list(found)):  # what has nothing before it stands beside what is made from it
        after = [found[e.target] for e in lineage.out_of.get(node, ()) if found[e.target] > found[node]]
        if after and not lineage.into.get(node):
            found[node] = min(after) - 1
    return found


def _neighbours(node: str, lineage: Lineage) -> tuple[str, ...]:
    edges = (*lineage.into.get(node, ()), *lineage.out_of.get(node, ()))
    return tuple(dict.fromkeys(end for e in edges for end in (e.source, e.target) if end != node))


def _components(near: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Nodes that hang together, the largest group first; in each, neighbours follow each other where that can be."""
    seen: set[str] = set()
    groups = []
    for start in near:
        group: list[str] = []
        stack = [start]
        while stack:
            node = stack.pop()
            if node not in seen:
                seen.add(node)
                group.append(node)
                stack += [other for other in reversed(near[node]) if other not in seen]
        if group:
            groups.append(group)
    return sorted(groups, key=lambda group: (-len(group), min(group)))


def _ordered(
    group: Sequence[str], layer: Mapping[str, int], near: Mapping[str, Sequence[str]]
) -> Mapping[int, list[str]]:
    """Layer to its nodes, each as near as may be to the middle of its neighbours in the layers already placed."""
    columns: dict[int, list[str]] = {}
    for node in group:
        columns.setdefault(layer[node], []).append(node)
    if len(columns) == len(group):
        return columns
    place = {node: _share(i, column) for column in columns.values() for i, node in enumerate(column)}
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        for at in sorted(columns, reverse=not forward):
            column = columns[at]
            means = {node: _mean(node, layer, near, place, forward=forward) for node in column}
            column.sort(key=lambda node: (means[node], place[node], node))
            place |= {node: _share(i, column) for i, node in enumerate(column)}
    return columns


def _share(index: int, column: Sequence[str]) -> float:
    """How far down its layer a node stands, so that layers of unlike length compare."""
    return (index + 0.5) / len(column)


def _mean(
    node: str,
    layer: Mapping[str, int],
    near: Mapping[str, Sequence[str]],
    place: Mapping[str, float],
    *,
    forward: bool,
) -> float:
    own = layer[node]
    found = [place[other] for other in near[node] if (layer[other] < own if forward else layer[other] > own)]
    return sum(found) / len(found) if found else place[node]
