"""The gates of a version as people read them: the verdict first, then every rule, family by family."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from accredit.assess import VersionAssessment
from accredit.findings import Location
from accredit.gates import Gate, Result
from accredit.site.pages.catalogue import DEPLOY, Catalogue

FAMILIES = {
    "REG": "Registry", "CARD": "Documentation", "OWN": "Ownership", "RISK": "Risk", "DATA": "Data", "LIN": "Lineage",
    "PERF": "Performance", "FAIR": "Fairness", "LIFE": "Lifecycle", "APR": "Sign-off", "RET": "Retention",
    "MON": "Monitoring", "POL": "Policy", "AUD": "Audit trail", "SEC": "Security", "TRN": "Transparency",
    "OVR": "Human oversight", "CTL": "Controls", "WVR": "Waivers",
}  # fmt: skip
"""Letters of a rule's code to the family's name."""
_ORDER = ("fail", "unknown", "inconclusive", "waived", "pass", "not_applicable")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule has its outcome, where, and what to do."""

    message: str
    help: str
    place: Location | None


@dataclass(frozen=True, slots=True)
class GateRow:
    """One rule G_i on one version."""

    result: Result
    state: str
    """The outcome, or `waived`."""
    is_due: bool
    """Whether the rule must hold already in the version's stage."""
    reasons: tuple[Reason, ...]

    @property
    def code(self) -> str:
        """Code of the rule."""
        return self.result.rule.code


@dataclass(frozen=True, slots=True)
class GateGroup:
    """The rules of one family, gravest outcome first."""

    family: str
    name: str
    rows: tuple[GateRow, ...]

    @property
    def is_quiet(self) -> bool:
        """Whether every rule holds or does not apply."""
        return all(r.state in ("pass", "not_applicable") for r in self.rows)

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """State to the number of rules in it, gravest first."""
        states = [r.state for r in self.rows]
        return tuple((s, states.count(s)) for s in _ORDER if s in states)


def family_option(code: str) -> tuple[str, str]:
    """Letters of a rule's code and the name of its family."""
    letters = code.rstrip("0123456789")
    return letters, FAMILIES.get(letters, letters)


def state_of(result: Result) -> str:
    """The outcome of a result, or `waived` where a waiver in force covers it."""
    return "waived" if result.waiver else result.outcome


@dataclass(frozen=True)
class GatesView:
    """The verdict and the table of gates of one version."""

    catalogue: Catalogue
    version: VersionAssessment

    @cached_property
    def gate(self) -> Gate | None:
        """Deploy(M) where policy has it for the version, else the next gate on its way."""
        return self.version.gates.get(DEPLOY) or self.version.next_gate

    @property
    def is_deploy(self) -> bool:
        """Whether the gate shown is that of production."""
        return self.gate is not None and self.gate.move == DEPLOY

    @cached_property
    def blocking(self) -> tuple[GateRow, ...]:
        """The rules that close the gate."""
        return tuple(self._row(self.version.results[code]) for code in (self.gate.blocking if self.gate else ()))

    @cached_property
    def waived_codes(self) -> tuple[str, ...]:
        """Codes of the gate's rules that do not hold and are waived."""
        return tuple(c for c in (self.gate.codes if self.gate else ()) if self.version.results[c].waiver)

    @cached_property
    def waived(self) -> tuple[GateRow, ...]:
        """The rules of the gate that do not hold and are waived."""
        return tuple(self._row(self.version.results[code]) for code in self.waived_codes)

    @cached_property
    def groups(self) -> tuple[GateGroup, ...]:
        """Every rule by family, families with something to look at first."""
        families: dict[str, list[GateRow]] = {}
        for result in self.version.results.values():
            families.setdefault(result.rule.family, []).append(self._row(result))
        groups = [
            GateGroup(f, FAMILIES.get(f, f), tuple(sorted(rows, key=lambda r: (_ORDER.index(r.state), r.code))))
            for f, rows in families.items()
        ]
        return tuple(sorted(groups, key=lambda g: g.is_quiet))

    def _row(self, result: Result) -> GateRow:
        reasons = result.reasons if result.outcome != "pass" else result.reasons[:1]
        return GateRow(
            result,
            state_of(result),
            result.rule.applies_from(self.version.stage),
            tuple(
                Reason(v.message, v.help, self.catalogue.place_of(result.rule.code, v)) for v in dict.fromkeys(reasons)
            ),
        )

    @cached_property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """State to the number of all rules in it, gravest first."""
        states = [state_of(r) for r in self.version.results.values()]
        return tuple((s, states.count(s)) for s in _ORDER if s in states)
