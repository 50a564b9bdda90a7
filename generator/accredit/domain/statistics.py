"""Confidence intervals in closed form, from counts alone: whoever holds the counts can repeat them by hand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

Z95 = NormalDist().inv_cdf(0.975)
"""The two-sided standard normal quantile of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A point estimate with the bounds of its interval, all in the unit of the quantity that is estimated."""

    value: float
    lower: float
    upper: float

    def __str__(self) -> str:
        return f"{self.value:.4f} ({self.lower:.4f} to {self.upper:.4f})"


@lru_cache(maxsize=1024)
def z_score(level: float = 0.95, comparisons: int = 1) -> float:
    """The two-sided normal quantile at which all of several comparisons hold together (Bonferroni, Dunn 1961).

    Args:
        level: Confidence of the whole family, a share below 1.
        comparisons: How many intervals are read together; fewer than one counts as one.
    """
    return NormalDist().inv_cdf(1 - (1 - level) / (2 * max(comparisons, 1)))


@lru_cache(maxsize=4096)
def wilson(k: int, n: int, z: float = Z95) -> Estimate:
    """The rate `k / n` with Wilson's score interval (Wilson 1927); shares between 0 and 1.

    It stays inside 0 and 1 and keeps its width where a rate is 0 or 1, unlike the textbook interval.

    Raises:
        ValueError: where the counts cannot be a rate.
    """
    _check(k, n)
    p = k / n
    centre = p + z * z / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    # At 0 and 1 the bound equals the rate; floating point may miss it by a hair.
    return _around(p, max((centre - half) / scale, 0.0), min((centre + half) / scale, 1.0))


def newcombe(k1: int, n1: int, k2: int, n2: int, z: float = Z95) -> Estimate:
    """The difference of two rates, `k1 / n1 - k2 / n2`, with Newcombe's hybrid score interval.

    Newcombe 1998, "Interval estimation for the difference between independent proportions", method 10. The unit is
    that of a rate: 0.05 is five percentage points. The two groups must not share people.

    Raises:
        ValueError: where the counts cannot be rates.
    """
    _check(k1, n1)
    _check(k2, n2)
    # Over the common denominator the value is the nearest number to the true one: 8/10 - 7/10 is 0.1.
    return difference(wilson(k1, n1, z), wilson(k2, n2, z), (k1 * n2 - k2 * n1) / (n1 * n2))


def katz(k1: int, n1: int, k2: int, n2: int, z: float = Z95) -> Estimate:
    """The ratio of two rates, `(k1 / n1) / (k2 / n2)`, with the log interval of Katz et al. 1978; no unit.

    Where a count is 0 or the whole group, half a person is added to every cell, so that the interval stays finite.
    The ratio itself is never corrected, and the interval is widened to it where the correction moved past it.

    Raises:
        ValueError: where the counts cannot be rates.
    """
    _check(k1, n1)
    _check(k2, n2)
    value = _ratio(k1 * n2, n1 * k2)
    a, b, c, d = float(k1), float(n1), float(k2), float(n2)
    if not (0 < k1 < n1 and 0 < k2 < n2):
        a, b, c, d = k1 + 0.5, n1 + 1.0, k2 + 0.5, n2 + 1.0
    spread = z * math.sqrt(max(1 / a - 1 / b, 0.0) + max(1 / c - 1 / d, 0.0))
    centre = math.log((a / b) / (c / d))
    return _around(value, math.exp(centre - spread), math.exp(centre + spread))


def difference(first: Estimate, second: Estimate, value: float | None = None) -> Estimate:
    """`first - second` with an interval made from both intervals, as Newcombe does for two rates.

    This is the method of variance estimates recovery (Zou and Donner 2008). It takes the two to be independent; where
    one is a part of the other, as a slice is of the whole, the interval is a little wider than it need be.
    """
    point = first.value - second.value if value is None else value
    down = math.hypot(first.value - first.lower, second.upper - second.value)
    up = math.hypot(first.upper - first.value, second.value - second.lower)
    return Estimate(point, point - down, point + up)


def people_needed(rate: float, ratio: float, limit: float, z: float = Z95) -> int | None:
    """How many people each of two groups of equal size needs for the interval of their ratio to clear a lower limit.

    Katz et al. 1978 solved for the size, for a ratio that comes out exactly as given. None where no number is enough.

    Args:
        rate: Rate of the group that fares best, above 0.
        ratio: Rate of the other group as a share of it.
        limit: The least acceptable ratio.
        z: Normal quantile of the interval.
    """
    other = rate * ratio
    if not (0 < other <= 1 and 0 < rate <= 1 and 0 < limit < ratio):
        return None
    variance = (1 - rate) / rate + (1 - other) / other
    return max(1, math.ceil(variance * (z / math.log(ratio / limit)) ** 2))


def _check(k: int, n: int) -> None:
    if not 0 <= k <= n or n == 0:
        raise ValueError(f"{k} of {n} is not a rate")


def _ratio(numerator: int, denominator: int) -> float:
    if denominator:
        return numerator / denominator
    return math.inf if numerator else math.nan


def _around(value: float, lower: float, upper: float) -> Estimate:
    """An estimate whose bounds hold the value."""
    return Estimate(value, min(lower, value), max(upper, value))
