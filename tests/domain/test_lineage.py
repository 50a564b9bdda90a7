from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from hypothesis import given
from hypothesis import strategies as st
from tests.support.cases import assessed, base_registry, patched
from tests.support.sealing import sealed

from accredit.domain.dataset import Dataset
from accredit.domain.lineage import Lineage, lineage_of, upstreams_of
from accredit.domain.registry import Registry

NAMES = tuple("abcdefgh")
SHA = "0" * 64
CHAIN = [
    "dataset:loans-raw",
    "dataset:loans-cleaned",
    "dataset:loans-features",
    "dataset:loans-training",
    "version:loan-default@2.0.0",
    "deployment:loan-default@2.0.0/branches",
]


def made_from(inputs: Mapping[str, set[str]]) -> Lineage:
    """The lineage of datasets, each with the names of what it was made from."""
    datasets = {name: dataset(name, sorted(sources)) for name, sources in inputs.items()}
    return lineage_of(Registry(None, None, datasets=datasets))


def dataset(name: str, sources: list[str]) -> Dataset:
    derived = {"job": {"name": "job", "kind": "other"}, "inputs": tuple({"dataset": s} for s in sources)}
    record = {"name": name, "kind": "raw", "owner": "ada", "version": "1"}
    return Dataset.model_validate(record | ({"derived_from": derived} if sources else {}))


graphs = st.dictionaries(st.sampled_from(NAMES), st.sets(st.sampled_from(NAMES), max_size=3), max_size=8)


def acyclic(inputs: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The same graph without the edges that do not run from an earlier to a later name."""
    return {name: {s for s in sources if s < name} for name, sources in inputs.items()}


@given(graphs)
def test_a_cycle_is_found_exactly_where_the_standard_library_finds_one(inputs: dict[str, set[str]]) -> None:
    try:
        TopologicalSorter(inputs).prepare()
    except CycleError:
        cyclic = True
    else:
        cyclic = False
    cycle = [node.removeprefix("dataset:") for node in made_from(inputs).cycle()]
    assert bool(cycle) == cyclic
    assert all(before in inputs[after] for before, after in zip(cycle, [*cycle[1:], *cycle[:1]], strict=True))
    assert cycle == [] or cycle[0] == min(cycle)


@given(graphs)
def test_order_puts_everything_after_what_it_was_made_from(inputs: dict[str, set[str]]) -> None:
    lineage = made_from(acyclic(inputs))
    place = {node: i for i, node in enumerate(lineage.order())}
    assert sorted(place) == list(lineage.nodes)
    assert all(place[edge.source] < place[edge.target] for edge in lineage.edges)


@given(graphs)
def test_order_has_every_node_once_even_in_cycles(inputs: dict[str, set[str]]) -> None:
    lineage = made_from(inputs)
    assert sorted(lineage.order()) == list(lineage.nodes)


@given(graphs, st.sampled_from(NAMES), st.integers(0, 4))
def test_hops_limit_how_far_upstream_reaches(inputs: dict[str, set[str]], name: str, hops: int) -> None:
    lineage, node = made_from(inputs), f"dataset:{name}"
    everything = lineage.upstream(node)
    assert lineage.upstream(node, hops) == {n: d for n, d in everything.items() if d <= hops}
    assert node not in everything


@given(graphs, st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_downstream_is_upstream_seen_from_the_other_end(inputs: dict[str, set[str]], one: str, other: str) -> None:
    lineage, a, b = made_from(inputs), f"dataset:{one}", f"dataset:{other}"
    assert lineage.upstream(a).get(b) == lineage.downstream(b).get(a)


def test_a_long_chain_is_followed_to_its_end() -> None:
    chain = {f"d{i:05}": {f"d{i - 1:05}"} if i else set() for i in range(5000)}
    lineage = made_from(chain)
    assert lineage.upstream("dataset:d04999")["dataset:d00000"] == 4999
    assert lineage.order()[0] == "dataset:d00000"
    assert lineage.cycle() == ()


def test_a_dataset_that_is_not_registered_is_a_missing_node() -> None:
    lineage = made_from({"a": {"lost"}})
    assert [(n.id, n.missing) for n in lineage.nodes.values()] == [("dataset:a", False), ("dataset:lost", True)]
    assert lineage.upstream("dataset:a") == {"dataset:lost": 1}


def test_a_deployment_leads_back_to_raw_data() -> None:
    lineage = assessed(base_registry()).lineage
    upstream = lineage.upstream(CHAIN[-1])
    assert [node for node in lineage.order(upstream) if node in CHAIN] == CHAIN[:-1]
    assert {node: upstream[node] for node in CHAIN[:-1]} == dict(zip(CHAIN[:-1], (5, 4, 3, 2, 1), strict=True)) | {
        "dataset:loans-cleaned": 3,  # the feature set is a shorter way
        "dataset:loans-raw": 4,
    }


def test_an_edge_carries_the_digest_that_the_downstream_side_recorded() -> None:
    lineage = assessed(base_registry()).lineage
    (edge,) = [e for e in lineage.into["dataset:loans-training"] if e.source == "dataset:loans-features"]
    assert edge.digest == "92073223f47a9169aebfc18e526f8713b9b75c83cf78849abc4f330f2b2d796d"
    assert edge.job is not None
    assert (edge.role, edge.job.owner) == ("split", "dana")


def test_versions_of_the_same_data_share_what_is_upstream() -> None:
    registry = assessed(base_registry()).registry
    upstreams = upstreams_of(registry, lineage_of(registry))
    assert upstreams["loan-default@1.0.0"] is upstreams["loan-default@2.0.0"]


def test_upstream_names_data_in_the_order_of_making_and_what_is_missing() -> None:
    path = "models/loan-default/versions/2.0.0/version.yaml"
    uses = [{"dataset": name, "role": "training"} for name in ("loans-training", "lost")]
    registry = assessed(sealed(patched(base_registry(), {path: {"datasets": uses, "features": None}}))).registry
    upstream = upstreams_of(registry, lineage_of(registry))["loan-default@2.0.0"]
    assert list(upstream.datasets) == ["loans-raw", "loans-cleaned", "loans-features", "loans-training"]
    assert (upstream.features, upstream.missing, upstream.cycle) == ({}, ("dataset:lost",), ())
