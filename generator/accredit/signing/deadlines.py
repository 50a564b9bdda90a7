"""What ends soon or has waited for long: roles, employment, waivers, approvals and requests, and what use calls for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from accredit.domain.dues import Agenda
from accredit.domain.paths import person_path
from accredit.domain.registry import ModelVersion
from accredit.signing.ailment import Ailment
from accredit.signing.operating_deadlines import operating_deadlines
from accredit.signing.transition import request_path
from accredit.signing.workspace import Workspace

PEOPLE_DAYS = 60
WAIVER_DAYS = 30
APPROVAL_DAYS = 60
REQUEST_DAYS = 30


def deadlines(workspace: Workspace) -> Iterator[Ailment]:
    """What ends within so many days of the day, both included, and requests that are older."""
    yield from _people(workspace)
    agenda = workspace.agenda
    yield from _waivers(agenda)
    yield from operating_deadlines(workspace)
    for version in workspace.loaded.registry.versions():
        yield from _approval(version, agenda)
        yield from _emergency(version, workspace)
        yield from _request(version, workspace)


def _is_near(end: date | None, today: date, days: int) -> bool:
    return end is not None and 0 <= (end - today).days <= days


def _people(workspace: Workspace) -> Iterator[Ailment]:
    today = workspace.today
    for name, person in workspace.loaded.registry.people.items():
        if person.kind != "person" or not person.is_active_on(today):
            continue
        if _is_near(person.active_to, today, PEOPLE_DAYS):
            message = f"{name} leaves after {person.active_to}, with {_listed(person.roles_on(today))}"
            yield Ailment("deadline", person_path(name), message, "Let somebody else take over before.")
        for grant in person.roles:
            follows = any(
                g.role == grant.role and g.end != grant.end and _after(g.end, grant.end) for g in person.roles
            )
            if grant.holds_on(today) and _is_near(grant.end, today, PEOPLE_DAYS) and not follows:
                message = f"{name} holds the role {grant.role} until {grant.end}"
                yield Ailment("deadline", person_path(name), message, "Renew it or grant it to somebody else.")


def _listed(roles: frozenset[str]) -> str:
    return f"the roles {', '.join(sorted(roles))}" if roles else "no role"


def _after(end: date | None, other: date | None) -> bool:
    return end is None or (other is not None and end > other)


def _waivers(agenda: Agenda) -> Iterator[Ailment]:
    for due in agenda.waivers():
        if _is_near(due.day, agenda.as_of, WAIVER_DAYS):
            yield Ailment("deadline", due.path, due.message, due.remedy)


def _approval(version: ModelVersion, agenda: Agenda) -> Iterator[Ailment]:
    for due in agenda.approval(version):
        if due.day < agenda.as_of:
            message = f"the approval of {version.key} has lapsed: it held {due.detail}"
            yield Ailment("deadline", due.path, message, due.remedy, grave=True)
        elif _is_near(due.day, agenda.as_of, APPROVAL_DAYS):
            yield Ailment("deadline", due.path, due.message, due.remedy)


def _emergency(version: ModelVersion, workspace: Workspace) -> Iterator[Ailment]:
    """Emergencies that are open, with the last day of their review."""
    lifecycle, remedy = workspace.lifecycle(version), f"accredit request {version.model_id} {version.id} --to"
    for step in lifecycle.emergencies if lifecycle.stage == "production" else ():
        grave = step.is_overdue(workspace.today) or not step.is_in_force(workspace.now)
        until = f", and holds until {step.until:%Y-%m-%d %H:%M} UTC" if step.until else ""
        message = f"the emergency {step.kind} of {version.key} is to be reviewed by {step.review_due}{until}"
        where = request_path(version, step.transition.request.seq)
        yield Ailment("deadline", where, message, f"Have a revalidation signed: {remedy} production", grave=grave)


def _request(version: ModelVersion, workspace: Workspace) -> Iterator[Ailment]:
    pending = workspace.lifecycle(version).pending
    if pending is None:
        return
    request = pending.transition.request
    age = (workspace.today - request.requested_at.date()).days
    if age > REQUEST_DAYS:
        message = f"{version.key} has waited {age} days for {request.to_stage}: {', '.join(pending.missing)} missing"
        remedy = "Have it signed or rejected; accredit status says who is awaited."
        yield Ailment("deadline", request_path(version, request.seq), message, remedy)
