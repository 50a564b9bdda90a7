from __future__ import annotations

from collections.abc import Iterable

from accredit.domain.lineage import Edge, Lineage, Node
from accredit.site.neighbourhood import MOST_NODES, cut


def lineage(*edges: tuple[str, str]) -> Lineage:
    """A lineage of datasets, or of versions where the name begins with `v`."""
    made = sorted(Edge(named(a), named(b)) for a, b in edges)
    nodes = {n: Node(n, kind_of(n), n.partition(":")[2]) for e in made for n in (e.source, e.target)}
    into: dict[str, list[Edge]] = {}
    out_of: dict[str, list[Edge]] = {}
    for edge in made:
        into.setdefault(edge.target, []).append(edge)
        out_of.setdefault(edge.source, []).append(edge)
    return Lineage(dict(sorted(nodes.items())), tuple(made), frozen(into), frozen(out_of))


def frozen(edges: dict[str, list[Edge]]) -> dict[str, tuple[Edge, ...]]:
    return {node: tuple(found) for node, found in edges.items()}


def named(name: str) -> str:
    return f"{'version' if name.startswith('v') else 'dataset'}:{name}"


def kind_of(node: str) -> str:
    return node.partition(":")[0]


def names(nodes: Iterable[Node]) -> set[str]:
    return {node.label for node in nodes}


CHAIN = lineage(("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", "f"), ("f", "g"))


def test_a_dataset_is_shown_with_two_steps_in_each_direction() -> None:
    found = cut(CHAIN, ["dataset:d"])
    assert names(found.nodes) == {"b", "c", "d", "e", "f"}
    assert [(more.node, more.upstream, more.count) for more in found.more] == [
        ("dataset:b", True, 1),
        ("dataset:f", False, 1),
    ]


def test_a_version_is_shown_with_all_that_it_came_from() -> None:
    found = cut(lineage(("a", "b"), ("b", "c"), ("c", "d"), ("d", "v")), ["version:v"])
    assert names(found.nodes) == {"a", "b", "c", "d", "v"}
    assert found.hidden == 0


def test_siblings_are_not_shown_and_not_counted() -> None:
    found = cut(lineage(("a", "v1"), ("a", "v2")), ["version:v1"])
    assert names(found.nodes) == {"a", "v1"}
    assert found.more == ()


def test_of_a_crowd_as_many_are_shown_as_can_be_read_and_the_others_are_counted() -> None:
    found = cut(lineage(*(("a", f"v{i:03}") for i in range(500))), ["dataset:a"])
    assert len(found.nodes) == MOST_NODES
    assert [(more.node, more.count) for more in found.more] == [("dataset:a", 500 - MOST_NODES + 1)]


def test_a_crowd_on_one_side_leaves_room_for_the_other() -> None:
    crowd = [("a", f"v{i:03}") for i in range(500)]
    assert "origin" in names(cut(lineage(("origin", "a"), *crowd), ["dataset:a"]).nodes)


def test_edges_between_shown_nodes_are_all_there() -> None:
    found = cut(lineage(("a", "b"), ("b", "v"), ("a", "v")), ["version:v"])
    assert {(e.source, e.target) for e in found.edges} == {
        ("dataset:a", "dataset:b"),
        ("dataset:b", "version:v"),
        ("dataset:a", "version:v"),
    }


def test_a_cycle_ends() -> None:
    assert names(cut(lineage(("a", "b"), ("b", "a")), ["dataset:a"]).nodes) == {"a", "b"}


def test_an_unknown_node_has_no_neighbourhood() -> None:
    assert cut(CHAIN, ["dataset:z"]).nodes == ()
