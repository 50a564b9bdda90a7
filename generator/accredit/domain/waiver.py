"""Exceptions with an end, and legal holds: `waivers/<id>.yaml`, `holds/<id>.yaml`."""

from __future__ import annotations

from pydantic import Field

from accredit.domain.value import Date, Line, Markdown, ModelId, PersonId, RoleId, RuleCode, Value, VersionId


class CompensatingControl(Value):
    """What is done instead while the rule does not hold."""

    control: Markdown = Field(description="What is done instead.")
    evidence: Line = Field(description="Where it shows.")
    checked: Date = Field(description="When it was last looked at.")


class Waiver(Value):
    """Accepts that one rule does not hold for one version, for a time. The failure stays visible."""

    registry: Line | None = Field(
        None, description="Id of the registry, without which a signature does not count: it could be of another one."
    )
    rule: RuleCode
    model: ModelId
    version: VersionId
    reason: Markdown = Field(description="Why the rule cannot hold yet.")
    risk: Markdown = Field(description="What may go wrong meanwhile.")
    ticket: Line = Field(description="Where the work to make it hold is tracked.")
    requested_by: PersonId
    accepted_by: PersonId
    accepted_as: RoleId
    granted: Date = Field(description="First day.")
    expires: Date = Field(description="Last day.")
    renewals: int = Field(0, ge=0, description="How often it was renewed.")
    compensating_controls: tuple[CompensatingControl, ...] = ()

    @property
    def signer(self) -> PersonId:
        """Who signs the file."""
        return self.accepted_by

    def is_in_force_on(self, day: Date) -> bool:
        """Whether the waiver covers a day."""
        return self.granted <= day <= self.expires


class HoldRelease(Value):
    """The end of a legal hold, by a second legal person."""

    by: PersonId
    date: Date = Field(description="When it ended.")
    reason: Line = Field(description="Why it ended.")


class Hold(Value):
    """A legal hold: nothing in its scope may be deleted, expired or erased."""

    registry: Line | None = Field(
        None, description="Id of the registry, without which a signature does not count: it could be of another one."
    )
    reason: Line = Field(description="Reference of the matter.")
    models: tuple[ModelId, ...] = ()
    datasets: tuple[str, ...] = ()
    issued_by: PersonId
    issued: Date = Field(description="First day.")
    released: HoldRelease | None = None

    @property
    def signer(self) -> PersonId:
        """Who signs the file as it is: whoever released the hold, or before that whoever placed it."""
        return self.released.by if self.released else self.issued_by

    def is_in_force_on(self, day: Date) -> bool:
        """Whether the hold stands on a day: issued by then and not released before it."""
        return self.issued <= day and (self.released is None or day < self.released.date)
