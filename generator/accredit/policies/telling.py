"""The policy told in plain language, chapter by chapter, for somebody who has not read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from accredit.domain.policy import Policy
from accredit.policies import limits, operations, records
from accredit.policies.conditions import in_words
from accredit.policies.words import listed, move_words, plural, spaced
from accredit.rules import all_rules
from accredit.rules.rule import matches


@dataclass(frozen=True, slots=True)
class Chapter:
    """One part of a telling."""

    title: str
    sentences: tuple[str, ...]


def chapters(policy: Policy) -> tuple[Chapter, ...]:
    """The whole policy in words. Chapters in which nothing is asked are left out."""
    prose: tuple[tuple[str, Callable[[Policy], Iterator[str]]], ...] = (
        ("The policy", _identity),
        ("Stages and teams", _stages),
        ("Tiers: what a model is asked for follows from what it does", _tiers),
        ("Profiles: how strictly gates are applied", _profiles),
        ("Gates: what must hold for a move", _gates),
        ("Signatures: who signs a move", _signatures),
        ("Roles", _roles),
        ("Separation of duties", _separation),
        ("Emergencies", _emergency),
        ("Performance", limits.performance),
        ("Fairness", limits.fairness),
        ("Documentation and ownership", limits.documentation),
        ("Risk", limits.risk),
        ("Waivers", limits.waivers),
        ("Approvals", records.approvals),
        ("Data", records.data),
        ("Retention", records.retention),
        ("Transparency, oversight and security", operations.people),
        ("Monitoring", operations.monitoring),
        ("Incidents", operations.incidents),
        ("Audit", records.audit),
        ("Frameworks", records.catalogue),
        ("The organisation", records.organisation),
    )
    found = [Chapter(title, tuple(tell(policy))) for title, tell in prose]
    return tuple(chapter for chapter in found if chapter.sentences)


def _identity(policy: Policy) -> Iterator[str]:
    p = policy.policy
    yield f"This is {p.id}, version {p.version}. It holds since {p.effective}."
    count = plural(p.change_approvals, "signature")
    yield f"Whoever changes it, or the list of people, needs {count} in the role {role(policy, p.approved_by_role)}."


def _stages(policy: Policy) -> Iterator[str]:
    for name, stage in policy.stages.items():
        team = policy.teams.get(stage.team)
        who = team.name if team else stage.team
        yield f"{name.capitalize()}: {stage.description.rstrip('.')}. {who} looks after it."
    for team in policy.teams.values():
        yield f"{team.name}: {team.mandate}."


def _tiers(policy: Policy) -> Iterator[str]:
    yield "The first tier whose condition holds is the model's. A fact that nobody recorded puts it into tier 1."
    for name in sorted(policy.tiers):
        tier = policy.tiers[name]
        when = f"if {in_words(tier.when)}" if tier.when else "if no tier above applies"
        again = f"validated anew every {plural(tier.revalidate_months, 'month')}" if tier.revalidate_months else ""
        valid = f"an approval holds {plural(tier.approval_valid_months, 'month')}" if tier.approval_valid_months else ""
        soak = f"{plural(tier.soak_days, 'day')} in review or shadow first" if tier.soak_days else ""
        rest = "; ".join(part for part in (f"profile {tier.profile}", soak, again, valid) if part)
        yield f"Tier {name}, “{tier.name}”, {when}: {rest}."


def _profiles(policy: Policy) -> Iterator[str]:
    for name in policy.profiles:
        yield f"{name.capitalize()}: {profile_words(policy, name)}"
    for floor in policy.profile_floor:
        yield f"Never weaker than {floor.at_least} if {in_words(floor.when)}."


def profile_words(policy: Policy, name: str) -> str:
    """What a profile does, as sentences."""
    profile = next(p for known, p in policy.profiles.items() if known == name)
    graves = "" if len(profile.severities) == 3 else f", for rules of severity {listed(profile.severities, 'or')} only"
    outcomes = listed((spaced(o) for o in profile.block_on), "or")
    waivers = "A waiver opens it" if profile.waivers else "Waivers do not open it"
    return (
        f"a gate closes where a rule's result is {outcomes}{graves}. {waivers}. "
        f"A sign-off needs the assurance “{profile.assurance}” at least."
    )


def _gates(policy: Policy) -> Iterator[str]:
    for move, gate in policy.gates.items():
        codes = [c for c in all_rules() if matches(c, gate.rules) and not matches(c, gate.exclude)]
        what = "every rule" if gate.rules == ("ALL",) else listed(gate.rules)
        but = f", but not {listed(gate.exclude, 'or')}" if gate.exclude else ""
        deploy = " This is Deploy(M)." if move.endswith("->production") else ""
        known = plural(len(codes), "rule")
        yield f"{_capital(move_words(move))}: {what}{but} ({known}, where asked for at that stage).{deploy}"


def _signatures(policy: Policy) -> Iterator[str]:
    for move in policy.transitions:
        rules = policy.transitions[move]
        signs = [_signature(policy, s.role, s.tiers, in_words(s.when) if s.when else "") for s in rules.sign]
        people = [f"{n} in tier {tier}" for tier, n in sorted(rules.distinct_people.items()) if n]
        several = f" Different people at least: {listed(people)}." if people else ""
        reason = " The request says why." if rules.reason == "required" else ""
        yield f"{_capital(move_words(move))}: {'; '.join(signs) or 'nobody signs'}.{several}{reason}"
    yield "A move that is not listed is not allowed. One person signs in one role; the requester does not sign."


def _signature(policy: Policy, roles: tuple[str, ...], tiers: tuple[int, ...] | None, when: str) -> str:
    who = listed((role(policy, r) for r in roles), "or") or "a role that nobody named"
    where = "" if tiers is None else f" in tier {listed(tiers, 'or')}"
    return f"{who}{where}{f' if {when}' if when else ''}"


def _roles(policy: Policy) -> Iterator[str]:
    for name, found in policy.roles.items():
        apart = listed((role(policy, r) for r in found.independent_of), "or")
        also = f" Nobody who is {apart} of the same version." if apart else ""
        yield f"{found.name} (`{name}`): {found.description.rstrip('.')}.{also}"


def _separation(policy: Policy) -> Iterator[str]:
    team = policy.separation_of_duties.small_team
    if team.enabled:
        tiers = listed(team.tiers, "or")
        yield f"In tier {tiers} people may approve their own work. Wherever such an approval counts, it is said."
    else:
        yield "Nobody approves what they asked for, trained or contributed to."


def _emergency(policy: Policy) -> Iterator[str]:
    suspend, rollback, deploy = policy.emergency.suspend, policy.emergency.rollback, policy.emergency.deploy
    if suspend:
        who = listed((role(policy, r) for r in suspend.role), "or")
        days = plural(suspend.review_days, "day")
        yield f"To stop a version at once: {plural(suspend.count, 'person', 'people')}, {who}; looked at within {days}."
    for what, way in (
        ("To go back to an earlier version", rollback),
        ("To deploy before everybody has looked", deploy),
    ):
        if way:
            signs = "; ".join(_signature(policy, s.role, s.tiers, in_words(s.when) if s.when else "") for s in way.sign)
            days = plural(way.review_days, "day")
            yield f"{what}: {signs}; at least {way.distinct_people} people; reviewed within {days}."
    if deploy:
        rules = listed(deploy.never_skip)
        yield f"Such a deploy holds {plural(deploy.max_hours, 'hour')} at most, and these rules hold even so: {rules}."


def role(policy: Policy, name: str) -> str:
    """A role's name in prose."""
    return policy.roles[name].name.lower() if name in policy.roles else name


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
