"""Where the things of a whole lineage go."""

from __future__ import annotations

import random

from hypothesis import given
from tests.domain.test_lineage import acyclic, graphs, made_from

from accredit.domain.lineage import Lineage
from accredit.site.layers import Place, places_of


def crossings(lineage: Lineage, place: dict[str, Place]) -> int:
    """How often two edges between the same two layers cross."""
    ends = [(place[e.source], place[e.target]) for e in lineage.edges]
    pairs = [(a, b) for i, a in enumerate(ends) for b in ends[i + 1 :]]
    same = [(a, b) for a, b in pairs if a[0].layer == b[0].layer and a[1].layer == b[1].layer]
    return sum((a[0].order - b[0].order) * (a[1].order - b[1].order) < 0 for a, b in same)


@given(graphs)
def test_every_edge_leads_to_a_later_layer(inputs: dict[str, set[str]]) -> None:
    lineage = made_from(acyclic(inputs))
    place = places_of(lineage)
    assert place.keys() == lineage.nodes.keys()
    assert all(place[e.source].layer < place[e.target].layer for e in lineage.edges)


@given(graphs)
def test_no_two_things_have_one_place_even_in_cycles(inputs: dict[str, set[str]]) -> None:
    lineage = made_from(inputs)
    place = places_of(lineage)
    assert len(set(place.values())) == len(place) == len(lineage.nodes)


def test_a_raw_dataset_stands_beside_what_is_made_from_it() -> None:
    place = places_of(made_from({"a": set(), "b": {"a"}, "c": {"b"}, "d": {"c", "late"}, "late": set()}))
    assert place["dataset:late"].layer == place["dataset:d"].layer - 1


def test_what_hangs_together_is_not_mixed_with_the_rest() -> None:
    lineage = made_from({"a": set(), "b": {"a"}, "c": {"a"}, "x": set(), "y": {"x"}, "z": {"y"}})
    second = sorted((p.order, n) for n, p in places_of(lineage).items() if p.layer == 1)
    assert [node for _, node in second] in (
        ["dataset:b", "dataset:c", "dataset:y"],
        ["dataset:y", "dataset:b", "dataset:c"],
    )


def test_few_edges_cross_though_names_are_in_no_order() -> None:
    chance = random.Random(3)
    names = [f"n{i:03}" for i in range(80)]
    chance.shuffle(names)
    left, right = names[:40], names[40:]
    inputs: dict[str, set[str]] = {name: set() for name in left}
    inputs |= {name: {left[i], left[min(i + 1, 39)]} for i, name in enumerate(right)}
    lineage = made_from(inputs)
    by_name = {n: Place(int(n in {f"dataset:{r}" for r in right}), i) for i, n in enumerate(lineage.nodes)}
    assert crossings(lineage, dict(places_of(lineage))) < crossings(lineage, by_name) / 5
