"""Measured numbers as text, and the interval of a difference."""

from __future__ import annotations

import math

from accredit.comparison.sheet import Measure

_MINUS = "\N{MINUS SIGN}"


def number(value: float) -> str:
    """Four decimals below ten, and fewer above."""
    size = abs(value)
    if value and (size >= 1e9 or size < 0.00005):
        return f"{value:.2e}".replace("-", _MINUS)
    text = f"{value:,.{4 if size < 10 else 2 if size < 1000 else 0}f}"
    return text.replace("-", _MINUS)


def signed(value: float) -> str:
    """The same with its sign."""
    return f"+{number(value)}" if value > 0 else number(value)


def reading(measure: Measure) -> str:
    """A value with its interval and the number of cases."""
    if measure.value is None:
        return "withheld" if measure.said.startswith("withheld") else "no value"
    interval = ""
    if measure.lower is not None and measure.upper is not None:
        interval = f" ({number(measure.lower)} to {number(measure.upper)})"
    return f"{number(measure.value)}{interval}{f', n {measure.n:,}' if measure.n is not None else ''}"


def difference_interval(before: Measure, after: Measure) -> tuple[float, float] | None:
    """The interval of the difference of two estimates from their own intervals, as if they were independent.

    By the method of variance estimates recovery (Zou and Donner 2008; for rates Newcombe's hybrid score interval).
    Estimates from the same data are mostly not independent: their difference is then known better than this says.

    Returns:
        Both bounds; None where an interval is missing or the two hold at different levels.
    """
    if before.level != after.level or not after.level:
        return None
    known = (before.value, before.lower, before.upper, after.value, after.lower, after.upper)
    a, low_a, high_a, b, low_b, high_b = (v for v in known if v is not None)
    lower = b - a - math.hypot(b - low_b, high_a - a)
    upper = b - a + math.hypot(high_b - b, a - low_a)
    return (lower, upper) if math.isfinite(lower) and math.isfinite(upper) else None


def overlap(before: Measure, after: Measure) -> bool | None:
    """Whether two intervals have a value in common; None where one is missing."""
    if before.lower is None or before.upper is None or after.lower is None or after.upper is None:
        return None
    return before.lower <= after.upper and after.lower <= before.upper
