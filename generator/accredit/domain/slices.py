"""Slices: how much worse the primary metric is for a part of the data than for the whole."""

from __future__ import annotations

import math
from collections.abc import Iterable

from accredit.domain.criteria import FairnessCriteria, FairnessLimit
from accredit.domain.evaluation import Metric
from accredit.domain.fairness_result import Bound, FairnessOutcome, FairnessResult, Gap, GroupRate, bound_of
from accredit.domain.group_fairness import LEAST_N
from accredit.domain.metric import LOWER_IS_BETTER, canonical
from accredit.domain.statistics import Estimate, difference


def recorded(metric: Metric) -> Estimate:
    """A recorded metric with its interval; the bounds are infinite where none was recorded."""
    if metric.interval is None:
        return Estimate(metric.value, -math.inf, math.inf)
    return Estimate(metric.value, metric.interval.lower, metric.interval.upper)


def slice_result(
    whole: Metric, slices: Iterable[Metric], attribute: str, limit: FairnessLimit, criteria: FairnessCriteria
) -> FairnessResult:
    """Compares the slices of one attribute with the whole, by one metric against one limit.

    A slice of fewer than `min_n` people is left out, unless its whole interval is beyond the limit. A metric without a
    recorded interval can fail and cannot pass. Intervals are taken as recorded; the one of the gap is made from both.
    """
    bound = bound_of(limit)
    groups = tuple(sorted((_judged(s, whole, attribute, bound, criteria) for s in slices), key=lambda g: g.group))
    evaluated = [g for g in groups if not g.left_out]
    worst = max((g for g in groups if g.is_breach or not g.left_out), key=bound.badness, default=None)
    why = "" if evaluated else f"no slice has {criteria.min_n:,} people"
    reference = GroupRate("the whole", whole.n or 0, recorded(whole))
    gap = Gap(canonical(whole.type), _outcome(groups, evaluated, bound), groups, reference, worst, 0, why)
    return FairnessResult("slice_gap", (attribute,), bound.limit, (gap,), criteria.interval.level)


def _judged(part: Metric, whole: Metric, attribute: str, bound: Bound, criteria: FairnessCriteria) -> GroupRate:
    n = part.n or 0
    name, here, all_of_it = part.slice[attribute], recorded(part), recorded(whole)
    lower_is_better = canonical(whole.type) in LOWER_IS_BETTER
    worse = difference(here, all_of_it) if lower_is_better else difference(all_of_it, here)
    if n < criteria.min_n:
        clear = n >= LEAST_N and bound.fails_clearly(worse)
        left_out = f"fewer than {criteria.min_n:,} people" if part.n is not None else "n is not recorded"
        return GroupRate(name, n, here, versus=worse, left_out=left_out, is_breach=clear)
    return GroupRate(name, n, here, versus=worse, is_breach=bound.breaks(worse.value))


def _outcome(groups: tuple[GroupRate, ...], evaluated: list[GroupRate], bound: Bound) -> FairnessOutcome:
    if any(g.is_breach for g in groups):
        return "fail"
    if not evaluated:
        return "unknown"
    return "pass" if all(bound.clears(g.versus) for g in evaluated if g.versus) else "inconclusive"
