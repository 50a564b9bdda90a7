"""Numbers that cannot be true, found without knowing the data: PERF101 reports them."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.confusion import ROUNDING, metrics_of, total
from accredit.domain.evaluation import Metric
from accredit.domain.metric import canonical, is_possible
from accredit.rules.evaluations import Evidence
from accredit.rules.rule import Verdict, fails

_HALF_A_UNIT = 1e-9
"""Room for the rounding of floating point."""


def faults_of(evidence: Evidence) -> Iterator[Verdict]:
    """A failure for each number of an evaluation that cannot be true."""
    yield from _counts(evidence)
    computed = metrics_of(evidence.record.confusion) if evidence.record.confusion else {}
    seen: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
    for index, metric in enumerate(evidence.record.metrics):
        name = canonical(metric.type)
        key = (name, tuple(sorted(metric.slice.items())))
        fault = _fault(metric) or ("is recorded twice" if key in seen else "")
        seen.add(key)
        exact = computed.get(name) if not metric.slice else None
        if not fault and exact and abs(exact.value - metric.value) > ROUNDING + _HALF_A_UNIT:
            fault = f"is {exact.value:.4f} by the confusion counts"
        if fault:
            message = f"{metric.type}{_of(metric)} is recorded as {metric.value:g} and {fault}"
            yield fails(message, "Record what the evaluation job computed.", evidence.place("metrics", index))


def _of(metric: Metric) -> str:
    return f" of {', '.join(f'{a} {g}' for a, g in metric.slice.items())}" if metric.slice else ""


def _fault(metric: Metric) -> str:
    if not is_possible(metric.type, metric.value):
        return "cannot have that value"
    bounds = metric.interval
    if bounds is None:
        return ""
    if not (bounds.lower - ROUNDING <= metric.value <= bounds.upper + ROUNDING):
        return f"lies outside its interval {bounds.lower:g} to {bounds.upper:g}"
    return ""


def _counts(evidence: Evidence) -> Iterator[Verdict]:
    record, counts = evidence.record, evidence.record.confusion
    remedy = "Count again: n, positives and confusion are about the same rows."
    if counts and record.n is not None and total(counts) != record.n:
        message = f"the confusion counts add up to {total(counts):,} and n is {record.n:,}"
        yield fails(message, remedy, evidence.place("confusion"))
    positives = counts.true_positives + counts.false_negatives if counts else None
    if record.positives is not None and positives not in (None, record.positives):
        message = f"the confusion counts hold {positives:,} positives and `positives` is {record.positives:,}"
        yield fails(message, remedy, evidence.place("positives"))
    for index, metric in enumerate(record.metrics):
        if metric.n is not None and record.n is not None and metric.n > record.n:
            message = f"{metric.type}{_of(metric)} has n {metric.n:,} and the evaluation has {record.n:,}"
            yield fails(message, remedy, evidence.place("metrics", index, "n"))
