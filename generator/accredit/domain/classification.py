"""How a model is classified under the policy: facts, tier and profile."""

from __future__ import annotations

from collections.abc import Iterable

from accredit.domain.facts import REACH, reach_of, roles_under_act, some
from accredit.domain.policy import Policy
from accredit.domain.predicate import Facts
from accredit.domain.regions import with_wider
from accredit.domain.registry import ModelVersion, RegisteredModel, Registry
from accredit.domain.value import ProfileId

PROFILES: tuple[ProfileId, ...] = ("fast", "standard", "strict")
"""Weakest first."""
FACTS = frozenset(
    {
        *("domain", "regions", "task", "purpose", "eu_ai_act.role", "eu_ai_act.risk", "tier"),
        *("decision.kind", "decision.effect", "decision.automation", "decision.people_per_year"),
        *("data.personal", "data.sensitive", "data.phi"),
        *("interaction.direct_with_people", "tech.generative"),
        *REACH,
    }
)
"""Every fact that a predicate can speak of: the keys of `facts_of`."""


def facts_of(model: RegisteredModel, registry: Registry, versions: Iterable[ModelVersion] | None = None) -> Facts:
    """The recorded facts about a model, or about some of its versions, that predicates speak of."""
    record = model.record
    chosen = tuple(model.versions.values() if versions is None else versions)
    used = {u.dataset for v in chosen for u in v.record.datasets}
    datasets = [registry.datasets.get(d) for d in sorted(used)]
    return {
        "domain": record.domain,
        "regions": with_wider(record.regions),
        "task": record.task,
        "purpose": record.purpose,
        "decision.kind": record.decision.kind,
        "decision.effect": record.decision.effect,
        "decision.automation": record.decision.automation,
        "decision.people_per_year": record.decision.people_per_year,
        "eu_ai_act.role": roles_under_act(record.risk.ai_act),
        "eu_ai_act.risk": None if record.risk.ai_act.risk == "unclassified" else record.risk.ai_act.risk,
        "data.personal": some(d.personal_data if d else None for d in datasets),
        "data.sensitive": some(bool(d.sensitive) if d else None for d in datasets),
        "data.phi": some(d.phi if d else None for d in datasets),
        "interaction.direct_with_people": record.transparency.interacts_with_people,
        "tech.generative": record.transparency.generates_content,
        "tier": record.risk.tier,
        **reach_of(record, registry.policy, datasets, chosen),
    }


def derived_tier(policy: Policy, facts: Facts) -> int | None:
    """The first tier, 1 being the highest, whose condition holds; None where an unrecorded fact decides."""
    for name in sorted(policy.tiers):
        when = policy.tiers[name].when
        holds = True if when is None else when.holds(facts)
        if holds is None:
            return None
        if holds:
            return int(name)
    return None


def effective_tier(model: RegisteredModel, policy: Policy, facts: Facts) -> int:
    """The tier that governs: the higher of the recorded and the derived one, 1 being the highest.

    A proposer cannot choose a lower tier than policy derives, except by an override, which RISK103 looks into. Where no
    tier can be derived the highest governs, because unknown is not low.
    """
    recorded, derived = model.record.risk.tier, derived_tier(policy, facts) or 1
    if recorded is None or (recorded > derived and model.record.risk.tier_override is None):
        return derived
    return recorded


def profile_floor(policy: Policy, facts: Facts) -> ProfileId:
    """The weakest profile that the facts allow. A floor whose condition is unknown applies."""
    floors = [PROFILES.index(f.at_least) for f in policy.profile_floor if f.when.holds(facts) is not False]
    return PROFILES[max(floors, default=0)]


def effective_profile(model: RegisteredModel, policy: Policy, facts: Facts) -> ProfileId:
    """The strictest of what the tier, the floors and the model itself ask for."""
    tier = policy.tiers.get(str(effective_tier(model, policy, facts)))  # type: ignore[call-overload]
    asked = [profile_floor(policy, facts), tier.profile if tier else "strict", model.record.profile or "fast"]
    return PROFILES[max(PROFILES.index(p) for p in asked)]
