"""What a rule is: one pure function with a code, a severity, a gate and a docstring that is its page."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, get_args

from accredit.domain.policy import Outcome
from accredit.domain.policy import Severity as SeverityName
from accredit.domain.value import STAGES, Stage
from accredit.findings import Location, Severity

Scope = Literal["registry", "model", "version", "waivers", "controls"]
"""What a rule looks at. `waivers` and `controls` are those of a version; such a rule knows how other rules came out."""
SCOPES: tuple[Scope, ...] = get_args(Scope)
GateStage = Literal["always", "staging", "review", "production", "archived"]
SECTIONS = ("What it checks", "Why it matters", "Example", "How to fix", "References")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that a rule found out about its subject."""

    outcome: Outcome
    message: str
    help: str = ""
    at: Location | None = None
    related: tuple[Location, ...] = ()
    conceded: bool = False
    """Whether policy lets it be, so that a failure closes no gate; it is shown all the same."""


def passes(message: str) -> Verdict:
    """The rule holds, and why."""
    return Verdict("pass", message)


def fails(message: str, help: str, at: Location, *related: Location) -> Verdict:  # noqa: A002 - the field's name
    """The rule does not hold: what is so with the actual values, what to do, and where."""
    return Verdict("fail", message, help, at, related)


def concedes(message: str, help: str, at: Location) -> Verdict:  # noqa: A002 - the field's name
    """The rule does not hold, and policy lets it be."""
    return Verdict("fail", message, help, at, (), conceded=True)


def unknown(message: str, help: str, at: Location) -> Verdict:  # noqa: A002
    """Nobody recorded what the rule needs to know."""
    return Verdict("unknown", message, help, at)


def inconclusive(message: str, help: str, at: Location) -> Verdict:  # noqa: A002
    """The evidence is there and does not settle the question."""
    return Verdict("inconclusive", message, help, at)


def not_applicable(message: str) -> Verdict:
    """The rule does not apply, and the fact that makes it so."""
    return Verdict("not_applicable", message)


def at(path: str, *route: str | int) -> Location:
    """A place in a file of the registry, by keys and indexes; its line is looked up when it is shown."""
    return Location(path, route=route)


_WORST: tuple[Outcome, ...] = ("fail", "unknown", "inconclusive", "pass", "not_applicable")


def worst(verdicts: tuple[Verdict, ...]) -> Outcome:
    """The outcome of several verdicts together: the gravest."""
    if len(verdicts) == 1:  # nearly always
        return verdicts[0].outcome
    return min((v.outcome for v in verdicts), key=_WORST.index, default="not_applicable")


@dataclass(frozen=True, eq=False)
class Rule:
    """A governance rule G_i. There is one of each, so it is equal to itself alone, and to hash it costs nothing."""

    code: str
    title: str
    severity: Severity
    gate: GateStage
    waivable: bool
    scope: Scope
    check: Callable[[Any, Any], Iterator[Verdict]] = field(compare=False)
    since: str = "0.1"

    def __reduce__(self) -> tuple[Callable[[str], Rule], tuple[str]]:
        """Pickled by its code: a rule is code, and the same in every process."""
        return rule_of, (self.code,)

    @property
    def family(self) -> str:
        """The letters of the code."""
        return self.code.rstrip("0123456789")

    @cached_property
    def slug(self) -> str:
        """The code and title as part of an address."""
        return f"{self.code}-{re.sub('[^a-z0-9]+', '-', self.title.lower()).strip('-')}".lower()

    def applies_from(self, stage: Stage) -> bool:
        """Whether the rule must hold for a version to be in a stage. Out of use, it owes only its archive record."""
        if self.gate == "always" or stage == "archived":
            return self.gate in ("always", "archived")
        return STAGES.index(self.gate) <= STAGES.index(stage)

    @cached_property
    def sections(self) -> dict[str, str]:
        """The docstring's sections, heading to Markdown text."""
        text = inspect.cleandoc(self.check.__doc__ or "")
        parts = re.split(rf"^({'|'.join(SECTIONS)}):\n", text, flags=re.MULTILINE)
        return {h: inspect.cleandoc("\n" + b).strip() for h, b in zip(parts[1::2], parts[2::2], strict=True)}


def rule_of(code: str) -> Rule:
    """The rule with a code."""
    return RULES[code]


RULES: dict[str, Rule] = {}
"""Every rule by its code, in order of code once all families are imported."""


def rule(  # noqa: PLR0913 - the row of the catalogue
    code: str,
    title: str,
    *,
    severity: SeverityName,
    gate: GateStage,
    waivable: bool,
    scope: Scope = "version",
    since: str = "0.1",
) -> Callable[[Callable[[Any, Any], Iterator[Verdict]]], Callable[[Any, Any], Iterator[Verdict]]]:
    """Registers a rule. Its docstring has a title line and the five sections of `SECTIONS`, each as `Heading:`."""

    def register(check: Callable[[Any, Any], Iterator[Verdict]]) -> Callable[[Any, Any], Iterator[Verdict]]:
        if code in RULES:
            raise ValueError(f"{code} is registered twice")
        RULES[code] = Rule(code, title, Severity[severity.upper()], gate, waivable, scope, check, since)
        return check

    return register


def matches(code: str, selectors: tuple[str, ...]) -> bool:
    """Whether a code is selected by `ALL`, its letters (`FAIR`), a prefix (`FAIR10`) or the whole code."""
    return any(s == "ALL" or code.startswith(s) for s in selectors)
