"""REG: what catalogues of the organisation and determinations name exists."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.classification import FACTS
from accredit.domain.field_path import is_field
from accredit.domain.framework import Control, Framework
from accredit.domain.registry import Registry
from accredit.findings import Route
from accredit.rules.context import Context
from accredit.rules.reference import Reference
from accredit.rules.rule import RULES, Verdict, at, fails


def named_in_determinations(registry: Registry) -> Iterator[Reference]:
    """Everybody and everything named in determinations, but frameworks and controls."""
    for name, made in registry.determinations.items():
        path = f"determinations/{name}.yaml"
        yield Reference("model", made.model, path, ("model",))
        if made.version is not None:
            yield Reference("version", f"{made.model}@{made.version}", path, ("version",))
        yield Reference("person", made.by, path, ("by",))
        yield Reference("role", made.role, path, ("role",))
        yield from registry_named(made.registry, path)


def registry_named(registry: str | None, path: str) -> Iterator[Reference]:
    """The registry that a waiver, a determination or a hold says it is for."""
    if registry is not None:
        yield Reference("registry", registry, path, ("registry",))


def unknown_in_frameworks(registry: Registry, context: Context) -> Iterator[Verdict]:
    """Names of frameworks, controls, facts, fields and rules that lead nowhere."""
    for index, name in enumerate(context.policy.catalogue.frameworks):
        yield from _framework(name, ("catalogue", "frameworks", index), context)
    for index, name in enumerate(context.policy.catalogue.enforce):
        yield from _framework(name, ("catalogue", "enforce", index), context)
    for name, made in registry.determinations.items():
        if not context.catalogue.find(made.control, made.framework):
            message = f"`{made.control}` is no control of the framework `{made.framework}`"
            yield fails(message, "Correct the name.", at(f"determinations/{name}.yaml", "control"))
    for name, framework in registry.frameworks.items():
        for message, route in faults_of(framework, context):
            yield fails(message, "Correct the name.", at(f"frameworks/{name}.yaml", *route))


def _framework(name: str, route: Route, context: Context) -> Iterator[Verdict]:
    if name not in context.catalogue.frameworks and f"frameworks/{name}.yaml" not in context.registry.broken:
        yield fails(f"`{name}` is no framework", context.catalogue.instead_of(name), at("policy.yaml", *route))


def faults_of(framework: Framework, context: Context) -> Iterator[tuple[str, Route]]:
    """Facts, fields, rules and controls that a catalogue names and that do not exist, with their places."""
    if framework.applies_when is not None:
        yield from _facts(framework.applies_when.named, ("applies_when",))
    for name, control in framework.controls.items():
        yield from _in_control(control, ("controls", name), context)
    for name, former in framework.former.items():
        for index, now in enumerate(former.now):
            if now not in framework.controls and not context.catalogue.find(now):
                yield f"`{now}` is no control", ("former", name, "now", index)


def _in_control(control: Control, route: Route, context: Context) -> Iterator[tuple[str, Route]]:
    if control.applies_when is not None:
        yield from _facts(control.applies_when.named, (*route, "applies_when"))
    for index, begins in enumerate(control.in_force_when):
        yield from _facts(begins.when.named, (*route, "in_force_when", index, "when"))
    for index, related in enumerate(control.related):
        if not context.catalogue.find(related):
            yield f"`{related}` is no control", (*route, "related", index)
    for which in ("all_of", "any_of"):
        for index, asked in enumerate(getattr(control.evidence, which)):
            place: Route = (*route, "evidence", which, index)
            if asked.rule is not None and (asked.rule not in RULES or asked.rule.startswith("CTL")):
                yield f"`{asked.rule}` is no rule, or one that is about controls itself", (*place, "rule")
            if asked.field is not None and not is_field(asked.field):
                yield f"`{asked.field}` leads to no field of the format", (*place, "field")


def _facts(named: tuple[str, ...], route: Route) -> Iterator[tuple[str, Route]]:
    yield from ((f"`{name}` is no fact", route) for name in named if name not in FACTS)
