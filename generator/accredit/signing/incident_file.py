"""An incident before it is written: what happened, who owns it, and by when it is to be reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from accredit.domain.incident import Incident
from accredit.errors import UsageError
from accredit.loading.schema import read_entry
from accredit.rules.incidents import Owed, incident_path, owed_reports
from accredit.signing.record import Draft, draft
from accredit.signing.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Happened:
    """What an incident shall say, as far as it does not follow from the registry and the day."""

    model: str
    versions: Sequence[str]
    kind: str
    severity: str
    title: str
    description: str
    owner: str
    """Empty: the model's owner."""
    detected_by: str
    detected_at: dt.datetime | None
    """None: now."""


def draft_incident(workspace: Workspace, happened: Happened, name: str = "") -> Draft:
    """An open incident, by its id or by one made of model and day.

    Raises:
        UsageError: where the model, a version or a person is not known, or a value has no place in an incident.
    """
    registry = workspace.loaded.registry
    if happened.model not in registry.models:
        known = ", ".join(registry.models) or "none"
        raise UsageError(f"there is no model {happened.model} that can be read", f"Known models: {known}.")
    for version in happened.versions:
        workspace.version(happened.model, version)
    at = happened.detected_at or workspace.now
    if at > workspace.now:
        raise UsageError(f"{at:%Y-%m-%d %H:%M} has not come yet", "Name the moment at which somebody noticed it.")
    owner = happened.owner or registry.models[happened.model].record.owner
    for person in (owner, happened.detected_by):
        if person and not workspace.context.is_active(person):
            raise UsageError(f"{person} is nobody who works here", "Name a person of people/ who is active.")
    fields: dict[str, object] = {"title": happened.title, "model": happened.model}
    fields |= {"versions": tuple(happened.versions)} if happened.versions else {}
    fields |= {"kind": happened.kind, "severity": happened.severity, "detected_at": at}
    fields |= {"detected_by": happened.detected_by} if happened.detected_by else {}
    fields |= {"owner": owner, "description": happened.description}
    return draft(incident_path(name or _free_name(workspace, happened.model, at)), fields)


def _free_name(workspace: Workspace, model: str, at: dt.datetime) -> str:
    """`<model>-<day>`, with a number behind it where there was one that day."""
    first = f"{model}-{at:%Y-%m-%d}"
    taken, number = workspace.loaded.registry.digests, 2
    name = first
    while incident_path(name) in taken:
        name, number = f"{first}-{number}", number + 1
    return name


def reports_of(proposed: Draft, workspace: Workspace) -> Iterator[Owed]:
    """The reports that policy asks for, or may ask for, because of an incident that is not written yet."""
    value, _ = read_entry("incident", proposed.path, proposed.text.encode())
    if isinstance(value, Incident):
        yield from owed_reports(value, workspace.policy, workspace.context.standings[value.model].facts)
