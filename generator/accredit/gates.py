"""Results of rules, and the gates that they open or close."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from accredit.domain.policy import Outcome, Policy, Profile
from accredit.domain.value import STAGES, Stage
from accredit.rules.context import Standing
from accredit.rules.rule import Rule, Verdict, matches

Codes = tuple[str, ...]


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


def gates_of(stage: Stage, results: Mapping[str, Result], policy: Policy, standing: Standing) -> dict[str, Gate]:
    """The gates of the moves that policy knows from a stage, of the one that led there, and of Deploy(M)."""
    profile = policy.profiles[standing.profile]
    gates = {}
    for move, wanted in policy.gates.items():
        source, _, target = move.partition("->")
        if stage not in (source, target) and (stage, target) != ("staging", "production"):
            continue
        asked = tuple(result.rule for result in results.values())
        codes = _codes(asked, wanted.rules, wanted.exclude, _stage(target))
        gates[move] = Gate(move, codes, tuple(c for c in codes if blocks(results[c], profile)))
    return gates


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
    return counted and result.waiver is None
