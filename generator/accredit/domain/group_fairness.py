"""Fairness between groups, recomputed from counts: never from a rate that somebody reported.

Little data never passes, and few people never excuse a failure that can be seen: a group too small to be evaluated
still fails where its whole interval lies beyond the limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from accredit.domain.criteria import FairnessCriteria, FairnessLimit, FairnessMetric
from accredit.domain.evaluation import GroupComparison, GroupCounts
from accredit.domain.fairness_result import Bound, FairnessOutcome, FairnessResult, Gap, GroupRate, bound_of
from accredit.domain.statistics import Estimate, katz, newcombe, wilson, z_score

LEAST_N = 10
"""Below this size not even a clear failure is read from a group."""

_RATES: dict[FairnessMetric, tuple[str, ...]] = {
    "impact_ratio": ("selection rate",),
    "dp_diff": ("selection rate",),
    "eo_diff": ("true positive rate",),
    "equalized_odds_diff": ("true positive rate", "false positive rate"),
}


Rates = tuple[GroupRate, ...]


def impossible_counts(comparison: GroupComparison) -> Iterator[tuple[str, str]]:
    """Group and fault for each group whose counts cannot be those of people."""
    for name, g in comparison.groups.items():
        smaller = [
            ("selected", g.selected, "n", g.n),
            ("positives", g.positives, "n", g.n),
            ("negatives", g.negatives, "n", g.n),
            ("true_positives", g.true_positives, "positives", g.positives),
            ("false_positives", g.false_positives, "negatives", g.negatives),
            ("true_positives", g.true_positives, "selected", g.selected),
            ("false_positives", g.false_positives, "selected", g.selected),
        ]
        for part, few, whole, many in smaller:
            if few is not None and many is not None and few > many:
                yield name, f"{part} {few:,} is more than {whole} {many:,}"
        if g.positives is not None and g.negatives is not None and g.positives + g.negatives != g.n:
            yield name, f"positives {g.positives:,} and negatives {g.negatives:,} do not add up to n {g.n:,}"
        tp, fp = g.true_positives, g.false_positives
        if tp is not None and fp is not None and tp + fp != g.selected:
            yield name, f"true positives {tp:,} and false positives {fp:,} do not add up to selected {g.selected:,}"


def fairness_result(comparison: GroupComparison, limit: FairnessLimit, criteria: FairnessCriteria) -> FairnessResult:
    """Compares groups by one metric against one limit; `slice_gap` is the business of `accredit.domain.slices`.

    Rates are selection rate for the impact ratio and the demographic parity difference, true positive rate for the
    equal opportunity difference, and true and false positive rate, each on its own, for equalised odds. The reference
    is the evaluated group with the highest rate. Intervals are those of `accredit.domain.statistics`, adjusted for
    the number of comparisons where the criteria ask for it.
    """
    return fairness_results(comparison, (limit,), criteria)[0]


def fairness_results(
    comparison: GroupComparison, limits: Iterable[FairnessLimit], criteria: FairnessCriteria
) -> tuple[FairnessResult, ...]:
    """The result of each limit, as `fairness_result` has it; rates are computed once for all of them."""
    fault = next((f"the counts are impossible ({g}: {fault})" for g, fault in impossible_counts(comparison)), "")
    rates: dict[str, Rates] = {}

    def gap(rate: str, bound: Bound) -> Gap:
        if fault:
            return Gap(rate, "invalid", (), why=fault)
        if rate not in rates:
            rates[rate] = tuple(_rate(name, g, rate, criteria) for name, g in sorted(comparison.groups.items()))
        return _gap(rate, rates[rate], comparison, bound, criteria)

    def result(limit: FairnessLimit) -> FairnessResult:
        bound = bound_of(limit)
        gaps = tuple(gap(rate, bound) for rate in _RATES[limit.metric])
        level, reweighted = criteria.interval.level, comparison.reweighted
        return FairnessResult(limit.metric, comparison.attributes, bound.limit, gaps, level, reweighted=reweighted)

    return tuple(result(limit) for limit in limits)


def cells(group: GroupCounts, rate: str) -> tuple[int, int] | None:
    """Numerator and denominator of a group's rate; None where they were not counted."""
    positives, tp = group.positives, group.true_positives
    if rate == "selection rate":
        return group.selected, group.n
    if rate == "true positive rate":
        return None if positives is None or tp is None else (tp, positives)
    fp = group.false_positives if group.false_positives is not None or tp is None else group.selected - tp
    negatives = group.negatives if group.negatives is not None or positives is None else group.n - positives
    return None if fp is None or negatives is None else (fp, negatives)


