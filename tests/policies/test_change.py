"""The blast radius of a policy: what changes, for whom, and nothing else."""

from __future__ import annotations

import pytest
from tests.support.cases import AS_OF, base_registry, patched
from tests.support.memory_tree import MemoryTree

from accredit.domain.person import Person
from accredit.domain.policy import Policy
from accredit.loading.tree import Loaded, load
from accredit.policies.change import PolicyChange, field_changes, policy_change
from accredit.policies.fields import leaves

KEY = "loan-default@2.0.0"


def loaded(**routes: object) -> Loaded:
    return load(MemoryTree(patched(base_registry(), {"policy.yaml": routes})))


def change(**routes: object) -> PolicyChange:
    before = loaded().registry.policy
    assert before is not None
    return policy_change(loaded(**routes), before, AS_OF)


def effects(found: PolicyChange, subject: str) -> dict[str, tuple[str, str]]:
    return {e.what: (e.before, e.after) for e in found.effects if e.subject == subject}


def test_the_same_policy_changes_nothing() -> None:
    found = change()
    assert (found.fields, found.effects) == ((), ())
    assert found.models > 0
    assert found.versions > 0


def test_a_higher_threshold_closes_the_gate_of_those_below_it() -> None:
    found = change(**{"performance.tasks.binary_classification.thresholds.auc": {"min": 0.99}})
    field = next(f for f in found.fields if f.field.endswith("thresholds.auc.min"))
    assert field.after == "0.99"
    told = effects(found, KEY)
    assert told["PERF102"] == ("pass", "fail")
    assert "PERF102" in told["gate review->production"][1]


def test_a_weaker_tier_brings_another_profile_and_other_signatures() -> None:
    validator = {"transitions.review->production.sign.0.tiers": [3]}
    told = effects(change(**{"tiers.1.profile": "standard", "profile_floor": [], **validator}), "loan-default")
    assert told["profile"] == ("strict", "standard")
    assert "validator" in told["signatures review->production"][0]
    assert "validator" not in told["signatures review->production"][1]


def test_a_condition_that_catches_more_moves_models_to_a_higher_tier() -> None:
    policy, model = "policy.yaml", "models/loan-default/model.yaml"
    lower = {policy: {"tiers.1.when": {"fact": "decision.effect", "is": "none"}}, model: {"risk.tier": None}}
    higher = {**lower, policy: {}}
    before, now = (load(MemoryTree(patched(base_registry(), patches))) for patches in (lower, higher))
    assert before.registry.policy is not None
    assert effects(policy_change(now, before.registry.policy, AS_OF), "loan-default")["tier"] == ("3", "1")


def test_a_move_that_is_no_longer_listed_is_said_to_be_not_allowed() -> None:
    found = change(**{"transitions.review->staging": None})
    assert effects(found, "loan-default")["signatures review->staging"][1] == "not allowed"


def test_a_gate_that_asks_for_less_opens_although_no_rule_comes_to_another_result() -> None:
    strict, lax = (
        loaded(**{"performance.tasks.binary_classification.thresholds.auc": {"min": 0.99}, **gate})
        for gate in ({}, {"gates.review->production": {"rules": ["REG"]}})
    )
    assert strict.registry.policy is not None
    told = effects(policy_change(lax, strict.registry.policy, AS_OF), KEY)
    assert told["gate review->production"] == ("closed", "open")
    assert "PERF102" not in told


def test_both_policies_are_judged_on_the_same_registry_and_day() -> None:
    before = loaded().registry.policy
    assert isinstance(before, Policy)
    one, other = (policy_change(loaded(ownership={"confirm_months": 1}), before, AS_OF) for _ in range(2))
    assert one == other


def test_without_a_policy_there_is_nothing_to_compare() -> None:
    files = base_registry()
    before = loaded().registry.policy
    assert before is not None
    del files["policy.yaml"]
    with pytest.raises(ValueError, match="no policy"):
        policy_change(load(MemoryTree(files)), before, AS_OF)


def test_a_key_is_known_by_itself_wherever_it_stands_in_the_list() -> None:
    old, new = {"type": "ssh", "public": "ssh-ed25519 AAAAold"}, {"type": "ssh", "public": "ssh-ed25519 AAAAnew"}
    before = Person.model_validate({"name": "Ada", "keys": (old,)})
    after = Person.model_validate({"name": "Ada", "keys": (new, old)})
    assert [c.field for c in field_changes(leaves(before), leaves(after))] == [
        "keys[ssh-ed25519 AAAAnew].type",
        "keys[ssh-ed25519 AAAAnew].public",
    ]
