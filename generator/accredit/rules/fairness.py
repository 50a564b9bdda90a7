"""FAIR: whether protected attributes are tested, by comparisons that mean something, of the whole population."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.calendar import months_after
from accredit.domain.group_fairness import unknown_share
from accredit.domain.model import CannotMeasure
from accredit.domain.paths import model_path, version_path
from accredit.domain.registry import ModelVersion
from accredit.findings import Location
from accredit.rules.context import Context
from accredit.rules.evaluations import evidence_of, is_unreadable, see
from accredit.rules.fairness_evidence import Compared, comparisons_of
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule


def required_attributes(version: ModelVersion, context: Context) -> tuple[str, ...]:
    """The attributes that policy wants tested for the model; an unknown condition asks for them."""
    criteria = context.policy.fairness
    when = criteria.required_when
    if when is not None and when.holds(context.standing(version).facts) is False:
        return ()
    return criteria.required_attributes


def accepted_record(attribute: str, version: ModelVersion, context: Context) -> CannotMeasure | None:
    """The record, signed off as policy asks and not expired, that the attribute cannot be measured."""
    for record in context.model(version).record.cannot_measure:
        if record.attribute == attribute and not _flaw(record, context):
            return record
    return None


def _flaw(record: CannotMeasure, context: Context) -> str:
    criteria, person = context.policy.fairness.cannot_measure, context.registry.people.get(record.signed_off_by)
    months = criteria.expires_months
    if not criteria.allowed:
        return "is not accepted by this policy"
    if record.expires < context.as_of:
        return f"expired on {record.expires}"
    if months is not None and record.expires > months_after(context.as_of, months):
        return f"expires on {record.expires}, and policy allows {months} months from {context.as_of}"
    if person is None or set(criteria.sign_off).isdisjoint(person.roles_on(context.as_of)):
        role = " or ".join(criteria.sign_off)
        return f"is signed off by {record.signed_off_by}, who does not hold the role {role} on {context.as_of}"
    return ""


@rule("FAIR101", "Required protected attributes are tested", severity="blocker", gate="production", waivable=True)
def attributes_tested(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Required protected attributes are tested.

    What it checks:
        For each attribute in `fairness.required_attributes` of the policy, where `required_when` holds or is unknown,
        an evaluation compares the groups of that attribute. Instead, `model.yaml` may record under `cannot_measure`
        why law or data forbid it, signed off by somebody who holds a role of `fairness.cannot_measure.sign_off`, and
        with an expiry that has not passed and is no further off than `fairness.cannot_measure.expires_months`: then
        the result for the attribute is unknown and accepted, which is shown as not applicable with the reason and the
        expiry. Silence fails.

    Why it matters:
        A model cannot be called fair to people that nobody looked at.

    Example:
        The policy requires `gender` and `age-band`, and the evaluation compares `gender` only.

    How to fix:
        Add a comparison with counts per group under `fairness` of an evaluation, or the record that it cannot be
        measured.

    References:
        EU AI Act Art. 10(2)(f) and (g) on the examination for bias; NIST AI RMF MEASURE 2.11.
    """
    wanted = required_attributes(version, context)
    if not wanted:
        yield not_applicable("policy.yaml requires no protected attributes for this model")
    for attribute in wanted:
        yield _tested(attribute, version, context)


def _tested(attribute: str, version: ModelVersion, context: Context) -> Verdict:
    found = next((c for c in comparisons_of(version, context) if c.record.attributes == (attribute,)), None)
    if found:
        return passes(f"{attribute} is compared in {found.evidence.record.name}, {len(found.record.groups)} groups")
    accepted = accepted_record(attribute, version, context)
    if accepted:
        return not_applicable(
            f"{attribute} cannot be measured: {accepted.reason} "
            f"(accepted by {accepted.signed_off_by} until {accepted.expires})"
        )
    remedy = f"Count outcomes by {attribute}, or record under `cannot_measure` why that cannot be done."
    model = context.model(version)
    for index, record in enumerate(model.record.cannot_measure):
        if record.attribute == attribute:
            place = at(model_path(model.id), "cannot_measure", index)
            message = f"{attribute} is not tested, and the record that it cannot be measured {_flaw(record, context)}"
            return fails(message, remedy, place)
    if is_unreadable(version, context):
        return see("fail", f"{attribute} is required, and an evaluation cannot be read: see REG001")
    return fails(f"{attribute} is required and is not tested", remedy, _nearest(version, context))