def _gap(rate: str, groups: Rates, comparison: GroupComparison, bound: Bound, criteria: FairnessCriteria) -> Gap:
    evaluated = [g for g in groups if not g.left_out]
    # Of equal rates the larger group, so that neither order nor name of the groups decides.
    reference = max(evaluated, key=lambda g: (_value(g), g.n, g.trials or 0), default=None)
    z = z_score(criteria.interval.level)
    if reference is None or (reference.events == 0 and rate != "false positive rate"):
        why = "no evaluated group has a favourable outcome" if reference else _too_few(evaluated, criteria)
        return Gap(rate, "unknown", groups, why=_uncounted(groups) or why)
    comparisons = len(evaluated) - 1
    adjusted = z_score(criteria.interval.level, comparisons) if criteria.interval.adjust == "bonferroni" else z
    judged = tuple(_judged(g, _Yardstick(reference, evaluated, bound, adjusted, z)) for g in groups)
    why = _uncounted(groups) or _obstacle(comparison, evaluated, criteria)
    outcome = _outcome(judged, bound, comparison, criteria, why)
    counted = [g for g in judged if g.versus and (g.is_breach or not g.left_out)]
    adjusted_for = comparisons if criteria.interval.adjust == "bonferroni" else 1
    worst = max(counted, key=bound.badness, default=None)
    if worst and worst.left_out:
        adjusted_for = 1
    return Gap(rate, outcome, judged, reference, worst, adjusted_for, why if outcome == "unknown" else "")


def _rate(name: str, group: GroupCounts, rate: str, criteria: FairnessCriteria) -> GroupRate:
    counts = cells(group, rate)
    if counts is None:
        return GroupRate(name, group.n, None, left_out="not counted")
    events, trials = counts
    least = 1 if rate == "selection rate" else max(criteria.min_events, 1)
    left_out = ""
    if group.n < max(criteria.min_n, 1):
        left_out = f"fewer than {max(criteria.min_n, 1):,} people"
    elif trials < least:
        left_out = f"{trials:,} {'positives' if rate == 'true positive rate' else 'negatives'}, fewer than {least:,}"
    estimate = wilson(events, trials, z_score(criteria.interval.level)) if trials else None
    return GroupRate(name, group.n, estimate, events, trials, left_out=left_out)


@dataclass(frozen=True, slots=True)
class _Yardstick:
    """What a group is measured by."""

    reference: GroupRate
    evaluated: list[GroupRate]
    bound: Bound
    adjusted: float
    """Normal quantile, adjusted for the number of comparisons."""
    plain: float
    """The same without adjustment."""


def _judged(group: GroupRate, by: _Yardstick) -> GroupRate:
    if group is by.reference or group.rate is None:
        return group
    if not group.left_out:
        versus = _versus(group, by.reference, by.bound, by.adjusted)
        return _against(group, versus, is_breach=by.bound.breaks(versus.value))
    versus = _versus(group, by.reference, by.bound, by.plain)
    if group.n < LEAST_N:
        return _against(group, versus, is_breach=False)
    # Against each evaluated group, not only the reference: one more group must never hide a failure.
    others = (_versus(group, g, by.bound, by.plain) for g in by.evaluated if g.events and g is not by.reference)
    clear = next((v for v in (versus, *others) if by.bound.fails_clearly(v)), None)
    return _against(group, clear or versus, is_breach=clear is not None)


def _against(group: GroupRate, versus: Estimate, *, is_breach: bool) -> GroupRate:
    g = group
    return GroupRate(g.group, g.n, g.rate, g.events, g.trials, versus, g.left_out, is_breach)


def _versus(group: GroupRate, reference: GroupRate, bound: Bound, z: float) -> Estimate:
    k, n, top, people = group.events or 0, group.trials or 0, reference.events or 0, reference.trials or 0
    return katz(k, n, top, people, z) if bound.is_ratio else newcombe(top, people, k, n, z)


def _outcome(
    groups: Rates, bound: Bound, comparison: GroupComparison, criteria: FairnessCriteria, why: str
) -> FairnessOutcome:
    if any(g.is_breach for g in groups):
        return "fail"
    if why:
        return "unknown"
    known = sum(g.n for g in comparison.groups.values())
    compared = [g for g in groups if g.versus and not g.left_out]
    # A group of a very small share need not be precise, but somebody must be.
    weighty = [g for g in compared if g.n >= criteria.small_group * known] or compared
    return "pass" if all(bound.clears(g.versus) for g in weighty if g.versus) else "inconclusive"


def _obstacle(comparison: GroupComparison, evaluated: list[GroupRate], criteria: FairnessCriteria) -> str:
    """Why nothing can be said although no failure is seen; empty where something can."""
    if len(evaluated) < 2:
        return _too_few(evaluated, criteria)
    unknown = unknown_share(comparison)
    if unknown > criteria.max_unknown:
        allowed = f"at most {criteria.max_unknown:.2%} are allowed"
        return f"the attribute is unknown for {unknown:.2%} of the people; {allowed}"
    known = sum(g.n for g in comparison.groups.values())
    cover = sum(g.n for g in evaluated) / known
    if cover < criteria.min_cover:
        return f"the evaluated groups cover {cover:.2%} of the people; at least {criteria.min_cover:.2%} are needed"
    return ""


def unknown_share(comparison: GroupComparison) -> float:
    """Share of the people whose attribute is not known."""
    total = comparison.unknown_n + sum(g.n for g in comparison.groups.values())
    return comparison.unknown_n / total if total else 1.0


def _too_few(evaluated: list[GroupRate], criteria: FairnessCriteria) -> str:
    return f"{len(evaluated)} group(s) with at least {criteria.min_n:,} people, two are needed"


def _uncounted(groups: Rates) -> str:
    missing = [g.group for g in groups if g.left_out == "not counted"]
    return f"no counts for {', '.join(missing[:5])}" if missing else ""


def _value(group: GroupRate) -> float:
    return group.rate.value if group.rate else 0.0
