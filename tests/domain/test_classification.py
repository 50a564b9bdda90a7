from __future__ import annotations

from typing import Any

import pytest
from tests.support.cases import assessed, base_registry, patched
from tests.support.sealing import sealed

from accredit.domain.classification import derived_tier, effective_profile, effective_tier, facts_of, profile_floor
from accredit.domain.policy import Policy
from accredit.domain.predicate import Facts
from accredit.domain.registry import RegisteredModel, Registry

MODEL = "models/loan-default/model.yaml"


def registered(**changes: Any) -> Registry:
    """The base registry with values of `model.yaml` set, dots written as `__`."""
    routes = {key.replace("__", "."): value for key, value in changes.items()}
    return assessed(sealed(patched(base_registry(), {MODEL: routes} if routes else {}))).registry


@pytest.fixture(scope="module")
def registry() -> Registry:
    return registered()


@pytest.fixture(scope="module")
def policy(registry: Registry) -> Policy:
    assert registry.policy is not None
    return registry.policy


@pytest.mark.parametrize(
    ("facts", "tier"),
    [
        ({"decision.effect": "significant", "data.personal": False}, 1),
        ({"decision.effect": "limited", "data.personal": True}, 3),
        ({"decision.effect": "limited", "data.personal": False}, 4),
        ({"decision.effect": None, "data.personal": False}, None),
        ({"decision.effect": "limited", "data.personal": None}, None),
        ({"decision.effect": "significant", "data.personal": None}, 1),
    ],
)
def test_the_first_tier_that_holds_is_the_tier_and_an_unknown_before_it_decides(
    policy: Policy, facts: Facts, tier: int | None
) -> None:
    assert derived_tier(policy, facts) == tier


def test_without_a_recorded_or_derived_tier_the_highest_governs(policy: Policy) -> None:
    model = registered(risk__tier=None).models["loan-default"]
    assert effective_tier(model, policy, {}) == 1
    assert effective_tier(model, policy, {"decision.effect": "none", "data.personal": False}) == 4


OVERRIDE = {"reason": "The model only orders the queue.", "approved_by": "risk-officer"}


@pytest.mark.parametrize(
    ("recorded", "override", "effect", "tier"),
    [
        (3, None, "significant", 1),
        (3, OVERRIDE, "significant", 3),
        (2, None, "none", 2),
        (4, None, "none", 4),
        (4, None, None, 1),
    ],
    ids=["lower than derived", "lower by override", "higher than derived", "as derived", "not derivable"],
)
def test_nobody_chooses_a_lower_tier_than_policy_derives_without_an_override(
    policy: Policy, recorded: int, override: dict[str, str] | None, effect: str | None, tier: int
) -> None:
    changes: dict[str, Any] = {"risk__tier": recorded} | ({"risk__tier_override": override} if override else {})
    model = registered(**changes).models["loan-default"]
    assert effective_tier(model, policy, {"decision.effect": effect, "data.personal": False}) == tier


@pytest.mark.parametrize(
    ("domain", "floor"), [(("credit", "banking"), "strict"), (("marketing",), "fast"), ((), "strict"), (None, "strict")]
)
def test_a_floor_applies_unless_its_condition_is_known_not_to_hold(
    policy: Policy, domain: tuple[str, ...] | None, floor: str
) -> None:
    assert profile_floor(policy, {"domain": domain}) == floor


@pytest.mark.parametrize(
    ("asked", "tier", "domain", "profile"),
    [
        (None, 4, ["marketing"], "fast"),
        ("standard", 4, ["marketing"], "standard"),
        ("fast", 3, ["marketing"], "standard"),
        ("fast", 4, ["credit"], "strict"),
        (None, 1, ["marketing"], "strict"),
        (None, 2, ["marketing"], "strict"),
    ],
    ids=["the tier's", "a stricter wish", "a weaker wish", "the floor", "the highest tier", "a tier policy forgot"],
)
def test_the_strictest_of_tier_floor_and_wish_is_the_profile(
    policy: Policy, asked: str | None, tier: int, domain: list[str], profile: str
) -> None:
    changes: dict[str, Any] = {"risk__tier": tier, "domain": domain} | ({"profile": asked} if asked else {})
    model = registered(**changes).models["loan-default"]
    facts = {"domain": tuple(domain), "decision.effect": "none", "data.personal": False}
    assert effective_profile(model, policy, facts) == profile


def test_facts_are_those_of_the_model_and_of_its_data(registry: Registry) -> None:
    facts = facts_of(registry.models["loan-default"], registry)
    assert facts["domain"] == ("credit", "banking")
    assert facts["decision.people_per_year"] == 30000
    assert (facts["data.personal"], facts["data.sensitive"], facts["data.phi"]) == (True, True, False)


def test_an_unclassified_risk_is_not_recorded() -> None:
    model: RegisteredModel = registered(risk__ai_act__risk="unclassified").models["loan-default"]
    assert facts_of(model, registered())["eu_ai_act.risk"] is None


@pytest.mark.parametrize(
    ("training", "evaluation", "personal"),
    [(True, None, True), (False, None, None), (False, False, False), (None, None, None)],
)
def test_personal_data_in_one_dataset_decides_and_an_unknown_one_leaves_it_open(
    *, training: bool | None, evaluation: bool | None, personal: bool | None
) -> None:
    changes = {
        "datasets/loans-training.yaml": {"personal_data": training},
        "datasets/loans-evaluation.yaml": {"personal_data": evaluation},
    }
    registry = assessed(sealed(patched(base_registry(), changes))).registry
    assert facts_of(registry.models["loan-default"], registry)["data.personal"] is personal


def test_without_data_nothing_is_known_about_it() -> None:
    registry = registered()
    facts = facts_of(registry.models["loan-default"], registry, versions=())
    assert [facts[f"data.{f}"] for f in ("personal", "sensitive", "phi")] == [None, None, None]


def test_a_dataset_that_is_not_registered_leaves_open_what_it_holds() -> None:
    changes = {"datasets/loans-training.yaml": {"personal_data": False}, "datasets/loans-evaluation.yaml": None}
    registry = assessed(sealed(patched(base_registry(), changes))).registry
    facts = facts_of(registry.models["loan-default"], registry)
    assert (facts["data.personal"], facts["data.sensitive"], facts["data.phi"]) == (None, True, None)
