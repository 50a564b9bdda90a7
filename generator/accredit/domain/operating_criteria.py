"""What the policy asks of a model in use: transparency, oversight, security, monitoring and incidents."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from accredit.domain.predicate import Facts, Predicate
from accredit.domain.value import Count, Line, ProfileId, Slug, Value

TierName = Literal["1", "2", "3", "4"]
IncidentKind = Literal["death", "harm", "discrimination", "data_breach", "security", "outage", "drift", "other"]
IncidentSeverity = Literal["minor", "serious", "widespread"]


class Demand(Value):
    """When something is asked for, and how old its record may be."""

    profiles: tuple[ProfileId, ...] = Field(("strict",), description="Profiles in which it is asked for.")
    when: Predicate | None = Field(None, description="Condition on the model's facts; absent: every model.")
    max_age_months: Count | None = Field(None, description="Months for which its record counts; absent: no end.")

    def is_due(self, profile: ProfileId, facts: Facts) -> bool | None:
        """Whether a model of a profile with these facts owes it; None where an unrecorded fact decides."""
        if profile not in self.profiles:
            return False
        return self.when.holds(facts) if self.when else True


class TransparencyCriteria(Value):
    """Transparency to people. What is absent is not asked for."""

    notice: Demand | None = Field(None, description="When affected people are given notice.")
    reasons: Demand | None = Field(None, description="When reasons for one decision can be given.")
    disclosure: Demand | None = Field(None, description="When interaction or made content is disclosed.")
    contest: Demand | None = Field(None, description="When a person can object and reach a human.")
    registers: dict[Slug, Demand] = Field(
        default_factory=dict, description="Public registers, by short name, and which models are entered in each."
    )


class OversightCriteria(Value):
    """Human oversight. What is absent is not asked for."""

    plan: Demand | None = Field(None, description="When oversight is planned; the age is that of the training.")
    stop_test: Demand | None = Field(None, description="When stop and fallback are tried.")


class SecurityCriteria(Value):
    """Security. What is absent is not asked for."""

    review: Demand | None = Field(None, description="When a security review is needed.")


class InUsePlanDemand(Demand):
    """When a plan for the time in use is needed, and what it contains."""

    contents: tuple[Slug, ...] = Field((), description="What the plan must contain.")


class LoggingDemand(Demand):
    """When predictions are stored, and for how long."""

    min_months: Count = Field(6, description="Months for which they are kept at least.")


class MonitoringPolicy(Value):
    """How a version in production is followed. What is absent is not asked for."""

    report_every_days: dict[TierName, Count | None] = Field(
        default_factory=dict, description="Days between reports, by tier; null: none asked for."
    )
    grace_days: Count = Field(10, description="Days that a report may be late.")
    plan: Demand | None = Field(None, description="When a card needs a monitoring plan.")
    in_use_plan: InUsePlanDemand | None = None
    logging: LoggingDemand | None = None


class ReportingDuty(Value):
    """A duty to report incidents to somebody within a time. The numbers are the policy's: say where they come from."""

    to: Line = Field(description="Who is told.")
    kinds: tuple[IncidentKind, ...] = Field(description="Kinds of incidents that are reported.")
    severities: tuple[IncidentSeverity, ...] = Field(
        ("minor", "serious", "widespread"), description="Severities that are reported."
    )
    when: Predicate | None = Field(None, description="Condition on the model's facts; absent: every model.")
    within_hours: Count = Field(description="Hours after detection within which it is reported.")
    source: Line | None = Field(None, description="Where the duty comes from.")


class IncidentCriteria(Value):
    """Incidents: who is told of which, and how soon."""

    duties: dict[Slug, ReportingDuty] = Field(default_factory=dict, description="Duties to report, by id.")
