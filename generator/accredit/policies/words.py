"""Words that every telling of the policy shares, on a terminal and on the site."""

from __future__ import annotations

from collections.abc import Iterable

LIMITS = {
    "impact_ratio": "The rate of a group divided by that of the best group (impact ratio)",
    "dp_diff": "The difference between the rates of two groups (demographic parity difference)",
    "eo_diff": "The difference in rates among those who deserve it (equal opportunity difference)",
    "equalized_odds_diff": "The larger of the differences in true and false positive rates (equalised odds difference)",
    "slice_gap": "How far the primary metric of a slice may lie from that of all rows",
}
"""Fairness metric to what it is."""


def spaced(name: str) -> str:
    """An identifier as words: `binary_classification` reads `binary classification`."""
    return name.replace("_", " ").replace("-", " ")


def listed(values: Iterable[object], last: str = "and") -> str:
    """`a, b and c`."""
    items = [str(v) for v in values]
    return f"{', '.join(items[:-1])} {last} {items[-1]}" if len(items) > 1 else "".join(items)


def plural(count: float, one: str, many: str = "") -> str:
    """`1 rule`, `3 rules`."""
    return f"{count:,g} {one if count == 1 else many or one + 's'}"


def bound(least: float | None, most: float | None) -> str:
    """A limit: `at least 0.8`, `between 0.8 and 1.25`."""
    if least is not None and most is not None:
        return f"between {least:g} and {most:g}"
    if least is None and most is None:
        return "limited, by no value"
    return f"at least {least:g}" if least is not None else f"at most {most:g}"


def move_words(move: str) -> str:
    """A move: `from review to production`; the first of all is `into staging`."""
    source, _, target = move.partition("->")
    if source == target:
        return f"again in {source} (revalidation)"
    return f"into {target}" if source == "none" else f"from {source} to {target}"
