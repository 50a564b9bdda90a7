"""What the policy asks of one model, and the facts that make it so."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.classification import derived_tier, profile_floor
from accredit.domain.policy import Policy
from accredit.domain.registry import RegisteredModel
from accredit.domain.value import ProfileId
from accredit.policies import limits, operations, records
from accredit.policies.conditions import fact_name, in_words
from accredit.policies.fields import shown
from accredit.policies.telling import Chapter, profile_words, role
from accredit.policies.words import listed, move_words, plural, spaced
from accredit.rules.context import Context
from accredit.rules.policy_names import named_facts

_ANSWERS = {True: "holds", False: "does not hold", None: "is unknown, and counts as met"}


def demands(model: RegisteredModel, context: Context) -> tuple[Chapter, ...]:
    """What is asked of a model, chapter by chapter, as of the context's day."""
    found = (
        ("Facts", _facts),
        ("Tier", _tier),
        ("Profile", _profile),
        ("Signatures", _signatures),
        ("Performance", _performance),
        ("Fairness", _fairness),
        ("Documentation, risk and time", _upkeep),
        ("People affected", _people),
        ("Monitoring and incidents", _monitoring),
        ("Retention", _retention),
    )
    told = [Chapter(title, tuple(tell(model, context))) for title, tell in found]
    return tuple(chapter for chapter in told if chapter.sentences)


def _facts(model: RegisteredModel, context: Context) -> Iterator[str]:
    named = {name for name, _ in named_facts(context.policy, ())}
    for name, value in context.standing(model).facts.items():
        if name != "tier" and (name in named or value not in (None, ())):
            several = listed(value) if isinstance(value, tuple) else shown(value)
            known = "not recorded" if value is None or value == () else spaced(several)
            yield f"{fact_name(name)}: {known}."


def _tier(model: RegisteredModel, context: Context) -> Iterator[str]:
    policy, standing = context.policy, context.standing(model)
    facts, recorded = {**standing.facts, "tier": model.record.risk.tier}, model.record.risk.tier
    derived = derived_tier(policy, facts)
    yield f"This model is in tier {standing.tier}."
    for name in sorted(policy.tiers):
        when = policy.tiers[name].when
        answer = when.holds(facts) if when else True
        said = in_words(when) if when else "no tier above applies"
        yield f"Tier {name}, if {said}: this {'is unknown' if answer is None else _ANSWERS[answer]}."
        if answer is not False:
            break
    if derived is None:
        yield "No tier follows from what is recorded, so the highest governs."
    if recorded is not None and recorded != (derived or 1):
        override = model.record.risk.tier_override
        why = f": {override.reason}" if override else ", without a reason for another tier"
        yield f"model.yaml says tier {recorded}{why}."


def _profile(model: RegisteredModel, context: Context) -> Iterator[str]:
    policy, standing = context.policy, context.standing(model)
    tier = policy.tiers.get(str(standing.tier))  # type: ignore[call-overload]
    chosen = model.record.profile
    yield f"{standing.profile.capitalize()}: {profile_words(policy, standing.profile)}"
    yield f"Tier {standing.tier} asks for {tier.profile if tier else 'strict'}."
    for floor in policy.profile_floor:
        answer = floor.when.holds(standing.facts)
        if answer is not False:
            yield f"Never weaker than {floor.at_least} if {in_words(floor.when)}: this {_ANSWERS[answer]}."
    if chosen is not None:
        yield f"model.yaml asks for {chosen}; policy allows nothing weaker than {_least(policy, model, context)}."


def _least(policy: Policy, model: RegisteredModel, context: Context) -> ProfileId:
    return profile_floor(policy, context.standing(model).facts)


def _signatures(model: RegisteredModel, context: Context) -> Iterator[str]:
    policy, standing = context.policy, context.standing(model)
    for move, rules in policy.transitions.items():
        signs = []
        for signature in rules.sign:
            if signature.is_asked(standing.tier, standing.facts):
                who = listed((role(policy, r) for r in signature.role), "or")
                people = sorted({p for r in signature.role for p in context.role_holders.get(r, ())})
                when = signature.when
                because = f", because {in_words(when)}" if when and when.holds(standing.facts) else ""
                signs.append(f"{who}{because} (today {listed(people, 'or') or 'nobody'})")
        least = rules.distinct_people.get(str(standing.tier), 0)  # type: ignore[call-overload]
        several = f" At least {plural(least, 'different person', 'different people')}." if least else ""
        reason = " The request says why." if rules.reason == "required" else ""
        words = move_words(move)
        yield f"{words[:1].upper()}{words[1:]}: {'; '.join(signs) or 'nobody signs'}.{several}{reason}"


def _performance(model: RegisteredModel, context: Context) -> Iterator[str]:
    criteria = context.policy.performance.tasks.get(model.record.task or "")
    if criteria is None:
        yield "Policy has no limits for the model's task."
        return
    yield from (s[:1].upper() + s[1:] for s in limits.task_words(criteria, context.standing(model).profile))
    for override in context.policy.performance.overrides:
        if override.when.holds(context.standing(model).facts) is not False:
            yield f"Because {in_words(override.when)}: {limits.thresholds_words(override.thresholds)}."


def _fairness(model: RegisteredModel, context: Context) -> Iterator[str]:
    criteria, facts = context.policy.fairness, context.standing(model).facts
    when = criteria.required_when
    if criteria.required_attributes and (when is None or when.holds(facts) is not False):
        yield f"Groups are compared by {listed(map(spaced, criteria.required_attributes))}."
    else:
        yield "No attribute has to be compared."
    for limit in criteria.limits:
        if limit.when is None or limit.when.holds(facts) is not False:
            yield f"{limits.limit_words(limit)}."


def _upkeep(model: RegisteredModel, context: Context) -> Iterator[str]:
    policy, standing = context.policy, context.standing(model)
    sections = policy.card.sections.get(standing.profile)
    if sections:
        yield f"Its card has {limits.card_words(sections)}."
    for ia in policy.risk.impact_assessments:
        if ia.when.holds(standing.facts) is not False:
            yield f"A {ia.kind.upper()}, no older than {plural(ia.max_age_months, 'month')}."
    tier = policy.tiers.get(str(standing.tier))  # type: ignore[call-overload]
    if tier and tier.revalidate_months is not None:
        yield f"In production it is validated anew every {plural(tier.revalidate_months, 'month')}."
    if tier and tier.approval_valid_months is not None:
        yield f"Its approval holds {plural(tier.approval_valid_months, 'month')}."


def _people(model: RegisteredModel, context: Context) -> Iterator[str]:
    yield from operations.people(context.policy, context.standing(model))


def _monitoring(model: RegisteredModel, context: Context) -> Iterator[str]:
    yield from operations.monitoring(context.policy, context.standing(model))
    yield from operations.incidents(context.policy, context.standing(model))


def _retention(model: RegisteredModel, context: Context) -> Iterator[str]:
    yield from records.retention(context.policy, context.standing(model).facts)
