"""The policy in words: nothing that it asks for is left out, and a model learns what is asked of it and why."""

from __future__ import annotations

import pytest
from tests.support.cases import AS_OF, assessed, base_registry, patched

from accredit.domain.policy import Policy
from accredit.domain.predicate import Predicate
from accredit.policies.conditions import in_words
from accredit.policies.demands import demands
from accredit.policies.fields import leaves
from accredit.policies.telling import Chapter, chapters
from accredit.policies.words import bound, listed, move_words
from accredit.rules.context import Context

HEALTHCARE = {"fact": "domain", "any_in": ["healthcare"]}


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
    assert {"Approvals", "Fairness", "Waivers", "Retention", "Data", "Audit"} <= titles


EVERYTHING = {
    "approvals": {"conditions": {"max_open": 3, "max_days": 60}, "expiry": {"grace_days": 14}},
    "revalidation": {"triggers": ["incident", "threshold_breach"], "within_days": 20},
    "validation": {"required_tiers": [1], "max_age_months": 18},
    "data": {"out_of_time_tiers": [1]},
    "tiers.1.soak_days": 7,
    "retention.classes": {"decision_records": {"months": 25, "clock": "decision_notice"}},
    "retention.overlays": [
        {"control": "AIA-18", "class": "technical_documentation", "years": 10, "clock": "placed_on_market"},
        {"control": "ECOA-12", "class": "runtime_logs", "months": 7, "clock": "created", "when": HEALTHCARE},
    ],
    "retention.verify": {"max_age_days": 45, "level": {"1": "digest", "3": "exists"}},
    "transparency": {"reasons": {"profiles": ["strict", "standard"], "when": HEALTHCARE, "max_age_months": 8}},
    "oversight": {"stop_test": {"max_age_months": 9}},
    "monitoring": {"report_every_days": {"1": 31, "2": 92, "4": None}, "logging": {"min_months": 11}},
    "incidents": {
        "duties": {"x": {"to": "the agency", "kinds": ["harm"], "severities": ["serious"], "within_hours": 360}}
    },
    "organisation": {"bank": True, "role": ["developer", "deployer"]},
}
SENTENCES = (
    "No more than 3 conditions of a move may be open.",
    "Within 20 days of a serious or widespread incident or a breach that monitoring reported it is validated anew.",
    "A version in tier 1 needs an independent validation, no older than 18 months.",
    "In tier 1 there is a test on later data.",
    "7 days in review or shadow first",
    "Decision records: must exist in production; kept 25 months from the last decision.",
    "Technical documentation: kept 10 years from the first day in production by AIA-18.",
    "Stored objects are looked at every 45 days, and show: digest in tier 1 and exists in tier 3.",
    "Stopping the model and falling back are tried out, under strict; the record of it counts for 9 months.",
    "A version in production is reported on every 31 days in tier 1 and 92 days in tier 2",
    "A serious incident of the kind harm is reported to the agency within 15 days.",
    "Predictions are stored while the model runs, and kept for 11 months or more, under strict.",
    "Bank: yes.",
    "Role under Colorado SB 26-189: developer and deployer.",
)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_what_is_asked_in_use_and_of_records_is_told_in_sentences(sentence: str) -> None:
    assert sentence in prose(chapters(policy(**EVERYTHING)))


def test_what_policy_asks_is_told_in_words_and_not_by_the_names_of_its_fields() -> None:
    text = prose(chapters(policy(**EVERYTHING)))
    names = {n for n in leaves(policy(**EVERYTHING)) for n in n.replace("[", ".").split(".") if "_" in n}
    assert [n for n in sorted(names) if n in text and f"`{n}`" not in text] == []


@pytest.mark.parametrize(
    ("fact", "yes", "no"),
    [
        ("organisation.bank", "the organisation is a bank", "it is not so that the organisation is a bank"),
        ("data.phi", "protected health information is used", "protected health information is not used"),
        ("tech.new", "tech.new is true", "tech.new is false"),
    ],
)
def test_a_fact_that_is_so_or_not_is_said_as_a_clause(fact: str, yes: str, no: str) -> None:
    conditions = (Predicate.model_validate({"fact": fact, "is": answer}) for answer in (True, False))
    assert [in_words(c) for c in conditions] == [yes, no]


def test_a_model_is_told_only_what_it_owes_in_use() -> None:
    text = asked_of_loan_default(**EVERYTHING)
    assert "A version in production is reported on every 31 days;" in text
    assert "Stopping the model and falling back are tried out; the record" in text
    assert "The reasons for one decision" not in text
    assert "AIA-18" in text
    assert "ECOA-12" not in text


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
