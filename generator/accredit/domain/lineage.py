"""Where a model comes from: raw data -> cleaned -> features -> training set -> version -> deployment."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Literal

from accredit.domain.dataset import Dataset
from accredit.domain.features import FeatureSet
from accredit.domain.provenance import Job
from accredit.domain.registry import ModelVersion, Registry

NodeKind = Literal["dataset", "features", "version", "deployment"]


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """One thing in the lineage. `id` is `<kind>:<name>`; `missing` where it is named but not registered."""

    id: str
    kind: NodeKind
    label: str
    detail: str = ""
    missing: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """What was made from what. `digest` is the SHA-256 that the downstream side recorded of the upstream side."""

    source: str
    target: str
    role: str = ""
    digest: str = ""
    job: Job | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Lineage:
    """A directed graph, edges from upstream to downstream, in a fixed order."""

    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]
    into: Mapping[str, tuple[Edge, ...]]
    out_of: Mapping[str, tuple[Edge, ...]]

    def upstream(self, node: str, hops: int | None = None) -> Mapping[str, int]:
        """Everything that the node was made from, with its distance in hops; the node itself is left out."""
        return self._reach(node, self.into, hops, upstream=True)

    def downstream(self, node: str, hops: int | None = None) -> Mapping[str, int]:
        """Everything that was made from the node, with its distance in hops."""
        return self._reach(node, self.out_of, hops, upstream=False)

    def _reach(
        self, start: str, edges: Mapping[str, tuple[Edge, ...]], hops: int | None, *, upstream: bool
    ) -> Mapping[str, int]:
        distance = {start: 0}
        queue = deque([start])
        while queue:
            node = queue.popleft()
            if hops is not None and distance[node] >= hops:
                continue
            for edge in edges.get(node, ()):
                other = edge.source if upstream else edge.target
                if other not in distance:
                    distance[other] = distance[node] + 1
                    queue.append(other)
        del distance[start]
        return distance

    def order(self, nodes: Iterable[str] | None = None) -> tuple[str, ...]:
        """Nodes, or some of them, each after all that it was made from; ties by id, and a cycle's nodes last."""
        chosen = sorted(self.nodes if nodes is None else nodes)
        sorter = self._sorter(chosen)
        with suppress(CycleError):  # the sorter still hands out every node that no cycle holds back
            sorter.prepare()
        placed: dict[str, None] = {}
        while ready := sorted(sorter.get_ready()):
            placed |= dict.fromkeys(ready)
            sorter.done(*ready)
        return (*placed, *(node for node in chosen if node not in placed))

    def cycle(self, nodes: Iterable[str] | None = None) -> tuple[str, ...]:
        """One cycle among the nodes, or some of them, in the order of making and from its first id; or nothing."""
        try:
            self._sorter(sorted(self.nodes if nodes is None else nodes)).prepare()
        except CycleError as error:
            found: list[str] = error.args[1][:-1]
            start = found.index(min(found))
            return (*found[start:], *found[:start])
        return ()

    def _sorter(self, nodes: Iterable[str]) -> TopologicalSorter[str]:
        chosen = dict.fromkeys(nodes)
        return TopologicalSorter(
            {node: [e.source for e in self.into.get(node, ()) if e.source in chosen] for node in chosen}
        )


@dataclass(frozen=True, slots=True)
class Upstream:
    """All that a version was made from, near and far, in the order of making."""

    datasets: Mapping[str, Dataset]
    features: Mapping[str, FeatureSet]
    missing: tuple[str, ...] = ()
    """Ids of nodes that are named and not registered."""
    cycle: tuple[str, ...] = ()
    """Ids of nodes that were made from each other, if any."""


def upstreams_of(registry: Registry, lineage: Lineage) -> Mapping[str, Upstream]:
    """`model@version` to all that the version was made from. Versions of the same data share one value."""
    shared: dict[tuple[str, ...], Upstream] = {}
    found = {}
    for version in registry.versions():
        node = f"version:{version.key}"
        direct = tuple(dict.fromkeys(edge.source for edge in lineage.into.get(node, ())))
        if direct not in shared:
            shared[direct] = _upstream(lineage.upstream(node), registry, lineage)
        found[version.key] = shared[direct]
    return found


def _upstream(nodes: Iterable[str], registry: Registry, lineage: Lineage) -> Upstream:
    ordered = [lineage.nodes[n] for n in lineage.order(nodes)]
    present = [(n.kind, n.id.partition(":")[2]) for n in ordered if not n.missing]
    return Upstream(
        {name: registry.datasets[name] for kind, name in present if kind == "dataset"},
        {name: registry.features[name] for kind, name in present if kind == "features"},
        tuple(n.id for n in ordered if n.missing),
        lineage.cycle(n.id for n in ordered),
    )


def lineage_of(registry: Registry) -> Lineage:
    """The lineage that a registry declares. Things that are named and not registered appear as missing nodes."""
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []
    for name, dataset in registry.datasets.items():
        nodes[f"dataset:{name}"] = Node(f"dataset:{name}", "dataset", dataset.name, dataset.kind)
        if dataset.derived_from:
            job = dataset.derived_from.job
            edges += [
                Edge(f"dataset:{i.dataset}", f"dataset:{name}", job.kind, i.sha256 or "", job)
                for i in dataset.derived_from.inputs
            ]
    for name, features in registry.features.items():
        nodes[f"features:{name}"] = Node(f"features:{name}", "features", features.name, "features")
        edges += [
            Edge(f"dataset:{i.dataset}", f"features:{name}", features.job.kind, i.sha256 or "", features.job)
            for i in features.inputs
        ]
    for version in registry.versions():
        _add_version(version, registry, nodes, edges)
    return graph_of(nodes, edges)


def _add_version(version: ModelVersion, registry: Registry, nodes: dict[str, Node], edges: list[Edge]) -> None:
    target = f"version:{version.key}"
    name = registry.model_of(version).record.name
    nodes[target] = Node(target, "version", f"{name} {version.id}", "model")
    edges += [Edge(f"dataset:{u.dataset}", target, u.role, u.sha256 or "") for u in version.record.datasets]
    edges += [Edge(f"features:{u.features}", target, "features", u.sha256 or "") for u in version.record.features]
    for deployment_name, deployment in version.deployments.items():
        node = f"deployment:{version.key}/{deployment_name}"
        nodes[node] = Node(node, "deployment", deployment_name, deployment.environment)
        edges.append(Edge(target, node, "deploy", deployment.artifact_sha256))


def graph_of(nodes: dict[str, Node], edges: Iterable[Edge]) -> Lineage:
    """The graph of nodes and edges. What an edge names and no node is becomes a missing node."""
    ordered = sorted(set(edges))
    for edge in ordered:
        for end in (edge.source, edge.target):
            kind, _, name = end.partition(":")
            nodes.setdefault(end, Node(end, kind, name, "not registered", missing=True))  # type: ignore[arg-type]
    into: dict[str, list[Edge]] = {}
    out_of: dict[str, list[Edge]] = {}
    for edge in ordered:
        into.setdefault(edge.target, []).append(edge)
        out_of.setdefault(edge.source, []).append(edge)
    return Lineage(
        dict(sorted(nodes.items())),
        tuple(ordered),
        {k: tuple(v) for k, v in into.items()},
        {k: tuple(v) for k, v in out_of.items()},
    )
