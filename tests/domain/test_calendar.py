from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accredit.domain.calendar import is_after, is_older

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "as_of", "older"),
    [
        ("2025-11-23", "2026-11-23", False),
        ("2025-11-22", "2026-11-23", True),
        ("2025-02-28", "2026-02-28", False),
        ("2024-02-29", "2025-02-28", False),
        ("2024-02-29", "2025-03-01", True),
        ("0001-01-01", "9999-12-31", True),
    ],
)
def test_twelve_months_end_on_the_same_day_or_the_last_of_the_month(day: str, as_of: str, *, older: bool) -> None:
    assert is_older(dt.date.fromisoformat(day), 12, dt.date.fromisoformat(as_of)) is older


@given(st.dates(), st.integers(0, 10**18), st.dates())
def test_a_greater_limit_never_makes_a_day_too_old(day: dt.date, months: int, as_of: dt.date) -> None:
    assert is_older(day, months, as_of) or not is_older(day, months + 1, as_of)


@pytest.mark.parametrize(
    ("moment", "after"),
    [
        ("2026-11-23T23:59:59Z", False),
        ("2026-11-24T00:00:00Z", True),
        ("2026-11-24T01:00:00+14:00", False),
        ("2026-11-23T23:00:00-10:00", False),
        ("9999-12-31T23:59:59-12:00", True),
        ("0001-01-01T00:00:00+14:00", False),
    ],
)
def test_a_moment_is_in_the_future_only_if_it_is_so_in_utc(moment: str, *, after: bool) -> None:
    assert is_after(dt.datetime.fromisoformat(moment), TODAY) is after
