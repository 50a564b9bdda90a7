"""Numbers in the prose of a card: references to records, `[[holdout.auc]]`, and literals that must agree with them.

A reference is `[[<evaluation>.<metric>]]`, `[[<evaluation>.n]]`, `[[<evaluation>.positives]]` or
`[[<evaluation>.<fairness metric>.<attribute>]]`, an intersection being written `gender+race`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from accredit.domain.confusion import metrics_of
from accredit.domain.evaluation import Confusion, Evaluation, GroupComparison
from accredit.domain.group_fairness import cells
from accredit.domain.metric import SHARES, canonical
from accredit.domain.registry import ModelVersion

_REFERENCE = re.compile(r"\[\[([^\[\]\n]{0,200})\]\]")
_NUMBER = re.compile(r"[0-9]+(?:\.([0-9]+))?(\s?(?:%|per ?cent))?")
_AS_DIGITS = bytes(ord("0") if ord("0") <= c <= ord("9") else ord(".") for c in range(256))
"""Every digit of ASCII to 0: the quick way to see that a text has no number."""
_WORD = re.compile(r"[A-Za-z][\w-]*|\d[\d.]*|[^\w\s]")
_FILLER = frozenset(
    {"a", "about", "an", "approximately", "around", "at", "equals", "exactly", "is", "of", "only", "reaches", "roughly"}
    | {"score", "the", "value", "was", ":", "=", "(", "~", "≈", "*", "_", "`"}
)
"""What may stand between a metric's name and its value."""
_LEAST_N = 100
"""People in a group from which on it counts in a fairness metric, unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A number that prose gives as the value of a metric."""

    text: str
    metric: str
    value: float
    tolerance: float
    """Half of the last digit that is written."""

    def agrees_with(self, recorded: float) -> bool:
        """Whether a recorded value rounds to the literal."""
        return abs(recorded - self.value) <= self.tolerance * 1.000001 + 1e-12


def references(text: str) -> Iterator[str]:
    """The references in a text, without the brackets."""
    return (match[1].strip() for match in _REFERENCE.finditer(text))


def resolve(version: ModelVersion, reference: str, min_n: int = _LEAST_N) -> float | int | None:
    """The recorded value, or one that follows from recorded counts; None where the records do not answer.

    Args:
        version: Whose evaluations are asked.
        reference: What stands between the brackets.
        min_n: Groups with fewer people are left out of fairness metrics.
    """
    for name in sorted(version.evaluations, key=len, reverse=True):
        if reference.startswith(f"{name}."):
            figure, _, attribute = reference[len(name) + 1 :].partition(".")
            evaluation = version.evaluations[name]
            return _fairness(evaluation, figure, attribute, min_n) if attribute else _figure(evaluation, figure)
    return None


def shown(value: float) -> str:
    """A value in prose: counts with separators, metrics with three decimals."""
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}"


def recorded(version: ModelVersion) -> Mapping[str, Sequence[float]]:
    """Metric to every value that some evaluation gives for it, overall or by slice, or that follows from counts."""
    found: dict[str, list[float]] = {}
    for evaluation in version.evaluations.values():
        named = [(canonical(m.type), m) for m in evaluation.metrics]
        for name, metric in named:
            found.setdefault(name, []).append(metric.value)
        overall = {name for name, metric in named if not metric.slice}
        for figure, value in _derived(evaluation).items():
            if value is not None and figure not in overall:
                found.setdefault(figure, []).append(value)
    return found


def _derived(evaluation: Evaluation) -> Mapping[str, float | None]:
    calibration = evaluation.calibration
    rates = _rates(evaluation.confusion) if evaluation.confusion is not None else {}
    sizes = {"n": evaluation.n, "positives": evaluation.positives}
    if calibration is None:
        return {**rates, **sizes}
    return {**rates, "ece": calibration.ece, "slope": calibration.slope, "intercept": calibration.intercept, **sizes}


def literals(text: str) -> Iterator[Literal]:
    """The numbers in a text that follow the name of something, as in `AUC of 0.81`; the name may be no metric."""
    if b"0" not in text.encode().translate(_AS_DIGITS):
        return
    for match in _NUMBER.finditer(text):
        start = match.start()
        if start and (text[start - 1].isalnum() or text[start - 1] in ".-_,/["):
            continue
        after = text[match.end() : match.end() + 2]
        if after[:1].isalpha() or (after[:1] in ".-/," and after[1:].isdigit()):
            continue
        unit = 0.01 if match[2] else 1.0
        value, decimals = float(match[0].removesuffix(match[2] or "")) * unit, len(match[1] or "")
        for name in _names_before(text[max(0, start - 48) : start]):
            if name in SHARES and unit == 1.0 and value > 1:
                continue
            yield Literal(f"{name} {match[0]}", name, value, 0.5 * unit / 10**decimals)


def _names_before(text: str) -> tuple[str, ...]:
    """What the number after the text may be the value of: the last two words, and the last one."""
    words = _WORD.findall(text)
    while words and words[-1].lower() in _FILLER:
        words.pop()
    if not words or not words[-1][0].isalpha():
        return ()
    last = words[-1].lower()
    if len(words) > 1 and words[-2][0].isalpha():
        both = canonical(f"{words[-2].lower()}-{last}")
        return (both, canonical(last)) if both != canonical(last) else (both,)
    return (canonical(last),)


def _figure(evaluation: Evaluation, figure: str) -> float | int | None:
    if figure == "n":
        return evaluation.n
    if figure == "positives":
        return evaluation.positives
    wanted = canonical(figure)
    for metric in evaluation.metrics:
        if not metric.slice and canonical(metric.type) == wanted:
            return metric.value
    if evaluation.calibration is not None and figure in ("ece", "slope", "intercept"):
        value: float | None = getattr(evaluation.calibration, figure)
        return value
    return _rates(evaluation.confusion).get(wanted) if evaluation.confusion is not None else None


@lru_cache(maxsize=8192)
def _rates(counts: Confusion) -> Mapping[str, float]:
    return {name: estimate.value for name, estimate in metrics_of(counts).items()}


def _fairness(evaluation: Evaluation, figure: str, attribute: str, min_n: int) -> float | None:
    wanted = set(attribute.split("+"))
    comparison = next((c for c in evaluation.fairness if set(c.attributes) == wanted), None)
    if comparison is None:
        return None
    rates = {"impact_ratio": "selection rate", "dp_diff": "selection rate", "eo_diff": "true positive rate"}
    if figure == "equalized_odds_diff":
        gaps = [_spread(comparison, r, min_n) for r in ("true positive rate", "false positive rate")]
        known = [most - least for found in gaps if found for least, most in (found,)]
        return max(known) if len(known) == len(gaps) else None
    spread = _spread(comparison, rates[figure], min_n) if figure in rates else None
    if spread is None:
        return None
    least, most = spread
    if figure == "impact_ratio":
        return least / most if most else None
    return most - least


def _spread(comparison: GroupComparison, rate: str, min_n: int) -> tuple[float, float] | None:
    """The least and the greatest rate among groups that are large enough; None for fewer than two of them."""
    counted = [cells(g, rate) for g in comparison.groups.values() if g.n >= min_n]
    values = [k / n for k, n in (c for c in counted if c is not None) if n]
    return (min(values), max(values)) if len(values) > 1 else None
