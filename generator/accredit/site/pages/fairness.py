"""Fairness as people read it: the rate of every group with its interval, the limits, and who was left out and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from accredit.assess import VersionAssessment
from accredit.domain.criteria import FairnessCriteria, FairnessLimit, FairnessMetric
from accredit.domain.evaluation import Evaluation, GroupComparison
from accredit.domain.fairness_result import NAMES, FairnessResult, Gap, GroupRate
from accredit.domain.group_fairness import fairness_result, fairness_results
from accredit.domain.registry import ModelVersion
from accredit.domain.slices import slice_result
from accredit.domain.suppression import UNKNOWN, WITHHELD, withheld_in, withheld_of
from accredit.site.charts.chart import Chart
from accredit.site.charts.dots import Line, Row, dot_plot
from accredit.site.charts.scale import metric, percent
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.words import CROSS, amount, spaced

_ALWAYS: tuple[FairnessMetric, ...] = ("impact_ratio", "eo_diff")
"""Metrics whose rates are drawn also where no limit applies. The false positive rate is drawn only where one does."""
_TITLES = {
    "selection rate": "Who gets the favourable outcome",
    "true positive rate": "Of those who deserve it, who gets it",
    "false positive rate": "Of those who do not, who gets it all the same",
}
CHIPS = {"invalid": "fail"}
"""Outcome to chip where the two have different names."""


@dataclass(frozen=True)
class FairnessView:
    """One comparison of groups in one evaluation, against every limit that applies."""

    evaluation_id: str
    evaluation: Evaluation
    comparison: GroupComparison
    criteria: FairnessCriteria
    limits: tuple[FairnessLimit, ...]

    @property
    def id(self) -> str:
        """Anchor on the page."""
        return f"fairness-{self.evaluation_id}-{'-'.join(self.comparison.attributes)}"

    @property
    def title(self) -> str:
        """Name of the attribute or attributes."""
        return CROSS.join(spaced(a) for a in self.comparison.attributes).capitalize()

    @cached_property
    def withheld(self) -> Mapping[str, str]:
        """Group to what stands in place of its counts, where policy does not publish them."""
        return withheld_of(self.evaluation, self.comparison.attributes, self.criteria.publish_min_n)

    @property
    def unknown(self) -> str:
        """How many people are in no known group."""
        return self.withheld.get(UNKNOWN) or amount(self.comparison.unknown_n)

    def told(self, result: FairnessResult) -> str:
        """What was found, without the counts that are withheld."""
        return result.told(self.withheld)

    @cached_property
    def results(self) -> tuple[FairnessResult, ...]:
        """One result a limit, recomputed from counts."""
        return (*self._counted[: len(self._limited)], *self._slices())

    @property
    def _limited(self) -> tuple[FairnessLimit, ...]:
        return tuple(limit for limit in self.limits if limit.metric != "slice_gap")

    @cached_property
    def _counted(self) -> tuple[FairnessResult, ...]:
        """Results of the limits, and after them one for each other rate that is drawn without a limit."""
        metrics = {limit.metric for limit in self._limited}
        free = [FairnessLimit(metric=m) for m in _ALWAYS if m not in metrics]
        return fairness_results(self.comparison, (*self._limited, *free), self.criteria)

    def _slices(self) -> Iterator[FairnessResult]:
        """Gaps of the first sliced metric to the whole, where policy limits them for the attribute."""
        if len(self.comparison.attributes) != 1:
            return
        attribute = self.comparison.attributes[0]
        parts = [m for m in self.evaluation.metrics if set(m.slice) == {attribute}]
        whole = next((m for m in self.evaluation.metrics if not m.slice and parts and m.type == parts[0].type), None)
        for limit in self.limits:
            if limit.metric == "slice_gap" and whole is not None:
                same = [m for m in parts if m.type == whole.type]
                yield slice_result(whole, same, attribute, limit, self.criteria)

    @cached_property
    def plots(self) -> tuple[Chart, ...]:
        """One plot a rate for which counts are recorded, with the line that each limit draws."""
        known = {gap.rate: gap for result in reversed(self._counted) for gap in result.gaps}
        return tuple(self._plot(rate, known[rate]) for rate in _TITLES if rate in known and _is_counted(known[rate]))

    def _plot(self, rate: str, gap: Gap) -> Chart:
        judged = {
            r.group for result in self.results for g in result.gaps if g.rate == rate for r in g.groups if r.is_breach
        }
        rows = tuple(
            Row(g.group, withheld=self.withheld[g.group])
            if g.group in self.withheld
            else _row(g, gap, g.group in judged)
            for g in gap.groups
            if g.rate is not None
        )
        caption = f"Rate of each group with its Wilson interval at {percent(self.criteria.interval.level)}."
        if any(g.left_out for g in gap.groups):
            caption += " Pale groups are too small to be judged."
        if any(row.withheld for row in rows):
            caption += (
                f" Counts of fewer than {self.criteria.publish_min_n} people, and what they follow from, are withheld."
            )
        return dot_plot(_TITLES[rate], rows, tuple(self._lines(rate)), shares=True, caption=caption)

    def _lines(self, rate: str) -> Iterator[Line]:
        for result in self.results:
            for gap in result.gaps:
                is_told = gap.reference is None or gap.reference.group not in self.withheld
                place = result.limit_line(gap) if gap.rate == rate and is_told else None
                if place is not None and 0 <= place <= 1:
                    name = NAMES[result.metric]
                    yield Line(place, f"{name} {result.limit:.2f}", "below")

    @cached_property
    def left_out(self) -> tuple[tuple[str, str, str], ...]:
        """Groups that are listed and not judged: name, n and reason."""
        found: dict[str, tuple[str, str, str]] = {}
        for result in self._counted:
            for gap in result.gaps:
                for group in gap.groups:
                    name = group.group
                    if name in self.withheld:
                        found.setdefault(name, (name, self.withheld[name], "too few to be published"))
                    elif group.left_out and not group.is_breach:
                        found.setdefault(name, (name, amount(group.n), group.left_out))
        return tuple(found.values())


def _is_counted(gap: Gap) -> bool:
    return any(group.rate is not None for group in gap.groups)


def _row(group: GroupRate, gap: Gap, is_breach: bool) -> Row:  # noqa: FBT001 - one of three looks
    rate = group.rate
    note = group.left_out or ("reference: highest rate" if gap.reference and gap.reference.group == group.group else "")
    return Row(
        group.group,
        rate.value if rate else 0.0,
        rate.lower if rate else None,
        rate.upper if rate else None,
        group.trials,
        tone="fail" if is_breach else "muted" if group.left_out else "",
        note=note,
    )


def limits_for(catalogue: Catalogue, version: ModelVersion, comparison: GroupComparison) -> tuple[FairnessLimit, ...]:
    """The limits of policy that apply to a comparison. A condition that is unknown applies."""
    if catalogue.policy is None or version.model_id not in catalogue.assessment.models:
        return ()
    facts = catalogue.assessment.models[version.model_id].standing.facts
    return tuple(
        limit
        for limit in catalogue.policy.fairness.limits
        if (limit.when is None or limit.when.holds(facts) is not False)
        and (limit.attributes is None or set(comparison.attributes) <= set(limit.attributes))
        and (len(comparison.attributes) == 1 or catalogue.policy.fairness.intersections.gate)
    )


def fairness_views(catalogue: Catalogue, assessed: VersionAssessment) -> tuple[FairnessView, ...]:
    """Every comparison of every evaluation of a version; intersections after single attributes."""
    criteria = catalogue.policy.fairness if catalogue.policy else FairnessCriteria()
    found = [
        FairnessView(name, evaluation, c, criteria, limits_for(catalogue, assessed.version, c))
        for name, evaluation in assessed.version.evaluations.items()
        for c in evaluation.fairness
    ]
    return tuple(
        sorted(
            found, key=lambda v: (not v.limits, v.evaluation_id, len(v.comparison.attributes), v.comparison.attributes)
        )
    )


def figure_of(
    catalogue: Catalogue, version: ModelVersion, evaluation: Evaluation, figure: str, attributes: str
) -> str | None:
    """A fairness metric as text with its interval, for prose; None for one that cannot be computed."""
    wanted = tuple(attributes.split("+"))
    comparison = next((c for c in evaluation.fairness if c.attributes == wanted), None)
    if comparison is None or figure not in NAMES or figure == "slice_gap":
        return None
    criteria = catalogue.policy.fairness if catalogue.policy else FairnessCriteria()
    limits = limits_for(catalogue, version, comparison)
    limit = next((x for x in limits if x.metric == figure), FairnessLimit(metric=figure))
    gap = fairness_result(comparison, limit, criteria).decisive
    value, hidden = gap.value, withheld_in(evaluation, criteria.publish_min_n).get(wanted, {})
    if any(g is not None and g.group in hidden for g in (gap.worst, gap.reference)):
        return WITHHELD
    return f"{metric(value.value)} ({metric(value.lower)} to {metric(value.upper)})" if value else None
