from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from accredit.domain.address import why_mutable, without_secrets
from accredit.domain.calendar import months_after
from accredit.domain.retention import Overlay, Retention, RetentionClass, Term, deciding, retain_until, spell

DAYS = st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2200, 12, 31))
TERMS = st.builds(Term, st.just("policy"), st.integers(0, 2400), st.just("created"), st.none() | DAYS)
STARTED = st.builds(Term, st.just("policy"), st.integers(0, 2400), st.just("created"), DAYS)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-11-23", 36, "2029-11-23"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-10-31", 25, "2028-11-30"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-11-23", 0, "2026-11-23"),
        ("9990-01-01", 2400, "9999-12-31"),
    ],
)
def test_a_term_ends_on_the_same_day_or_the_last_of_its_month(start: str, months: int, end: str) -> None:
    assert Term("policy", months, "created", dt.date.fromisoformat(start)).end == dt.date.fromisoformat(end)


def test_the_longest_minimum_wins_and_says_so() -> None:
    start = dt.date(2026, 8, 1)
    terms = [
        Term("policy", 36, "last_in_production", start),
        Term("AIA-18", 120, "placed_on_market", dt.date(2020, 1, 31)),
        Term("HIPAA-316", 72, "last_effective", start),
    ]
    assert retain_until(terms) == dt.date(2032, 8, 1)
    assert deciding(terms) == terms[2]


def test_without_any_minimum_nothing_may_go() -> None:
    assert retain_until([]) is None
    assert deciding([]) is None


@given(st.lists(TERMS), STARTED)
def test_another_minimum_never_shortens(terms: list[Term], more: Term) -> None:
    before, after = retain_until(terms), retain_until([*terms, more])
    if terms:
        assert before is None or (after is not None and after >= before)
        assert (after is None) == (before is None)


@given(st.lists(TERMS))
def test_a_hold_dominates_every_minimum(terms: list[Term]) -> None:
    assert retain_until(terms, held=True) is None


@given(st.lists(STARTED, min_size=1))
def test_a_record_is_never_free_before_its_clocks_start(terms: list[Term]) -> None:
    until = retain_until(terms)
    assert until is not None
    assert until >= max(t.start for t in terms if t.start)
    assert deciding(terms).end == until  # type: ignore[union-attr]


@given(STARTED, st.lists(TERMS))
def test_a_clock_that_has_not_started_keeps_without_end(term: Term, others: list[Term]) -> None:
    waiting = Term("policy", term.months, "last_use", None)
    terms = [*others, term, waiting]
    assert retain_until(terms) is None
    assert deciding(terms).start is None  # type: ignore[union-attr]


@given(DAYS, st.integers(0, 1200), st.integers(0, 1200))
def test_a_longer_time_never_ends_earlier(day: dt.date, months: int, more: int) -> None:
    assert months_after(day, months + more) >= months_after(day, months)


@given(st.dates(max_value=dt.date(9000, 1, 1)), st.integers(0, 1200))
def test_the_end_lies_in_the_month_that_is_so_many_months_later(day: dt.date, months: int) -> None:
    end = months_after(day, months)
    assert (end.year - day.year) * 12 + end.month - day.month == months
    assert end.day == day.day or (end.day < day.day and (end + dt.timedelta(1)).day == 1)


@pytest.mark.parametrize(
    ("fields", "months"),
    [({"years": 3}, 36), ({"years": 2.5}, 30), ({"months": 25}, 25), ({"months": 0}, 0)],
)
def test_a_minimum_has_years_or_months(fields: dict[str, float], months: int) -> None:
    assert RetentionClass(clock="created", **fields).length == months  # type: ignore[arg-type]


@pytest.mark.parametrize("fields", [{}, {"years": 1, "months": 12}, {"years": 0.3}, {"years": -1}])
def test_a_minimum_without_a_length_in_whole_months_is_refused(fields: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        RetentionClass(clock="created", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(("facts", "asked"), [({"domain": ("credit",)}, 2), ({"domain": ("retail",)}, 1), ({}, 2)])
def test_an_overlay_whose_condition_is_unknown_applies(facts: dict[str, object], asked: int) -> None:
    told = {"control": "ECOA-12", "class": "decision_records", "months": 25, "clock": "decision_notice"}
    overlay = Overlay.model_validate(told | {"when": {"fact": "domain", "any_in": ("credit",)}})
    minimums = Retention(overlays=(overlay,)).minimums("decision_records", facts)
    assert len(minimums) == asked
    assert Retention(overlays=(overlay,)).minimums("card", facts) == minimums[:1]


@pytest.mark.parametrize(
    ("months", "words"), [(1, "1 month"), (12, "1 year"), (25, "25 months"), (36, "3 years"), (0, "0 months")]
)
def test_a_time_is_told_in_years_where_it_is_whole_years(months: int, words: str) -> None:
    assert spell(months) == words


HASH = "71a0b4a5e4914fbf6d56d4093ecd79298de1dfdc749aa99beeaf3f86658b5d9e"


@pytest.mark.parametrize(
    "uri",
    [
        "file:///srv/model.skops",
        "file:model.skops",
        "s3://bucket/model.skops",
        "gs://bucket/model/1.0.0.skops",
        "https://hub.example/models/latest/model.skops",
        "https://hub.example/model/resolve/main/model.skops",
        "https://hub.example/model?ref=master",
        "docker://hub.example/model:latest",
        "https://hub.example/%6Catest/model",
        "https://hub.example/LATEST.tar",
        "git+https://hub.example/model.git@develop",
        "https://[broken",
    ],
)
def test_an_address_that_can_come_to_mean_other_bytes_is_told(uri: str) -> None:
    assert why_mutable(uri)


@pytest.mark.parametrize(
    ("uri", "version"),
    [
        (f"s3://bucket/{HASH}.json", None),
        ("s3://bucket/model.skops?versionId=3sL4", None),
        ("s3://bucket/model.skops", "3sL4"),
        ("gs://bucket/model.skops?generation=17", None),
        ("https://hub.example/model/1.0.0.skops", None),
        ("dvc:data/loans.csv.dvc", None),
        (f"https://hub.example/latest/{HASH}", None),
        ("https://hub.example/mainframe/model.skops", None),
    ],
)
def test_an_address_that_stays_is_left_alone(uri: str, version: str | None) -> None:
    assert why_mutable(uri, version) == ""


def test_credentials_in_an_address_are_not_shown() -> None:
    shown = without_secrets("https://ada:hunter2@hub.example/model?X-Amz-Signature=f00d#token")
    assert shown == "https://hub.example/model?..."


@pytest.mark.parametrize("address", ["file:d/a.bin", "file:///d/a.bin", "dvc:d/a.bin.dvc", "s3://bucket/key"])
def test_an_address_without_secrets_is_shown_as_it_is(address: str) -> None:
    assert without_secrets(address) == address
    assert without_secrets(f"{address}?token=1#part") == f"{address}?..."
