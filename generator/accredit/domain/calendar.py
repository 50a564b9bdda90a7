"""Ages in months, as policies count them, and days that have not come yet."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta


def is_older(day: date, months: int, as_of: date) -> bool:
    """Whether more than so many months lie between a day and the day of the assessment.

    A month ends on the same day of the next month, or on its last day where it is shorter.
    """
    between = (as_of.year - day.year) * 12 + as_of.month - day.month
    last = calendar.monthrange(as_of.year, as_of.month)[1]
    return between > months or (between == months and as_of.day > min(day.day, last))


def is_after(when: date | datetime, as_of: date) -> bool:
    """Whether a day, or the UTC day of a moment, lies after the day of the assessment."""
    if isinstance(when, datetime):
        return when.date() > as_of and when > datetime.combine(as_of, time.max, UTC)
    return when > as_of


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a month that is shorter; never beyond the year 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def days_after(day: date, days: int) -> date:
    """The day so many days later; never beyond the year 9999."""
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


def moment_after(moment: datetime, hours: int) -> datetime:
    """The moment so many hours later (UTC); the last one that there is where it would lie beyond."""
    try:
        return moment.astimezone(UTC) + timedelta(hours=hours)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
