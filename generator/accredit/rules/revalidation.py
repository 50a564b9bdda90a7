"""LIFE: the events in use that call for a revalidation, as far as policy lets them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from accredit.domain.calendar import is_after
from accredit.domain.incident import Incident
from accredit.domain.paths import dataset_path, version_path
from accredit.domain.registry import ModelVersion
from accredit.domain.revalidation import Trigger
from accredit.rules.context import Context


class Event(NamedTuple):
    """Something after which a version is validated anew: its day, what it was, and its file."""

    day: date
    what: str
    path: str


_Found = Iterator[tuple[datetime, str, str]]
"""When something happened, what it was, and in which file it stands."""
_DRIFT = re.compile(r"drift|\b(psi|csi)\b|stability[ _-]index", re.IGNORECASE)
"""Metrics that measure how far data moved away from that of the training."""


def events_since(version: ModelVersion, moment: datetime, context: Context) -> Iterator[Event]:
    """The events since a moment, up to the day of the assessment, that policy names as triggers."""
    named = (_SOURCES[t] for t in context.policy.revalidation.triggers if t in _SOURCES)
    found = {event for source in named for event in source(version, context)}
    for at, what, path in sorted(found, key=lambda f: (f[0], f[2], f[1])):
        if at > moment and not is_after(at, context.as_of):
            yield Event(at.date(), what, path)


def _incidents(version: ModelVersion, context: Context) -> _Found:
    for name, incident in _concerning(version, context):
        if incident.severity != "minor":
            yield incident.detected_at, f"the incident {name}", f"incidents/{name}.yaml"


def _concerning(version: ModelVersion, context: Context) -> Iterator[tuple[str, Incident]]:
    for name in context.registry.incidents_of.get(version.model_id, ()):
        incident = context.registry.incidents[name]
        if not incident.versions or version.id in incident.versions:
            yield name, incident


def _breaches(version: ModelVersion, context: Context) -> _Found:  # noqa: ARG001 - every source is asked alike
    for name, snapshot in version.monitoring.items():
        for breach in snapshot.breaches[:1]:
            yield snapshot.observed_at, f"the breach of {breach.metric} that {name} reports", _snapshot(version, name)


def _drift(version: ModelVersion, context: Context) -> _Found:
    for name, snapshot in version.monitoring.items():
        for breach in (b for b in snapshot.breaches if _DRIFT.search(b.metric)):
            yield snapshot.observed_at, f"the breach of {breach.metric} that {name} reports", _snapshot(version, name)
    for name, incident in _concerning(version, context):
        if incident.kind == "drift":
            yield incident.detected_at, f"the incident {name}", f"incidents/{name}.yaml"


def _snapshot(version: ModelVersion, name: str) -> str:
    return version_path(version.model_id, version.id, f"monitoring/{name}.yaml")


def _data_lost(version: ModelVersion, context: Context) -> _Found:
    for name, dataset in context.upstream(version).datasets.items():
        consent = dataset.legal_basis.consent if dataset.legal_basis else None
        if consent is not None and consent.expires is not None:
            yield _end_of(consent.expires), f"the end of the consent for `{name}`", dataset_path(name)
        if dataset.tombstone is not None:
            yield _end_of(dataset.tombstone.date), f"the erasure of `{name}`", dataset_path(name)


def _unsupported(version: ModelVersion, context: Context) -> _Found:  # noqa: ARG001
    for base in version.record.base_models:
        if base.supported_until is not None:
            path = version_path(version.model_id, version.id, "version.yaml")
            yield _end_of(base.supported_until), f"the end of support for {base.name}", path


def _new_controls(version: ModelVersion, context: Context) -> _Found:
    facts = context.standing(version).facts
    for of in context.catalogue.of(context.policy.catalogue.reported):
        day = of.control.first_day(facts)
        if day is not None and not of.control.disabled and of.condition.holds(facts) is not False:
            start = datetime.combine(day, time.min, UTC)
            yield start, f"the coming into force of {of.id} in {of.framework_id}", "policy.yaml"


def _end_of(day: date) -> datetime:
    """The last moment of a day."""
    return datetime.combine(day, time.max, UTC)


_SOURCES: Mapping[Trigger, Callable[[ModelVersion, Context], _Found]] = {
    "incident": _incidents,
    "threshold_breach": _breaches,
    "drift_breach": _drift,
    "data_basis_lost": _data_lost,
    "dependency_end_of_life": _unsupported,
    "new_control_in_force": _new_controls,
}
"""Where the events of a trigger are found. A material change is a new version, and needs no looking for."""
