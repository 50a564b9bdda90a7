"""What the files of the API hold. A new key does not change the format; whatever else changes does.

Ids and paths are those of the registry, `page` is relative to the root of the site, and what policy withholds for the
protection of small groups is withheld here as on the pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

from pydantic import ConfigDict

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What every file says of itself."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(use_attribute_docstrings=True)

    as_of: date
    """The day of the assessment."""
    registry: str | None
    """Id of the registry; null where registry.yaml is missing or broken."""
    format: Literal[1] = 1
    """Version of the format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody or something with a page."""

    id: str
    name: str
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateState:
    """A gate of a version."""

    move: str
    open: bool
    rules: int
    """How many rules it asks for."""
    blocking: tuple[str, ...]
    """Codes of the rules that do not hold and are not waived."""
    waived: tuple[str, ...]
    """Codes of the rules that do not hold and are waived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionSummary:
    """A version in a list."""

    id: str
    page: str
    data: str
    """Its own file, relative to the root of the site."""
    summary: str
    stage: str
    stage_name: str
    """The stage as policy calls it."""
    since: datetime | None
    """When it came into the stage; null for the stage in which it began."""
    urgency: str
    """How it stands with emergencies, in words; empty where none is open."""
    trained: datetime | None
    gate: GateState | None
    """Of the way to production; for a version there, what must keep holding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSummary:
    """A model in a list."""

    id: str
    name: str
    summary: str
    page: str
    data: str
    """Its own file, relative to the root of the site."""
    owner: Named
    team: str | None
    tier: int
    """1 is the highest risk."""
    profile: str
    task: str
    purpose: str
    domains: tuple[str, ...]
    regions: tuple[str, ...]
    production: tuple[str, ...]
    """Ids of the versions in production."""
    versions: int
    findings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Models(Document):
    """Every model, by name."""

    models: tuple[ModelSummary, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding, with its remedy."""

    code: str
    severity: str
    subject: str
    """`model@version`, a model, or empty for the registry as a whole."""
    message: str
    help: str
    path: str
    line: int | None
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile(Document):
    """One model with its versions, newest first, and what is found about it."""

    model: ModelSummary
    deputy: Named | None
    decision: str | None
    effect: str | None
    automation: str | None
    versions: tuple[VersionSummary, ...]
    findings: tuple[Found, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignoffEntry:
    """A decision of a reviewer on a request."""

    person: Named
    role: str
    decision: str
    time: datetime
    assurance: str
    """The level that history proves, or that the file claims where no history was asked."""
    counts: bool | None
    """Whether history lets it count; null where no history was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEntry:
    """A request to move the version, with what became of it."""

    seq: int
    from_stage: str
    to_stage: str
    status: str
    emergency: str | None
    requested_by: Named
    requested_at: datetime
    effective_at: datetime | None
    missing: tuple[str, ...]
    """Roles that still have to sign; alternatives are joined by ` or `."""
    signoffs: tuple[SignoffEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactEntry:
    """A file that the version consists of."""

    name: str
    sha256: str
    size_bytes: int | None
    format: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFile(Document):
    """One version: where it stands, who signed, and its artifacts. The file also holds what comparisons read."""

    model_id: str
    version: VersionSummary
    content: str
    """Digest of the version's content, as sign-offs bind it."""
    artifacts: tuple[ArtifactEntry, ...]
    requests: tuple[RequestEntry, ...]
    """Newest first."""
