"""Independent validation: `validations/<name>.yaml`, and which models policy wants it for."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from accredit.domain.value import Count, Date, Line, Markdown, PersonId, Sha256, Slug, Uri, Value


class ValidationFinding(Value):
    """Something that the validation found, and where it is followed up."""

    id: Slug = Field(description="Id of the finding within the report.")
    severity: Literal["low", "medium", "high"] = Field(description="How grave it is.")
    text: Markdown = Field(description="What was found.")
    owner: PersonId | None = None
    tracked: Line | None = Field(None, description="Where the work on it is tracked, such as a ticket.")
    due: Date | None = Field(None, description="Last day to resolve it.")
    closed: Date | None = Field(None, description="When it was resolved, before the report was written.")


class Validation(Value):
    """The report of somebody outside development on one content of the version. It never changes after it landed."""

    content: Sha256 = Field(description="Digest of the version's content that was validated.")
    by: PersonId
    date: Date = Field(description="When the validation was completed.")
    outcome: Literal["approved", "approved-with-findings", "rejected"] = Field(description="What it came to.")
    scope: Markdown = Field(description="What was looked at, repeated and challenged.")
    report: Uri = Field(description="Where the report is kept.")
    sha256: Sha256
    findings: tuple[ValidationFinding, ...] = ()


class ValidationCriteria(Value):
    """Validation: for which tiers, and how old it may be."""

    required_tiers: tuple[int, ...] = Field((), description="Tiers whose versions need an independent validation.")
    max_age_months: Count | None = Field(None, description="Months for which a validation counts; absent: no end.")
