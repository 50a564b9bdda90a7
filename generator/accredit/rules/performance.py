"""PERF: whether a version's numbers exist, add up, reach the thresholds and are precise enough."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from accredit.domain.criteria import MetricThreshold
from accredit.domain.fairness_result import shown
from accredit.domain.metric import canonical
from accredit.domain.paths import version_path
from accredit.domain.registry import ModelVersion
from accredit.rules.context import Context
from accredit.rules.evaluations import (
    Evidence,
    Number,
    evidence_of,
    is_unreadable,
    no_criteria,
    no_evidence,
    see,
    task_criteria,
    thresholds_of,
)
from accredit.rules.recorded_numbers import faults_of
from accredit.rules.rule import Verdict, at, fails, inconclusive, not_applicable, passes, rule

FULL_LEVEL = 0.95


@rule("PERF101", "Required metrics exist with dataset, split and n", severity="error", gate="review", waivable=True)
def required_metrics(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Required metrics exist with dataset, split and n.

    What it checks:
        Every metric that `policy.yaml` requires for the model's task stands in an evaluation on held-out data, with
        the number of rows. Metrics that follow from the `confusion` counts are computed and need not be recorded. A
        number that cannot be true fails: one that differs from its counts by more than 0.0005, a share outside 0 to 1,
        an interval that does not hold its value, counts that do not add up to `n`, the same metric twice.

    Why it matters:
        A number without its data and size cannot be judged, and a number that contradicts the counts beside it is
        wrong in one place or the other.

    Example:
        `recall` is recorded as 0.79, while 3,000 true positives and 1,000 false negatives make 0.75.

    How to fix:
        Write the evaluation from the job that made the numbers, counts included, and remove numbers typed by hand.

    References:
        EU AI Act Annex IV(2)(g); NIST AI RMF MEASURE 2.1; Model Cards (Mitchell et al. 2019), section Metrics.
    """
    if not version.evaluations:
        yield _no_evaluation(version, context)
        return
    evidence = evidence_of(version, context)
    if not evidence:
        yield no_evidence()
        return
    criteria = task_criteria(version, context)
    faults = list(chain.from_iterable(faults_of(e) for e in evidence))
    yield from faults
    if criteria is None or not criteria.required:
        yield not_applicable(no_criteria(version, context, "required metrics"))
        return
    wanted = [canonical(m) for m in criteria.required]
    for metric in wanted:
        yield from _presence(metric, evidence)
    if not faults:
        yield passes(f"{', '.join(wanted)} are recorded with dataset, split and n")


def _no_evaluation(version: ModelVersion, context: Context) -> Verdict:
    if is_unreadable(version, context):
        return see("fail", "the version's evaluation cannot be read: see REG001")
    place = at(version_path(version.model_id, version.id))
    return fails("the version has no evaluation", "Add one with `accredit new evaluation`.", place)


def _presence(metric: str, evidence: tuple[Evidence, ...]) -> Iterator[Verdict]:
    carriers = [e for e in evidence if metric in e.numbers]
    if not carriers:
        names = ", ".join(f"{e.record.data.dataset} ({e.record.data.split})" for e in evidence)
        place = evidence[0].place("metrics") if evidence[0].record.metrics else evidence[0].place()
        yield fails(f"{metric} is required and was not measured on {names}", f"Measure {metric} and record it.", place)
    elif all(e.numbers[metric].n is None for e in carriers):
        place = carriers[0].place(*carriers[0].numbers[metric].route)
        yield fails(f"{metric} has no n", "Record `n`, the number of rows, for the evaluation.", place)


