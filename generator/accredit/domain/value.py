"""The base of every registry value, and the small types that the kinds share.

Values are immutable and strict: a string field takes only a string, never a number that happens to look like one.
Unknown keys are refused, so a misspelt field is found and not ignored.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


class Value(BaseModel):
    """An immutable, strictly typed value."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", populate_by_name=True, defer_build=True)


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,62}$")]
ModelId = Slug
DatasetId = Slug
FeatureSetId = Slug
PersonId = Slug
TeamId = Slug
RoleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
VersionId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z.+-]{0,62}$")]
RuleCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,6}[0-9]{3}$")]
ProfileId = Literal["strict", "standard", "fast"]

Line = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\n]*$")]
Markdown = Annotated[str, StringConstraints(min_length=1, max_length=40_000)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
GitCommit = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}$|^[0-9a-f]{64}$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"']+$", max_length=2000)]
Uri = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9+.-]*:[^\s<>\"']+$", max_length=2000)]
Region = Annotated[str, StringConstraints(pattern=r"^(EU|[A-Z]{2})(-[A-Z0-9]{1,3})?$")]
Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Scalar = str | int | float | bool | None
Date = dt.date
Instant = Annotated[dt.datetime, Field(description="A moment with its UTC offset, as in 2026-11-23T10:00:00Z.")]

Stage = Literal["staging", "review", "production", "archived"]
STAGES: tuple[Stage, ...] = ("staging", "review", "production", "archived")
