"""A policy that contradicts itself is found when it is checked, with the place of the contradiction."""

from __future__ import annotations

import pytest
from tests.support.cases import assessed, base_registry, patched

SIGNIFICANT = {"fact": "decision.effect", "is": "significant"}


def found(code: str, **routes: object) -> list[tuple[str, bool]]:
    """Messages, and whether each has a line of policy.yaml."""
    assessment = assessed(patched(base_registry(), {"policy.yaml": routes}))
    return [
        (f.message, f.location.path == "policy.yaml" and f.location.line > 0)
        for f in assessment.findings
        if f.code == code
    ]


def says(code: str, words: str, **routes: object) -> bool:
    return any(words in message and has_line for message, has_line in found(code, **routes))


def test_the_base_has_no_conflict() -> None:
    assert found("POL101") == found("POL106") == []


@pytest.mark.parametrize(
    "routes",
    [
        {"tiers.3.when": SIGNIFICANT},
        {"tiers.3.when": {"all": [SIGNIFICANT, {"fact": "data.personal", "is": True}]}},
        {"tiers.1.when": None},
        {"tiers.3.when": {"all": [{"fact": "task", "is": "ranking"}, {"fact": "task", "is": "survival"}]}},
        {
            "tiers.1.when": {"not": {"fact": "task", "in": ["ranking"]}},
            "tiers.3.when": {"fact": "task", "is": "survival"},
        },
    ],
    ids=["the same again", "narrower than an earlier one", "after one for all", "never holds", "within a negation"],
)
def test_a_tier_that_no_model_can_be_in_is_found(routes: dict[str, object]) -> None:
    assert says("POL101", "no model can be in tier 3", **routes)


@pytest.mark.parametrize(
    "routes",
    [
        {"tiers.1.when": {"all": [SIGNIFICANT, {"fact": "decision.people_per_year", "at_least": 100}]},
         "tiers.3.when": SIGNIFICANT},
        {"tiers.1.when": {"fact": "decision.people_per_year", "at_least": 100},
         "tiers.3.when": {"fact": "decision.people_per_year", "at_least": 10}},
        {"tiers.1.when": {"fact": "regions", "any_in": ["EU"]},
         "tiers.3.when": {"any": [{"fact": "regions", "any_in": ["US"]}, {"fact": "data.personal", "is": True}]}},
        {"tiers.1.when": {"all": [{"fact": "regions", "any_in": ["EU"]}, {"fact": "regions", "any_in": ["US"]}]},
         "tiers.3.when": {"fact": "regions", "any_in": ["EU"]}},
        {"tiers.1.when": {"not": {"fact": "domain", "any_in": ["credit"]}},
         "tiers.3.when": {"fact": "domain", "is": "retail"}},  # a model in both domains
    ],
)  # fmt: skip
def test_a_tier_that_some_model_can_be_in_is_not(routes: dict[str, object]) -> None:
    assert [m for m, _ in found("POL101", **routes) if "tier" in m] == []


def test_a_condition_on_a_value_that_a_fact_never_has_is_found() -> None:
    assert says("POL101", "`decision.effect` is never `signficant`", **{"tiers.1.when.is": "signficant"})
    floor = [{"when": {"fact": "domain", "any_in": ["credit", "finance"]}, "at_least": "strict"}]
    assert says("POL101", "`domain` is never `finance`", profile_floor=floor)


def test_a_stage_that_no_move_leads_to_is_found() -> None:
    assert says("POL101", "no chain of moves leads to production", **{"transitions.review->production": None})


def test_a_signature_a_floor_and_a_limit_that_ask_for_nothing_are_found() -> None:
    assert says("POL101", "is asked for in no tier", **{"transitions.review->production.sign.0.tiers": []})
    floor = [{"when": SIGNIFICANT, "at_least": "fast"}]
    assert says("POL101", "a floor of fast asks for nothing", profile_floor=floor)
    limit = [{"metric": "impact_ratio", "min": 0.8, "attributes": []}]
    assert says("POL101", "is for no attribute", **{"fairness.limits": limit})


def test_a_role_that_is_independent_of_itself_is_found() -> None:
    assert says("POL101", "independent of itself", **{"roles.validator.independent_of": ["validator"]})


def test_a_range_upside_down_is_found() -> None:
    calibration = {"performance.tasks.binary_classification.calibration": {"slope_min": 1.5, "slope_max": 1.2}}
    assert says("POL101", "at least 1.5 and at most 1.2", **calibration)


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ({"metric": "impact_ratio", "min": 1.2}, "impact_ratio lies between 0 and 1, and its limit is 1.2"),
        ({"metric": "dp_diff", "max": -0.1}, "dp_diff lies between 0 and 1, and its limit is -0.1"),
        ({"metric": "impact_ratio", "max": 0.8}, "the limit on impact_ratio has no `min`"),
        ({"metric": "eo_diff", "min": 0.1}, "the limit on eo_diff has no `max`"),
    ],
)
def test_a_fairness_limit_that_nothing_good_can_reach_is_found(limit: dict[str, object], message: str) -> None:
    assert says("POL101", message, **{"fairness.limits": [limit]})
    sound = [{"metric": "impact_ratio", "min": 0.8}, {"metric": "slice_gap", "max": 12.5}]
    assert found("POL101", **{"fairness.limits": sound}) == []


def test_a_threshold_that_a_metric_never_reaches_is_found() -> None:
    thresholds = "performance.tasks.binary_classification.thresholds"
    assert says("POL101", "auc lies between 0 and 1, and its limit is 1.5", **{thresholds: {"auc": {"min": 1.5}}})
    assert found("POL101", **{thresholds: {"auc": {"min": 1}, "log-loss": {"max": 1.5}}}) == []


def test_a_gate_of_a_move_that_is_not_allowed_is_found() -> None:
    assert says("POL106", "a move that is not allowed", **{"gates.archived->staging": {"rules": ["REG"]}})


def test_a_selector_of_rules_that_no_profile_counts_is_found() -> None:
    only = {f"profiles.{name}.severities": ["blocker"] for name in ("strict", "standard", "fast")}
    gate = {"gates.review->production": {"rules": ["REG", "FAIR108"]}}
    assert says(
        "POL106", "`FAIR108` never closes the gate: no profile counts rules of severity warning", **only, **gate
    )


def test_an_emergency_that_never_skips_an_unknown_rule_is_found() -> None:
    deploy = {"sign": [{"role": ["owner"]}], "never_skip": ["RISK101", "LEGAL"]}
    assert says("POL106", "`LEGAL` selects no rule", emergency={"deploy": deploy})


def test_a_policy_of_very_many_conditions_is_not_judged_for_long() -> None:
    facts = ("domain", "regions", "purpose", "decision.kind", "task")
    tests = [{"fact": fact, "any_in": [f"v{i}" for i in range(30)]} for fact in facts]
    assert [m for m, _ in found("POL101", **{"tiers.3.when": {"all": tests}}) if "tier" in m] == []
