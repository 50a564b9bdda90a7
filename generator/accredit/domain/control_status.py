"""What the records show about one control for one model: the answer that pages and gates speak of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from accredit.domain.determination import Determination
from accredit.domain.framework import Control, EvidenceKind, Framework
from accredit.domain.policy import Outcome
from accredit.domain.predicate import Predicate
from accredit.findings import Location

Status = Literal["met", "not_met", "needs_judgement", "not_applicable"]
EvidenceState = Literal["present", "missing", "open", "not_applicable"]
"""`open` is evidence that somebody must look at; `not_applicable` a rule that asks nothing of the model."""
LABELS: Mapping[Status, str] = {
    "met": "Evidence present",
    "not_met": "Evidence missing",
    "needs_judgement": "Needs human judgement",
    "not_applicable": "Not applicable on the recorded facts",
}
ROLL_UP: tuple[Status, ...] = ("not_met", "needs_judgement", "met", "not_applicable")
"""Gravest first: what a summary of several controls shows."""


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """How a rule came out for a version, as evidence for a control."""

    outcome: Outcome
    message: str = ""
    at: Location | None = None
    waiver: str | None = None


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One thing that a control asks for, and what there is of it."""

    kind: EvidenceKind
    name: str
    state: EvidenceState
    detail: str
    """What was found, in a sentence."""
    at: Location | None = None
    """Where it was found or is missing; None where there is no such place."""
    waiver: str | None = None
    """The waiver that accepts that it is missing."""


@dataclass(frozen=True, slots=True)
class CatalogueControl:
    """A control with the framework that it belongs to."""

    framework_id: str
    id: str
    framework: Framework
    control: Control
    condition: Predicate
    """Under which facts it applies: what framework and control ask for together."""

    @property
    def url(self) -> str:
        """Where the text can be read."""
        return self.control.url or self.framework.url

    @property
    def jurisdiction(self) -> str:
        """Where it binds."""
        return self.control.jurisdiction or self.framework.jurisdiction


@dataclass(frozen=True, slots=True)
class ControlStatus:
    """One control for one model, judged on one version where there is one."""

    of: CatalogueControl
    model: str
    version: str | None
    as_of: date
    applies: bool | None
    """Whether the recorded facts make it apply; None where one that decides is not recorded."""
    missing_facts: tuple[str, ...]
    """The facts that would decide whether it applies."""
    status: Status
    rows: tuple[EvidenceRow, ...]
    in_force_from: date | None
    stale: bool
    """Whether the catalogue was checked longer ago than policy allows."""
    determination: tuple[str, Determination] | None = None
    """Id and content of the determination in force."""

    @property
    def label(self) -> str:
        """The status as pages say it."""
        return LABELS[self.status]

    @property
    def not_yet_in_force(self) -> bool:
        """Whether its first day is still to come."""
        return self.in_force_from is not None and self.as_of < self.in_force_from

    @property
    def superseded(self) -> bool:
        """Whether its last day has passed."""
        until = self.of.control.in_force_until
        return until is not None and until < self.as_of

    @property
    def waived(self) -> tuple[str, ...]:
        """The waivers that accept that some of its evidence is missing."""
        return tuple(dict.fromkeys(r.waiver for r in self.rows if r.waiver is not None and r.state == "missing"))

    @property
    def is_covered(self) -> bool:
        """Whether waivers accept all that is missing."""
        missing = [r for r in self.rows if r.state == "missing"]
        return bool(missing) and all(r.waiver is not None for r in missing)

    @property
    def overlays(self) -> tuple[str, ...]:
        """What stands beside the label, in a few words each. None of it replaces the status."""
        if self.status == "not_applicable":
            return ()
        return (
            *(f"waived by {name}" for name in self.waived),
            *([f"not yet in force, prepares for {self.in_force_from}"] if self.not_yet_in_force else []),
            *([f"superseded since {self.of.control.in_force_until}"] if self.superseded else []),
            *([f"catalogue last verified on {self.of.framework.verified.date}"] if self.stale else []),
        )


def roll_up(statuses: Iterable[Status]) -> Status:
    """The gravest of several; not applicable where there is none."""
    return min(statuses, key=ROLL_UP.index, default="not_applicable")
