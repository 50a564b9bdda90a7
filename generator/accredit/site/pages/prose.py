"""Numbers in prose: `[[holdout.auc]]` reads as the recorded value with its interval, so that text cannot go stale."""

from __future__ import annotations

import re
from collections.abc import Callable

from accredit.domain.evaluation import Evaluation, Metric
from accredit.domain.registry import ModelVersion
from accredit.site.charts.scale import metric
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.fairness import figure_of

_REFERENCE = re.compile(r"([0-9a-z][0-9a-z.-]*?)\.([a-z0-9_-]+)(?:\.([a-z0-9_+-]+))?")
Resolve = Callable[[str], str | None]


def resolver(catalogue: Catalogue, version: ModelVersion) -> Resolve:
    """Answers references of a version's prose; None for one that the records do not answer."""

    def resolve(reference: str) -> str | None:
        match = _REFERENCE.fullmatch(reference)
        evaluation = version.evaluations.get(match.group(1)) if match else None
        if match is None or evaluation is None:
            return None
        figure, attribute = match.group(2), match.group(3)
        return (
            figure_of(catalogue, version, evaluation, figure, attribute) if attribute else _recorded(evaluation, figure)
        )

    return resolve


def _recorded(evaluation: Evaluation, figure: str) -> str | None:
    if figure in ("n", "positives"):
        count = evaluation.n if figure == "n" else evaluation.positives
        return f"{count:,}" if count is not None else None
    found = next((m for m in evaluation.metrics if m.type == figure and not m.slice), None)
    return reading(found) if found else None


def reading(found: Metric) -> str:
    """A metric with its unit and interval, as text."""
    unit = f" {found.unit}" if found.unit else ""
    if found.interval is None:
        return metric(found.value) + unit
    return f"{metric(found.value)}{unit} ({metric(found.interval.lower)} to {metric(found.interval.upper)})"
