"""CARD: what a card must say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from operator import attrgetter
from typing import Any

from accredit.domain.card import Card
from accredit.domain.paths import version_path
from accredit.domain.prose import is_filled, length, placeholder
from accredit.domain.registry import ModelVersion
from accredit.domain.value import Value
from accredit.findings import Location
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule

_SHORT = frozenset({"human_oversight.role", "monitoring_plan.frequency", "monitoring_plan.owner"})
"""Fields of one line, which have no least length."""
REMEDY = "Write it in `card.yaml`."


def card_place(version: ModelVersion, *route: str | int) -> Location:
    """A place in the version's card."""
    return at(version_path(version.model_id, version.id, "card.yaml"), *route)


def no_card(version: ModelVersion) -> Verdict:
    """The verdict where there is no card to look at. CARD101 is the one that reports it, so it has no place."""
    return Verdict("unknown", f"{version.key} has no card that can be read", "Write `card.yaml`, or correct it.")


@rule("CARD101", "Required card sections are filled", severity="error", gate="review", waivable=True)
def sections_filled(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Required card sections are filled.

    What it checks:
        Every section that policy requires for the model's profile (`card.sections`) is in `card.yaml`, prose has at
        least `card.min_length` characters, and nothing is a placeholder such as `TODO`, `TBD` or a bare `n/a`. A
        section named as a whole must have all of its fields.

    Why it matters:
        A card with empty sections looks like documentation and informs nobody.

    Example:
        `performance: TODO`.

    How to fix:
        Write the section for somebody who did not build the model. Where it does not apply, say why.

    References:
        Mitchell et al. 2019, Model Cards for Model Reporting; EU AI Act Art. 11 and Annex IV.
    """
    profile = context.standing(version).profile
    required = context.policy.card.sections.get(profile, ())
    if version.card is None:
        path = version_path(version.model_id, version.id, "card.yaml")
        if path not in context.registry.broken:
            yield fails(f"{version.key} has no card", "Write `card.yaml`.", at(path))
        else:
            yield Verdict("unknown", "the card cannot be read", "Correct it.")
        return
    sound = True
    for name in required:
        get = _getter(name)
        if get is None:
            sound = False
            yield Verdict("fail", f"`{name}` is no section of a card: see POL106", "Correct the policy.")
        elif fault := _fault(get(version.card), 0 if name in _SHORT else context.policy.card.min_length):
            sound = False
            yield fails(f"the section `{name}` {fault}", REMEDY, card_place(version, *name.split(".")))
    if not required:
        yield not_applicable(f"policy requires no section for the profile {profile}")
    elif sound:
        yield passes(f"the {len(required)} sections that the profile {profile} requires are filled")


@cache
def _getter(name: str) -> Callable[[Card], Any] | None:
    """How to get a section by its dotted name; None where a card has no such section."""
    kind: Any = Card
    for part in name.split("."):
        field = getattr(kind, "model_fields", {}).get(part)
        if field is None:
            return None
        kind = field.annotation
    return attrgetter(name)


def is_section(name: str) -> bool:
    """Whether a card has a section, or a field of a section, of this dotted name."""
    return _getter(name) is not None


def _fault(section: Any, least: int) -> str:
    """What is wrong with a section; empty where it is filled."""
    if section is None or section in ((), ""):
        return "is empty"
    if isinstance(section, str):
        if words := placeholder(section):
            return f"is a placeholder: `{words}`"
        return f"has {size} characters, and {least} are asked for" if (size := length(section)) < least else ""
    if isinstance(section, tuple):
        return next((fault for item in section if (fault := _fault(item, 1))), "")
    if isinstance(section, Value):
        return next((f"lacks `{n}`" if not v else f for n, v in section if (f := _fault(v, 1))), "")
    return ""


def _lacking(version: ModelVersion, section: str, names: tuple[str, ...], good: str) -> Iterator[Verdict]:
    """A failure for each named field of a section that says nothing."""
    if version.card is None:
        yield no_card(version)
        return
    found = getattr(version.card, section)
    lacking = [(name, fault) for name in names if (fault := _fault(getattr(found, name), 1))]
    for name, fault in lacking:
        yield fails(f"`{section}.{name}` {fault}", REMEDY, card_place(version, section, name))
    if not lacking:
        yield passes(good)


@rule("CARD102", "Intended and out-of-scope use are stated", severity="error", gate="review", waivable=False)
def intended_use_stated(version: ModelVersion, context: Context) -> Iterator[Verdict]:  # noqa: ARG001 - every rule's form
    """Intended and out-of-scope use are stated.

    What it checks:
        `intended_use` of the card has uses, users and out-of-scope uses, none of them a placeholder.

    Why it matters:
        A model that is right for one decision can be wrong for the next. Without the limits of its use nobody can
        tell that it is misused.

    Example:
        A card with `uses` and without `out_of_scope`.

    How to fix:
        List at least one use, one kind of user, and one use that the model must not be put to.

    References:
        Mitchell et al. 2019 section 4.2; EU AI Act Art. 13(3)(b); SR 26-2 on model use.
    """
    stated = "uses, users and out-of-scope uses are stated"
    yield from _lacking(version, "intended_use", ("uses", "users", "out_of_scope"), stated)


@rule("CARD103", "Limitations and known failure modes are stated", severity="error", gate="review", waivable=True)
def limitations_stated(version: ModelVersion, context: Context) -> Iterator[Verdict]:  # noqa: ARG001
    """Limitations and known failure modes are stated.

    What it checks:
        The card has at least one limitation, and each has its consequence and its mitigation.

    Why it matters:
        Every model fails somewhere. Users who know where can act; a list without consequences does not help them.

    Example:
        `limitations: [{limitation: Trained on one region}]`.

    How to fix:
        Write what follows from each limitation and what is done about it, even if that is only "the user decides".

    References:
        Mitchell et al. 2019 section 4.9; EU AI Act Art. 13(3)(b); NIST AI RMF MAP 2.2.
    """
    if version.card is None:
        yield no_card(version)
        return
    faults = 0
    for index, item in enumerate(version.card.limitations):
        for name in ("limitation", "consequence", "mitigation"):
            if not is_filled(getattr(item, name)):
                faults += 1
                place = card_place(version, "limitations", index, name)
                yield fails(f"limitation {index + 1} has no {name}", f"Write its `{name}`.", place)
    if not version.card.limitations:
        yield fails("no limitation is stated", "State at least one.", card_place(version, "limitations"))
    elif not faults:
        yield passes(f"{len(version.card.limitations)} limitations are stated with consequence and mitigation")


@rule("CARD104", "Instructions for the user or deployer exist", severity="error", gate="production", waivable=True)
def instructions_exist(version: ModelVersion, context: Context) -> Iterator[Verdict]:  # noqa: ARG001
    """Instructions for the user or deployer exist.

    What it checks:
        `instructions` of the card covers inputs, outputs, oversight and maintenance.

    Why it matters:
        Those who use the model did not build it. They must know what it needs, what its output means, when to
        doubt it and how it is kept fit.

    Example:
        A card whose `instructions` have no `maintenance`.

    How to fix:
        Write the four parts for the person who puts the model to use.

    References:
        EU AI Act Art. 13.
    """
    names = ("inputs", "outputs", "oversight", "maintenance")
    yield from _lacking(version, "instructions", names, "inputs, outputs, oversight and maintenance are covered")


@rule("CARD106", "Design rationale and assumptions are recorded", severity="warning", gate="review", waivable=True)
def design_recorded(version: ModelVersion, context: Context) -> Iterator[Verdict]:  # noqa: ARG001
    """Design rationale and assumptions are recorded.

    What it checks:
        `design` of the card explains the approach, the alternatives and the assumptions.

    Why it matters:
        Whoever validates or replaces the model must know why it is as it is, and when its assumptions break.

    Example:
        A card whose `design` has an `approach` and no `assumptions`.

    How to fix:
        Say why this method, what else was tried, and what must stay true for the model to hold.

    References:
        SR 26-2 section IV; EU AI Act Annex IV point 2(b).
    """
    names = ("approach", "alternatives", "assumptions")
    yield from _lacking(version, "design", names, "approach, alternatives and assumptions are recorded")


@rule("CARD107", "Outputs are explainable to the stated audience", severity="error", gate="production", waivable=True)
def explanation_given(version: ModelVersion, context: Context) -> Iterator[Verdict]:  # noqa: ARG001
    """Outputs are explainable to the stated audience.

    What it checks:
        Under `explanation` the card says by which method an output is explained, whom the explanation serves and what
        it cannot show.

    Why it matters:
        People who are refused something may ask why. An explanation without its limits promises too much.

    Example:
        `explanation: {method: Shapley values}`.

    How to fix:
        Say how an output is explained, to whom, and what the explanation cannot show.

    References:
        GDPR Art. 15(1)(h); EU AI Act Art. 13(1) and 86; Regulation B, 12 CFR 1002.9; NIST AI RMF MEASURE 2.9.
    """
    names = ("method", "audience", "limits")
    yield from _lacking(version, "explanation", names, "method, audience and limits are named")
