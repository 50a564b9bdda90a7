"""What the policy asks of a model in use, in words: people, oversight, security, monitoring and incidents.

Without a standing the whole is told with its conditions, and with one only what that model owes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from accredit.domain.dues import Standing
from accredit.domain.operating_criteria import Demand, ReportingDuty
from accredit.domain.policy import Policy
from accredit.policies.conditions import in_words
from accredit.policies.words import listed, plural, spaced


def people(policy: Policy, of: Standing | None = None) -> Iterator[str]:
    """Transparency, oversight and security: what is due, and for how long its record counts."""
    to, oversight = policy.transparency, policy.oversight
    asked = (
        ("The people affected are told that a model is used", to.notice),
        ("The reasons for one decision can be given", to.reasons),
        ("It is disclosed that one speaks with a machine, or that content was made by one", to.disclosure),
        ("A person can object and reach a human", to.contest),
        *((f"The model is entered in the register “{spaced(name)}”", entry) for name, entry in to.registers.items()),
        ("Human oversight is planned, and those who oversee are trained", oversight.plan),
        ("Stopping the model and falling back are tried out", oversight.stop_test),
        ("Security is reviewed", policy.security.review),
    )
    yield from _due(asked, of)


def monitoring(policy: Policy, of: Standing | None = None) -> Iterator[str]:
    """What follows a version in production."""
    m = policy.monitoring
    days = {tier: n for tier, n in m.report_every_days.items() if n is not None and (not of or tier == str(of.tier))}
    if days:
        every = (f"{plural(n, 'day')}" + ("" if of else f" in tier {tier}") for tier, n in sorted(days.items()))
        late = f"; a report may be {plural(m.grace_days, 'day')} late" if m.grace_days else ""
        yield f"A version in production is reported on every {listed(every)}{late}."
    plan, logging = m.in_use_plan, m.logging
    contents = f", with {listed(map(spaced, plan.contents))}" if plan and plan.contents else ""
    kept = f", and kept for {plural(logging.min_months, 'month')} or more" if logging else ""
    asked = (
        ("The card has a monitoring plan", m.plan),
        (f"There is a plan for the time in use{contents}", plan),
        (f"Predictions are stored while the model runs{kept}", logging),
    )
    yield from _due(asked, of)


def incidents(policy: Policy, of: Standing | None = None) -> Iterator[str]:
    """Who is told of which incidents, and how soon."""
    for duty in policy.incidents.duties.values():
        if of is None or duty.when is None or duty.when.holds(of.facts) is not False:
            yield _duty(duty, conditions=of is None)


def _duty(duty: ReportingDuty, *, conditions: bool) -> str:
    grave = f"A {listed(duty.severities, 'or')}" if len(duty.severities) < 3 else "An"
    what = listed(map(spaced, duty.kinds), "or")
    days, hours = divmod(duty.within_hours, 24)
    time = plural(days, "day") if days > 3 and not hours else plural(duty.within_hours, "hour")
    when = f", if {in_words(duty.when)}" if conditions and duty.when else ""
    source = f" ({duty.source})" if duty.source else ""
    return f"{grave} incident of the kind {what} is reported to {duty.to} within {time}{when}{source}."


def _due(asked: Iterable[tuple[str, Demand | None]], of: Standing | None) -> Iterator[str]:
    for what, demand in asked:
        if demand is None or (of and demand.is_due(of.profile, of.facts) is False):
            continue
        under = "" if of else f", under {listed(demand.profiles, 'or')}"
        when = f", if {in_words(demand.when)}" if demand.when and not of else ""
        months = demand.max_age_months
        age = f"; the record of it counts for {plural(months, 'month')}" if months is not None else ""
        yield f"{what}{under}{when}{age}."
