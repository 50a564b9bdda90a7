"""The files of the API that list things of the whole registry, and the list of all kinds of file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accredit.site.api.documents import (
    Document,
    Found,
    ModelFile,
    Models,
    Named,
    RequestEntry,
    VersionFile,
    VersionSummary,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A file of the API, or of the feeds beside it."""

    path: str
    """Relative to the root of the site; `{model}` and `{version}` stand for ids."""
    schema: str | None
    """The JSON Schema, relative to the root of the site; null for what is no JSON file."""
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Index(Document):
    """The way in: which registry this is, how large, and which files there are."""

    name: str
    tool: str
    """Version of accredit that wrote the files."""
    models: int
    versions: int
    datasets: int
    production: int
    findings: int
    verified: bool
    """Whether sign-offs were proved from the history of the repository."""
    resources: tuple[Resource, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetEntry:
    """A dataset in one fixed state."""

    id: str
    name: str
    page: str
    kind: str
    version: str
    sha256: str | None
    rows: int | None
    owner: str
    """Id of a person."""
    licence: str | None
    personal_data: bool | None
    legal_basis: str | None
    consent_expires: date | None
    purposes: tuple[str, ...]
    derived_from: tuple[str, ...]
    """Ids of datasets."""
    erased: date | None
    used_by: tuple[str, ...]
    """Every `model@version` that was made from it, near or far."""
    in_production: tuple[str, ...]
    """Those of them that are in production."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Datasets(Document):
    """Every dataset, by id."""

    datasets: tuple[DatasetEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings(Document):
    """Every finding."""

    findings: tuple[Found, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A version in production: since when, by whose sign-off, and whether its gate holds."""

    model: Named
    owner: Named
    version: VersionSummary
    released: RequestEntry | None
    """The request that brought it there or last revalidated it; null where only an emergency did."""
    deployments: tuple[str, ...]
    """Names of the deployments that run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Production(Document):
    """What is in production."""

    production: tuple[Running, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlEntry:
    """What the records show about a control for a model. It lists evidence and states no legal conclusion."""

    model: str
    version: str | None
    framework: str
    control: str
    title: str
    citation: str
    status: str
    label: str
    missing_facts: tuple[str, ...]
    determined_by: str | None
    """Id of a determination of a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls(Document):
    """Every control of the frameworks that policy reports on, for the current version of each model."""

    frameworks: tuple[str, ...]
    controls: tuple[ControlEntry, ...]


DOCUMENTS: dict[str, tuple[type, str, str]] = {
    "index": (Index, "api/index.json", "Which registry this is, and which files there are"),
    "models": (Models, "api/models.json", "Every model"),
    "model": (ModelFile, "api/models/{model}.json", "One model with its versions and findings"),
    "version": (VersionFile, "api/versions/{model}/{version}.json", "One version: what comparisons read, and sign-off"),
    "production": (Production, "api/production.json", "What is in production, since when, by whose sign-off"),
    "datasets": (Datasets, "api/datasets.json", "Every dataset, and what was made from it"),
    "findings": (Findings, "api/findings.json", "Every finding with its remedy"),
    "controls": (Controls, "api/controls.json", "Controls of frameworks, where policy reports on any"),
}
"""Kind to its type, the path of its files, and a title."""
