"""What ends soon or has waited for long: roles, employment, waivers, approvals and requests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from accredit.domain.calendar import months_after
from accredit.domain.paths import person_path
from accredit.domain.registry import ModelVersion
from accredit.signing.ailment import Ailment
from accredit.signing.transition import request_path
from accredit.signing.workspace import Workspace

PEOPLE_DAYS = 60
WAIVER_DAYS = 30
APPROVAL_DAYS = 60
REQUEST_DAYS = 30


def deadlines(workspace: Workspace) -> Iterator[Ailment]:
    """What ends within so many days of the day, both included, and requests that are older."""
    yield from _people(workspace)
    yield from _waivers(workspace)
    for version in workspace.loaded.registry.versions():
        yield from _approval(version, workspace)
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


def _waivers(workspace: Workspace) -> Iterator[Ailment]:
    registry, today = workspace.loaded.registry, workspace.today
    for name, waiver in registry.waivers.items():
        model = registry.models.get(waiver.model)
        version = model.versions.get(waiver.version) if model else None
        if version is None or workspace.context.stage(version) == "archived" or not waiver.is_in_force_on(today):
            continue
        same = [w for w in registry.waivers.values() if (w.rule, w.model, w.version) == _subject(workspace, name)]
        followed = any(w.expires > waiver.expires for w in same)
        if _is_near(waiver.expires, today, WAIVER_DAYS) and not followed:
            message = f"the waiver of {waiver.rule} for {version.key} ends after {waiver.expires}"
            yield Ailment("deadline", f"waivers/{name}.yaml", message, "Make the rule hold, or ask for a new waiver.")


def _subject(workspace: Workspace, name: str) -> tuple[str, str, str]:
    waiver = workspace.loaded.registry.waivers[name]
    return waiver.rule, waiver.model, waiver.version


def _approval(version: ModelVersion, workspace: Workspace) -> Iterator[Ailment]:
    lifecycle, today = workspace.lifecycle(version), workspace.today
    tier = workspace.policy.tiers.get(str(workspace.context.standing(version).tier))  # type: ignore[call-overload]
    months = tier.approval_valid_months if tier else None
    moves = [s for s in lifecycle.steps if s.status == "effective" and s.transition.request.to_stage == "production"]
    if lifecycle.stage != "production" or months is None or not moves or moves[-1].at is None:
        return
    start = moves[-1].at.date()
    path = request_path(version, moves[-1].transition.request.seq)
    remedy = f"Ask for a revalidation: accredit request {version.model_id} {version.id} --to production"
    end = months_after(start, months)
    if end < today:
        message = f"the approval of {version.key} has lapsed: it held for {months} months from {start}"
        yield Ailment("deadline", path, message, remedy, grave=True)
    elif _is_near(end, today, APPROVAL_DAYS):
        yield Ailment("deadline", path, f"the approval of {version.key} holds until {end}", remedy)


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
