"""Facts about reach: what is recorded is known, what is not is unknown, and a place lies in wider ones."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.cases import base_files, patched
from tests.support.memory_tree import MemoryTree
from tests.support.sealing import sealed

from accredit.domain.classification import FACTS, facts_of
from accredit.domain.field_path import is_field, values_at
from accredit.domain.predicate import Facts
from accredit.domain.regions import with_wider
from accredit.loading.tree import load

MODEL = "models/loan-default/model.yaml"
RAW = "datasets/loans-training.yaml"


def facts(patches: dict[str, Any] | None = None) -> Facts:
    registry = load(MemoryTree(sealed(patched(base_files(), patches or {})))).registry
    return facts_of(registry.models["loan-default"], registry)


def test_every_fact_that_conditions_may_name_is_given() -> None:
    assert set(facts()) == FACTS


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ((), set()),
        (("US-NYC",), {"US-NYC", "US-NY", "US"}),
        (("US-CA", "GB"), {"US-CA", "US", "GB"}),
        (("DE-BY",), {"DE-BY", "DE", "EU"}),
        (("EU", "FR"), {"EU", "FR"}),
        (("CH",), {"CH"}),
    ],
)
def test_a_region_lies_in_wider_ones(given: tuple[str, ...], found: set[str]) -> None:
    assert set(with_wider(given)) == found
    assert len(with_wider(given)) == len(found)


@pytest.mark.parametrize(
    ("patches", "fact", "value"),
    [
        ({}, "organisation.bank", None),
        ({"policy.yaml": {"organisation": {"bank": False}}}, "organisation.bank", False),
        ({"policy.yaml": {"organisation": {"hipaa_role": ("none",)}}}, "organisation.hipaa_role", ("none",)),
        ({}, "policy.frameworks", ("none",)),
        ({"policy.yaml": {"catalogue": {"enforce": ("gdpr",)}}}, "policy.frameworks", ("gdpr",)),
        ({MODEL: {"technology": {"agentic": True}}}, "tech.agentic", True),
        ({}, "tech.agentic", None),
        ({}, "third_party", None),
        ({MODEL: {"third_party": False}}, "third_party", False),
        ({}, "eu_ai_act.derogated", False),
        ({MODEL: {"risk.ai_act.risk": "unclassified"}}, "eu_ai_act.derogated", None),
        ({MODEL: {"risk.ai_act.annex_iii_point": ("5b",)}}, "eu_ai_act.annex_iii_point", ("5b",)),
        ({RAW: {"large_scale": True}}, "data.large_scale", True),
        ({RAW: {"region": {"storage": ("US",), "subjects": ("DE",)}}}, "data.transfer_outside", True),
        ({RAW: {"legal_basis": {"basis": "contract", "reference": "C-1"}}}, "data.bases", "contract"),
    ],
)
def test_a_fact_is_what_is_recorded(patches: dict[str, Any], fact: str, value: object) -> None:
    found = facts(patches)[fact]
    assert found == value or (isinstance(found, tuple) and value in found)


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("dataset.quality.known_gaps", True),
        ("card.monitoring_plan.owner", True),
        ("evaluation.fairness.source", True),
        ("model.scope.us-mrm.in_scope", True),
        ("model.scope.us-mrm.colour", False),
        ("model", False),
        ("model.colour", False),
        ("person.name", False),
        ("evaluation.fairness.0.source", False),
    ],
)
def test_a_path_leads_to_a_field_of_the_format_or_not(path: str, *, known: bool) -> None:
    assert is_field(path) is known


def test_values_are_found_in_every_item_with_their_place() -> None:
    registry = load(MemoryTree(sealed(base_files()))).registry
    record = registry.models["loan-default"].record
    found = list(values_at(record, ("risk", "risks", "residual", "level")))
    assert found == [(("risk", "risks", 0, "residual", "level"), "low")]
