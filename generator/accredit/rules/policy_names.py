"""POL: whether what the policy names exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from accredit.domain.classification import FACTS
from accredit.domain.metric import LOWER_IS_BETTER, SHARES, SYNONYMS, canonical
from accredit.domain.policy import Policy
from accredit.domain.predicate import Predicate
from accredit.domain.registry import Registry
from accredit.domain.value import STAGES, Value
from accredit.findings import Route
from accredit.rules.card import is_section
from accredit.rules.context import Context
from accredit.rules.policy_conflicts import idle_gates
from accredit.rules.rule import RULES, Verdict, at, fails, matches, passes, rule

Named = tuple[str, str, Route]
"""What is wrong, what to do, and where in the policy."""


@rule("POL106", "Gates name known rules", severity="error", gate="always", waivable=False, scope="registry")
def names_known(registry: Registry, context: Context) -> Iterator[Verdict]:
    """Gates name known rules.

    What it checks:
        Every selector of a gate selects a rule that is asked for on that move, every selector of `not`, of
        `waivers.never` and of `emergency.deploy.never_skip` selects a rule, no gate is empty or of a move that is not
        allowed, every selector has a rule of a severity that some profile counts, and every move that leads to
        production from another stage has a gate. Facts in conditions, tiers, sections of a card, metrics with limits
        and protected attributes with limits that the policy names exist. A metric exists if accredit knows it, its
        task requires it, or some evaluation reports it; an attribute exists if it is required or some evaluation or
        dataset has it. Roles and teams are the business of REG002.

    Why it matters:
        A gate that asks for a rule that does not exist lets everything through, and so does a limit on a metric that
        nobody reports. Neither looks wrong to a reader.

    Example:
        `review->production: {rules: [FAIRNESS]}`.

    How to fix:
        Correct the name. `accredit rules` lists rules with the stage from which they are asked for.

    References:
        NIST AI RMF GOVERN 1.2; ISO/IEC 42001:2023 clause 5.2 on an AI policy.
    """
    policy, faults = context.policy, 0
    found = (_gates, _ways, idle_gates, _never, _facts, _tiers, _sections)
    for message, remedy, route in (
        *(fault for check in found for fault in check(policy)),
        *_metrics(policy, registry),
        *_attributes(policy, registry),
    ):
        faults += 1
        yield fails(message, remedy, at("policy.yaml", *route))
    if not faults:
        yield passes(f"the {len(policy.gates)} gates name known rules, and all else that the policy names exists")


def _gates(policy: Policy) -> Iterator[Named]:
    for move, gate in policy.gates.items():
        stage = next(s for s in STAGES if s == move.partition("->")[2])
        asked = [code for code, known in RULES.items() if known.applies_from(stage)]
        for index, selector in enumerate(gate.rules):
            route: Route = ("gates", move, "rules", index)
            if not _selects(selector):
                yield f"`{selector}` selects no rule", "Correct the code or prefix.", route
            elif not any(matches(code, (selector,)) for code in asked):
                message = f"`{selector}` asks for nothing: no rule that it selects is asked for on the way to {stage}"
                yield message, "Ask for it in a later gate, or remove it.", route
        for index, selector in enumerate(gate.exclude):
            if not _selects(selector):
                yield f"`{selector}` selects no rule", "Correct the code or prefix.", ("gates", move, "not", index)
        if not any(matches(code, gate.rules) and not matches(code, gate.exclude) for code in asked):
            yield f"the gate {move} asks for no rule", "Name the rules that must hold.", ("gates", move)


def _ways(policy: Policy) -> Iterator[Named]:
    for move in policy.transitions:
        source, _, target = move.partition("->")
        if move == "archived->production":
            message = "no version moves from the archive to production, but by a rollback"
            yield message, "Remove it, and say who signs under `emergency.rollback`.", ("transitions", move)
        elif target == "production" and source != target and move not in policy.gates:
            message = f"the move {move} has no gate, so a version gets to production without any rule"
            yield message, f"Write a gate for {move}.", ("transitions", move)


def _selects(selector: str) -> bool:
    return any(matches(code, (selector,)) for code in RULES)


def _never(policy: Policy) -> Iterator[Named]:
    deploy = policy.emergency.deploy
    for route, selectors in (
        (("waivers", "never"), policy.waivers.never),
        (("emergency", "deploy", "never_skip"), deploy.never_skip if deploy else ()),
    ):
        for index, selector in enumerate(selectors):
            if not _selects(selector):
                yield f"`{selector}` selects no rule", "Correct the code or prefix.", (*route, index)


def _facts(policy: Policy) -> Iterator[Named]:
    for name, route in named_facts(policy, ()):
        if name not in FACTS:
            yield f"`{name}` is no fact, so the condition is never known", f"Name one of {_listed(FACTS)}.", route


def named_facts(value: object, route: Route) -> Iterator[tuple[str, Route]]:
    """Every fact that a condition anywhere below a value speaks of, with its place."""
    if isinstance(value, Predicate) and value.fact is not None:
        yield value.fact, (*route, "fact")
    if isinstance(value, Value):
        for name, field in type(value).model_fields.items():
            yield from named_facts(getattr(value, name), (*route, field.alias or name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from named_facts(item, (*route, key))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from named_facts(item, (*route, index))


def _tiers(policy: Policy) -> Iterator[Named]:
    for tier, route in _named_tiers(policy):
        if str(tier) not in policy.tiers:
            yield f"there is no tier {tier}", f"Name one of {_listed(policy.tiers)}.", route


def _named_tiers(policy: Policy) -> Iterator[tuple[int | str, Route]]:
    """Tiers that are written in the policy; those that stand there by default are left out."""
    for move, rules in policy.transitions.items():
        for index, signature in enumerate(rules.sign):
            for i, tier in enumerate(signature.tiers or ()):
                yield tier, ("transitions", move, "sign", index, "tiers", i)
        yield from ((tier, ("transitions", move, "distinct_people", tier)) for tier in rules.distinct_people)
    for section, criteria in (("ownership", policy.ownership), ("data", policy.data)):
        for name in sorted(criteria.model_fields_set):
            if name.endswith("_tiers"):
                yield from ((tier, (section, name, i)) for i, tier in enumerate(getattr(criteria, name)))
    yield from ((tier, ("monitoring", "report_every_days", tier)) for tier in policy.monitoring.report_every_days)


def _sections(policy: Policy) -> Iterator[Named]:
    for profile, sections in policy.card.sections.items():
        for index, name in enumerate(sections):
            if not is_section(name):
                yield f"`{name}` is no section of a card", "Correct it.", ("card", "sections", profile, index)


def _metrics(policy: Policy, registry: Registry) -> Iterator[Named]:
    reported = {canonical(m.type) for v in registry.versions() for e in v.evaluations.values() for m in e.metrics}
    required = {canonical(m) for criteria in policy.performance.tasks.values() for m in criteria.required}
    known = reported | required | SHARES | LOWER_IS_BETTER | set(SYNONYMS.values())
    for name, route in _named_metrics(policy):
        if canonical(name) not in known:
            yield f"`{name}` is no metric that is known, required or reported", "Correct the name.", route


def _named_metrics(policy: Policy) -> Iterator[tuple[str, Route]]:
    for task, criteria in policy.performance.tasks.items():
        route: Route = ("performance", "tasks", task)
        yield from ((name, (*route, "thresholds", name)) for name in criteria.thresholds)
        yield from ((name, (*route, "guard", name)) for name in criteria.guard)
        if criteria.primary is not None:
            yield criteria.primary, (*route, "primary")
    for index, override in enumerate(policy.performance.overrides):
        yield from ((name, ("performance", "overrides", index, "thresholds", name)) for name in override.thresholds)


def _attributes(policy: Policy, registry: Registry) -> Iterator[Named]:
    criteria = policy.fairness
    evaluations = [e for v in registry.versions() for e in v.evaluations.values()]
    known = set(criteria.required_attributes)
    known |= {a for e in evaluations for f in e.fairness for a in f.attributes}
    known |= {a for e in evaluations for m in e.metrics for a in m.slice}
    known |= {c.protected_attribute for d in registry.datasets.values() for c in d.columns if c.protected_attribute}
    named: list[tuple[str, Route]] = [(name, ("groups", name)) for name in criteria.groups]
    for index, limit in enumerate(criteria.limits):
        named += [(name, ("limits", index, "attributes", i)) for i, name in enumerate(limit.attributes or ())]
    for name, route in named:
        if name not in known:
            message = f"`{name}` is no protected attribute that is required or recorded anywhere"
            yield message, "Correct the name.", ("fairness", *route)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
