"""Two measures of the same thing: the difference, whether it is better, and whether chance could explain it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from accredit.comparison.numbers import difference_interval, number, overlap, signed
from accredit.comparison.sheet import Measure
from accredit.policies.words import bound

_HELD = {True: "within", False: "beyond"}


@dataclass(frozen=True, slots=True)
class Numbers:
    """The difference of two values."""

    before: float
    after: float
    difference: float
    lower: float | None
    """Of the interval of the difference; None where there is none."""
    upper: float | None
    overlap: bool | None
    """Whether the two intervals have a value in common; None where one is missing."""
    verdict: Literal["better", "worse", ""]
    """Empty where neither direction is better, and where the values are equal."""

    @property
    def clear(self) -> bool | None:
        """Whether the interval of the difference leaves out zero; None where there is no interval."""
        return None if self.lower is None or self.upper is None else not self.lower <= 0 <= self.upper

    @property
    def tone(self) -> Literal["better", "worse", "plain"]:
        """How to show it: only what chance hardly explains is called better or worse by its colour."""
        return self.verdict if self.verdict and self.clear else "plain"

    @property
    def words(self) -> str:
        """The difference and what to make of it, as in `+0.0120, better, could be chance`."""
        doubt = {True: "", False: "could be chance", None: "chance not told"}[self.clear]
        return ", ".join(filter(None, (signed(self.difference), self.verdict, doubt if self.difference else "")))


def numbers(before: Measure, after: Measure) -> Numbers | None:
    """The difference; None where one of both has no value."""
    if before.value is None or after.value is None or not math.isfinite(after.value - before.value):
        return None
    difference = after.value - before.value
    lower, upper = difference_interval(before, after) or (None, None)
    gain = difference if after.better == "higher" else -difference if after.better == "lower" else 0.0
    verdict: Literal["better", "worse", ""] = "better" if gain > 0 else "worse" if gain < 0 else ""
    return Numbers(before.value, after.value, difference, lower, upper, overlap(before, after), verdict)


def telling(before: Measure | None, after: Measure | None, found: Numbers | None) -> Iterator[str]:
    """What to know of two measures, in sentences."""
    if found is not None and found.difference:
        yield _chance(found)
    yield from _limits(before, after)
    told = after or before
    if told is not None and told.said:
        yield f"{told.said[:1].upper()}{told.said[1:]}."


def _chance(found: Numbers) -> str:
    """What the intervals say. That two of them overlap does not show that there is no difference."""
    if found.overlap is None:
        return "Without both intervals nobody can tell whether chance explains the difference."
    common = "The two intervals overlap" if found.overlap else "The two intervals do not overlap"
    if found.lower is None or found.upper is None:
        return f"{common}; they do not hold at the same level, so the difference has none."
    span = f"that of the difference is {number(found.lower)} to {number(found.upper)}"
    return f"{common}; {span} and {'leaves out' if found.clear else 'includes'} zero."


def _limits(before: Measure | None, after: Measure | None) -> Iterator[str]:
    if after is not None and after.within is not None:
        was = before.within if before is not None and _limit(before) == _limit(after) else None
        if was == after.within:
            yield f"{_HELD[was].capitalize()} the limit of policy, {bound(after.minimum, after.maximum)}, as before."
        else:
            then = f", before {_HELD[was]} it" if was is not None else ""
            yield f"Now {_HELD[after.within]} the limit of policy, {bound(after.minimum, after.maximum)}{then}."
    if before is not None and before.within is not None and not (after and _limit(before) == _limit(after)):
        yield f"Before {_HELD[before.within]} its own limit, {bound(before.minimum, before.maximum)}."


def _limit(measure: Measure) -> tuple[float | None, float | None]:
    return measure.minimum, measure.maximum
