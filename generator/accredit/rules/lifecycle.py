"""LIFE: how a version moved, whether it is looked at anew in time, and how it went out of use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from accredit.domain.calendar import is_after, is_older, months_after
from accredit.domain.lifecycle import Lifecycle, Step
from accredit.domain.paths import version_path
from accredit.domain.registry import ModelVersion
from accredit.findings import Location
from accredit.rules.audit_trail import running_outside
from accredit.rules.context import Context
from accredit.rules.decisive import NOBODY_ASKED, approved, excused, request_path, rules_behind
from accredit.rules.revalidation import events_since
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule


@rule("LIFE101", "Stage change is allowed", severity="blocker", gate="always", waivable=False)
def change_allowed(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Stage change is allowed.

    What it checks:
        The last request of the version asks for a move that `transitions` of the policy lists, starts in the stage
        that the version is in, and follows on the request before it. With a history, every doubt about the request
        counts. A request that does not count moves nothing, and the next one that does puts it right. A version that is
        not in production yet has no deployment that decides.

    Why it matters:
        The stages are the steps at which people look. A move that leaves one out is a way around them.

    Example:
        `from: staging` and `to: production`, where policy lists `staging->review` and `review->production`.

    How to fix:
        Ask for a move that the policy allows: `accredit request` writes it.

    References:
        ISO/IEC 5338 on the AI system life cycle; SR 26-2 on change control.
    """
    lifecycle = context.lifecycles[version.key]
    last = lifecycle.steps[-1] if lifecycle.steps else None
    outside = [*running_outside(version, context)]
    for name, _ in outside:
        place = at(version_path(version.model_id, version.id, f"deployments/{name}.yaml"))
        message = f"the deployment {name} decides, and the version is only in {lifecycle.stage}"
        yield fails(message, "Switch it off, or ask for the move into production.", place)
    if last is None:
        yield from () if outside else (not_applicable(NOBODY_ASKED),)
    elif last.status == "broken":
        message = f"request {last.transition.request.seq:04} moves nothing: {_why(version, last, lifecycle, context)}"
        yield fails(message, "Ask for a move that the policy allows: `accredit request`.", _place(version, last))
    elif not outside:
        yield passes(f"the version came to {lifecycle.stage} by moves that are allowed")


def _place(version: ModelVersion, step: Step) -> Location:
    return at(request_path(version, step))


def _why(version: ModelVersion, step: Step, lifecycle: Lifecycle, context: Context) -> str:
    """Why a request does not count."""
    request = step.transition.request
    if context.verification is not None:
        folder = version_path(version.model_id, version.id, "transitions/")
        signoffs = context.verification.signoffs.items()
        same = [s for path, s in signoffs if path.startswith(folder) and s.sha256 == step.transition.sha256]
        said = "; ".join(dict.fromkeys(d.message for s in same for d in s.doubts))
        return said or "what it binds was no longer so"
    if rules_behind(version, step, context) is None:
        return f"policy knows no move {step.move}{f' by {step.kind}' if step.kind else ''}"
    if request.from_stage != lifecycle.stage:
        return f"it starts in {request.from_stage}, and the version is in {lifecycle.stage}"
    against = "; ".join(message for _, message in context.hindrances(version, step))
    return against or "it does not follow on the request before it"


@rule("LIFE106", "Revalidation is not overdue", severity="blocker", gate="production", waivable=True)
def revalidated(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Revalidation is not overdue.

    What it checks:
        The last ordinary move into production, or the last revalidation there (a move from production to production),
        took effect no more than `revalidate_months` of the model's tier ago. Each event since that
        `revalidation.triggers` of the policy names calls for a revalidation within `revalidation.within_days`: an
        incident that is serious or widespread, a breach that monitoring reports, drift, a consent that ended, data that
        was erased, a base model without support, a control that came into force. An emergency move validates
        nothing.

    Why it matters:
        A model that was right when it was approved drifts away from the world. Somebody independent must look again
        before the difference does harm.

    Example:
        A version in production since 2025-02-02, where policy asks for a revalidation every 12 months.

    How to fix:
        Evaluate it on fresh data and request a revalidation, or take the version out of use.

    References:
        SR 26-2 on ongoing monitoring and periodic review; PRA SS1/23 principle 4.
    """
    step = approved(version, context)
    tier = context.policy.tiers.get(str(context.standing(version).tier))  # type: ignore[call-overload]
    months = tier.revalidate_months if tier else None
    if why := excused(version, context):
        yield not_applicable(why)
    elif step is None or step.at is None:
        yield not_applicable("the version is not in production")
    else:
        yield from _in_time(version, step, step.at, months, context)


def _in_time(
    version: ModelVersion, step: Step, since: datetime, months: int | None, context: Context
) -> Iterator[Verdict]:
    """Whether a validation is in time, by the tier's term and by what happened since."""
    wait, faults = timedelta(days=context.policy.revalidation.within_days), 0
    events = list(events_since(version, since, context))
    for event in events:
        if is_after(event.day + wait, context.as_of) or event.day + wait == context.as_of:
            continue
        faults += 1
        message = f"{event.what} on {event.day} calls for a revalidation, which was due on {event.day + wait}"
        yield fails(message, "Request a revalidation, or take it out of use.", _place(version, step), at(event.path))
    if months is not None and is_older(since.date(), months, context.as_of):
        faults += 1
        message = (
            f"the version was validated on {since.date()}, and was due again on {months_after(since.date(), months)}"
        )
        yield fails(message, "Request a revalidation, or take it out of use.", _place(version, step))
    ends = [event.day + wait for event in events]
    due = min([*ends, *([months_after(since.date(), months)] if months is not None else [])], default=None)
    if due is None:
        yield not_applicable(f"policy asks for no revalidation in tier {context.standing(version).tier}")
    elif not faults:
        yield passes(f"the next validation is due on {due}")


@rule("LIFE107", "Archive record is complete", severity="error", gate="archived", waivable=True)
def archive_complete(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Archive record is complete.

    What it checks:
        Each deployment of a version that is archived, or shall be, has an end that has come. Why the version goes is
        in the request, whose form asks for it.

    Why it matters:
        A version that is archived and still answers decides without anybody who looks after it.

    Example:
        A version in the stage archived with a deployment without `until`.

    How to fix:
        Switch the deployment off and record `until`.

    References:
        NIST AI RMF GOVERN 1.7 on decommissioning; ISO/IEC 5338 on retirement.
    """
    lifecycle = context.lifecycles[version.key]
    moves = (s for s in reversed(lifecycle.steps) if s.status in ("effective", "pending"))
    last = next(moves, None)
    if last is None or last.transition.request.to_stage != "archived":
        yield not_applicable("nobody asked to archive the version")
        return
    faults = 0
    for name, deployment in version.deployments.items():
        if deployment.until is None or is_after(deployment.until, context.as_of):
            faults += 1
            path = version_path(version.model_id, version.id, f"deployments/{name}.yaml")
            message = f"the deployment {name} in {deployment.environment} has not ended"
            yield fails(message, "Switch it off, and record `until`.", at(path))
    if not faults:
        yield passes(f"no deployment is left: {last.transition.request.reason}")
