"""The limits of the policy in words: performance, fairness, documentation, risk and waivers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accredit.domain.criteria import FairnessLimit, MetricThreshold, TaskCriteria
from accredit.domain.policy import Policy
from accredit.domain.value import ProfileId
from accredit.policies.conditions import in_words
from accredit.policies.words import LIMITS, bound, listed, plural, spaced


def performance(policy: Policy) -> Iterator[str]:
    """What evaluations of each task must contain and reach."""
    for task, criteria in policy.performance.tasks.items():
        yield from (f"{spaced(task).capitalize()}: {sentence}" for sentence in task_words(criteria))
    for override in policy.performance.overrides:
        yield f"If {in_words(override.when)}: {thresholds_words(override.thresholds)}."


def task_words(criteria: TaskCriteria, profile: ProfileId | None = None) -> Iterator[str]:
    """What one task asks for; with a profile, only what is asked under it."""
    if criteria.required:
        rows = f", on at least {plural(criteria.min_n, 'row')}" if criteria.min_n else ""
        age = f", no more than {plural(criteria.max_age_days, 'day')} old" if criteria.max_age_days is not None else ""
        yield f"an evaluation reports {listed(criteria.required)}{rows}{age}."
    if criteria.thresholds:
        yield f"{thresholds_words(criteria.thresholds)}."
    for metric, worse in criteria.guard.items():
        yield f"{metric} is no more than {worse:g} worse than that of the version in production."
    if limits := criteria.calibration:
        slope = bound(limits.slope_min, limits.slope_max)
        yield f"the slope of calibration is {slope}, its error (ece) at most {limits.ece_max:g}."
    for name, kinds in criteria.robustness.items():
        if profile in (None, name):
            yield f"under {name} it is tested for {listed(map(spaced, kinds))}."


def thresholds_words(thresholds: Mapping[str, MetricThreshold]) -> str:
    """Metrics with their limits."""
    return listed(f"{name} is {bound(limit.min, limit.max)}" for name, limit in thresholds.items())


def fairness(policy: Policy) -> Iterator[str]:
    """Attributes, limits and sizes. None of the limits is a legal pass mark."""
    f = policy.fairness
    if f.required_attributes:
        when = f", if {in_words(f.required_when)}" if f.required_when else ""
        yield f"Groups are compared by {listed(map(spaced, f.required_attributes))}{when}."
    for limit in f.limits:
        when = f", if {in_words(limit.when)}" if limit.when else ""
        yield f"{limit_words(limit)}{when}."
    if f.limits:
        yield "None of these limits is a legal pass mark; each is this organisation's choice."
    people, events = plural(f.min_n, "person", "people"), plural(f.min_events, "event")
    yield f"A group is judged from {people} and {events} on. Too little data never passes."
    yield (
        f"Judged groups cover at least {f.min_cover:.0%} of the people; the attribute is unknown for at most "
        f"{f.max_unknown:.0%}."
    )
    if f.max_age_days is not None:
        yield f"A comparison counts for {plural(f.max_age_days, 'day')}."
    yield from _exceptions(policy)


def _exceptions(policy: Policy) -> Iterator[str]:
    f, record = policy.fairness, policy.fairness.cannot_measure
    if f.intersections.report_pairs:
        judged = "and judged by the same limits" if f.intersections.gate else "and shown, not judged"
        yield f"Pairs of required attributes are counted together where there are people enough, {judged}."
    if record.allowed:
        term = f", for {plural(record.expires_months, 'month')} at most" if record.expires_months is not None else ""
        yield f"That an attribute cannot be measured is signed off by {listed(record.sign_off, 'or')}{term}."
    else:
        yield "A record that an attribute cannot be measured is not accepted."
    if f.publish_min_n:
        yield f"The site shows no count of fewer than {plural(f.publish_min_n, 'person', 'people')} of a group."
    if audit := f.independent_audit:
        yield f"An independent audit is no older than {plural(audit.max_age_days, 'day')}, if {in_words(audit.when)}."


def limit_words(limit: FairnessLimit) -> str:
    """A fairness limit without its condition."""
    by = f", by {listed(map(spaced, limit.attributes))}" if limit.attributes else ""
    return f"{LIMITS[limit.metric]} is {bound(limit.min, limit.max)}{by}"


def documentation(policy: Policy) -> Iterator[str]:
    """Cards and owners."""
    for profile, sections in policy.card.sections.items():
        yield f"Under {profile} a card has {card_words(sections)}."
    for profile, months in policy.card.review_months.items():
        yield f"Under {profile} a card is read anew every {plural(months, 'month')}."
    yield f"An owner confirms their ownership every {plural(policy.ownership.confirm_months, 'month')}."
    if policy.ownership.deputy_tiers:
        yield f"Models of tier {listed(policy.ownership.deputy_tiers, 'or')} have a deputy."


def card_words(sections: tuple[str, ...]) -> str:
    """Sections of a card."""
    return listed(spaced(s.replace(".", ": ")) for s in sections)


def risk(policy: Policy) -> Iterator[str]:
    """Screening, appetite and impact assessments."""
    r = policy.risk
    if r.screening:
        yield f"Every model answers whether it does one of these: {listed(map(spaced, r.screening), 'or')}."
    yield f"Risks above {r.appetite} are treated; what remains is accepted by {listed(r.accept_residual, 'or') or '-'}."
    for ia in r.impact_assessments:
        months = plural(ia.max_age_months, "month")
        yield f"A {ia.kind.upper()} no older than {months}, if {in_words(ia.when)}."


def waivers(policy: Policy) -> Iterator[str]:
    """How long a rule may go unmet, and who accepts it."""
    w = policy.waivers
    for severity, days in w.max_days.items():
        who = listed(w.accept_by.get(severity, ()), "or") or "nobody"
        again = plural(w.max_renewals.get(severity, 0), "renewal")
        yield f"A rule of severity {severity}: {plural(days, 'day')} at most, {again}, accepted by {who}."
    yield f"A waiver names {plural(w.min_controls, 'compensating control')} at least; the failure stays visible."
    if w.never:
        yield f"Never waived: {listed(w.never)}."
