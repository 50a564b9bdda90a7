"""What a comparison of groups came to: enough to say it in a sentence and to draw it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from accredit.domain.criteria import FairnessLimit, FairnessMetric
from accredit.domain.statistics import Estimate

FairnessOutcome = Literal["pass", "fail", "inconclusive", "unknown", "invalid"]
_GRAVEST: tuple[FairnessOutcome, ...] = ("invalid", "fail", "unknown", "inconclusive", "pass")

NAMES: dict[FairnessMetric, str] = {
    "impact_ratio": "impact ratio",
    "dp_diff": "demographic parity difference",
    "eo_diff": "equal opportunity difference",
    "equalized_odds_diff": "equalised odds difference",
    "slice_gap": "gap to the whole",
}
"""Metric to its name in prose."""

DEFAULT_MIN_RATIO = 0.80
DEFAULT_MAX_GAP = 0.10
DEFAULT_SLICE_GAP = 0.05


def shown(limit: float) -> str:
    """A limit in prose: two decimals, and more only where it has more."""
    return f"{limit:.2f}" if round(limit, 2) == limit else f"{limit:g}"


@dataclass(frozen=True, slots=True)
class GroupRate:
    """One group: its rate with an interval of its own, and how that compares with the reference."""

    group: str
    n: int
    """People in the group."""
    rate: Estimate | None
    """The rate or metric; None where nobody could be counted. Bounds are infinite where no interval is recorded."""
    events: int | None = None
    """Numerator of the rate, for a rate made from counts."""
    trials: int | None = None
    """Denominator of the rate, for a rate made from counts."""
    versus: Estimate | None = None
    """Ratio to the reference, or difference from it in rate; None for the reference itself."""
    left_out: str = ""
    """Why the group is not evaluated; empty for one that is."""
    is_breach: bool = False
    """Whether the group is on the wrong side of the limit."""

    def __str__(self) -> str:
        if self.rate is None:
            return f"{self.group} (nobody)"
        if self.trials is None:
            return f"{self.group} {self.rate.value:.4f} (n {self.n:,})"
        return f"{self.group} {self.rate.value:.1%} ({self.events:,} of {self.trials:,})"


@dataclass(frozen=True, slots=True)
class Bound:
    """The side of a limit that is acceptable."""

    limit: float
    is_ratio: bool

    def breaks(self, value: float) -> bool:
        """Whether a value is beyond the limit."""
        return value < self.limit if self.is_ratio else value > self.limit

    def clears(self, estimate: Estimate) -> bool:
        """Whether the whole interval is on the right side."""
        return not self.breaks(estimate.lower if self.is_ratio else estimate.upper)

    def fails_clearly(self, estimate: Estimate) -> bool:
        """Whether the whole interval is on the wrong side."""
        return self.breaks(estimate.upper if self.is_ratio else estimate.lower)

    def badness(self, group: GroupRate) -> tuple[float, str]:
        """Sorts groups, the one that fares worst last."""
        value = group.versus.value if group.versus else 0.0
        return (-value if self.is_ratio else value, group.group)


def bound_of(limit: FairnessLimit) -> Bound:
    """The limit as a bound: a ratio has a minimum, a difference a maximum; 0.80, 0.10 and 0.05 where none is given."""
    if limit.metric == "impact_ratio":
        return Bound(DEFAULT_MIN_RATIO if limit.min is None else limit.min, is_ratio=True)
    default = DEFAULT_SLICE_GAP if limit.metric == "slice_gap" else DEFAULT_MAX_GAP
    return Bound(default if limit.max is None else limit.max, is_ratio=False)


@dataclass(frozen=True, slots=True)
class Gap:
    """One rate compared between groups, against one limit."""

    rate: str
    """What is compared, for example `selection rate`."""
    outcome: FairnessOutcome
    groups: tuple[GroupRate, ...]
    """Every group, by name, those left out too."""
    reference: GroupRate | None = None
    """The evaluated group with the highest rate, or the whole for slices."""
    worst: GroupRate | None = None
    """The group furthest from the reference."""
    comparisons: int = 0
    """How many comparisons the intervals are adjusted for."""
    why: str = ""
    """Why the outcome is unknown or invalid."""

    @property
    def value(self) -> Estimate | None:
        """The ratio or difference of the worst group, with its interval."""
        return self.worst.versus if self.worst else None


@dataclass(frozen=True, slots=True)
class FairnessResult:
    """One fairness metric of one attribute, or of an intersection, against one limit."""

    metric: FairnessMetric
    attributes: tuple[str, ...]
    limit: float
    gaps: tuple[Gap, ...]
    """One; for equalised odds two, of the true and of the false positive rate."""
    level: float = 0.95
    """Confidence of the intervals, a share."""
    reweighted: bool = False

    @property
    def outcome(self) -> FairnessOutcome:
        """The gravest outcome of the gaps."""
        return min((g.outcome for g in self.gaps), key=_GRAVEST.index, default="unknown")

    @property
    def decisive(self) -> Gap:
        """The gap that made the outcome; of several the one that is furthest beyond or nearest to the limit."""
        made = [g for g in self.gaps if g.outcome == self.outcome]
        return max(made, key=self._distance)

    def _distance(self, gap: Gap) -> float:
        if gap.value is None:
            return 0.0
        return -gap.value.value if self.metric == "impact_ratio" else gap.value.value

    @property
    def breaches(self) -> tuple[str, ...]:
        """The groups on the wrong side of the limit, by name."""
        return tuple(sorted({g.group for gap in self.gaps for g in gap.groups if g.is_breach}))

    def limit_line(self, gap: Gap) -> float | None:
        """The rate at which a group meets the limit: where a plot of rates draws its line."""
        if gap.reference is None or gap.reference.rate is None:
            return None
        top = gap.reference.rate.value
        return top * self.limit if self.metric == "impact_ratio" else top - self.limit

    @property
    def sentence(self) -> str:
        """What was found, in a sentence with every number that it rests on."""
        return self.told({})

    def told(self, withheld: Mapping[str, str]) -> str:
        """The sentence without the counts of some groups; what stands in place of them is said instead."""
        gap = self.decisive
        name = f"{NAMES[self.metric]} by {' and '.join(self.attributes)}"
        if self.metric in ("equalized_odds_diff", "slice_gap"):
            name += f" ({gap.rate})"
        concerned = {g.group for g in (gap.worst, gap.reference) if g is not None}
        unsaid = gap.outcome == "invalid" or (gap.outcome == "unknown" and "" in withheld)
        if concerned & withheld.keys() or (withheld and unsaid):
            return f"{name}: the figures rest on a group that is too small to be published"
        if gap.value is None or gap.outcome in ("unknown", "invalid"):
            return f"{name} cannot be evaluated: {gap.why}{self._left_out(gap, withheld)}"
        found = f"{name} is {gap.value.value:.4f} ({self._interval(gap)}), {self._verdict(gap)}"
        return f"{found}: {gap.worst} against {gap.reference}{self._left_out(gap, withheld)}"

    def _interval(self, gap: Gap) -> str:
        value = gap.value
        if value is None or value.lower == float("-inf"):
            return "no interval is recorded"
        adjusted = f", adjusted for {gap.comparisons} comparisons" if gap.comparisons > 1 else ""
        return f"{self.level:.0%} interval {value.lower:.4f} to {value.upper:.4f}{adjusted}"

    def _verdict(self, gap: Gap) -> str:
        limit = f"the limit of {shown(self.limit)}"
        if gap.outcome == "pass":
            return f"within {limit}"
        if gap.outcome == "inconclusive":
            return f"within {limit}, but its interval reaches beyond it"
        if gap.worst and gap.worst.left_out:
            return f"beyond {limit} with its whole interval, small as the group is"
        straddles = gap.value is not None and gap.value.lower <= self.limit <= gap.value.upper
        return f"beyond {limit}" + (", though not separated from it" if straddles else "")

    def _left_out(self, gap: Gap, withheld: Mapping[str, str]) -> str:
        others = [
            f"{g.group} ({withheld.get(g.group, f'n {g.n:,}, {g.left_out}')})"
            for g in gap.groups
            if g.left_out and g is not gap.worst
        ]
        left = f"; left out: {', '.join(others[:5])}" if others else ""
        more = f" and {len(others) - 5} more" if len(others) > 5 else ""
        return left + more + ("; groups were re-weighted before counting" if self.reweighted else "")
