"""What went wrong in use: `incidents/<id>.yaml`."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from accredit.domain.calendar import moment_after
from accredit.domain.operating_criteria import IncidentKind, IncidentSeverity, ReportingDuty
from accredit.domain.predicate import Facts
from accredit.domain.value import Date, Instant, Line, Markdown, ModelId, PersonId, Slug, Value, VersionId


class IncidentAction(Value):
    """Something that was or will be done about an incident."""

    action: Markdown = Field(description="What is done.")
    owner: PersonId
    due: Date | None = Field(None, description="Last day to do it.")
    done: Date | None = Field(None, description="When it was done.")


class IncidentReport(Value):
    """A report that policy asks for: when it was made, or why none is owed."""

    reported_at: Instant | None = None
    reference: Line | None = Field(None, description="Reference of the report.")
    not_due: Line | None = Field(None, description="Why none is owed, as counsel decided.")
    decided_by: PersonId | None = None


class Incident(Value):
    """One incident, from detection to its end."""

    title: Line = Field(description="What happened, in a line.")
    model: ModelId
    versions: tuple[VersionId, ...] = Field((), description="Versions concerned; empty: all.")
    kind: IncidentKind = Field(description="What sort of incident it is. With the severity it decides who is told.")
    severity: IncidentSeverity = Field(description="How grave it is.")
    detected_at: Instant = Field(description="When somebody became aware of it: reporting deadlines run from here.")
    detected_by: PersonId | None = None
    owner: PersonId
    description: Markdown = Field(description="What happened, to whom, and how it was found.")
    actions: tuple[IncidentAction, ...] = ()
    reports: dict[Slug, IncidentReport] = Field(
        default_factory=dict, description="Reports by the duty, as policy names it under `incidents.duties`."
    )
    closed_at: Instant | None = None
    root_cause: Markdown | None = Field(None, description="Why it happened. Needed to close it.")

    def deadline(self, duty: ReportingDuty) -> datetime:
        """The last moment to report under a duty."""
        return moment_after(self.detected_at, duty.within_hours)

    def owes(self, duty: ReportingDuty, facts: Facts) -> bool | None:
        """Whether a model with these facts owes a report under a duty; None where an unrecorded fact decides."""
        if self.kind not in duty.kinds or self.severity not in duty.severities:
            return False
        return duty.when.holds(facts) if duty.when else True
