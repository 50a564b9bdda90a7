"""POL: whether parts of the policy contradict each other, so that something it asks for can never come about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import get_args

from accredit.domain.model import AiAct, Decision, Domain, Task
from accredit.domain.policy import Policy
from accredit.domain.predicate import Predicate
from accredit.domain.value import STAGES, Value
from accredit.findings import Route
from accredit.rules.rule import RULES, matches

Conflict = tuple[str, str, Route]
"""What is wrong, what to do, and where in the policy."""
_MOST = 20_000
"""Combinations of facts that are tried; a policy that needs more is not judged."""
_OTHER = "\x00"
"""A value that no condition names."""


def _values(of: object) -> frozenset[object]:
    return frozenset(
        v for part in (get_args(of) or (of,)) for v in (get_args(part) or (part,)) if part is not type(None)
    )


KNOWN: Mapping[str, frozenset[object]] = {
    "domain": _values(Domain),
    "task": _values(Task),
    "decision.effect": _values(Decision.model_fields["effect"].annotation),
    "decision.automation": _values(Decision.model_fields["automation"].annotation),
    "eu_ai_act.role": _values(AiAct.model_fields["role"].annotation),
    "eu_ai_act.risk": _values(AiAct.model_fields["risk"].annotation) - {"unclassified"},
    "tier": frozenset({1, 2, 3, 4}),
}
"""Facts whose values the format lists."""


def impossible_values(policy: Policy) -> Iterator[Conflict]:
    """Values in conditions that no model can have."""
    for condition, route in conditions(policy, ()):
        known = KNOWN.get(condition.fact or "")
        tests = (("is", (condition.equals,)), ("in", condition.one_of or ()), ("any_in", condition.any_in or ()))
        for field, values in tests if known else ():
            for index, value in enumerate(values):
                if value is not None and value not in (known or ()):
                    place: Route = (*route, field) if field == "is" else (*route, field, index)
                    listed = ", ".join(sorted(map(str, known or ())))
                    yield f"`{condition.fact}` is never `{value}`", f"Name one of {listed}.", place


def conditions(value: object, route: Route) -> Iterator[tuple[Predicate, Route]]:
    """Every comparison with a fact anywhere below a value, with its place."""
    if isinstance(value, Predicate) and value.fact is not None:
        yield value, route
    if isinstance(value, Value):
        for name, field in type(value).model_fields.items():
            yield from conditions(getattr(value, name), (*route, field.alias or name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from conditions(item, (*route, key))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from conditions(item, (*route, index))


def unreachable_tiers(policy: Policy) -> Iterator[Conflict]:
    """Tiers that no model can be in, because an earlier one always holds where they do, or they never hold.

    Every combination of the values that the conditions name is tried, with one more that none of them names.
    """
    names = sorted(policy.tiers)
    facts = _candidates([p for name in names if (when := policy.tiers[name].when) for p, _ in conditions(when, ())])
    if prod(len(values) for values in facts.values()) > _MOST:
        return
    reached = {_first(policy, names, dict(zip(facts, values, strict=True))) for values in product(*facts.values())}
    for name in names:
        if name not in reached:
            message = f"no model can be in tier {name}: an earlier tier always applies, or its condition never holds"
            yield message, "Correct its condition, or that of an earlier tier.", ("tiers", name)


def _first(policy: Policy, names: Sequence[str], facts: Mapping[str, object]) -> str | None:
    for name in names:
        when = next(tier.when for known, tier in policy.tiers.items() if known == name)
        if when is None or when.holds(facts):
            return name
    return None


def _candidates(tests: Sequence[Predicate]) -> dict[str, list[object]]:
    """Fact to every value that makes a difference; `any_in` may hold for several values at once."""
    found: dict[str, list[object]] = {}
    for test in tests:
        values = found.setdefault(test.fact or "", [_OTHER])
        if test.at_least is not None:
            values += [test.at_least, test.at_least - 1]
        elif isinstance(test.equals, bool):
            values += [True, False]
        named = (*((test.equals,) if test.equals is not None else ()), *(test.one_of or ()), *(test.any_in or ()))
        values += [v for v in named if not isinstance(v, bool)]
    several = {t.fact or "" for t in tests if t.any_in}
    return {f: [*dict.fromkeys(v), *([tuple(dict.fromkeys(v))] if f in several else [])] for f, v in found.items()}


def unreachable_stages(policy: Policy) -> Iterator[Conflict]:
    """Stages that no chain of moves leads to, and moves that start from one."""
    reached = {"none"}
    moves = [move.partition("->")[::2] for move in policy.transitions]
    starts = {source for source, _ in moves}
    if "none" not in starts:
        reached.add("staging")
    while more := {target for source, target in moves if source in reached} - reached:
        reached |= more
    for stage in STAGES:
        if stage not in reached:
            yield (
                f"no chain of moves leads to {stage}",
                f"List a move to {stage}, as in review->{stage}.",
                ("transitions",),
            )


def idle_gates(policy: Policy) -> Iterator[Conflict]:
    """Gates of moves that are not allowed, and selectors whose rules no profile enforces."""
    counted = {severity for profile in policy.profiles.values() for severity in profile.severities}
    for move, gate in policy.gates.items():
        if move not in policy.transitions:
            yield f"the gate {move} is of a move that is not allowed", f"List {move} in `transitions`.", ("gates", move)
        for index, selector in enumerate(gate.rules):
            asked = [rule for code, rule in RULES.items() if matches(code, (selector,))]
            if asked and all(rule.severity.label not in counted for rule in asked):
                message = (
                    f"`{selector}` never closes the gate: no profile counts rules of severity {_severities(asked)}"
                )
                yield message, "Let a profile count the severity, or remove it.", ("gates", move, "rules", index)


def _severities(rules: Iterable[object]) -> str:
    return " or ".join(sorted({rule.severity.label for rule in rules}))  # type: ignore[attr-defined]


def hollow_demands(policy: Policy) -> Iterator[Conflict]:
    """What looks like a demand and asks for nothing."""
    for move, rules in policy.transitions.items():
        for index, signature in enumerate(rules.sign):
            if signature.tiers == ():
                route: Route = ("transitions", move, "sign", index, "tiers")
                yield f"a signature of {move} is asked for in no tier", "Name its tiers, or remove `tiers`.", route
    for index, floor in enumerate(policy.profile_floor):
        if floor.at_least == "fast":
            message = "a floor of fast asks for nothing: no profile is weaker"
            yield message, "Remove it, or name a stricter profile.", ("profile_floor", index, "at_least")
    for index, limit in enumerate(policy.fairness.limits):
        if limit.attributes == ():
            route = ("fairness", "limits", index, "attributes")
            yield f"the limit on {limit.metric} is for no attribute", "Name them, or remove `attributes`.", route
    for name, role in policy.roles.items():
        if name in role.independent_of:
            route = ("roles", name, "independent_of", role.independent_of.index(name))
            yield f"the role {name} is independent of itself, so nobody can hold it", "Remove it.", route


def inverted_ranges(policy: Policy) -> Iterator[Conflict]:
    """Ranges whose least value lies above the greatest."""
    for task, criteria in policy.performance.tasks.items():
        limits = criteria.calibration
        if limits and limits.slope_min > limits.slope_max:
            message = f"the slope of calibration must be at least {limits.slope_min:g} and at most {limits.slope_max:g}"
            yield message, "Correct one of them.", ("performance", "tasks", task, "calibration", "slope_min")
    for index, metrics in enumerate(policy.performance.overrides):
        if not metrics.thresholds:
            route: Route = ("performance", "overrides", index)
            yield "an override of thresholds has none", "Name them, or remove it.", route
