"""What is another between two lineages of a registry, such as those of two revisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accredit.domain.lineage import Edge, Lineage, Node
from accredit.domain.registry import Registry


@dataclass(frozen=True, slots=True)
class Redigested:
    """Something with another SHA-256 than before; empty where none is recorded."""

    what: Node | Edge
    before: str
    after: str


@dataclass(frozen=True)
class LineageChange:
    """What was added, what is gone, and what has another digest."""

    added: tuple[Node, ...]
    removed: tuple[Node, ...]
    added_edges: tuple[Edge, ...]
    removed_edges: tuple[Edge, ...]
    redigested: tuple[Redigested, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return not (self.added or self.removed or self.added_edges or self.removed_edges or self.redigested)


def lineage_change(
    before: Lineage, after: Lineage, digests: tuple[Mapping[str, str], Mapping[str, str]], among: Iterable[str]
) -> LineageChange:
    """What changed among some nodes and the edges between them.

    Args:
        before: The earlier lineage.
        after: The later one.
        digests: Of each lineage, node to the SHA-256 that its record states.
        among: Ids of the nodes to compare, of either lineage.
    """
    chosen = set(among)
    old, new = ({n: g.nodes[n] for n in sorted(chosen) if n in g.nodes} for g in (before, after))
    old_edges, new_edges = (_edges(g, chosen) for g in (before, after))
    both = [Redigested(new[n], digests[0].get(n, ""), digests[1].get(n, "")) for n in new if n in old]
    both += [Redigested(edge, old_edges[k].digest, edge.digest) for k, edge in new_edges.items() if k in old_edges]
    return LineageChange(
        tuple(new[n] for n in new if n not in old or (old[n].missing and not new[n].missing)),
        tuple(old[n] for n in old if n not in new or (new[n].missing and not old[n].missing)),
        tuple(edge for key, edge in new_edges.items() if key not in old_edges),
        tuple(edge for key, edge in old_edges.items() if key not in new_edges),
        tuple(found for found in both if found.before != found.after),
    )


def _edges(lineage: Lineage, chosen: set[str]) -> Mapping[tuple[str, str, str], Edge]:
    return {(e.source, e.target, e.role): e for e in lineage.edges if {e.source, e.target} <= chosen}


def digests_of(registry: Registry) -> Mapping[str, str]:
    """Each dataset and feature set, as a node of the lineage, to the SHA-256 that it states of itself."""
    datasets = {f"dataset:{name}": d.sha256 for name, d in registry.datasets.items()}
    features = {f"features:{name}": f.sha256 for name, f in registry.features.items()}
    return {node: sha256 for node, sha256 in (datasets | features).items() if sha256}
