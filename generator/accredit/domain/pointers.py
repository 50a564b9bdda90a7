"""Where the records of a version are: what its files already say, as one list of pointers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from accredit.domain.dataset import Dataset
from accredit.domain.paths import dataset_path, version_path
from accredit.domain.registry import ModelVersion, Registry
from accredit.domain.retention import Clock, RecordClass
from accredit.domain.stored import CheckedObject, Storage, Tombstone
from accredit.domain.value import Instant


@dataclass(frozen=True)
class Pointer:
    """One record of a version: what it is, where it is, and what is known about it."""

    record: RecordClass
    name: str
    path: str
    """The file of the registry that says so, or that is the record itself."""
    route: tuple[str | int, ...] = ()
    uri: str | None = None
    sha256: str | None = None
    size: int | None = None
    """Size in bytes."""
    created: date | None = None
    """When it was made, or the last day that it covers."""
    clocks: Mapping[Clock, date] | None = None
    storage: Storage = field(default_factory=Storage)
    tombstone: Tombstone | None = None
    dataset: str = ""
    """The dataset that it is, if it is one."""
    in_git: bool = False
    """Whether the registry holds the record itself, so that every check of the registry reads its bytes."""


@dataclass(frozen=True, slots=True)
class Look:
    """The latest look at a stored object."""

    found: CheckedObject
    at: Instant
    by: str
    path: str


def pointers_of(version: ModelVersion, registry: Registry) -> tuple[Pointer, ...]:
    """Every record of a version, by class and name."""
    found = [*_built(version, registry), *_in_git(version, registry), *_elsewhere(version)]
    for name, use in {**_uses(version)}.items():
        dataset = registry.datasets.get(name)
        if dataset is not None:
            found.append(_data(use[0], name, dataset, use[1]))
    return tuple(sorted(found, key=lambda p: (p.record, p.name)))


def data_of(version: ModelVersion) -> Mapping[str, RecordClass]:
    """Dataset id to class of record; what was trained on is training data, whatever else it was used for."""
    return {name: record for name, (record, _) in _uses(version).items()}


def _uses(version: ModelVersion) -> dict[str, tuple[RecordClass, str | None]]:
    found: dict[str, tuple[RecordClass, str | None]] = {
        e.data.dataset: ("evaluation_dataset", e.data.sha256) for e in version.evaluations.values()
    }
    for used in sorted(version.record.datasets, key=lambda u: u.role == "training"):
        record: RecordClass = "evaluation_dataset" if used.role == "evaluation" else "training_dataset"
        found[used.dataset] = (record, used.sha256)
    return dict(sorted(found.items()))


def _data(record: RecordClass, name: str, dataset: Dataset, used: str | None) -> Pointer:
    created = dataset.source.collected_to if dataset.source else None
    return Pointer(
        record,
        name,
        dataset_path(name),
        uri=dataset.uri,
        sha256=used or dataset.sha256,
        size=dataset.size_bytes if used in (None, dataset.sha256) else None,
        created=created,
        storage=dataset.storage or Storage(),
        tombstone=dataset.tombstone,
        dataset=name,
    )


def _built(version: ModelVersion, registry: Registry) -> Iterator[Pointer]:
    path, record = version_path(version.model_id, version.id), version.record
    made = record.trained.at.date() if record.trained else None
    for index, artifact in enumerate(record.artifacts):
        yield Pointer(
            "model_artifact",
            artifact.name,
            path,
            ("artifacts", index),
            artifact.uri,
            artifact.sha256,
            artifact.size_bytes,
            made,
            storage=artifact.storage or Storage(),
        )
    if record.hyperparameters:
        sha256 = registry.digests.get(path)
        yield Pointer("hyperparameters", "version", path, ("hyperparameters",), None, sha256, created=made, in_git=True)
    for name, log in version.decisions.items():
        place = version_path(version.model_id, version.id, f"decisions/{name}.yaml")
        yield Pointer(
            "decision_records",
            name,
            place,
            uri=log.uri,
            sha256=log.sha256,
            created=log.period_to,
            storage=log.storage or Storage(),
        )


def _in_git(version: ModelVersion, registry: Registry) -> Iterator[Pointer]:
    made = version.record.trained.at.date() if version.record.trained else None
    reviewed = version.card.reviewed if version.card else None
    files: list[tuple[RecordClass, str, str, date | None]] = []
    if version.card is not None:
        files.append(("card", "card", "card.yaml", reviewed or made))
    for name, evaluation in version.evaluations.items():
        files.append(("metrics", name, f"evaluations/{name}.yaml", evaluation.at.date()))
    for step in version.transitions:
        asked, folder = step.request, f"transitions/{step.request.seq:04}"
        files.append(("audit_log", f"{asked.seq:04}", f"{folder}/request.yaml", asked.requested_at.date()))
        signed = ((p, a.time.date()) for p, a in step.approvals.items())
        files += [("approvals", f"{asked.seq:04} {p}", f"{folder}/approvals/{p}.yaml", day) for p, day in signed]
    for record, name, file, day in files:
        path = version_path(version.model_id, version.id, file)
        yield Pointer(record, name, path, sha256=registry.digests.get(path), created=day, in_git=True)


def _elsewhere(version: ModelVersion) -> Iterator[Pointer]:
    for name, record in version.records.items():
        kind, _, rest = name.partition(".")
        yield Pointer(
            kind,  # type: ignore[arg-type]  # the grammar of paths lets no other class pass
            rest or kind,
            version_path(version.model_id, version.id, f"records/{name}.yaml"),
            (),
            record.uri,
            record.sha256,
            record.size_bytes,
            record.created,
            record.clocks,
            record.storage or Storage(),
            record.tombstone,
        )


def looks_at(version: ModelVersion) -> Mapping[tuple[str, str, str], Look]:
    """Class, name and address of a record to the latest look at it."""
    found: dict[tuple[str, str, str], Look] = {}
    for name, check in sorted(version.verifications.items(), key=lambda item: (item[1].at, item[0])):
        path = version_path(version.model_id, version.id, f"verifications/{name}.yaml")
        for one in check.objects:
            found[one.record, one.name, one.uri] = Look(one, check.at, check.by, path)
    return found
