"""FAIR: what people outside and inside the team have said about disparities."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.evaluation import BiasAudit
from accredit.domain.fairness_result import FairnessResult, shown
from accredit.domain.paths import version_path
from accredit.domain.registry import ModelVersion
from accredit.findings import Location
from accredit.rules.context import Context
from accredit.rules.evaluations import evaluation_path, evidence_of, is_retired, is_unreadable, see
from accredit.rules.fairness_evidence import comparisons_of
from accredit.rules.fairness_slices import slice_results
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule


@rule(
    "FAIR111", "Independent bias audit is current and published", severity="blocker", gate="production", waivable=False
)
def bias_audit(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Independent bias audit is current and published.

    What it checks:
        Where `fairness.independent_audit` of the policy applies, or depends on a fact that nobody recorded, the newest
        `audit` of the version's evaluations is by an independent auditor who is nobody in `people/`, is not older than
        `max_age_days`, and has the address of the published summary and the date of the notice, which has passed.
        Archived versions are not audited anew.

    Why it matters:
        Those who built the model choose what to measure. Somebody without a stake chooses differently, and people can
        look up what was found.

    Example:
        The audit is of 6 August 2025, more than 365 days before 23 November 2026.

    How to fix:
        Commission an audit, publish its summary, give notice, and record `audit` in an evaluation.

    References:
        New York City Administrative Code 20-871(a) and 6 RCNY 5-301 and 5-303 (Local Law 144).
    """
    requirement = context.policy.fairness.independent_audit
    if requirement is None or requirement.when.holds(context.standing(version).facts) is False:
        yield not_applicable("policy.yaml asks for no independent audit of this model")
        return
    if is_retired(version, context):
        yield not_applicable("the version is archived")
        return
    audits = [(r.audit, name) for name, r in sorted(version.evaluations.items()) if r.audit]
    if not audits and is_unreadable(version, context):
        yield see("fail", "an evaluation cannot be read: see REG001")
        return
    if not audits:
        evidence = evidence_of(version, context)
        place = evidence[0].place() if evidence else at(version_path(version.model_id, version.id))
        yield fails("no independent bias audit is recorded", "Commission one and record it under `audit`.", place)
        return
    audit, name = max(audits, key=lambda a: (a[0].date, a[1]))
    place = at(evaluation_path(version, name), "audit")
    flaws = list(_flaws(audit, requirement.max_age_days, context))
    for key, flaw, remedy in flaws:
        yield fails(f"the bias audit by {audit.auditor} {flaw}", remedy, _inside(place, key))
    if not flaws:
        yield passes(f"audited by {audit.auditor} on {audit.date}, summary at {audit.summary_url}")


def _inside(place: Location, key: str) -> Location:
    return at(place.path, *place.route, key) if key else place


def _flaws(audit: BiasAudit, max_age: int, context: Context) -> Iterator[tuple[str, str, str]]:
    staff = {n.casefold() for i, p in context.registry.people.items() for n in (i, p.name)}
    if not audit.independent:
        yield "independent", "is not independent", "Commission an auditor without a stake in the model."
    elif audit.auditor.casefold() in staff:
        yield "auditor", "is by a colleague", "Commission an auditor from outside."
    age = (context.as_of - audit.date).days
    if age > max_age:
        yield "date", f"is of {audit.date}, {age:,} days ago; at most {max_age:,} are allowed", "Have it audited again."
    elif age < 0:
        yield "date", f"is dated {audit.date}, after {context.as_of}", "Record the day on which the audit was finished."
    if audit.summary_url is None:
        yield "", "is not published", "Publish the summary and record `summary_url`."
    if audit.notice_date is None or audit.notice_date > context.as_of:
        given = "no date" if audit.notice_date is None else f"the date {audit.notice_date}, after {context.as_of}"
        key = "" if audit.notice_date is None else "notice_date"
        yield key, f"has {given} for the notice to the people concerned", "Give notice and record `notice_date`."


@rule("FAIR112", "Disparities have a documented response", severity="error", gate="production", waivable=True)
def response(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Disparities have a documented response.

    What it checks:
        Each group that is beyond a limit of FAIR103 to FAIR107, whether or not the failure is waived, has an entry
        under `disparity_responses` of the card with the cause, the alternatives that were considered and the decision.

    Why it matters:
        A disparity may have a reason that stands. It has to be found, written down and answered for by somebody, and
        not only accepted.

    Example:
        The impact ratio of women is 0.72, a waiver covers FAIR103, and the card says nothing about it.

    How to fix:
        Add an entry with `attribute`, `group`, `cause`, `alternatives` and `decision` to the card.

    References:
        EU AI Act Art. 10(2)(f) and (g); NIST AI RMF MEASURE 2.11.
    """
    found: dict[tuple[str, str], tuple[str, Location]] = {}
    for key, breach in _breaches(version, context):
        found.setdefault(key, breach)
    if not found:
        yield not_applicable("no group is beyond a limit")
    answered = {(r.attribute, r.group) for r in version.card.disparity_responses} if version.card else set()
    route = ("disparity_responses",) if version.card and version.card.disparity_responses else ()
    card = at(version_path(version.model_id, version.id, "card.yaml"), *route)
    for (attribute, group), (what, where) in found.items():
        if (attribute, group) in answered:
            yield passes(f"the card answers for {attribute} {group}")
        else:
            message = f"the card does not say why {attribute} {group} is beyond the limit: {what}"
            remedy = "Add cause, alternatives and decision to `disparity_responses`."
            yield fails(message, remedy, card if version.card else where, where)


Breach = tuple[tuple[str, str], tuple[str, Location]]


def _breaches(version: ModelVersion, context: Context) -> Iterator[Breach]:
    """Attribute and group of each breach, with the numbers and the place of the evidence."""
    for compared in comparisons_of(version, context):
        for result in compared.results:
            for group in result.breaches:
                yield (result.attributes[0], group), (_what(result, group), compared.place("groups", group))
    for evidence, index, result in slice_results(version, context):
        for group in result.breaches:
            yield (result.attributes[0], group), (_what(result, group), evidence.place("metrics", index))


def _what(result: FairnessResult, name: str) -> str:
    gap = next(g for g in result.gaps for r in g.groups if r.group == name and r.is_breach)
    group = next(r for r in gap.groups if r.group == name)
    value = group.versus.value if group.versus else 0.0
    return f"{result.metric} {value:.4f}, limit {shown(result.limit)}"
