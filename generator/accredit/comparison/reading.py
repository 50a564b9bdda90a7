"""From an assessed version to what is compared of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Literal

from accredit.assess import VersionAssessment
from accredit.comparison.prose import sections
from accredit.comparison.sheet import Entry, Evaluated, Measure, Ruling, Sheet
from accredit.domain.criteria import FairnessLimit, FairnessMetric, MetricThreshold
from accredit.domain.evaluation import Metric
from accredit.domain.fairness_result import NAMES, FairnessResult
from accredit.domain.group_fairness import fairness_results
from accredit.domain.metric import LOWER_IS_BETTER, NEITHER_IS_BETTER, canonical
from accredit.domain.registry import ModelVersion
from accredit.domain.suppression import UNKNOWN, slice_name, withheld_of
from accredit.domain.value import Value
from accredit.policies.change import result_words
from accredit.policies.words import listed
from accredit.rules.context import Context
from accredit.rules.evaluations import thresholds_of
from accredit.rules.fairness_evidence import Compared, comparisons_of

_UNLIMITED: tuple[FairnessMetric, ...] = ("impact_ratio", "eo_diff")
"""What is told of groups for which policy has no limit."""
_APART = frozenset({"model", "version", "hyperparameters", "datasets", "features"})
_WITHHELD = "withheld: a group is too small for its figures to be published"
_MOST_REASONS = 3


def sheet_of(assessed: VersionAssessment, context: Context, least: int = 0) -> Sheet:
    """What is compared of a version.

    Args:
        assessed: The version.
        context: What the rules knew of the registry.
        least: Counts of people below this are not told, nor what they follow from; 0 tells all.
    """
    version = assessed.version
    return Sheet(
        key=version.key,
        model=context.model(version).record.name,
        stage=assessed.stage,
        fields=tuple(_fields(version, least)),
        hyperparameters=tuple(_flat_entries(version.record.hyperparameters)),
        data=tuple(_data(version)),
        evaluations=tuple(_evaluated(version)),
        metrics=tuple(_metrics(version, context, least, sliced=False)),
        slices=tuple(_metrics(version, context, least, sliced=True)),
        fairness=tuple(_fairness(version, context, least)),
        card=sections(version.card),
        gates=(Entry("stage", assessed.stage), *_gates(assessed)),
        rules=tuple(_rules(assessed)),
    )


def _fields(version: ModelVersion, least: int) -> Iterator[Entry]:
    record = _dumped(version.record)
    yield from _entries({k: v for k, v in record.items() if k not in _APART}, "version.yaml")
    for name, evaluation in version.evaluations.items():
        values = _dumped(evaluation)
        del values["metrics"]
        values["fairness"] = {
            " and ".join(c.attributes): dumped
            for c, dumped in zip(evaluation.fairness, values["fairness"], strict=True)  # type: ignore[call-overload]
            if not withheld_of(evaluation, c.attributes, least)
        }
        yield from _entries(values, f"evaluations/{name}.yaml")


def _dumped(entry: Value) -> dict[str, object]:
    values: dict[str, object] = entry.model_dump(mode="json", by_alias=True, exclude_none=True)
    return values


def _entries(values: object, where: str) -> Iterator[Entry]:
    for name, value in flat(values):
        yield Entry(name, text_of(value), where)


def _flat_entries(values: Mapping[str, object]) -> Iterator[Entry]:
    return (Entry(name, text_of(list(v) if isinstance(v, tuple) else v)) for name, v in values.items())


def flat(value: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Every value with the way to it, as in `trained.by`; a list of plain values is one."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from flat(inner, f"{name}.{key}" if name else key)
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for index, item in enumerate(value):
            yield from flat(item, f"{name}[{index}]")
    elif value != []:
        yield name, value


def text_of(value: object) -> str:
    """A value as text: `true`, `0.1`, `a, b`."""
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(text_of, value)) if isinstance(value, list) else str(value)


def _data(version: ModelVersion) -> Iterator[Entry]:
    for use in version.record.datasets:
        split = f", {use.split}" if use.split else ""
        yield Entry(f"{use.dataset} ({use.role}{split})", _digest(use.sha256))
    for features in version.record.features:
        yield Entry(f"{features.features} (features)", _digest(features.sha256))


def _digest(sha256: str | None) -> str:
    return f"sha256 {sha256}" if sha256 else "used, no digest recorded"


def _evaluated(version: ModelVersion) -> Iterator[Evaluated]:
    for name, e in version.evaluations.items():
        yield Evaluated(name, e.data.split, e.data.dataset, e.data.sha256 or "")


def _metrics(version: ModelVersion, context: Context, least: int, *, sliced: bool) -> Iterator[Measure]:
    limits = thresholds_of(version, context)
    for name, evaluation in version.evaluations.items():
        hidden = {kind: withheld_of(evaluation, kind, least) for kind in {tuple(m.slice) for m in evaluation.metrics}}
        for metric in evaluation.metrics:
            if bool(metric.slice) is sliced:
                withheld = slice_name(metric) in hidden[tuple(metric.slice)]
                limit = None if sliced else limits.get(canonical(metric.type))
                yield _measure(metric, name, limit, withheld=withheld)


def _measure(metric: Metric, name: str, limit: MetricThreshold | None, *, withheld: bool) -> Measure:
    part = f" [{', '.join(f'{k}={v}' for k, v in sorted(metric.slice.items()))}]" if metric.slice else ""
    title = f"{metric.type}{part}"
    if withheld:
        return Measure(title, name, None, said=_WITHHELD)
    value, interval = _finite(metric.value), metric.interval
    lower, upper = (_finite(interval.lower), _finite(interval.upper)) if interval else (None, None)
    if value is None or lower is None or upper is None:
        lower = upper = None
    return Measure(
        title,
        name,
        value,
        lower,
        upper,
        f"{interval.level:.4g}" if interval and lower is not None else "",
        metric.n,
        _better(metric.type),
        limit.min if limit else None,
        limit.max if limit else None,
        "" if value is not None else "not a finite number",
    )


def _better(metric: str) -> Literal["higher", "lower", ""]:
    name = canonical(metric)
    return "" if name in NEITHER_IS_BETTER else "lower" if name in LOWER_IS_BETTER else "higher"


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _fairness(version: ModelVersion, context: Context, least: int) -> Iterator[Measure]:
    for compared in comparisons_of(version, context):
        name = compared.evidence.path.rpartition("/")[2].removesuffix(".yaml")
        hidden = withheld_of(compared.evidence.record, compared.record.attributes, least)
        for result in compared.results:
            yield _disparity(result, name, hidden, limited=True)
        if not compared.results:
            yield from (_disparity(r, name, hidden, limited=False) for r in _unlimited(compared, context))


def _unlimited(compared: Compared, context: Context) -> tuple[FairnessResult, ...]:
    limits = [FairnessLimit(metric=m) for m in _UNLIMITED] if compared.is_meaningful else []
    return fairness_results(compared.record, limits, context.policy.fairness)


def _disparity(result: FairnessResult, name: str, hidden: Mapping[str, str], *, limited: bool) -> Measure:
    title = f"{NAMES[result.metric]} by {' and '.join(result.attributes)}"
    gap, is_ratio = result.decisive, result.metric == "impact_ratio"
    concerned = {g.group for g in (gap.worst, gap.reference) if g is not None}
    said = result.told(hidden) if limited or gap.value is None else ""
    if gap.value is None or concerned & hidden.keys() or (hidden and gap.outcome == "invalid"):
        why = _WITHHELD if hidden and (concerned & hidden.keys() or UNKNOWN in hidden) else said
        return Measure(title, name, None, said=why)
    lower, upper = _finite(gap.value.lower), _finite(gap.value.upper)
    adjusted = f", adjusted for {gap.comparisons} comparisons" if gap.comparisons > 1 else ""
    return Measure(
        title,
        name,
        gap.value.value,
        lower if upper is not None else None,
        upper if lower is not None else None,
        f"{result.level:.4g}{adjusted}" if lower is not None and upper is not None else "",
        better="higher" if is_ratio else "lower",
        minimum=result.limit if limited and is_ratio else None,
        maximum=result.limit if limited and not is_ratio else None,
        said=said or f"{gap.worst.group if gap.worst else ''} against {gap.reference.group if gap.reference else ''}",
    )


def _gates(assessed: VersionAssessment) -> Iterator[Entry]:
    for move, gate in assessed.gates.items():
        yield Entry(f"gate {move}", "open" if gate.is_open else f"closed by {listed(gate.blocking)}")


def _rules(assessed: VersionAssessment) -> Iterator[Ruling]:
    for code, result in assessed.results.items():
        told = result.outcome not in ("pass", "not_applicable")
        why = tuple(v.message for v in result.reasons[:_MOST_REASONS]) if told else ()
        yield Ruling(code, result_words(result), why)
