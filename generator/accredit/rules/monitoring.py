"""MON: whether a version in production is watched, and whether somebody acts on what is seen."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

from accredit.domain.calendar import days_after, is_after
from accredit.domain.card import MonitoredMetric
from accredit.domain.metric import canonical
from accredit.domain.operation import Breach, Deployment, Monitoring
from accredit.domain.paths import version_path
from accredit.domain.prose import is_filled
from accredit.domain.registry import ModelVersion
from accredit.findings import Location
from accredit.rules.card import card_place, no_card
from accredit.rules.context import Context
from accredit.rules.demand import spared
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule
from accredit.rules.upstream import listed


@rule("MON101", "Monitoring plan exists", severity="error", gate="production", waivable=True)
def monitoring_planned(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Monitoring plan exists.

    What it checks:
        Where policy asks for it (`monitoring.plan`), `monitoring_plan` of the card lists metrics with thresholds, says
        how often they are looked at, names an active owner, and says what is done when something is wrong.

    Why it matters:
        Without a threshold nobody is late, and without an owner nobody is told.

    Example:
        A plan with metrics and without `owner`.

    How to fix:
        Fill `metrics`, `frequency`, `owner` and `actions` in the card. With a `limit` in numbers MON103 finds breaches
        that nobody wrote down.

    References:
        EU AI Act Art. 72; SR 26-2 on ongoing monitoring; NIST AI RMF MANAGE 4.1.
    """
    if spare := spared(context.policy.monitoring.plan, version, context, "a monitoring plan"):
        yield spare
        return
    if version.card is None:
        yield no_card(version)
        return
    plan = version.card.monitoring_plan
    given = {
        "metrics": bool(plan.metrics) and all(is_filled(m.threshold) for m in plan.metrics),
        "frequency": is_filled(plan.frequency),
        "owner": context.is_active(plan.owner),
        "actions": is_filled(plan.actions) or (bool(plan.metrics) and all(is_filled(m.action) for m in plan.metrics)),
    }
    missing = [name for name, is_given in given.items() if not is_given]
    for name in missing:
        what = f"no active owner (`{plan.owner}`)" if name == "owner" and plan.owner else f"no {name}"
        place = card_place(version, "monitoring_plan", name)
        yield fails(f"the monitoring plan has {what}", f"Write `monitoring_plan.{name}`.", place)
    if not missing:
        yield passes(f"{listed(m.metric for m in plan.metrics)}, {plan.frequency}, owned by {plan.owner}")


