"""What differs between two versions: nothing between one and itself, and the same seen from either side."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accredit.comparison.compare import compare
from accredit.comparison.measures import numbers, telling
from accredit.comparison.numbers import number
from accredit.comparison.prose import parts, words
from accredit.comparison.sheet import Entry, Evaluated, Measure, Ruling, Sheet

_NAMES = st.sampled_from(["a", "b", "c", "__proto__"])
_TEXTS = st.text(string.ascii_letters + " \n-.", max_size=120)
_ENTRIES = st.lists(st.builds(Entry, _NAMES, _TEXTS), max_size=4, unique_by=lambda e: e.name).map(tuple)
_VALUES = st.floats(-1e6, 1e6)


@st.composite
def measures(draw: st.DrawFn) -> Measure:
    low, value, high = sorted(draw(st.tuples(_VALUES, _VALUES, _VALUES)))
    better = draw(st.sampled_from(["higher", "lower", ""]))
    return Measure(draw(_NAMES), "test", value, low, high, draw(st.sampled_from(["0.95", "0.9"])), better=better)


_MEASURES = st.lists(measures(), max_size=3, unique_by=lambda m: m.name).map(tuple)
_RULES = st.lists(
    st.builds(Ruling, st.sampled_from(["OWN101", "FAIR103"]), st.sampled_from(["pass", "fail"])),
    max_size=2,
    unique_by=lambda r: r.code,
).map(tuple)
SHEETS = st.builds(
    Sheet,
    key=st.sampled_from(["m@1", "m@2"]),
    model=st.just("M"),
    stage=st.just("review"),
    fields=_ENTRIES,
    hyperparameters=_ENTRIES,
    data=_ENTRIES,
    evaluations=st.just((Evaluated("test", "test", "loans", ""),)),
    metrics=_MEASURES,
    slices=_MEASURES,
    fairness=_MEASURES,
    card=_ENTRIES,
    gates=_ENTRIES,
    rules=_RULES,
)


@given(SHEETS)
def test_nothing_differs_between_a_version_and_itself(sheet: Sheet) -> None:
    assert compare(sheet, sheet).is_empty


@given(SHEETS, SHEETS)
def test_seen_from_the_other_side_before_and_after_change_places(one: Sheet, other: Sheet) -> None:
    there, back = compare(one, other), compare(other, one)
    for section, mirrored in zip(there.sections, back.sections, strict=True):
        assert section.same == mirrored.same
        found = {(r.where, r.name): r for r in mirrored.rows}
        assert len(found) == len(section.rows)
        for row in section.rows:
            twin = found[row.where, row.name]
            assert (row.before, row.after) == (twin.after, twin.before)
            if row.numbers and twin.numbers:
                assert row.numbers.difference == -twin.numbers.difference
                assert row.numbers.clear == twin.numbers.clear
                assert row.numbers.overlap == twin.numbers.overlap


@given(_TEXTS, _TEXTS)
def test_the_pieces_of_two_texts_make_up_both(one: str, other: str) -> None:
    pieces = parts(one, other)
    if not pieces:
        assert words(one) == words(other)
    for text, gone in ((one, "added"), (other, "removed")):
        told = " ".join(p.text for p in pieces if p.kind != gone)
        assert told.split() == text.split() or not pieces


def measure(value: float, low: float, high: float, **more: object) -> Measure:
    return replace(Measure("auc", "test", value, low, high, "0.95", better="higher"), **more)  # type: ignore[arg-type]


def test_intervals_that_overlap_can_still_show_a_difference() -> None:
    found = numbers(measure(0.80, 0.77, 0.83), measure(0.85, 0.82, 0.88))
    assert found is not None
    assert (found.overlap, found.clear, found.verdict) == (True, True, "better")
    assert found.lower == pytest.approx(0.05 - (0.03**2 + 0.03**2) ** 0.5)
    assert found.words == "+0.0500, better"


def test_a_difference_whose_interval_includes_zero_could_be_chance() -> None:
    one, other = measure(0.80, 0.77, 0.83), measure(0.79, 0.75, 0.83)
    found = numbers(one, other)
    assert found is not None
    assert found.words == "\N{MINUS SIGN}0.0100, worse, could be chance"
    assert "includes zero" in " ".join(telling(one, other, found))


def test_intervals_at_different_levels_give_the_difference_none() -> None:
    found = numbers(measure(0.80, 0.77, 0.83), measure(0.90, 0.88, 0.92, level="0.9"))
    assert found is not None
    assert (found.lower, found.clear, found.overlap) == (None, None, False)


def test_less_is_better_where_the_metric_says_so() -> None:
    found = numbers(measure(0.2, 0.1, 0.3, better="lower"), measure(0.5, 0.4, 0.6, better="lower"))
    assert found is not None
    assert (found.verdict, found.tone) == ("worse", "worse")


def test_a_limit_that_is_crossed_is_told() -> None:
    one, other = measure(0.80, 0.77, 0.83, minimum=0.75), measure(0.70, 0.67, 0.73, minimum=0.75)
    assert "Now beyond the limit of policy, at least 0.75, before within it." in telling(one, other, None)


def test_a_text_that_is_only_wrapped_anew_is_the_same() -> None:
    assert parts("one two\nthree", "one\ntwo three") == ()


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "0.0000"), (0.81234, "0.8123"), (-12.5, "-12.50"), (12345.6, "12,346"), (1e-6, "1.00e-06")],
)
def test_numbers_have_as_many_places_as_people_read(value: float, said: str) -> None:
    assert number(value) == said.replace("-", "\N{MINUS SIGN}")
