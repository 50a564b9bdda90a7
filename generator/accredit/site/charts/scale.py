"""From values to places on an axis, and to text. Everything is finite and the same on every machine."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

NONE = "\N{EN DASH}"
"""What stands for a number that is not there."""
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear axis: values from `low` to `high` lie between `start` and `end` in the drawing."""

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...] = ()

    def __call__(self, value: float) -> float:
        """The place of a value; a value beyond the axis is drawn at its end."""
        low, high = self.low / 2, self.high / 2  # halves: the span of two finite numbers may not be finite
        share = (value / 2 - low) / (high - low) if high > low else 0.5
        return round(self.start + min(max(share, 0.0), 1.0) * (self.end - self.start), 1)

    def labels(self, *, percent: bool = False) -> tuple[tuple[float, str], ...]:
        """Place and text of every tick, with just enough decimals to tell them apart."""
        texts = _tick_texts(self.ticks, percent=percent)
        return tuple((self(t), f"{text}%" if percent else text) for t, text in zip(self.ticks, texts, strict=True))


@lru_cache(maxsize=1024)
def _tick_texts(ticks: tuple[float, ...], *, percent: bool) -> tuple[str, ...]:
    shown = [t * 100 if percent and abs(t) < 1e300 else t for t in ticks]
    texts: tuple[str, ...] = ()
    for decimals in range(7):
        texts = tuple(short(t, decimals) for t in shown)
        exact = all(math.isclose(float(f"{t:.{decimals}f}"), t, abs_tol=1e-9) for t in shown)
        if exact and len(set(texts)) == len(texts):
            break
    return texts


def scale(values: Iterable[float], start: float, end: float, *, within: tuple[float, float] | None = None) -> Scale:
    """An axis around the values, widened to round numbers.

    Args:
        values: Everything that must be visible.
        start: Place of the low end.
        end: Place of the high end.
        within: Bounds that the axis does not leave, for example 0 and 1 for shares.
    """
    known = [v for v in values if math.isfinite(v)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if low == high:
        margin = abs(low) * 0.1 or 0.5
        low, high = _finite(low - margin, low), _finite(high + margin, high)
    step = _step(low, high)
    if step > 0:
        below, above = math.floor(low / step) * step, math.ceil(high / step) * step
        # A step is never so exact that it may cut off a value.
        low, high = _finite(min(below, low), low), _finite(max(above, high), high)
    if within is not None and known and within[0] <= min(known) and max(known) <= within[1]:
        low, high = max(low, within[0]), min(high, within[1])
    return Scale(low, high, start, end, _ticks(low, high, step))


def _finite(value: float, otherwise: float) -> float:
    return value if math.isfinite(value) else otherwise


def _step(low: float, high: float) -> float:
    """A round distance that gives four to seven ticks; 0 where floats are too coarse for one."""
    rough = high / 5 - low / 5
    if rough <= 0 or not math.isfinite(1 / rough):
        return 0.0
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((s * power for s in _STEPS if s * power >= rough), 0.0)
    biggest = max(abs(low), abs(high))
    return step if math.isfinite(step) and step > 0 and biggest / step < 1e12 else 0.0


def _ticks(low: float, high: float, step: float) -> tuple[float, ...]:
    if step <= 0:
        return (low, high) if low < high else (low,)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(min(max(i * step, low), high) for i in range(first, min(last, first + 12) + 1)) or (low,)


def short(value: float, decimals: int = 3) -> str:
    """A number as people read it: thousands apart, a real minus sign, powers of ten only where nothing else fits."""
    if not math.isfinite(value):
        return NONE
    if value and (abs(value) >= 1e9 or abs(value) < 10.0 ** -(decimals + 3)):
        text = f"{value:.3g}"
    else:
        text = f"{value:,.{decimals}f}"
    if text.strip("-0.,") == "":
        text = text.lstrip("-")
    return text.replace("-", "\N{MINUS SIGN}")


@lru_cache(maxsize=16_384)
def metric(value: float) -> str:
    """A measured number with three decimals below ten, and fewer above."""
    size = abs(value)
    return short(value, 3 if size < 10 else 1 if size < 1000 else 0)


@lru_cache(maxsize=16_384)
def percent(share: float) -> str:
    """A share as a percentage with one decimal."""
    return f"{short(share * 100, 1)}%" if math.isfinite(share * 100) else NONE