@rule("MON102", "Monitoring is happening", severity="error", gate="production", waivable=True)
def monitored(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Monitoring is happening.

    What it checks:
        A version in production with a deployment that has not ended was reported on in `monitoring/` within the days
        that policy sets for its tier (`monitoring.report_every_days`) and the days of grace. Before the first report
        the days run from the first deployment.

    Why it matters:
        Models fail quietly. A plan that nobody follows finds nothing.

    Example:
        A tier 1 model, reported monthly, whose last snapshot is from August, in November.

    How to fix:
        Run the monitoring and record the snapshot, or record `until` for a deployment that was switched off.

    References:
        EU AI Act Art. 26(5) and 72; BCBS 239 principle 10 on frequency; SR 26-2 on ongoing monitoring.
    """
    due = report_due(version, context)
    last = latest(version)
    if due is None:
        yield not_applicable(
            f"nothing of the version runs in production, or tier {_tier(version, context)} reports never"
        )
    elif context.as_of > due:
        since = f"the last report is of {last[1].observed_at.date()}" if last else "there is no report"
        message = f"{since}, and one was due by {due}, {context.policy.monitoring.grace_days} days of grace included"
        place = at(snapshot_path(version, last[0]), "observed_at") if last else _first_deployment(version, context)
        yield fails(message, "Record a snapshot in `monitoring/`.", place)
    else:
        yield passes(f"the next report is due by {due}")


def report_due(version: ModelVersion, context: Context) -> date | None:
    """The last day for the next monitoring report, with its grace; None where none is due."""
    criteria = context.policy.monitoring
    every = criteria.report_every_days.get(_tier(version, context))  # type: ignore[call-overload]
    running = dict(deployed(version, context))
    if every is None or context.stage(version) != "production" or not running:
        return None
    last = latest(version)
    start = last[1].observed_at if last else min(d.deployed_at for d in running.values())
    return days_after(start.date(), every + criteria.grace_days)


def deployed(version: ModelVersion, context: Context) -> Iterator[tuple[str, Deployment]]:
    """The deployments by name that have not ended on the day, whatever their strategy."""
    for name, deployment in version.deployments.items():
        if deployment.until is None or is_after(deployment.until, context.as_of):
            yield name, deployment


def latest(version: ModelVersion) -> tuple[str, Monitoring] | None:
    """The latest snapshot with its name."""
    return max(version.monitoring.items(), key=lambda item: (item[1].observed_at, item[0]), default=None)


def snapshot_path(version: ModelVersion, name: str) -> str:
    """Path of a snapshot."""
    return version_path(version.model_id, version.id, f"monitoring/{name}.yaml")


def _tier(version: ModelVersion, context: Context) -> str:
    return str(context.standing(version).tier)


def _first_deployment(version: ModelVersion, context: Context) -> Location:
    name = min(deployed(version, context), key=lambda item: item[1].deployed_at)[0]
    return at(version_path(version.model_id, version.id, f"deployments/{name}.yaml"), "deployed_at")


@rule("MON103", "Open breaches are handled", severity="blocker", gate="production", waivable=True)
def breaches_handled(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Open breaches are handled.

    What it checks:
        Every breach in a monitoring snapshot that is not closed has an action and a last day that has not passed. A
        figure beyond the `limit` of a metric in the card's monitoring plan has a breach in the snapshot that reports
        it; slices are left to the plan's owner.

    Why it matters:
        A threshold that is crossed without consequence teaches everybody to look away.

    Example:
        `{metric: auc, value: 0.68, threshold: at least 0.70, action: Retrain, due: 2026-10-31}`, still open in
        November.

    How to fix:
        Act, and record `closed`. If the action takes longer, let the owner decide on another day and say why.

    References:
        EU AI Act Art. 20 and 72; NIST AI RMF MANAGE 4.1.
    """
    if not version.monitoring:
        yield not_applicable("no snapshot from production is recorded")
        return
    faults = 0
    for message, remedy, place in (*_unhandled(version, context), *_unrecorded(version)):
        faults += 1
        yield fails(message, remedy, place)
    if not faults:
        still_open = len(list(open_breaches(version)))
        yield passes(f"{still_open} breaches are open, each with an action and a day that has not passed")


def open_breaches(version: ModelVersion) -> Iterator[tuple[str, int, Breach]]:
    """The breaches that are not closed: name of the snapshot, place in it, and breach."""
    for name, snapshot in sorted(version.monitoring.items()):
        yield from ((name, i, b) for i, b in enumerate(snapshot.breaches) if b.closed is None)


Fault = tuple[str, str, Location]


def _unhandled(version: ModelVersion, context: Context) -> Iterator[Fault]:
    for name, index, breach in open_breaches(version):
        place = at(snapshot_path(version, name), "breaches", index)
        what = f"the breach of {breach.metric} ({breach.value:g}, threshold {breach.threshold})"
        if not is_filled(breach.action):
            yield f"{what} has no action", "Write what is done about it.", place
        if breach.due is None:
            yield f"{what} has no `due`", "Write by when.", place
        elif breach.due < context.as_of:
            yield f"{what} was to be handled by {breach.due}", "Handle it, and record `closed`.", place


def _unrecorded(version: ModelVersion) -> Iterator[Fault]:
    plan = version.card.monitoring_plan.metrics if version.card else ()
    limits = {canonical(limit.metric): limit for limit in plan}
    for name, snapshot in sorted(version.monitoring.items()):
        recorded = {canonical(breach.metric) for breach in snapshot.breaches}
        for index, metric in enumerate(snapshot.metrics):
            kind = canonical(metric.type)
            limit = limits.get(kind)
            if metric.slice or limit is None or kind in recorded or not is_beyond(limit, metric.value):
                continue
            message = f"{metric.type} is {metric.value:g}, beyond the plan ({limit.threshold}), and no breach says so"
            yield message, "Record the breach with action and day.", at(snapshot_path(version, name), "metrics", index)


def is_beyond(limit: MonitoredMetric, value: float) -> bool:
    """Whether a figure lies beyond the numbers of the plan; a limit in words alone is crossed by nothing."""
    return not limit.limit.get("min", -math.inf) <= value <= limit.limit.get("max", math.inf)
