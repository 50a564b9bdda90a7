"""Which part of the lineage a diagram shows: the nodes in focus, what they came from and what came from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from accredit.domain.lineage import Edge, Lineage, Node

MOST_NODES = 40
"""More boxes than this are not read; the rest is counted at the boxes where it would hang."""
HOPS = 2
"""How far a diagram reaches from its focus."""
ORIGIN_HOPS = 5
"""How far it reaches back from a version or deployment: through training set, features and cleaning to the raw data."""


@dataclass(frozen=True, slots=True)
class More:
    """Neighbours of a shown node that are left out."""

    node: str
    upstream: bool
    count: int


@dataclass(frozen=True)
class Cut:
    """The part of a lineage that is shown. Focus first, then by distance."""

    focus: tuple[str, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    more: tuple[More, ...]

    @property
    def hidden(self) -> int:
        """How many neighbours of shown nodes are left out."""
        return sum(more.count for more in self.more)


def cut(lineage: Lineage, focus: Sequence[str], *, most: int = MOST_NODES) -> Cut:
    """The surroundings of some nodes. Nodes that the lineage does not know are left out."""
    known = tuple(dict.fromkeys(node for node in focus if node in lineage.nodes))
    shown = dict.fromkeys(known[:most])
    reach_back = ORIGIN_HOPS if any(node.startswith(("version:", "deployment:")) for node in known) else HOPS
    before, after = list(shown), list(shown)
    sources, targets = dict.fromkeys(shown), dict.fromkeys(shown)
    for distance in range(1, max(reach_back, HOPS) + 1):
        if distance <= reach_back:
            before = _grow(before, lineage.into, shown, most, upstream=True)
            sources.update(dict.fromkeys(before))
        if distance <= HOPS:
            after = _grow(after, lineage.out_of, shown, most, upstream=False)
            targets.update(dict.fromkeys(after))
    more = [More(n, True, c) for n in sources if (c := _hidden(n, lineage.into, shown, upstream=True))]  # noqa: FBT003
    more += [More(n, False, c) for n in targets if (c := _hidden(n, lineage.out_of, shown, upstream=False))]  # noqa: FBT003
    edges = tuple(sorted(e for n in shown for e in lineage.into.get(n, ()) if e.source in shown))
    return Cut(tuple(known[:most]), tuple(lineage.nodes[n] for n in shown), edges, tuple(more))


def _grow(
    frontier: Iterable[str], edges: Mapping[str, tuple[Edge, ...]], shown: dict[str, None], most: int, *, upstream: bool
) -> list[str]:
    """The next ring around the frontier, as far as there is room; it is added to what is shown."""
    ring: list[str] = []
    for node in frontier:
        for edge in edges.get(node, ()):
            if len(shown) >= most:
                return ring
            other = edge.source if upstream else edge.target
            if other not in shown:
                shown[other] = None
                ring.append(other)
    return ring


def _hidden(node: str, edges: Mapping[str, tuple[Edge, ...]], shown: Mapping[str, None], *, upstream: bool) -> int:
    return len({e.source if upstream else e.target for e in edges.get(node, ())}.difference(shown))
