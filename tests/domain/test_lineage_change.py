"""What is another between two lineages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.cases import assessed, base_registry, patched
from tests.support.sealing import sealed

from accredit.domain.lineage import Node, lineage_of
from accredit.domain.lineage_change import LineageChange, digests_of, lineage_change
from accredit.domain.registry import Registry

TRAINING = "datasets/loans-training.yaml"


def registry(patches: Mapping[str, Mapping[str, Any]] | None = None) -> Registry:
    return assessed(sealed(patched(base_registry(), patches or {}))).registry


def change(before: Registry, after: Registry) -> LineageChange:
    old, new = lineage_of(before), lineage_of(after)
    return lineage_change(old, new, (digests_of(before), digests_of(after)), {*old.nodes, *new.nodes})


def test_the_same_registry_has_no_change() -> None:
    assert change(registry(), registry()).is_empty


def test_data_with_another_digest_is_told_beside_the_digest_that_its_users_recorded() -> None:
    found = change(registry(), registry({TRAINING: {"sha256": "0" * 64}}))
    assert [(f.what.id, f.after) for f in found.redigested if isinstance(f.what, Node)] == [
        ("dataset:loans-training", "0" * 64)
    ]
    assert found.added == found.removed == ()


def test_another_input_is_a_link_more_and_a_change_back_is_the_same_link_less() -> None:
    inputs = [{"dataset": "loans-features"}, {"dataset": "loans-raw"}]
    before, after = registry(), registry({TRAINING: {"derived_from.inputs": inputs}})
    there, back = change(before, after), change(after, before)
    assert [(e.source, e.target) for e in there.added_edges] == [("dataset:loans-raw", "dataset:loans-training")]
    assert back.removed_edges == there.added_edges
    assert there.removed_edges == back.added_edges == ()


def test_a_dataset_that_is_registered_only_now_is_added() -> None:
    files = base_registry()
    without = assessed({p: d for p, d in files.items() if p != TRAINING}).registry
    assert [n.id for n in change(without, registry()).added] == ["dataset:loans-training"]
    assert [n.id for n in change(registry(), without).removed] == ["dataset:loans-training"]
