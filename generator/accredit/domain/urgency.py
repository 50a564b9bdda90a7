"""What stands against an emergency: the limits that policy sets, and what a version must have been to come back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from accredit.domain.calendar import days_after, months_after
from accredit.domain.incident import Incident
from accredit.domain.lifecycle import Lifecycle, Step
from accredit.domain.policy import Policy
from accredit.domain.signoff import Request
from accredit.domain.value import Date
from accredit.domain.waiver import Hold

Hindrance = Literal[
    "not-allowed", "never-in-production", "other-artifact", "suspended", "expired", "under-hold", "open-incident"
]


def hindrances(  # noqa: PLR0913, PLR0917 - all that it depends on
    request: Request,
    lifecycle: Lifecycle,
    policy: Policy,
    tier: int,
    day: Date,
    holds: Mapping[str, Hold],
    incidents: Mapping[str, Incident],
) -> Iterator[tuple[Hindrance, str]]:
    """What stands against an emergency request on a day, beside who signed it; nothing for an ordinary one."""
    urgent = request.emergency
    if urgent is None:
        return
    deploy = policy.emergency.deploy
    if urgent.kind == "deploy" and deploy is not None and (urgent.hours or 0) > deploy.max_hours:
        yield "not-allowed", f"it is for {urgent.hours} hours, and policy allows {deploy.max_hours}"
    if urgent.kind == "deploy" and any(s.kind == "deploy" for s in _since_release(lifecycle)):
        yield "not-allowed", "an earlier emergency deploy of the version was never reviewed"
    if urgent.kind != "suspend" and any(s.kind == "suspend" for s in _since_release(lifecycle)):
        yield "suspended", "the version was suspended, and not approved for production since"
    if urgent.kind == "rollback":
        yield from _unfit(request, lifecycle, policy, tier, day)
        yield from _stopped(request, day, holds, incidents)


def _since_release(lifecycle: Lifecycle) -> tuple[Step, ...]:
    """What took effect since people last approved the version for production in the ordinary way."""
    steps, release = lifecycle.effective, lifecycle.release
    return steps if release is None else steps[steps.index(release) + 1 :]


def _unfit(
    request: Request, lifecycle: Lifecycle, policy: Policy, tier: int, day: Date
) -> Iterator[tuple[Hindrance, str]]:
    """Why a version cannot come back: only what people approved for production, as it was then, and not for ever."""
    release = lifecycle.release
    if release is None:
        yield "never-in-production", "the version was never in production by an ordinary approval"
        return
    approved = release.transition.request.content
    if request.content != approved:
        message = f"the content with its artifacts is not the one that was in production: {approved[:12]}"
        yield "other-artifact", message
    if (end := _usable_until(release, policy, tier)) is not None and day > end:
        yield "expired", f"the approval of the version could be used until {end}"


def _usable_until(release: Step, policy: Policy, tier: int) -> Date | None:
    """Last day on which an approval carries a rollback; None for one without an end."""
    months = found.approval_valid_months if (found := policy.tiers.get(_name(tier))) else None
    if months is None or release.start is None or policy.emergency.rollback is None:
        return None
    days = policy.emergency.rollback.approval_may_be_expired_days
    return days_after(months_after(release.start.date(), months), days)


def _name(tier: int) -> Literal["1", "2", "3", "4"]:
    names: dict[int, Literal["1", "2", "3", "4"]] = {1: "1", 2: "2", 3: "3", 4: "4"}
    return names[tier]


def _stopped(
    request: Request, day: Date, holds: Mapping[str, Hold], incidents: Mapping[str, Incident]
) -> Iterator[tuple[Hindrance, str]]:
    for name, hold in sorted(holds.items()):
        ended = hold.released is not None and hold.released.date <= day
        if request.model in hold.models and hold.issued <= day and not ended:
            yield "under-hold", f"the legal hold {name} is on the model"
    for name, incident in sorted(incidents.items()):
        concerned = incident.model == request.model and (not incident.versions or request.version in incident.versions)
        ended = incident.closed_at is not None and incident.closed_at.date() <= day
        if concerned and not ended:
            yield "open-incident", f"the incident {name} of the version is open"
