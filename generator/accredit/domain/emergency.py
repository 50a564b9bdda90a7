"""Moves that cannot wait: suspend a version, go back to an earlier one, deploy for a few hours with later review."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from accredit.domain.signatures import Signature, TransitionPolicy
from accredit.domain.value import Count, Line, RoleId, Value

EmergencyKind = Literal["suspend", "rollback", "deploy"]
Selector = Annotated[str, StringConstraints(pattern=r"^(ALL|[A-Z]{2,6}[0-9]{0,3})$")]
_TIERS: tuple[Literal["1", "2", "3", "4"], ...] = ("1", "2", "3", "4")


class Emergency(Value):
    """Why a request does not take the ordinary way."""

    kind: EmergencyKind = Field(
        description="suspend: it stops, and stays in production; rollback: a version that was in production returns; "
        "deploy: it goes to production for some hours and is reviewed later."
    )
    incident: Line = Field(min_length=3, description="Reference of the incident, or what happened.")
    hours: int | None = Field(None, ge=1, description="Of a deploy: hours for which it holds, from its landing on.")

    @model_validator(mode="after")
    def _timed(self) -> Emergency:
        if (self.kind == "deploy") != (self.hours is not None):
            raise ValueError("`hours` is for a deploy, and a deploy needs it")
        return self


class SuspendPolicy(Value):
    """Who may stop a version in production at once."""

    role: tuple[RoleId, ...] = Field(min_length=1, description="Roles of which whoever asks holds one.")
    count: int = Field(1, ge=1, description="How many people sign, whoever asks among them.")
    review_days: Count = Field(2, description="Days in which it is resumed or taken out.")

    def rules(self) -> TransitionPolicy:
        """The signatures that are needed beside the request, which is one itself."""
        return TransitionPolicy(sign=(Signature(role=self.role),) * (self.count - 1))


class _Urgent(Value):
    sign: tuple[Signature, ...] = Field(min_length=1, description="Who signs, besides whoever asks.")
    distinct_people: int = Field(2, ge=2, description="How many different people sign; never fewer than two.")
    review_days: Count = Field(5, description="Days in which those who sign it ordinarily have reviewed it.")

    def rules(self) -> TransitionPolicy:
        """The signatures that are needed."""
        return TransitionPolicy(sign=self.sign, distinct_people=dict.fromkeys(_TIERS, self.distinct_people))


class RollbackPolicy(_Urgent):
    """Who may bring back a version that was in production."""

    approval_may_be_expired_days: Count = Field(90, description="Days for which its approval may have lapsed.")


class DeployPolicy(_Urgent):
    """Who may put a version into production for some hours before everybody has looked at it."""

    start: tuple[Literal["staging", "review"], ...] = Field(
        ("review",), alias="from", description="Stages from which it may go."
    )
    max_hours: int = Field(72, ge=1, description="The most hours for which it may hold.")
    never_skip: tuple[Selector, ...] = Field(
        ("RISK101", "DATA102", "DATA103", "LIN104", "RET106", "AUD102"),
        description="Rules that hold even so, by code or prefix; all others wait for the review.",
    )


class EmergencyPolicy(Value):
    """Emergencies. What is not listed is not allowed."""

    suspend: SuspendPolicy | None = None
    rollback: RollbackPolicy | None = None
    deploy: DeployPolicy | None = None

    def rules(self, kind: EmergencyKind, move: str) -> TransitionPolicy | None:
        """Who signs an emergency move; None where it is not allowed."""
        known = {
            "suspend": (self.suspend, ("production",)),
            "rollback": (self.rollback, ("review", "archived")),
            "deploy": (self.deploy, self.deploy.start if self.deploy else ()),
        }
        wanted, sources = known[kind]
        return wanted.rules() if wanted and move in {f"{s}->production" for s in sources} else None

    def review_days(self, kind: EmergencyKind) -> int:
        """Days in which an emergency is to be reviewed."""
        wanted = {"suspend": self.suspend, "rollback": self.rollback, "deploy": self.deploy}[kind]
        return wanted.review_days if wanted else 0
