"""What is due or late about models in use: reports of incidents, their actions, breaches, and monitoring reports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from accredit.domain.registry import ModelVersion
from accredit.rules.incidents import incident_path, owed_reports
from accredit.rules.monitoring import latest, open_breaches, report_due, snapshot_path
from accredit.signing.ailment import Ailment
from accredit.signing.workspace import Workspace

BREACH_DAYS = 14


def operating_deadlines(workspace: Workspace) -> Iterator[Ailment]:
    """What incidents call for, and what versions in production owe."""
    yield from _incidents(workspace)
    for version in workspace.loaded.registry.versions():
        if workspace.context.stage(version) == "production":
            yield from _breaches(version, workspace)
            yield from _report(version, workspace)


def _incidents(workspace: Workspace) -> Iterator[Ailment]:
    for name, incident in sorted(workspace.loaded.registry.incidents.items()):
        path, standing = incident_path(name), workspace.context.standings.get(incident.model)
        for owed in owed_reports(incident, workspace.policy, standing.facts if standing else {}):
            if not owed.is_open:
                continue
            late, by = owed.deadline < workspace.now, f"{owed.deadline:%Y-%m-%d %H:%M}"
            was = "was" if late else "is"
            message = f"{name} {was} to be reported to {owed.rules.to} by {by}: {incident.title}"
            remedy = f"Report it, and record `reported_at` under `reports.{owed.duty}`."
            yield Ailment("deadline", path, message, remedy, grave=late)
        for action in incident.actions:
            if action.done is None and action.due is not None and _is_near(action.due, workspace.today):
                message = f"{action.owner} is to act on {name} by {action.due}"
                late = action.due < workspace.today
                yield Ailment("deadline", path, message, "Do it, and record `done`.", grave=late)


def _breaches(version: ModelVersion, workspace: Workspace) -> Iterator[Ailment]:
    for name, _, breach in open_breaches(version):
        path, what = snapshot_path(version, name), f"{version.key}: the breach of {breach.metric}"
        if breach.due is None:
            yield Ailment("deadline", path, f"{what} has no `due`", "Write by when it is handled.", grave=True)
        elif _is_near(breach.due, workspace.today):
            late = breach.due < workspace.today
            message = f"{what} {'was' if late else 'is'} to be handled by {breach.due}"
            yield Ailment("deadline", path, message, "Handle it, and record `closed`.", grave=late)


def _report(version: ModelVersion, workspace: Workspace) -> Iterator[Ailment]:
    due = report_due(version, workspace.context)
    if due is None or (due - workspace.today).days >= workspace.policy.monitoring.grace_days:
        return
    last, late = latest(version), workspace.today > due
    path = snapshot_path(version, last[0]) if last else f"models/{version.model_id}/versions/{version.id}/monitoring/"
    message = f"{version.key} {'was' if late else 'is'} to be reported on by {due} at the latest"
    yield Ailment("deadline", path, message, "Record a snapshot in `monitoring/`.", grave=late)


def _is_near(end: date, today: date) -> bool:
    return (end - today).days <= BREACH_DAYS
