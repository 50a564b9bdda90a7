"""What the organisation demands: `policy.yaml`. Every number in it is the organisation's choice."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints, model_validator

from accredit.domain.approval_criteria import ApprovalCriteria
from accredit.domain.audit import AuditCriteria
from accredit.domain.catalogue_criteria import CatalogueCriteria
from accredit.domain.criteria import (
    CardCriteria,
    DataCriteria,
    FairnessCriteria,
    OwnershipCriteria,
    PerformanceCriteria,
    RiskCriteria,
)
from accredit.domain.emergency import EmergencyPolicy
from accredit.domain.operating_criteria import (
    IncidentCriteria,
    MonitoringPolicy,
    OversightCriteria,
    SecurityCriteria,
    TierName,
    TransparencyCriteria,
)
from accredit.domain.organisation import Organisation
from accredit.domain.predicate import Predicate
from accredit.domain.retention import Retention
from accredit.domain.revalidation import RevalidationCriteria
from accredit.domain.separation import SeparationOfDuties
from accredit.domain.signatures import TransitionPolicy
from accredit.domain.validation import ValidationCriteria
from accredit.domain.value import STAGES, Count, Date, Line, Markdown, ProfileId, RoleId, Slug, Stage, TeamId, Value

Outcome = Literal["pass", "fail", "inconclusive", "unknown", "not_applicable"]
Severity = Literal["blocker", "error", "warning"]
Move = Annotated[
    str, StringConstraints(pattern=r"^(none|staging|review|production|archived)->(staging|review|production|archived)$")
]
Selector = Annotated[str, StringConstraints(pattern=r"^(ALL|[A-Z]{2,6}[0-9]{0,3})$")]


class PolicyIdentity(Value):
    """Which policy this is and since when it holds."""

    id: Slug = Field(description="Id of the policy, the same in every version.")
    version: Line = Field(description="Version of the policy.")
    effective: Date = Field(description="First day on which it holds.")
    approved_by_role: RoleId
    change_approvals: int = Field(
        1, ge=1, description="How many with that role sign a change of people or policy, besides who asks."
    )
    summary: Markdown | None = Field(None, description="The policy in short, in Markdown.")


class Team(Value):
    """A team with a mandate."""

    name: Line = Field(description="Name of the team.")
    mandate: Line = Field(description="What the team is there for.")
    contact: Line | None = Field(None, description="How to reach it.")


class Role(Value):
    """A role in sign-off."""

    name: Line = Field(description="Name of the role.")
    description: Line = Field(description="What somebody in the role answers for.")
    independent_of: tuple[RoleId, ...] = Field(
        (), description="Roles that the same person may not hold for the same version."
    )


class StagePolicy(Value):
    """A stage of the lifecycle and the team responsible for it."""

    name: Line = Field(description="Name of the stage.")
    team: TeamId
    description: Line = Field(description="What being in the stage means.")


class TierPolicy(Value):
    """What a risk tier asks for. The first tier whose `when` holds is the model's tier."""

    name: Line = Field(description="Name of the tier.")
    when: Predicate | None = Field(None, description="Absent: the tier of everything not caught before.")
    profile: ProfileId = Field(description="How strictly its gates are applied.")
    soak_days: Count | None = Field(
        None, description="Days that a version spends in review, or runs in shadow, before production."
    )
    revalidate_months: Count | None = Field(
        None, description="Months after which a version in production is validated anew."
    )
    approval_valid_months: Count | None = Field(None, description="Months that an approval holds.")


class Profile(Value):
    """How strictly gates are applied."""

    block_on: tuple[Outcome, ...] = Field(description="Results that close a gate.")
    severities: tuple[Severity, ...] = Field(
        ("blocker", "error", "warning"), description="Severities that count at all."
    )
    waivers: bool = Field(True, description="Whether a waiver opens a gate.")
    assurance: Literal["signed", "platform", "commit", "declared"] = Field(
        "signed", description="The least assurance that a sign-off must have."
    )


class ProfileFloor(Value):
    """The weakest profile allowed where a condition holds."""

    when: Predicate
    at_least: ProfileId = Field(description="The weakest profile allowed.")


class Gate(Value):
    """The rules that must hold for a move. `Deploy(M)` is the gate of `review->production`."""

    rules: tuple[Selector, ...] = Field(description="Rules that must hold, by code or prefix; ALL is every rule.")
    exclude: tuple[Selector, ...] = Field((), alias="not", description="Rules that need not.")


class WaiverPolicy(Value):
    """Limits on waivers by severity."""

    max_days: dict[Severity, Count] = Field(
        {"blocker": 30, "error": 90, "warning": 180}, description="Longest term, in days."
    )
    max_renewals: dict[Severity, Count] = Field(
        {"blocker": 0, "error": 1, "warning": 2}, description="How often it may be renewed."
    )
    accept_by: dict[Severity, tuple[RoleId, ...]] = Field(default_factory=dict, description="Roles that may accept it.")
    never: tuple[Selector, ...] = Field((), description="Rules that may not be waived here, by code or prefix.")
    min_controls: int = Field(1, ge=1, description="Compensating controls that a waiver has at least.")


class Policy(Value):
    """The organisation's policy: stages, roles, tiers, profiles, gates and criteria."""

    policy: PolicyIdentity
    teams: dict[TeamId, Team] = Field(description="Teams by id.")
    roles: dict[RoleId, Role] = Field(description="Roles by id.")
    stages: dict[Stage, StagePolicy]
    tiers: dict[TierName, TierPolicy]
    profiles: dict[ProfileId, Profile]
    profile_floor: tuple[ProfileFloor, ...] = ()
    gates: dict[Move, Gate] = Field(description="Gates by move, as in review->production.")
    transitions: dict[Move, TransitionPolicy] = Field(
        description="Sign-off by move; a move that is not listed is not allowed."
    )
    approvals: ApprovalCriteria = ApprovalCriteria()
    revalidation: RevalidationCriteria = RevalidationCriteria()
    separation_of_duties: SeparationOfDuties = SeparationOfDuties()
    emergency: EmergencyPolicy = EmergencyPolicy()
    ownership: OwnershipCriteria = OwnershipCriteria()
    card: CardCriteria = CardCriteria()
    risk: RiskCriteria = RiskCriteria()
    data: DataCriteria = DataCriteria()
    performance: PerformanceCriteria = PerformanceCriteria()
    fairness: FairnessCriteria = FairnessCriteria()
    retention: Retention = Retention()
    waivers: WaiverPolicy = WaiverPolicy()
    transparency: TransparencyCriteria = TransparencyCriteria()
    oversight: OversightCriteria = OversightCriteria()
    security: SecurityCriteria = SecurityCriteria()
    monitoring: MonitoringPolicy = MonitoringPolicy()
    incidents: IncidentCriteria = IncidentCriteria()
    validation: ValidationCriteria = ValidationCriteria()
    audit: AuditCriteria = AuditCriteria()
    organisation: Organisation = Organisation()
    catalogue: CatalogueCriteria = CatalogueCriteria()

    @property
    def asks_for_proof(self) -> bool:
        """Whether it asks for more than that a file says who signed, so that only history can tell."""
        return any(p.assurance != "declared" for p in self.profiles.values())

    @model_validator(mode="after")
    def _complete(self) -> Policy:
        for name, given, wanted in (
            ("profiles", self.profiles, get_args(ProfileId)),
            ("stages", self.stages, STAGES),
        ):
            if missing := [key for key in wanted if key not in given]:
                raise ValueError(f"`{name}` lacks {', '.join(missing)}")
        return self
