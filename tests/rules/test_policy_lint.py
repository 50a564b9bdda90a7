"""The policy can be kept: people can sign what it asks, and what it names exists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.support.cases import AS_OF, SUBJECT, assessed, base_files, base_registry, patched
from tests.support.sealing import sealed

from accredit.assess import Assessment
from accredit.domain.classification import FACTS, facts_of
from accredit.rules.context import Context

VERSION = "models/loan-default/versions/2.0.0/version.yaml"
MODEL = "models/loan-default/model.yaml"


def with_patches(patches: Mapping[str, Any]) -> Assessment:
    return assessed(sealed(patched(base_files(), patches)))


def messages(code: str, patches: Mapping[str, Any]) -> list[str]:
    return sorted({f.message for f in with_patches(patches).findings if f.code == code})


def test_every_fact_that_is_collected_may_be_named_and_no_other() -> None:
    registry = assessed(base_registry()).registry
    assert registry.policy is not None
    model = registry.models["loan-default"]
    assert frozenset(facts_of(model, registry)) == FACTS
    assert frozenset(Context(registry, registry.policy, AS_OF).standing(model).facts) == FACTS


def test_the_person_who_trained_a_version_is_not_counted_on_to_sign_it() -> None:
    (found,) = messages("POL102", {VERSION: {"trained.by": "vera"}})
    assert found.startswith("review->production cannot be signed at tier 1: for 2.0.0, nobody independent holds")
    assert found.endswith("the role validator: vera trained it")


def test_a_bot_that_trains_does_so_for_the_person_who_is_responsible_for_it() -> None:
    robot = {"name": "Robot", "kind": "bot", "responsible": "vera"}
    found = messages("POL102", {"people/robot.yaml": robot, VERSION: {"trained.by": "robot"}})
    assert [m.rpartition(": ")[2] for m in found] == ["vera trained it"]


def test_a_second_person_in_the_role_is_enough() -> None:
    second = {"roles.1": {"role": "validator", "from": AS_OF}}
    assert messages("POL102", {VERSION: {"trained.by": "vera"}, "people/otto.yaml": second}) == []


def test_one_person_in_two_roles_gives_one_signature() -> None:
    both = {"people/rolf.yaml": None, "people/vera.yaml": {"roles.1": {"role": "risk", "from": AS_OF}}}
    found = messages("POL102", both)
    assert [m for m in found if "has to sign in another role" in m] == found
    assert len(found) == 1


def test_the_only_person_there_is_cannot_request_and_sign() -> None:
    people = ("dana", "gwen", "lars", "otto", "pia", "rita", "rolf", "vera")
    gone = {f"people/{p}.yaml": {"active_to": AS_OF.replace(day=1)} for p in people}
    found = messages("POL102", gone)
    assert any(m.startswith("staging->review cannot be signed") and "has to request it" in m for m in found)


def test_signatures_that_a_tier_does_not_need_are_not_counted() -> None:
    unheld = {"transitions.production->archived.sign.1": {"role": ["governance"], "tiers": [3]}}
    assert messages("POL102", {"policy.yaml": unheld, "people/gwen.yaml": {"active_to": AS_OF.replace(day=1)}}) == []


@pytest.mark.parametrize(("chosen", "found"), [("fast", 1), ("standard", 1), ("strict", 0), (None, 0)])
def test_a_model_may_be_held_to_more_than_its_floor_and_not_to_less(chosen: str | None, found: int) -> None:
    patches: dict[str, Any] = {MODEL: {"profile": chosen}} if chosen else {}
    assert len(messages("POL103", patches)) == found
    assert with_patches(patches).models["loan-default"].standing.profile == "strict"


def test_a_clash_of_minimum_and_maximum_is_left_to_a_human() -> None:
    result = with_patches({"datasets/loans-training.yaml": {"max_retention_months": 35}}).version(SUBJECT)
    assert result.results["POL105"].outcome == "inconclusive"


def test_a_gate_that_excludes_all_that_it_names_is_empty() -> None:
    gate = {"rules": ["CARD"], "not": ["CARD"]}
    assert messages("POL106", {"policy.yaml": {"gates.staging->review": gate}}) == [
        "the gate staging->review asks for no rule"
    ]


def test_a_limit_may_name_a_metric_that_only_an_evaluation_knows() -> None:
    evaluation = "models/loan-default/versions/2.0.0/evaluations/held-out.yaml"
    limit = {"policy.yaml": {"performance.tasks.binary_classification.guard": {"gini": 0.1}}}
    assert messages("POL106", limit) == ["`gini` is no metric that is known, required or reported"]
    reported = {evaluation: {"metrics.0": {"type": "gini", "value": 0.6, "n": 20000}}}
    assert messages("POL106", {**limit, **reported}) == []
