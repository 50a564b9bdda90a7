"""The policy in words: nothing that it asks for is left out, and a model learns what is asked of it and why."""

from __future__ import annotations

import pytest
from tests.support.cases import AS_OF, assessed, base_registry, patched

from accredit.domain.policy import Policy
from accredit.policies.demands import demands
from accredit.policies.fields import leaves, told
from accredit.policies.telling import Chapter, chapters
from accredit.policies.words import bound, listed, move_words
from accredit.rules.context import Context


def policy(**routes: object) -> Policy:
    found = assessed(patched(base_registry(), {"policy.yaml": routes})).registry.policy
    assert found is not None
    return found


def prose(found: tuple[Chapter, ...]) -> str:
    return "\n".join(sentence for chapter in found for sentence in chapter.sentences)


def asked_of_loan_default(**routes: object) -> str:
    registry = assessed(patched(base_registry(), {"policy.yaml": routes})).registry
    assert registry.policy is not None
    return prose(demands(registry.models["loan-default"], Context(registry, registry.policy, AS_OF)))


def test_every_tier_profile_role_and_move_is_told() -> None:
    found = policy()
    text = prose(chapters(found))
    for tier in found.tiers.values():
        assert f"“{tier.name}”" in text
    for role in found.roles.values():
        assert role.description.rstrip(".") in text
    for move in found.transitions:
        words = move_words(move)
        assert f"{words[:1].upper()}{words[1:]}:" in text
    assert "if the effect on the person is significant" in text
    assert "Strict: a gate closes where a rule's result is fail, unknown or inconclusive" in text


def test_every_section_of_the_format_has_a_chapter_or_asks_for_nothing() -> None:
    titles = {chapter.title for chapter in chapters(policy(**{"approvals.expiry": {"grace_days": 14}}))}
    assert {"Approvals", "Fairness", "Waivers", "Retention", "Monitoring"} <= titles


def test_a_section_without_prose_of_its_own_is_told_by_the_descriptions_of_its_fields() -> None:
    found = policy(monitoring={"report_every_days": {"1": 30}, "grace_days": 4}).monitoring
    assert "Days that a report may be late: 4." in told(found)
    assert any(s.endswith(": 1: 30.") for s in told(found))


def test_who_signs_is_told_with_tier_and_condition() -> None:
    found = prose(chapters(policy()))
    assert "validator in tier 1" in found
    assert "privacy officer if personal data is used" in found


def test_a_model_learns_its_tier_the_reason_and_who_can_sign_for_it() -> None:
    text = asked_of_loan_default()
    assert "This model is in tier 1." in text
    assert "Tier 1, if the effect on the person is significant: this holds." in text
    assert "Never weaker than strict if the model's domain includes credit: this holds." in text
    assert "validator (today vera)" in text


def test_a_signature_that_is_not_asked_of_the_model_is_not_told() -> None:
    assert "validator" in asked_of_loan_default()
    slot = {"transitions.review->production.sign.0.tiers": [4]}
    assert "validator" not in asked_of_loan_default(**slot, **{"transitions.review->staging.sign.0.role": ["owner"]})


def test_a_fact_that_nobody_recorded_is_said_to_count_as_the_worse_case() -> None:
    text = asked_of_loan_default(profile_floor=[{"when": {"fact": "no.such", "is": True}, "at_least": "strict"}])
    assert "Never weaker than strict if no.such is true: this is unknown, and counts as met." in text


def test_inserting_a_limit_changes_no_other_field() -> None:
    limit = {"metric": "impact_ratio", "min": 0.8}
    other = {"metric": "eo_diff", "max": 0.1}
    one, two = (leaves(policy(**{"fairness.limits": limits})) for limits in ([limit], [other, limit]))
    assert set(two.items()) - set(one.items()) == {
        ("fairness.limits[eo_diff].metric", "eo_diff"),
        ("fairness.limits[eo_diff].max", "0.1"),
    }
    assert set(one) <= set(two)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.8, None, "at least 0.8"),
        (None, 0.1, "at most 0.1"),
        (0.8, 1.25, "between 0.8 and 1.25"),
        (None, None, "limited, by no value"),
    ],
)
def test_bounds_are_words(low: float | None, high: float | None, words: str) -> None:
    assert bound(low, high) == words


def test_lists_are_words() -> None:
    assert [listed(x) for x in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


def test_emergencies_are_told_where_policy_allows_them() -> None:
    ways = {
        "suspend": {"role": ["owner", "risk"]},
        "deploy": {"sign": [{"role": ["owner"]}, {"role": ["risk"]}], "never_skip": ["RISK101"], "max_hours": 24},
    }
    text = prose(chapters(policy(emergency=ways)))
    assert "To stop a version at once: 1 person, owner or risk officer; looked at within 2 days." in text
    assert "holds 24 hours at most, and these rules hold even so: RISK101." in text
    assert "To go back" not in text
    assert "Emergencies" not in {chapter.title for chapter in chapters(policy(emergency={}))}


def test_a_small_team_that_approves_its_own_work_is_told() -> None:
    assert "Nobody approves what they asked for" in prose(chapters(policy()))
    small = {"small_team": {"enabled": True, "tiers": [4]}}
    assert "In tier 4 people may approve their own work." in prose(chapters(policy(separation_of_duties=small)))
