"""LIFE: the events in use that call for a revalidation, as far as policy lets them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from accredit.domain.calendar import is_after
from accredit.domain.paths import version_path
from accredit.domain.registry import ModelVersion
from accredit.rules.context import Context


class Event(NamedTuple):
    """Something after which a version is validated anew: its day, what it was, and its file."""

    day: date
    what: str
    path: str


def events_since(version: ModelVersion, moment: datetime, context: Context) -> Iterator[Event]:
    """The events since a moment, up to the day of the assessment, that policy names as triggers."""
    triggers = context.policy.revalidation.triggers
    found = (
        *(_incidents(version, context) if "incident" in triggers else ()),
        *(_breaches(version) if "threshold_breach" in triggers else ()),
    )
    for at, what, path in sorted(found, key=lambda f: (f[0], f[2])):
        if at > moment and not is_after(at, context.as_of):
            yield Event(at.date(), what, path)


def _incidents(version: ModelVersion, context: Context) -> Iterator[tuple[datetime, str, str]]:
    for name in context.registry.incidents_of.get(version.model_id, ()):
        incident = context.registry.incidents[name]
        concerned = not incident.versions or version.id in incident.versions
        if concerned and incident.severity != "minor":
            yield incident.detected_at, f"the incident {name}", f"incidents/{name}.yaml"


def _breaches(version: ModelVersion) -> Iterator[tuple[datetime, str, str]]:
    for name, snapshot in version.monitoring.items():
        for breach in snapshot.breaches[:1]:
            path = version_path(version.model_id, version.id, f"monitoring/{name}.yaml")
            yield snapshot.observed_at, f"the breach of {breach.metric} that {name} reports", path