@rule("PERF102", "Performance thresholds are met", severity="blocker", gate="production", waivable=True)
def thresholds_met(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Performance thresholds are met.

    What it checks:
        For every threshold of the task and of the overrides that apply, the value of the metric is on the right side.
        Where several evaluations on held-out data carry the metric, each must meet it: a model that is good enough
        on the test set and not a year later is not good enough. Values that follow from counts are computed. A metric
        that nobody measured fails. Where an override depends on a fact that nobody recorded, the stricter threshold
        holds.

    Why it matters:
        The thresholds say below which quality the model does more harm than good. They were set before the result
        was known.

    Example:
        The policy asks for `auc` of at least 0.70 and the evaluation records 0.68.

    How to fix:
        Improve the model, or narrow its use. If the threshold is wrong, change it in `policy.yaml`, with the approval
        that a policy change needs, and never because of the result of one model.

    References:
        EU AI Act Art. 9 and 15(1); SR 26-2, section V.1.b; NIST AI RMF MEASURE 2.3.
    """
    thresholds = thresholds_of(version, context)
    evidence = evidence_of(version, context)
    if not thresholds:
        yield not_applicable(no_criteria(version, context, "thresholds"))
    elif not evidence:
        yield no_evidence("fail")
    for metric, threshold in thresholds.items() if evidence else ():
        carriers = [e for e in evidence if metric in e.numbers]
        if not carriers:
            yield _not_measured(metric, threshold, version, evidence[0], context)
        for e in carriers:
            yield _compared(metric, threshold, e)


def _not_measured(
    metric: str, threshold: MetricThreshold, version: ModelVersion, first: Evidence, context: Context
) -> Verdict:
    criteria = task_criteria(version, context)
    message = f"{metric} was not measured, and must be {_wanted(threshold)}"
    if criteria and metric in map(canonical, criteria.required):
        return see("fail", f"{message}: see PERF101")
    place = first.place("metrics") if first.record.metrics else first.place()
    return fails(message, f"Measure {metric} on held-out data.", place)


def _compared(metric: str, threshold: MetricThreshold, evidence: Evidence) -> Verdict:
    number = evidence.numbers[metric]
    value, data = number.estimate.value, f"{evidence.record.data.dataset} ({evidence.record.data.split})"
    message = f"{metric} is {value:.4f} on {data}, n {_n(number)}; it must be {_wanted(threshold)}"
    if _meets(value, value, threshold):
        return passes(message)
    return fails(message, "Improve the model or narrow its use.", evidence.place(*number.route))


@rule("PERF103", "The result is precise enough", severity="error", gate="production", waivable=True)
def precise_enough(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """The result is precise enough.

    What it checks:
        For every metric with a threshold, some evaluation on held-out data has at least the `min_n` rows of the policy,
        and the whole interval, at 95 % confidence or more, is on the right side of the threshold. Otherwise the result
        is inconclusive. Intervals of rates are computed from the `confusion` counts (Wilson 1927); those of other
        metrics are taken as recorded. A value that misses the threshold itself is the business of PERF102.

    Why it matters:
        On 200 rows, an AUC of 0.72 may be luck. A result that could as well be on the other side of the threshold has
        not been shown.

    Example:
        `auc` is 0.71 with an interval from 0.66 to 0.76, and must be at least 0.70.

    How to fix:
        Evaluate on more rows. Record the `interval` of each metric, for example from a bootstrap.

    References:
        Wilson 1927, Probable inference, the law of succession, and statistical inference; NIST AI RMF MEASURE 2.5.
    """
    thresholds = thresholds_of(version, context)
    evidence = evidence_of(version, context)
    if not thresholds:
        yield not_applicable(no_criteria(version, context, "thresholds"))
    elif not evidence:
        yield no_evidence()
    criteria = task_criteria(version, context)
    for metric, threshold in thresholds.items():
        carriers = [e for e in evidence if metric in e.numbers]
        if carriers:
            verdicts = [_precision(metric, threshold, e, criteria.min_n if criteria else 0) for e in carriers]
            yield next((v for v in verdicts if v.outcome == "pass"), verdicts[0])


def _precision(metric: str, threshold: MetricThreshold, evidence: Evidence, min_n: int) -> Verdict:
    number = evidence.numbers[metric]
    estimate, n = number.estimate, evidence.n if evidence.n is not None else number.n
    if not _meets(estimate.value, estimate.value, threshold):
        return not_applicable(f"{metric} misses its threshold: see PERF102")
    place = evidence.place(*number.route)
    data = f"{evidence.record.data.dataset} ({evidence.record.data.split})"
    if n is None or n < min_n:
        message = f"{metric} rests on {'an unknown number of' if n is None else f'{n:,}'} rows of {data}"
        return inconclusive(f"{message}, fewer than {min_n:,}", f"Evaluate on at least {min_n:,} rows.", place)
    if number.level < FULL_LEVEL:
        what = f"an interval of only {number.level:.0%}" if number.level else "no interval"
        return inconclusive(f"{metric} on {data} has {what}", "Record its interval at 95 % confidence.", place)
    message = f"the interval of {metric} on {data}, {estimate}, n {n:,}"
    if _meets(estimate.lower, estimate.upper, threshold):
        return passes(f"{message}, is {_wanted(threshold)}")
    return inconclusive(
        f"{message}, reaches beyond the threshold: it must be {_wanted(threshold)}", "Evaluate on more rows.", place
    )


def _meets(lower: float, upper: float, threshold: MetricThreshold) -> bool:
    return (threshold.min is None or lower >= threshold.min) and (threshold.max is None or upper <= threshold.max)


def _wanted(threshold: MetricThreshold) -> str:
    parts = [f"at least {shown(threshold.min)}"] if threshold.min is not None else []
    parts += [f"at most {shown(threshold.max)}"] if threshold.max is not None else []
    return " and ".join(parts) or "anything"


def _n(number: Number) -> str:
    return "unknown" if number.n is None else f"{number.n:,}"
