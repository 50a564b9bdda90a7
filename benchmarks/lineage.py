"""How long the lineage explorer's file takes and how large it is: `python benchmarks/lineage.py`.

The lineage is made up and always the same: five layers of datasets and feature sets, versions and deployments, each
made from a few things of the layer before it, mostly near it, as in a registry of many teams.
"""

from __future__ import annotations

import argparse
import gzip
import random
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "generator")]

from accredit.domain.lineage import Edge, Lineage, Node, NodeKind, graph_of  # noqa: E402
from accredit.problems import Problem, Status  # noqa: E402
from accredit.site.explorer import About, script_of  # noqa: E402
from accredit.site.layers import places_of  # noqa: E402

LAYERS: tuple[tuple[NodeKind, str, float], ...] = (
    ("dataset", "raw", 0.10), ("dataset", "cleaned", 0.12), ("features", "features", 0.18),
    ("dataset", "training", 0.20), ("version", "model", 0.25), ("deployment", "production", 0.15),
)  # fmt: skip
"""Kind, detail and share of the nodes."""
SPREAD = 12
"""How far from the node straight before it a node takes its inputs (standard deviation)."""
STAGES = ("production", "archived", "archived", "review", "staging")


def made_up(nodes: int, edges: int, seed: int = 7) -> Lineage:
    """A lineage of so many nodes and edges."""
    chance = random.Random(seed)
    layers = [[_node(kind, detail, i) for i in range(int(nodes * share))] for kind, detail, share in LAYERS]
    layers[0] += [_node("dataset", "raw", i) for i in range(len(layers[0]), nodes - sum(map(len, layers[1:])))]
    found = {_edge(layers, at, i, chance) for at in range(1, len(layers)) for i in range(len(layers[at]))}
    while len(found) < edges:
        at = chance.randrange(1, len(layers) - 1)
        found.add(_edge(layers, at, chance.randrange(len(layers[at])), chance))
    return graph_of({n.id: n for layer in layers for n in layer}, found)


def _node(kind: NodeKind, detail: str, i: int) -> Node:
    name = f"model-{i // 4}@1.{i % 4}.0" if kind == "version" else f"{detail}-{i:05}"
    name = f"model-{i // 4}@1.{i % 4}.0/branch" if kind == "deployment" else name
    return Node(f"{kind}:{name}", kind, f"{detail.capitalize()} of team {i // 9}, number {i}", detail)


def _edge(layers: list[list[Node]], at: int, i: int, chance: random.Random) -> Edge:
    before = layers[at - 1]
    if at == len(layers) - 1:
        return Edge(before[i].id, layers[at][i].id, "deploy")
    near = int(i / len(layers[at]) * len(before) + chance.gauss(0, SPREAD))
    return Edge(before[min(max(near, 0), len(before) - 1)].id, layers[at][i].id, LAYERS[at][1])


def about(node: str) -> About:
    """What is said of a node of it."""
    kind, _, name = node.partition(":")
    number = sum(map(ord, name))
    owner = f"Person {number % 40}"
    if kind == "version":
        return About(owner, STAGES[number % len(STAGES)])  # type: ignore[arg-type]
    return About(owner, running=number % 3 == 0 if kind == "deployment" else None)


def statuses(lineage: Lineage) -> dict[str, Status]:
    """One dataset in fifty is without a legal basis."""
    found = {}
    for node in list(lineage.nodes)[::50]:
        if node.startswith("dataset:"):
            problem = Problem(node, "DATA103", "no legal basis is recorded")
            found[node] = Status((problem,))
            found |= {n: Status(upstream=(problem,)) for n in lineage.downstream(node) if n not in found}
    return found


def main() -> None:
    """Prints seconds and bytes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=5_000)
    parser.add_argument("--edges", type=int, default=20_000)
    parser.add_argument("--output", type=Path, help="write the file here, as lineage/data.js of a site")
    chosen = parser.parse_args()
    lineage = made_up(chosen.nodes, chosen.edges)
    begun = time.perf_counter()
    places_of(lineage)
    laid_out = time.perf_counter()
    script = script_of(lineage, statuses(lineage), about).encode()
    done = time.perf_counter()
    sizes = f"{len(script):,} bytes, {len(gzip.compress(script)):,} compressed"
    print(f"{len(lineage.nodes):,} nodes, {len(lineage.edges):,} edges")
    print(f"layout {laid_out - begun:.2f} s, file with layout {done - laid_out:.2f} s, {sizes}")
    if chosen.output:
        chosen.output.write_bytes(script)


if __name__ == "__main__":
    main()
