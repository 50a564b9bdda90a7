"""FAIR: whether quality is the same for every slice, and whether attributes were looked at together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from accredit.domain.criteria import FairnessLimit
from accredit.domain.evaluation import Metric
from accredit.domain.fairness_result import FairnessResult
from accredit.domain.metric import canonical
from accredit.domain.registry import ModelVersion
from accredit.domain.slices import slice_result
from accredit.rules.context import Context
from accredit.rules.evaluations import Evidence, evidence_of, no_evidence, see, task_criteria
from accredit.rules.fairness import accepted_record, required_attributes
from accredit.rules.fairness_evidence import Compared, comparisons_of
from accredit.rules.rule import Verdict, fails, inconclusive, not_applicable, passes, rule, unknown

Sliced = tuple[Evidence, int, FairnessResult]


@rule("FAIR107", "No slice performs much worse", severity="error", gate="production", waivable=True)
def slices(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """No slice performs much worse.

    What it checks:
        The task's primary metric for each slice of the data, for example of each region, is worse than for the whole by
        no more than the policy's limit on `slice_gap`. The interval of the gap is made from both recorded intervals; a
        gap that it leaves open, or that has no interval, is inconclusive. A slice of fewer than `min_n` people is left
        out, unless its whole interval is beyond the limit. A required attribute that is compared and has no slices is
        unknown.

    Why it matters:
        A good average can hide a model that is useless in one place. The people there meet only their slice.

    Example:
        `auc` is 0.84 over all loans and 0.76 in one region, and the limit is 0.05.

    How to fix:
        Record the primary metric for each slice with `n` and `interval`. Where a slice is worse, add data or features
        that matter there, or exclude it from the intended use.

    References:
        Zou and Donner 2008, Construction of confidence limits about effect measures; Good Machine Learning Practice
        (IMDRF N88), principle 8.
    """
    criteria = task_criteria(version, context)
    primary = criteria and (criteria.primary or next(iter(criteria.required), None))
    limits = _limits(version, context)
    if not limits or not primary:
        yield not_applicable("policy.yaml sets no primary metric and limit on slices for this model")
    elif not evidence_of(version, context):
        yield no_evidence()
    else:
        found = slice_results(version, context)
        for evidence, index, result in found:
            yield _verdict(result, evidence, index)
        sliced = {result.attributes[0] for _, _, result in found}
        yield from _missing(canonical(primary), sliced, limits, version, context)


def slice_results(version: ModelVersion, context: Context) -> tuple[Sliced, ...]:
    """Every result on slices, with the evaluation it is from and the index of the worst slice's metric."""
    return context.once("slices", version.key, lambda: tuple(_slice_results(version, context)))


def _slice_results(version: ModelVersion, context: Context) -> Iterator[Sliced]:
    criteria = task_criteria(version, context)
    primary = canonical((criteria and (criteria.primary or next(iter(criteria.required), None))) or "")
    for evidence in evidence_of(version, context):
        metrics = [(i, m) for i, m in enumerate(evidence.record.metrics) if canonical(m.type) == primary]
        whole = next((m for _, m in metrics if not m.slice), None)
        parts = [(i, m) for i, m in metrics if len(m.slice) == 1]
        for attribute in sorted({a for _, m in parts for a in m.slice}):
            for limit in _limits(version, context):
                if whole and (limit.attributes is None or attribute in limit.attributes):
                    yield _result(
                        whole, [p for p in parts if attribute in p[1].slice], attribute, limit, evidence, context
                    )


def _result(  # noqa: PLR0913, PLR0917 - one comparison, all it needs
    whole: Metric,
    parts: list[tuple[int, Metric]],
    attribute: str,
    limit: FairnessLimit,
    evidence: Evidence,
    context: Context,
) -> Sliced:
    if whole.n is None and evidence.n is not None:
        whole = whole.model_copy(update={"n": evidence.n})
    result = slice_result(whole, [m for _, m in parts], attribute, limit, context.policy.fairness)
    worst = result.decisive.worst
    index = next((i for i, m in parts if worst and m.slice[attribute] == worst.group), parts[0][0])
    return evidence, index, result


def _limits(version: ModelVersion, context: Context) -> list[FairnessLimit]:
    facts = context.standing(version).facts
    limits = [limit for limit in context.policy.fairness.limits if limit.metric == "slice_gap"]
    return [limit for limit in limits if limit.when is None or limit.when.holds(facts) is not False]


