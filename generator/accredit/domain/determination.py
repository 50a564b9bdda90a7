"""What a person decided about a control where checks alone cannot: `determinations/<id>.yaml`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from accredit.domain.value import (
    ControlId,
    Date,
    Line,
    Markdown,
    ModelId,
    PersonId,
    RoleId,
    Sha256,
    Slug,
    Value,
    VersionId,
)


class Determination(Value):
    """A person's decision about one control for one state of a version. It ends by date or when the content changes."""

    registry: Line | None = Field(
        None, description="Id of the registry, without which a signature does not count: it could be of another one."
    )
    framework: Slug = Field(description="Id of the framework.")
    control: ControlId
    model: ModelId
    version: VersionId | None = Field(
        None, description="The version; absent: whichever version has the content that was looked at."
    )
    result: Literal["met", "not_met", "not_applicable"] = Field(description="What was decided.")
    reason: Markdown = Field(description="Why, and on what evidence.")
    by: PersonId
    role: RoleId
    date: Date = Field(description="When it was decided.")
    expires: Date = Field(description="Last day on which it holds.")
    subject_digest: Sha256 = Field(description="Digest of the version's content that was looked at.")

    @property
    def signer(self) -> PersonId:
        """Who signs the file."""
        return self.by

    def is_in_force_on(self, day: Date) -> bool:
        """Whether it covers a day."""
        return self.date <= day <= self.expires