def _nearest(version: ModelVersion, context: Context) -> Location:
    compared = comparisons_of(version, context)
    if compared:
        return compared[0].evidence.place("fairness")
    evidence = evidence_of(version, context)
    return evidence[0].place() if evidence else at(version_path(version.model_id, version.id))


@rule("FAIR102", "The fairness check is meaningful", severity="blocker", gate="production", waivable=False)
def meaningful(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """The fairness check is meaningful.

    What it checks:
        Each comparison of groups counts what it claims to. It fails where counts are impossible or do not add up; where
        groups and unknowns together are not the people of the evaluation (unless they were re-weighted and the record
        says so); with fewer than two groups that hold people; without a `favourable` outcome; where the groups are not
        those that the policy fixed beforehand; where the attribute is inferred without a stated error; on training or
        leaked data (reported by PERF104); for another artifact or decision threshold (reported by PERF105); and where
        it is older than `fairness.max_age_days`. A comparison on a training or validation split is left alone where
        one of the same attributes is on held-out data.

    Why it matters:
        A ratio looks the same whether or not somebody dropped the rows that spoiled it. The rules on limits say nothing
        about a comparison that fails here.

    Example:
        4,500 of 9,000 women are counted and the evaluation has 20,000 rows, though only 11,000 are men.

    How to fix:
        Count again, by the policy's groups, everybody in the held-out data, for the artifact and threshold in use.

    References:
        EU AI Act Art. 10(2)(f) and (g); 6 RCNY 5-301 and 5-302 (New York City Local Law 144) on the data of an audit;
        NIST AI RMF MEASURE 2.11.
    """
    compared = comparisons_of(version, context)
    if not compared:
        yield not_applicable("no groups are compared: FAIR101 says whether they must be")
    for c in compared:
        yield from c.faults
        if not c.faults:
            n = f"{c.evidence.n:,}" if c.evidence.n is not None else "unknown"
            yield passes(f"{c.name} is compared over {len(c.record.groups)} groups, n {n}")


@rule("FAIR110", "Groups cover the population", severity="error", gate="production", waivable=True)
def groups_cover(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Groups cover the population.

    What it checks:
        For each attribute that is required or has a limit, the groups with at least `fairness.min_n` people hold at
        least the share `min_cover` of the people whose group is known, and the group is unknown for no more than the
        share `max_unknown`.

    Why it matters:
        A disparity can hide among the people whose group nobody recorded, or in many groups that are each too small to
        be looked at. A limit that holds for half of the people does not hold.

    Example:
        The gender of 6,000 of 20,000 people is not known, which is 30 %, and 20 % are allowed.

    How to fix:
        Record the attribute for more people, evaluate on more data, or agree on larger groups in `policy.yaml` before
        the next evaluation.

    References:
        6 RCNY 5-301(b) to (d) on people of unknown category and on groups under 2 %; Good Machine Learning Practice
        (IMDRF N88), principle 3.
    """
    wanted = required_attributes(version, context)
    compared = [c for c in comparisons_of(version, context) if len(c.record.attributes) == 1]
    compared = [c for c in compared if c.results or c.record.attributes[0] in wanted]
    if not compared:
        yield not_applicable("no groups are compared for an attribute that is required or has a limit")
    for c in compared:
        if not c.is_meaningful:
            yield see("unknown", f"{c.name} is not evaluated: see FAIR102")
            continue
        faults = list(cover_faults(c, context))
        yield from faults
        if not faults:
            yield passes(f"the groups of {c.name} cover the people; {unknown_share(c.record):.1%} are unknown")


def cover_faults(compared: Compared, context: Context) -> Iterator[Verdict]:
    """Why the groups of a comparison do not cover the population."""
    criteria, record = context.policy.fairness, compared.record
    share = unknown_share(record)
    if share > criteria.max_unknown:
        message = f"{compared.name} is unknown for {share:.2%} of the people ({record.unknown_n:,})"
        remedy = f"Record {compared.name} for more people."
        yield fails(f"{message}; at most {criteria.max_unknown:.2%} are allowed", remedy, compared.place("unknown_n"))
    known = sum(g.n for g in record.groups.values())
    large = sum(g.n for g in record.groups.values() if g.n >= criteria.min_n)
    if large < criteria.min_cover * known:
        small = [f"{name} (n {g.n:,})" for name, g in sorted(record.groups.items()) if g.n < criteria.min_n]
        message = (
            f"the groups of {compared.name} with {criteria.min_n:,} people or more cover {large / known:.2%}; at least "
            f"{criteria.min_cover:.2%} are needed; too small: {', '.join(small[:5])}"
        )
        yield fails(message, "Evaluate on more people of these groups.", compared.place("groups"))