def _verdict(result: FairnessResult, evidence: Evidence, index: int) -> Verdict:
    place = evidence.place("metrics", index)
    if result.outcome == "pass":
        return passes(result.sentence)
    if result.outcome == "fail":
        remedy = (
            "Improve the model for the slice, or exclude it from the intended use; record the response in the card."
        )
        return fails(result.sentence, remedy, place)
    remedy = "Evaluate on more people of the slice and record `n` and `interval`."
    return (inconclusive if result.outcome == "inconclusive" else unknown)(result.sentence, remedy, place)


def _missing(
    primary: str, sliced: set[str], limits: list[FairnessLimit], version: ModelVersion, context: Context
) -> Iterator[Verdict]:
    compared = {c.record.attributes for c in comparisons_of(version, context)}
    for attribute in required_attributes(version, context):
        limited = any(limit.attributes is None or attribute in limit.attributes for limit in limits)
        if attribute in sliced or not limited or accepted_record(attribute, version, context):
            continue
        message = f"{primary} is not recorded for the slices of {attribute}"
        if (attribute,) not in compared:
            yield see("unknown", f"{message}: see FAIR101")
        else:
            place = evidence_of(version, context)[0].place("metrics")
            yield unknown(message, f"Measure {primary} for each group of {attribute}.", place)


@rule("FAIR108", "Intersections are tested where n allows", severity="warning", gate="production", waivable=True)
def intersections(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Intersections are tested where n allows.

    What it checks:
        For each pair of required attributes that are compared one by one, an evaluation also compares their
        intersection, such as women under 30 with men over 60. The number of people allows it where at least two cells
        are expected to hold `min_n` people, by the shares of the groups if the attributes were independent. Limits
        apply to intersections only where `fairness.intersections.gate` says so: they must be counted, shown and looked
        at. With `fairness.intersections.report_pairs: false` the policy does not ask for them.

    Why it matters:
        A model can be even between women and men and between young and old, and still refuse young women.

    Example:
        `gender` and `age-band` are compared one by one over 20,000 people, and nothing compares them together.

    How to fix:
        Add a comparison with both attributes: `attributes: [gender, age-band]` with groups such as `female / under-30`.

    References:
        Buolamwini and Gebru 2018, Gender Shades; 6 RCNY 5-301(b) and (c), which ask for intersectional categories.
    """
    if not context.policy.fairness.intersections.report_pairs:
        yield not_applicable("policy.yaml does not ask for intersections")
        return
    compared = comparisons_of(version, context)
    single = {c.record.attributes[0]: c for c in compared if len(c.record.attributes) == 1}
    wanted = [a for a in required_attributes(version, context) if a in single]
    if len(wanted) < 2:
        yield not_applicable("fewer than two required attributes are compared")
    reported = {frozenset(c.record.attributes) for c in compared if len(c.record.attributes) > 1}
    for one, other in combinations(wanted, 2):
        yield _pair(single[one], single[other], reported, context)


def _pair(one: Compared, other: Compared, reported: set[frozenset[str]], context: Context) -> Verdict:
    name, least = f"{one.name} and {other.name}", context.policy.fairness.min_n
    if any({one.name, other.name} <= pair for pair in reported):
        return passes(f"{name} are compared together")
    expected = _expected_cells(one, other)
    large = [cell for cell in expected if cell >= least]
    if len(large) < 2:
        people = f"{expected[0]:.0f}" if expected else "0"
        return not_applicable(
            f"{name}: the largest cell is expected to hold {people} people, two of {least:,} are needed"
        )
    message = (
        f"{name} are not compared together, though {len(large)} cells are expected to hold {least:,} people or more"
    )
    return fails(message, f"Count the intersection of {name}.", one.evidence.place("fairness"))


def _expected_cells(one: Compared, other: Compared) -> list[float]:
    """People expected in each intersection if the attributes were independent, most first."""
    a, b = ([g.n for g in c.record.groups.values()] for c in (one, other))
    total = min(sum(a), sum(b))
    if not total:
        return []
    cells = [total * (x / sum(a)) * (y / sum(b)) for x in sorted(a)[-20:] for y in sorted(b)[-20:]]
    return sorted(cells, reverse=True)
