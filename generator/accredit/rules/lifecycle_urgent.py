"""LIFE: moves that are made in a hurry: how long a version was looked at before, and what must be made up for after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from accredit.domain.calendar import days_after
from accredit.domain.lifecycle import Lifecycle, Step
from accredit.domain.registry import ModelVersion
from accredit.rules.context import Context
from accredit.rules.decisive import request_path
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule


@rule("LIFE103", "Soak time respected", severity="warning", gate="production", waivable=True)
def soaked(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Soak time respected.

    What it checks:
        A version spent at least `soak_days` of its tier in review, or as long in a deployment in shadow, before its
        ordinary move to production; one that is still in review has done so by the day. With a history, the days in
        review are those of the landings. An emergency deploy does not wait: LIFE104 asks for its review.

    Why it matters:
        Some faults show only after days: in the traffic of a weekend, or when a second person thinks about it again.

    Example:
        In review since 2026-11-20 and in production since 2026-11-21, where policy asks for 5 days.

    How to fix:
        Wait, or let the version run in shadow as long before it decides about anybody.

    References:
        NIST AI RMF MEASURE 2.4 and MANAGE 4.1; Google SRE book, chapter 27 on staged launches.
    """
    standing, lifecycle = context.standing(version), context.lifecycles[version.key]
    tier = context.policy.tiers.get(str(standing.tier))  # type: ignore[call-overload]
    wanted = tier.soak_days if tier else None
    begun = _in_review(lifecycle)
    if not wanted:
        yield not_applicable(f"policy asks for no soak time in tier {standing.tier}")
    elif lifecycle.stage not in ("review", "production") or begun is None:
        yield not_applicable("the version did not come by way of review")
    else:
        step, since, until = *begun, _entered(lifecycle) or context.as_of
        reviewed, shadowed = (until - since).days, _in_shadow(version, until)
        said = f"{reviewed} days in review since {since} and {shadowed} in shadow"
        if max(reviewed, shadowed) >= wanted:
            yield passes(f"{said}, and policy asks for {wanted}")
        else:
            message = f"{said}, and policy asks for {wanted} of one of them"
            remedy = f"Wait until {days_after(since, wanted)}, or let it run in shadow."
            yield fails(message, remedy, at(request_path(version, step)))


def _in_review(lifecycle: Lifecycle) -> tuple[Step, date] | None:
    """The step that last brought a version to review before its ordinary release, and the day."""
    found = None
    for step in lifecycle.effective:
        if step.transition.request.to_stage == "review" and step.start is not None:
            found = step, step.start.date()
        elif step.move == "review->production" and step.kind == "deploy":
            return None
    return found


def _entered(lifecycle: Lifecycle) -> date | None:
    """The day of the ordinary move that brought a version from review to production; None while it is in review."""
    if lifecycle.stage != "production":
        return None
    moves = [s for s in lifecycle.effective if s.move == "review->production" and s.kind is None]
    return moves[-1].start.date() if moves and moves[-1].start else None


def _in_shadow(version: ModelVersion, until: date) -> int:
    """The longest time in days that a deployment ran in shadow before a day."""
    shadows = [d for d in version.deployments.values() if d.strategy == "shadow"]
    ends = [(d.deployed_at.date(), min(d.until.date(), until) if d.until else until) for d in shadows]
    return max([0, *((end - begun).days for begun, end in ends)])


@rule("LIFE104", "Emergency changes are closed in time", severity="blocker", gate="production", waivable=False)
def emergencies_closed(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Emergency changes are closed in time.

    What it checks:
        The version is not suspended. An emergency deploy has not ended, and neither it nor a rollback has waited for
        its review longer than the `review_days` of `emergency` in the policy. The review is a revalidation, a move
        from production to production, signed by those who sign it ordinarily; of an emergency deploy, by those who
        sign the move from review to production. A move out of production closes an emergency too. Only an emergency
        that has the signatures which policy asks for takes effect at all. Days are counted from the landing where
        there is a history. On the last day an emergency deploy counts until midnight here; `accredit gate` goes by
        the hour.

    Why it matters:
        In an emergency few people look, and fast. What they decided is right for some days, and must not become the
        way in which models get to production.

    Example:
        An emergency deploy of 72 hours that landed on 2026-11-10, without a revalidation by 2026-11-23.

    How to fix:
        Request a revalidation and have it signed: `accredit request MODEL VERSION --to production`. Or take the
        version out of production.

    References:
        NIST SP 800-53 CM-3 on emergency changes; SR 26-2 on change control; ISO/IEC 20000-1 clause 8.5.1.
    """
    lifecycle = context.lifecycles[version.key]
    past = [s for s in lifecycle.effective if s.kind]
    found = [v for s in lifecycle.emergencies if lifecycle.stage == "production" for v in _open(version, s, context)]
    yield from found
    if not past:
        yield not_applicable("there was no emergency")
    elif not found:
        yield passes(_state(lifecycle))


def _open(version: ModelVersion, step: Step, context: Context) -> Iterator[Verdict]:
    """What is wrong with an emergency that nobody has reviewed."""
    request, place = step.transition.request, at(request_path(version, step), "emergency")
    incident = request.emergency.incident if request.emergency else ""
    remedy = "Have a revalidation signed, or take the version out of production."
    if step.kind == "suspend":
        since = step.start.date() if step.start else "an unknown day"
        due = "overdue since" if step.is_overdue(context.as_of) else "due on"
        message = (
            f"suspended since {since} by {request.requested_by} ({incident}); its review is {due} {step.review_due}"
        )
        yield fails(message, remedy, place)
        return
    begun = step.start is not None and step.start.date() <= context.as_of
    if step.until is not None and not (begun and context.as_of <= step.until.date()):
        yield fails(f"the emergency deploy ({incident}) ended at {step.until:%Y-%m-%d %H:%M} UTC", remedy, place)
    if step.is_overdue(context.as_of):
        message = f"the emergency {step.kind} ({incident}) was to be reviewed by {step.review_due}"
        yield fails(message, remedy, place)


def _state(lifecycle: Lifecycle) -> str:
    """How it stands with emergencies, where nothing is wrong."""
    urgent = lifecycle.unreviewed
    if urgent is None or lifecycle.stage != "production":
        return "every emergency is closed"
    held = f"holds until {urgent.until:%Y-%m-%d %H:%M} UTC and " if urgent.until else ""
    return f"the emergency {urgent.kind} {held}is to be reviewed by {urgent.review_due}"
