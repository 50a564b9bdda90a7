"""Due dates as a calendar that programs subscribe to (RFC 5545): days without a time, the same bytes every time."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from accredit.domain.dues import Due

_LINE = 75
"""Octets of a line, its end left out (RFC 5545 section 3.1)."""
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def calendar(dues: Iterable[Due], name: str, registry: str, as_of: date) -> str:
    """The calendar.

    Args:
        dues: What falls due; those on one day for one subject stay events of their own.
        name: What calendar programs call it.
        registry: The registry's id, which makes the events' ids unique in the world.
        as_of: The day on which this is known, which every event is stamped with.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//accredit//due dates//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        *(line for due, uid in _identified(dues, registry) for line in _event(due, uid, as_of)),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _identified(dues: Iterable[Due], registry: str) -> Iterator[tuple[Due, str]]:
    """Each due with an id of its own, the same for as long as it is about the same.

    But for retention the id leaves the day out: a term that is prolonged moves, and does not appear twice.
    """
    seen: Counter[str] = Counter()
    for due in sorted(set(dues)):
        told = due.message if due.kind == "retention" else due.message.replace(due.day.isoformat(), "")
        identity = f"{registry}\n{due.kind}\n{due.subject}\n{due.path}\n{told}"
        seen[identity] += 1
        yield due, f"{hashlib.sha256(f'{identity}{seen[identity]}'.encode()).hexdigest()[:32]}@{_text(registry)}"


def _event(due: Due, uid: str, as_of: date) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{uid}"
    yield f"DTSTAMP:{_day(as_of)}T000000Z"
    yield f"DTSTART;VALUE=DATE:{_day(due.day)}"
    if due.day < date.max:
        yield f"DTEND;VALUE=DATE:{_day(due.day + timedelta(1))}"
    yield f"SUMMARY:{_text(due.message)}"
    yield f"DESCRIPTION:{_text('. '.join(p.rstrip('.') for p in (due.remedy, due.detail, due.path) if p))}"
    yield f"CATEGORIES:{due.kind.upper()}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def _text(text: str) -> str:
    """A value of type TEXT: special characters escaped, other control characters left out."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in plain if c == "\n" or c.isprintable()).translate(_ESCAPES)


def _folded(line: str) -> Iterator[str]:
    """A line in parts of at most 75 octets; a part after the first begins with a space. No character is cut."""
    part, size = "", 0
    for char in line:
        octets = len(char.encode())
        if size + octets > _LINE:
            yield part
            part, size = " ", 1
        part, size = part + char, size + octets
    yield part
