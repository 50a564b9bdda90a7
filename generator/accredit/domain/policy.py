"""What the organisation demands: `policy.yaml`. Every number in it is the organisation's choice."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from accredit.domain.criteria import (
    CardCriteria,
    DataCriteria,
    FairnessCriteria,
    OwnershipCriteria,
    PerformanceCriteria,
    RiskCriteria,
)
from accredit.domain.predicate import Predicate
from accredit.domain.value import Count, Date, Line, Markdown, ProfileId, RoleId, Slug, Stage, TeamId, Value

Outcome = Literal["pass", "fail", "inconclusive", "unknown", "not_applicable"]
Severity = Literal["blocker", "error", "warning"]
TierName = Literal["1", "2", "3", "4"]
Move = Annotated[
    str, StringConstraints(pattern=r"^(none|staging|review|production|archived)->(staging|review|production|archived)$")
]
Selector = Annotated[str, StringConstraints(pattern=r"^(ALL|[A-Z]{2,6}[0-9]{0,3})$")]


class PolicyIdentity(Value):
    """Which policy this is and since when it holds."""

    id: Slug
    version: Line
    effective: Date
    approved_by_role: RoleId
    summary: Markdown | None = None


class Team(Value):
    """A team with a mandate."""

    name: Line
    mandate: Line
    contact: Line | None = None


class Role(Value):
    """A role in sign-off."""

    name: Line
    description: Line
    independent_of: tuple[RoleId, ...] = ()


class StagePolicy(Value):
    """A stage of the lifecycle and the team responsible for it."""

    name: Line
    team: TeamId
    description: Line


class TierPolicy(Value):
    """What a risk tier asks for. The first tier whose `when` holds is the model's tier."""

    name: Line
    when: Predicate | None = Field(None, description="Absent: the tier of everything not caught before.")
    profile: ProfileId
    revalidate_months: Count | None = None
    approval_valid_months: Count | None = None


class Profile(Value):
    """How strictly gates are applied."""

    block_on: tuple[Outcome, ...]
    severities: tuple[Severity, ...] = ("blocker", "error", "warning")
    waivers: bool = True
    assurance: Literal["signed", "platform", "commit", "declared"] = "signed"


class ProfileFloor(Value):
    """The weakest profile allowed where a condition holds."""

    when: Predicate
    at_least: ProfileId


class Gate(Value):
    """The rules that must hold for a move. `Deploy(M)` is the gate of `review->production`."""

    rules: tuple[Selector, ...]
    exclude: tuple[Selector, ...] = Field((), alias="not")


class Signature(Value):
    """A sign-off that a move needs: one person in one of the roles."""

    role: tuple[RoleId, ...]
    tiers: tuple[int, ...] | None = None
    when: Predicate | None = None


class TransitionPolicy(Value):
    """Who signs a move."""

    sign: tuple[Signature, ...] = ()
    distinct_people: dict[TierName, Count] = Field(default_factory=dict)
    reason: Literal["required", "optional"] = "optional"


class RetentionClass(Value):
    """How long one class of record is kept, and from when the time runs."""

    years: float = Field(ge=0)
    clock: Literal[
        "created",
        "event",
        "placed_on_market",
        "last_in_production",
        "last_effective",
        "decision_notice",
        "completed_or_processing_end",
        "last_use",
    ]


class Retention(Value):
    """Retention of records. The default is three years after the last day in production."""

    default: RetentionClass = RetentionClass(years=3, clock="last_in_production")
    classes: dict[RoleId, RetentionClass] = Field(default_factory=dict)
    mutable_uri: Literal["deny", "allow"] = "deny"


class WaiverPolicy(Value):
    """Limits on waivers by severity."""

    max_days: dict[Severity, Count] = {"blocker": 30, "error": 90, "warning": 180}
    max_renewals: dict[Severity, Count] = {"blocker": 0, "error": 1, "warning": 2}
    accept_by: dict[Severity, tuple[RoleId, ...]] = Field(default_factory=dict)


class MonitoringPolicy(Value):
    """How often a version in production reports."""

    report_every_days: dict[TierName, Count | None] = Field(default_factory=dict)
    grace_days: Count = 10


class Policy(Value):
    """The organisation's policy: stages, roles, tiers, profiles, gates and criteria."""

    policy: PolicyIdentity
    teams: dict[TeamId, Team]
    roles: dict[RoleId, Role]
    stages: dict[Stage, StagePolicy]
    tiers: dict[TierName, TierPolicy]
    profiles: dict[ProfileId, Profile]
    profile_floor: tuple[ProfileFloor, ...] = ()
    gates: dict[Move, Gate]
    transitions: dict[Move, TransitionPolicy]
    ownership: OwnershipCriteria = OwnershipCriteria()
    card: CardCriteria = CardCriteria()
    risk: RiskCriteria = RiskCriteria()
    data: DataCriteria = DataCriteria()
    performance: PerformanceCriteria = PerformanceCriteria()
    fairness: FairnessCriteria = FairnessCriteria()
    retention: Retention = Retention()
    waivers: WaiverPolicy = WaiverPolicy()
    monitoring: MonitoringPolicy = MonitoringPolicy()
