"""FAIR: whether groups fare alike, each metric against the policy's limits."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.criteria import FairnessMetric
from accredit.domain.fairness_result import NAMES, FairnessResult
from accredit.domain.registry import ModelVersion
from accredit.domain.statistics import people_needed, z_score
from accredit.findings import Location
from accredit.rules.context import Context
from accredit.rules.evaluations import see
from accredit.rules.fairness import cover_faults
from accredit.rules.fairness_evidence import Compared, comparisons_of
from accredit.rules.rule import Verdict, fails, inconclusive, not_applicable, passes, rule, unknown

_REMEDY = (
    "Find the cause and mitigate it, for example in data, threshold or features; then evaluate again. "
    "Record it under `disparity_responses` of the card."
)


@rule("FAIR103", "Impact ratio is at or above the limit", severity="error", gate="production", waivable=True)
def impact_ratio(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Impact ratio is at or above the limit.

    What it checks:
        The impact ratio of a group is its selection rate divided by that of the group with the highest one, where
        selected are those who received the favourable outcome. For each protected attribute that the policy's limit
        names, no ratio may be below the limit. Ratios are computed from counts, with Katz's log interval, adjusted for
        the number of groups (Bonferroni). A ratio below the limit fails, even if its interval reaches above. It passes
        where every interval clears the limit, and is inconclusive otherwise (FAIR109 reports that). A group of fewer
        than `min_n` people is left out, unless its whole interval is below the limit. A group below the share
        `small_group` fails like any other, but its wide interval does not hold up a pass.

    Why it matters:
        People of one group are refused a loan, a job or a treatment more often than those of another. Whether that is
        unjust the number cannot say; that somebody must look it can.

    Example:
        36 % of 5,000 women and 50 % of 5,000 men are approved: the ratio is 0.72 (0.6875 to 0.7540), the limit 0.80.

    How to fix:
        Find out where the gap arises: in the population, the data, a feature or the threshold. Mitigate it and evaluate
        again, and write down cause, alternatives and decision in the card.

    References:
        The usual 0.80 comes from 29 CFR 1607.4(D), the four-fifths rule. It is a rule of thumb for whom to look at,
        not a legal pass mark, and its federal standing is in doubt; Local Law 144 of New York City asks for the ratio
        and sets no limit. The limit here is the organisation's policy. Katz et al. 1978, Obtaining confidence intervals
        for the risk ratio in cohort studies.
    """
    yield from _limited("impact_ratio", version, context)


