"""The files of the API: each kind's content as JSON, and its schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from accredit.assess import VersionAssessment
from accredit.comparison.sheet import Sheet
from accredit.domain.dataset import Dataset
from accredit.problems import in_use
from accredit.site import urls
from accredit.site.api import entries
from accredit.site.api.documents import Document, Models, Named
from accredit.site.api.lists import (
    DOCUMENTS,
    ControlEntry,
    Controls,
    DatasetEntry,
    Datasets,
    Findings,
    Index,
    Production,
    Resource,
    Running,
)
from accredit.site.pages.about import tool_version
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.signoffs import steps_of

BESIDE = (
    (urls.EVENTS, "The audit log, one JSON object a line"),
    (urls.FEED, "Approvals, releases, rollbacks, incidents and changes of policy, as an Atom feed"),
    (urls.CALENDAR, "What falls due, as a calendar"),
    ("badges/{model}.svg", "A badge: what is in production, and whether its gate holds"),
    ("badges/{model}/{version}.svg", "A badge of a version"),
)
"""What there is beside the JSON files."""


def schema_path(kind: str) -> str:
    """Where the schema of a kind stands in the site."""
    return f"{urls.SCHEMAS}{kind}.json"


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a kind of file."""
    schema = _adapter(DOCUMENTS[kind][0]).json_schema(mode="serialization")
    if kind == "version":
        sheet = _adapter(Sheet).json_schema(mode="serialization")
        schema = schema | {part: {**sheet[part], **schema[part]} for part in ("$defs", "properties")}
        schema["required"] = sorted({*sheet["required"], *schema["required"]})
    schema["title"] = DOCUMENTS[kind][2]
    return {"$schema": GenerateJsonSchema.schema_dialect, "$id": f"urn:accredit:api:v1:{kind}", **schema}


def schema_files() -> Iterator[tuple[str, str]]:
    """Every schema with its place."""
    for kind in DOCUMENTS:
        yield schema_path(kind), json.dumps(schema_of(kind), indent=1) + "\n"


def resources(catalogue: Catalogue) -> tuple[Resource, ...]:
    """What there is for programs."""
    kinds = [k for k in DOCUMENTS if k != "controls" or _reported(catalogue)]
    found = [Resource(path=DOCUMENTS[k][1], schema=schema_path(k), title=DOCUMENTS[k][2]) for k in kinds]
    return (*found, *(Resource(path=path, schema=None, title=title) for path, title in BESIDE))


def files(catalogue: Catalogue) -> Iterator[tuple[str, bytes]]:
    """Every file of the API but those of versions with its place, one after the other."""
    for kind, document in _lists(catalogue).items():
        yield DOCUMENTS[kind][1], text(document)
    for model in catalogue.models:
        yield urls.model_data(model.model.id), text(entries.model_file(catalogue, model))


def version_text(catalogue: Catalogue, version: VersionAssessment, sheet: str) -> bytes:
    """The file of a version: what comparisons read, a JSON object on one line, with more in it."""
    own = text(entries.version_file(catalogue, version))
    return f"{sheet.rstrip().removesuffix('}')},".encode() + own[1:]


def text(document: Document) -> bytes:
    """A document as JSON, on one line."""
    kind: type = type(document)
    return _adapter(kind).dump_json(document) + b"\n"


@lru_cache(maxsize=32)
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _lists(catalogue: Catalogue) -> dict[str, Document]:
    known, day, of = catalogue.assessment, catalogue.as_of, catalogue.id
    found: dict[str, Document] = {
        "index": _index(catalogue),
        "models": Models(
            as_of=day, registry=of, models=tuple(entries.model_summary(catalogue, m) for m in catalogue.models)
        ),
        "production": Production(as_of=day, registry=of, production=tuple(_running(catalogue))),
        "datasets": Datasets(as_of=day, registry=of, datasets=tuple(_datasets(catalogue))),
        "findings": Findings(as_of=day, registry=of, findings=tuple(entries.found(f) for f in known.findings)),
    }
    if reported := _reported(catalogue):
        controls = tuple(_controls(catalogue))
        found["controls"] = Controls(as_of=day, registry=of, frameworks=reported, controls=controls)
    return found


def _reported(catalogue: Catalogue) -> tuple[str, ...]:
    return tuple(catalogue.policy.catalogue.reported) if catalogue.policy else ()


def _index(catalogue: Catalogue) -> Index:
    identity = catalogue.registry.identity
    return Index(
        as_of=catalogue.as_of,
        registry=catalogue.id,
        name=identity.name if identity else "Model registry",
        tool=tool_version(),
        models=len(catalogue.models),
        versions=sum(1 for _ in catalogue.versions()),
        datasets=len(catalogue.registry.datasets),
        production=len(catalogue.production),
        findings=len(catalogue.assessment.findings),
        verified=catalogue.assessment.verification is not None,
        resources=resources(catalogue),
    )


def _running(catalogue: Catalogue) -> Iterator[Running]:
    for version in catalogue.production:
        model = catalogue.model_of(version).model
        release = version.lifecycle.release
        step = next((s for s in steps_of(version, catalogue) if release and s.step == release), None)
        deployments = version.version.deployments
        yield Running(
            model=Named(id=model.id, name=model.record.name, page=urls.model_url(model.id)),
            owner=entries.named(catalogue, model.record.owner),
            version=entries.version_summary(catalogue, version),
            released=entries.request_entry(catalogue, step) if step else None,
            deployments=tuple(n for n, d in sorted(deployments.items()) if in_use(d, catalogue.as_of)),
        )


def _datasets(catalogue: Catalogue) -> Iterator[DatasetEntry]:
    for name, data in sorted(catalogue.registry.datasets.items()):
        yield _dataset(catalogue, name, data)


def _dataset(catalogue: Catalogue, name: str, data: Dataset) -> DatasetEntry:
    users = catalogue.users_of(f"dataset:{name}")
    basis = data.legal_basis
    return DatasetEntry(
        id=name,
        name=data.name,
        page=urls.dataset_url(name),
        kind=data.kind,
        version=data.version,
        sha256=data.sha256,
        rows=data.rows,
        owner=data.owner,
        licence=data.licence.id if data.licence else None,
        personal_data=data.personal_data,
        legal_basis=basis.basis if basis else None,
        consent_expires=basis.consent.expires if basis and basis.consent else None,
        purposes=data.permitted_purposes,
        derived_from=tuple(i.dataset for i in data.derived_from.inputs) if data.derived_from else (),
        erased=data.tombstone.date if data.tombstone else None,
        used_by=tuple(v.version.key for v in users),
        in_production=tuple(v.version.key for v in users if v.stage == "production"),
    )


def _controls(catalogue: Catalogue) -> Iterator[ControlEntry]:
    for model in catalogue.models:
        for status in catalogue.controls(model.model.id, catalogue.assessment.current(model.model.id)):
            yield ControlEntry(
                model=status.model,
                version=status.version,
                framework=status.of.framework_id,
                control=status.of.id,
                title=status.of.control.title,
                citation=status.of.control.citation,
                status=status.status,
                label=status.label,
                missing_facts=status.missing_facts,
                determined_by=status.determination[0] if status.determination else None,
            )
