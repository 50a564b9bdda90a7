"""Results of rules, and the gates that they open or close."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from accredit.domain.lifecycle import Lifecycle
from accredit.domain.policy import Outcome, Policy, Profile
from accredit.domain.value import STAGES, Stage
from accredit.rules.context import Standing
from accredit.rules.rule import Rule, Verdict, matches

Codes = tuple[str, ...]
CLOSED_IN_TIME = "LIFE104"
"""The rule that no emergency escapes."""


@dataclass(frozen=True, slots=True)
class Result:
    """One rule on one subject: the outcome, every reason for it, and the waiver that covers it, if any."""

    rule: Rule
    outcome: Outcome
    verdicts: tuple[Verdict, ...]
    waiver: str | None = None
    """Id of the waiver in force, one without a fault."""

    @property
    def reasons(self) -> tuple[Verdict, ...]:
        """The verdicts that made the outcome."""
        return tuple(v for v in self.verdicts if v.outcome == self.outcome)

    @property
    def is_conceded(self) -> bool:
        """Whether policy lets be whatever does not hold."""
        return self.outcome == "fail" and all(v.conceded for v in self.reasons)


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate of one move: `Deploy(M)` where the move leads to production. Open if nothing blocks."""

    move: str
    codes: tuple[str, ...]
    """Every rule G_i that the gate asks for."""
    blocking: tuple[str, ...]
    """Those that do not hold and are not waived."""

    @property
    def is_open(self) -> bool:
        """Whether the move is allowed by the rules. Sign-off is a matter of its own."""
        return not self.blocking


def gates_of(
    lifecycle: Lifecycle, results: Mapping[str, Result], policy: Policy, standing: Standing
) -> dict[str, Gate]:
    """The gates of the moves that policy knows from a stage, of the one that led there, and of Deploy(M).

    Until an emergency deploy is reviewed, production asks only for what policy never skips; for any emergency it asks
    that it be closed in time.
    """
    profile, stage = policy.profiles[standing.profile], lifecycle.stage
    gates = {}
    for move, wanted in policy.gates.items():
        source, _, target = move.partition("->")
        if stage not in (source, target) and (stage, target) != ("staging", "production"):
            continue
        asked = tuple(result.rule for result in results.values())
        rules, exclude = wanted.rules, wanted.exclude
        if target == "production":
            rules, exclude = _in_emergency(lifecycle, policy, rules, exclude)
        codes = _codes(asked, rules, exclude, _stage(target))
        gates[move] = Gate(move, codes, tuple(c for c in codes if blocks(results[c], profile)))
    return gates


def _in_emergency(lifecycle: Lifecycle, policy: Policy, rules: Codes, exclude: Codes) -> tuple[Codes, Codes]:
    """What the gate of production asks for, given the emergencies that are open or asked for."""
    pending = lifecycle.pending
    kinds = {s.kind for s in (*lifecycle.emergencies, *([pending] if pending else []))}
    if "deploy" in kinds and policy.emergency.deploy is not None:
        return (*policy.emergency.deploy.never_skip, CLOSED_IN_TIME), ()
    if any(kinds):
        return (*rules, CLOSED_IN_TIME), tuple(c for c in exclude if not matches(CLOSED_IN_TIME, (c,)))
    return rules, exclude


@lru_cache(maxsize=64)
def _codes(known: tuple[Rule, ...], rules: Codes, exclude: Codes, target: Stage) -> Codes:
    """The codes that a gate asks for, worked out once for all versions."""
    wanted = (rule.code for rule in known if rule.applies_from(target))
    return tuple(c for c in wanted if matches(c, rules) and not matches(c, exclude))


def _stage(name: str) -> Stage:
    return next(s for s in STAGES if s == name)


def blocks(result: Result, profile: Profile) -> bool:
    """Whether a result closes a gate under a profile."""
    counted = result.rule.severity.label in profile.severities and result.outcome in profile.block_on
    return counted and result.waiver is None and not result.is_conceded