@rule(
    "FAIR104", "Demographic parity difference is within the limit", severity="error", gate="production", waivable=True
)
def demographic_parity(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Demographic parity difference is within the limit.

    What it checks:
        The highest selection rate of a group minus the lowest is not above the policy's limit, for each protected
        attribute that the limit names. Rates are computed from counts, the difference has Newcombe's interval, adjusted
        for the number of groups. Small groups and intervals that reach beyond the limit are treated as in FAIR103.

    Why it matters:
        Where few people are selected, a ratio can be bad while hardly anybody is concerned, and the other way round
        where many are. The difference counts people.

    Example:
        48 % of one group and 62 % of another are selected; the difference is 0.14 and may be 0.10.

    How to fix:
        As for FAIR103: find the cause, mitigate it, evaluate again and record the response in the card.

    References:
        Newcombe 1998, Interval estimation for the difference between independent proportions, method 10. A limit of
        0.10 is common practice, not law.
    """
    yield from _limited("dp_diff", version, context)


@rule("FAIR105", "Equal opportunity difference is within the limit", severity="error", gate="production", waivable=True)
def equal_opportunity(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Equal opportunity difference is within the limit.

    What it checks:
        Among the people who in truth deserved the favourable outcome (`positives`), the highest share of a group that
        received it minus the lowest is not above the policy's limit. A group counts with at least `min_n` people and
        `min_events` positives; otherwise as in FAIR104.

    Why it matters:
        It asks the question of the person refused: would I have been approved, being as creditworthy, had I belonged to
        the other group?

    Example:
        240 of 300 women who would repay are approved, and 264 of 300 such men: the difference is 0.08. A limit of 0.05
        is broken; at 0.10 the interval, 0.0213 to 0.1385, leaves the question open.

    How to fix:
        As for FAIR103. Missing counts: record `positives` and `true_positives` of each group.

    References:
        Hardt, Price and Srebro 2016, Equality of opportunity in supervised learning. A limit of 0.10 is common
        practice, not law.
    """
    yield from _limited("eo_diff", version, context)


@rule("FAIR106", "Equalised odds difference is within the limit", severity="error", gate="production", waivable=True)
def equalised_odds(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Equalised odds difference is within the limit.

    What it checks:
        Two gaps between groups are each not above the policy's limit: that of the true positive rate (FAIR105), and
        that of the false positive rate, the share of those who did not deserve the favourable outcome and received it.
        Each gap has its own interval; the larger one is the equalised odds difference.

    Why it matters:
        Errors in favour of a person are an advantage, too. A model that forgives one group more often than another is
        not even-handed, though it may serve the deserving of both alike.

    Example:
        Of 800 men who would default, 240 are approved, and of 800 such women 120: the false positive rates differ by
        0.15.

    How to fix:
        As for FAIR103. Missing counts: record `positives`, `true_positives`, `negatives` and `false_positives`.

    References:
        Hardt, Price and Srebro 2016, Equality of opportunity in supervised learning. A limit of 0.10 is common
        practice, not law.
    """
    yield from _limited("equalized_odds_diff", version, context)


@rule("FAIR109", "Fairness result is not inconclusive", severity="warning", gate="production", waivable=True)
def conclusive(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Fairness result is not inconclusive.

    What it checks:
        No fairness metric lies within its limit with an interval that reaches beyond it. The metrics of FAIR103 to
        FAIR106 are summed up here, one line for each attribute. The strict profile blocks on it.

    Why it matters:
        A ratio of 0.88 from 200 people in each group could as well be 0.71. Calling it fair would be a guess.

    Example:
        88 of 200 women and 100 of 200 men are approved: the ratio is 0.88 (0.7141 to 1.0845), the limit 0.80.

    How to fix:
        Evaluate on more people. For two groups of equal size, this many people in each clear a limit of 0.80 at 95 %
        confidence, if the ratio comes out exactly as in the column's head:

        | selection rate of the group that fares best | ratio 0.85 | ratio 0.90 | ratio 0.95 | ratio 1.00 |
        |---|---|---|---|---|
        | 5 % | 43,407 | 11,138 | 5,080 | 2,932 |
        | 10 % | 20,659 | 5,292 | 2,410 | 1,389 |
        | 20 % | 9,284 | 2,370 | 1,075 | 618 |
        | 50 % | 2,460 | 616 | 274 | 155 |
        | 80 % | 754 | 177 | 74 | 39 |

        More groups need more people, because the intervals are adjusted for the number of comparisons.

    References:
        Katz et al. 1978, Obtaining confidence intervals for the risk ratio in cohort studies, from which the table is
        computed; Dunn 1961, Multiple comparisons among means (Bonferroni's adjustment).
    """
    compared = [c for c in comparisons_of(version, context) if c.results]
    if not compared:
        yield not_applicable("no groups are compared against a limit")
    for c in compared:
        open_ones = [r for r in c.results if r.outcome == "inconclusive"]
        if open_ones:
            sentences = "; ".join(r.sentence for r in open_ones)
            yield inconclusive(sentences, f"Evaluate on more people.{_needed(open_ones[0])}", c.place("groups"))
        else:
            yield passes(f"no result for {c.name} is inconclusive")


def _needed(result: FairnessResult) -> str:
    gap = result.decisive
    if result.metric != "impact_ratio" or gap.value is None or gap.reference is None or gap.reference.rate is None:
        return ""
    z = z_score(result.level, gap.comparisons)
    people = people_needed(gap.reference.rate.value, min(gap.value.value, 1.0), result.limit, z)
    return f" If the ratio stays, about {people:,} people in each group would settle it." if people else ""


def _limited(metric: FairnessMetric, version: ModelVersion, context: Context) -> Iterator[Verdict]:
    facts = context.standing(version).facts
    limits = [
        limit
        for limit in context.policy.fairness.limits
        if limit.metric == metric and (limit.when is None or limit.when.holds(facts) is not False)
    ]
    if not limits:
        yield not_applicable(f"policy.yaml sets no limit on the {NAMES[metric]} for this model")
        return
    both = context.policy.fairness.intersections.gate
    compared = [c for c in comparisons_of(version, context) if both or len(c.record.attributes) == 1]
    if not compared:
        yield not_applicable("no groups are compared: FAIR101 says whether they must be")
    for c in compared:
        if c.is_meaningful:
            for result in (r for r in c.results if r.metric == metric):
                yield _verdict(result, c, context)
        elif any(limit.attributes is None or set(c.record.attributes) <= set(limit.attributes) for limit in limits):
            yield see("unknown", f"{c.name} is not evaluated: see FAIR102")


def _verdict(result: FairnessResult, compared: Compared, context: Context) -> Verdict:
    if result.outcome == "pass":
        return passes(result.sentence)
    if result.outcome == "fail":
        return fails(result.sentence, _REMEDY, _worst_place(result, compared))
    if result.outcome == "inconclusive":
        return see("inconclusive", f"{result.sentence}: see FAIR109")
    if any(cover_faults(compared, context)):
        return see("unknown", f"{result.sentence}: see FAIR110")
    return unknown(
        result.sentence, "Evaluate on more people, with every count of each group.", compared.place("groups")
    )


def _worst_place(result: FairnessResult, compared: Compared) -> Location:
    worst = result.decisive.worst
    return compared.place("groups", worst.group) if worst else compared.place("groups")
