"""How long records are kept: classes of records, clocks, minimums, and when a minimum that runs has passed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from accredit.domain.calendar import months_after
from accredit.domain.operating_criteria import TierName
from accredit.domain.predicate import Facts, Predicate
from accredit.domain.value import Count, Line, Value

RecordClass = Literal[
    "model_artifact",
    "training_code",
    "environment",
    "hyperparameters",
    "training_dataset",
    "evaluation_dataset",
    "metrics",
    "card",
    "technical_documentation",
    "impact_assessment",
    "bias_audit",
    "approvals",
    "audit_log",
    "runtime_logs",
    "decision_records",
    "consumer_requests",
    "declaration",
]
Clock = Literal[
    "created",
    "event",
    "placed_on_market",
    "last_in_production",
    "last_effective",
    "decision_notice",
    "completed_or_processing_end",
    "last_use",
]
CLOCK_WORDS: dict[Clock, str] = {
    "created": "the day it was made",
    "event": "the last event",
    "placed_on_market": "the first day in production",
    "last_in_production": "the last day in production",
    "last_effective": "the last day in effect",
    "decision_notice": "the last decision",
    "completed_or_processing_end": "the end of the processing",
    "last_use": "the last use",
}
Level = Literal["declared", "exists", "digest", "locked"]
LEVELS: tuple[Level, ...] = ("declared", "exists", "digest", "locked")
"""How sure it is that an object is there, weakest first."""
FROM_OPERATION: frozenset[RecordClass] = frozenset({"runtime_logs", "decision_records", "consumer_requests"})
"""Classes of which nothing can exist before a version was used."""


class RetentionClass(Value):
    """A minimum: how long one class of record is kept, and from when the time runs. It has years or months."""

    years: Annotated[float, Field(ge=0, le=200)] | None = Field(None, description="Years to keep the record.")
    months: Annotated[int, Field(ge=0, le=2400)] | None = Field(None, description="Months, in place of years.")
    clock: Clock = Field(
        description="The event from which the time runs. Until it happens the record is kept without end."
    )

    @model_validator(mode="after")
    def _one_length(self) -> RetentionClass:
        if (self.years is None) == (self.months is None):
            raise ValueError("give either `years` or `months`")
        if self.years is not None and not (self.years * 12).is_integer():
            raise ValueError("years must come to whole months")
        return self

    @property
    def length(self) -> int:
        """The time in months."""
        return self.months if self.months is not None else int((self.years or 0) * 12)

    @property
    def words(self) -> str:
        """The time as people say it."""
        return spell(self.length)

    @property
    def start_words(self) -> str:
        """From when the time runs, as people say it."""
        return CLOCK_WORDS[self.clock]


def spell(months: int) -> str:
    """A length of time as people say it: `3 years`, `25 months`."""
    years, rest = divmod(months, 12)
    count, unit = (months, "month") if rest or not years else (years, "year")
    return f"{count} {unit}{'' if count == 1 else 's'}"


class Overlay(RetentionClass):
    """A minimum that law or another norm adds. The longest minimum that applies wins."""

    control: Line = Field(examples=["AIA-18"], description="The control that asks for it.")
    record: RecordClass = Field(alias="class", description="The class of record that it is about.")
    when: Predicate | None = Field(None, description="Absent: for every model. Unknown counts as yes.")


class StorageChecks(Value):
    """How stored objects are looked at."""

    max_age_days: Count = Field(90, description="Days for which a look counts.")
    level: dict[TierName, Level] = Field(
        default_factory=dict,
        description="What a look must show, by tier: declared, exists, digest or locked. Absent: digest.",
    )


class Retention(Value):
    """Retention of records. The default is three years after the last day in production."""

    default: RetentionClass = RetentionClass(years=3, clock="last_in_production")
    classes: dict[RecordClass, RetentionClass] = Field(
        default_factory=dict, description="Classes that must exist in production, each with its own minimum."
    )
    overlays: tuple[Overlay, ...] = ()
    verify: StorageChecks | None = Field(None, description="Absent: nobody need look at stored objects.")
    mutable_uri: Literal["deny", "allow"] = Field(
        "deny", description="Whether an object may live where it can be overwritten."
    )
    conflict_min_over_max: Literal["needs_judgement"] = Field(
        "needs_judgement", description="Whether minimum or maximum gives way is always decided by people."
    )

    def overlays_of(self, record: str, facts: Facts) -> tuple[Overlay, ...]:
        """The overlays on a class of record that apply, or may apply, to a model with these facts."""
        return tuple(
            o for o in self.overlays if o.record == record and (not o.when or o.when.holds(facts) is not False)
        )

    def minimums(self, record: RecordClass, facts: Facts) -> tuple[tuple[str, RetentionClass], ...]:
        """Every minimum that applies to a class of record, each with who asks for it."""
        own = self.classes.get(record)
        first = ("policy", own) if own else ("policy's default", self.default)
        return (first, *((o.control, o) for o in self.overlays_of(record, facts)))


@dataclass(frozen=True, slots=True)
class Term:
    """A minimum as it runs for one record."""

    source: str
    """The control or policy that asks for it."""
    months: int
    clock: Clock
    start: date | None = None
    """When the clock started; None while it has not."""

    @property
    def end(self) -> date | None:
        """The last day; None while the clock has not started."""
        return None if self.start is None else months_after(self.start, self.months)


def retain_until(terms: Iterable[Term], *, held: bool = False) -> date | None:
    """The last day for which a record is kept: the latest end of all minimums.

    None is without end: under a legal hold, where a clock has not started, and where there is no minimum at all, since
    then nobody said that it may go.
    """
    ends = [term.end for term in terms]
    known = [end for end in ends if end is not None]
    return None if held or len(known) < len(ends) or not known else max(known)


def deciding(terms: Iterable[Term]) -> Term | None:
    """The minimum that decides: one whose clock has not started, the longest of them, else the one that ends last."""
    ordered = sorted(terms, key=lambda t: (t.end is None, t.end or date.max, t.months))
    return ordered[-1] if ordered else None
