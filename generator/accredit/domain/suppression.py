"""Small counts that are not published, and further ones without which they could be worked out from totals.

A count of fewer people than policy publishes can say something about a person. It is replaced by an upper bound, and
where the total is known the next smallest is withheld as well (complementary suppression), until no withheld count
follows from the others, by the total of a table or of a row or column of an intersection. What counts is how many
people are in a group, and how many positives and negatives.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from accredit.domain.evaluation import Evaluation, GroupComparison, GroupCounts, Metric

UNKNOWN = ""
"""Stands for the people whose group is not known; no group has this name."""
WITHHELD = "withheld"

Counts = Mapping[str, int]
_APART = re.compile(r"\s*[,/]\s*")
"""Between the groups in the name of an intersection."""


@dataclass(frozen=True, slots=True)
class _Total:
    """Counts whose sum a reader can know: of a whole table, or of a row or column of it."""

    counts: Counts
    are_people: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """An evaluation that is equal to nothing but itself, so that comparing costs nothing."""

    evaluation: Evaluation

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.evaluation is self.evaluation

    def __hash__(self) -> int:
        return id(self.evaluation)


def withheld_in(evaluation: Evaluation, least: int) -> Mapping[tuple[str, ...], Mapping[str, str]]:
    """For each comparison by its attributes: group to what stands in place of all of its counts, `<10` or `withheld`.

    Groups that may be shown are absent. What is withheld for an attribute is withheld where it meets another, too.

    Args:
        evaluation: The evaluation.
        least: Counts from here on may be shown; 0 shows all.
    """
    return _withheld_in(_Same(evaluation), least)


@lru_cache(maxsize=256)
def _withheld_in(same: _Same, least: int) -> Mapping[tuple[str, ...], Mapping[str, str]]:
    """Asked for by everybody who tells of an evaluation, one after the other."""
    evaluation = same.evaluation
    found: dict[tuple[str, ...], Mapping[str, str]] = {}
    for comparison in sorted(evaluation.fairness, key=lambda c: len(c.attributes)):
        hidden = [found.get((attribute,), {}) for attribute in comparison.attributes]
        met = {n for n in comparison.groups if any(part in h for part, h in zip(_parts(n), hidden, strict=False))}
        several = len(comparison.attributes) > 1
        labels = _labels(*_measured(comparison, several=several), least, met if several else set())
        found[comparison.attributes] = {**found.get(comparison.attributes, {}), **labels}
    return {attributes: labels for attributes, labels in found.items() if labels}


def withheld_of(evaluation: Evaluation, attributes: tuple[str, ...], least: int) -> Mapping[str, str]:
    """The same for one comparison, with what is withheld of slices by the same attributes."""
    slices = [m for m in evaluation.metrics if m.slice and tuple(m.slice) == attributes]
    kinds = dict.fromkeys(m.type for m in slices)
    of_slices = (withheld_slices((m for m in slices if m.type == kind), least) for kind in kinds)
    known = withheld_in(evaluation, least).get(attributes, {})
    return {group: label for found in of_slices for group, label in found.items()} | dict(known)


def withheld_slices(metrics: Iterable[Metric], least: int) -> Mapping[str, str]:
    """The same for the slices of one metric by the same attributes, by the name of `slice_name`."""
    people = {slice_name(m): m.n for m in metrics if m.n is not None}
    return _labels(people, tuple(_totals(people, are_people=True, several=True)), least, set())


def slice_name(metric: Metric) -> str:
    """The values of a slice, which tell it from others by the same attributes."""
    return " / ".join(metric.slice.values())


def _parts(group: str) -> list[str]:
    return _APART.split(group)


def _measured(comparison: GroupComparison, *, several: bool) -> tuple[Counts, tuple[_Total, ...]]:
    """People by group, and every total that follows from counts of people, positives and negatives."""
    people = {name: g.n for name, g in comparison.groups.items()}
    positives = {n: p for n, g in comparison.groups.items() if (p := g.positives) is not None}
    negatives = {n: c for n, g in comparison.groups.items() if (c := _negatives(g)) is not None}
    whole = {**people, UNKNOWN: comparison.unknown_n}
    totals = [_Total(whole, are_people=True), *[*_totals(people, are_people=True, several=several)][1:]]
    for counts in (positives, negatives):
        totals += _totals(counts, are_people=False, several=several)
    return whole, tuple(totals)


def _totals(counts: Counts, *, are_people: bool, several: bool) -> Iterator[_Total]:
    """The whole table first, then its rows and columns where it is one of several attributes."""
    yield _Total(counts, are_people)
    lines: dict[tuple[int, str], dict[str, int]] = {}
    for name, count in counts.items() if several else ():
        parts = _parts(name)
        for place, part in enumerate(parts if len(parts) > 1 else ()):
            lines.setdefault((place, part), {})[name] = count
    yield from (_Total(line, are_people) for line in lines.values())


def _negatives(group: GroupCounts) -> int | None:
    if group.negatives is not None or group.positives is None:
        return group.negatives
    return max(group.n - group.positives, 0)


def _labels(people: Counts, totals: tuple[_Total, ...], least: int, also: set[str]) -> Mapping[str, str]:
    hidden = also | {name for total in totals for name, count in total.counts.items() if 0 < count < least}
    while hidden:
        more = next((name for t in totals if (name := _revealing(t, hidden, people, least)) is not None), None)
        if more is None:
            break
        hidden.add(more)
    return {name: f"<{least}" if 0 < people[name] < least else WITHHELD for name in sorted(hidden)}


def _revealing(total: _Total, hidden: set[str], people: Counts, least: int) -> str | None:
    """The count to withhold next, because a withheld one follows from the total; None where none does."""
    kept = {name: count for name, count in total.counts.items() if name in hidden}
    bounds = {name: _bounds(people[name], least, are_people=total.are_people) for name in kept}
    known = sum(kept.values())
    for name, count in kept.items():
        others = [bounds[other] for other in kept if other != name]
        low = max(bounds[name][0], known - sum(high for _, high in others))
        high = min(bounds[name][1], known - sum(low for low, _ in others))
        if low >= high and count > 0:
            shown = sorted((n, other) for other, n in total.counts.items() if other not in hidden and n > 0)
            return shown[0][1] if shown else None
    return None


def _bounds(n: int, least: int, *, are_people: bool) -> tuple[float, float]:
    """What a reader knows of a withheld count: how it is labelled says whether its people are below the least."""
    is_small = 0 < n < least
    if are_people:
        return (1, least - 1) if is_small else (least if n else 0, math.inf)
    return 0, least - 1 if is_small else math.inf
