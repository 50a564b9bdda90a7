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
ModelId = Annotated[Slug, Field(description="Id of a model: the name of a folder in models/.")]
DatasetId = Annotated[Slug, Field(description="Id of a dataset: the name of a file in datasets/.")]
FeatureSetId = Annotated[Slug, Field(description="Id of a feature set: the name of a file in features/.")]
PersonId = Annotated[Slug, Field(description="Id of a person: the name of a file in people/.")]
TeamId = Annotated[Slug, Field(description="Id of a team that policy.yaml defines.")]
RoleId = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$"), Field(description="A role that policy.yaml defines.")
]
VersionId = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z.+-]{0,62}$"),
    Field(description="A version, in quotes if it looks like a number."),
]
RuleCode = Annotated[
    str, StringConstraints(pattern=r"^[A-Z]{2,6}[0-9]{3}$"), Field(description="Code of a rule, as in OWN101.")
]
ControlId = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]{0,62}$"),
    Field(description="Id of a control in a catalogue, as in AIA-14."),
]
ProfileId = Literal["strict", "standard", "fast"]

Line = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\n]*$")]
Markdown = Annotated[str, StringConstraints(min_length=1, max_length=40_000)]
Sha256 = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-f]{64}$"),
    Field(description="SHA-256 in hexadecimal, as sha256sum writes it."),
]
GitCommit = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{40}$|^[0-9a-f]{64}$"), Field(description="A full commit id.")
]
Url = Annotated[str, StringConstraints(pattern="^https?://[^\\s<>\"']+$", max_length=2000)]
Uri = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9+.-]*:[^\\s<>\"']+$", max_length=2000)]
Region = Annotated[
    str,
    StringConstraints(pattern=r"^(EU|[A-Z]{2})(-[A-Z0-9]{1,3})?$"),
    Field(description="EU, or a country and where needed a state by ISO 3166, as in DE or US-CA."),
]
Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Scalar = str | int | float | bool | None
Date = dt.date
Instant = Annotated[dt.datetime, Field(description="A moment with its UTC offset, as in 2026-11-23T10:00:00Z.")]

Stage = Literal["staging", "review", "production", "archived"]
STAGES: tuple[Stage, ...] = ("staging", "review", "production", "archived")
