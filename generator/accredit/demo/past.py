"""What a file of the finished registry said at an earlier time."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from accredit.demo.keys import public_line
from accredit.domain.paths import parse_path
from accredit.domain.person import Key
from accredit.history.signature import fingerprint
from accredit.signing.person_file import with_key, with_revocation

BEGIN = dt.datetime(2024, 11, 4, 9, tzinfo=dt.UTC)
END = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
_YEAR = dt.timedelta(days=365)
_NOTICE = dt.timedelta(days=60)
"""So long before its last day the end of a role is written down."""
_DATE = re.compile(r"\b([a-z_]+): (\d{4}-\d\d-\d\d)(T\d\d:\d\d:\d\dZ)?")
_DONE = re.compile(r", done: (\d{4}-\d\d-\d\d)")
_AHEAD = frozenset({"due", "expires", "review_by", "next_review"})
"""Dates that lie ahead of who writes them."""


@dataclass(frozen=True, slots=True)
class Revision:
    """Until a day, a file said something else."""

    path: str
    day: dt.date
    before: str
    after: str
    """A regular expression, of which the first match is replaced."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A key that was lost, and since when nobody can trust it."""

    person: str
    day: dt.date
    since: dt.date
    reason: str


STRICTER, LONGER = dt.date(2025, 9, 15), dt.date(2026, 11, 2)
"""When approvals came to hold for less time, and when it was settled what is kept and how often a model reports."""
_RETENTION = "retention:\n  default: {years: 3, clock: last_in_production}\n  mutable_uri: deny\n"
_NO_REPORTS = 'report_every_days: {"1": null, "2": null, "3": null, "4": null}'
REVISIONS = (
    # The finished registry came in one piece and allows for it; here everything lands in its time.
    Revision("policy.yaml", dt.date.max, "max_clock_skew_hours: 24}", r"max_clock_skew_hours: 20000\}.*"),
    Revision("policy.yaml", LONGER, 'version: "2.1"', 'version: "2.2"'),
    Revision("policy.yaml", LONGER, f"effective: {STRICTER}", f"effective: {LONGER}"),
    Revision("policy.yaml", LONGER, _RETENTION, r"(?ms)^retention:\n.*?^(?=\w)"),
    Revision("policy.yaml", LONGER, _NO_REPORTS, r"report_every_days: \{.*\}"),
    Revision("policy.yaml", STRICTER, 'version: "2.0"', 'version: "2.1"'),
    Revision("policy.yaml", STRICTER, "effective: 2024-11-01", f"effective: {STRICTER}"),
    Revision("policy.yaml", STRICTER, "approval_valid_months: 12", "approval_valid_months: 6"),
    Revision(
        "models/credit-risk-predictor/model.yaml", dt.date(2025, 9, 1), "owner: erik-halvorsen", "owner: mara-lindqvist"
    ),
    Revision(
        "models/mortgage-approval/model.yaml", dt.date(2025, 9, 1), "owner: erik-halvorsen", "owner: mara-lindqvist"
    ),
)
LOST = Loss("samuel-okoro", dt.date(2026, 4, 13), dt.date(2026, 4, 10), "Laptop stolen on a train")


def key_number(person: str, at: dt.datetime) -> int:
    """With which of their keys somebody signs."""
    return 2 if person == LOST.person and at.date() >= LOST.day else 1


def as_of(path: str, content: bytes, at: dt.datetime) -> bytes | None:
    """A file as it was; None for somebody who was not there yet."""
    known, text = parse_path(path), content.decode()
    for revision in REVISIONS:
        if revision.path == path and at.date() < revision.day:
            text = re.sub(revision.after, revision.before, text, count=1)
    match known.kind if known else "":
        case "person":
            text = _person(path, text, at.date())
        case "model" | "dataset":
            text = _DATE.sub(lambda found: _years_before(found, at.date()), text)
        case "waiver":
            text = re.sub(r"checked: (\S+)", lambda found: _checked(found, text, at.date()), text)
        case "deployment" | "incident":
            text = _DONE.sub(lambda found: "" if dt.date.fromisoformat(found[1]) > at.date() else found[0], text)
            text = "".join(field for field in re.split(r"(?m)^(?=[a-z])", text) if not _is_ahead(field, at))
            text = text if "closed_at:" in text else text.partition("root_cause:")[0]
    return text.encode() or None


def turns(path: str, content: bytes) -> Iterator[dt.datetime]:
    """When a file may have changed: at every time that it names, and on the days of what is told besides."""
    for found in _DATE.finditer(content.decode()):
        yield _instant(found)
        if path.startswith(("models/", "datasets/")):
            yield from (_instant(found) - years * _YEAR for years in (1, 2))
        if found[1] in ("to", "active_to"):
            yield _instant(found) - _NOTICE
    days = [revision.day for revision in REVISIONS if revision.path == path and revision.day <= END.date()]
    days += [LOST.day] if path == f"people/{LOST.person}.yaml" else []
    yield from (dt.datetime.combine(day, dt.time(8), dt.UTC) for day in days)


def latest(content: bytes) -> dt.datetime:
    """The last time in a file that had come when the story ends; the end itself if it names none."""
    found = (_instant(date) for date in _DATE.finditer(content.decode()) if date[1] not in _AHEAD)
    return max((at for at in found if BEGIN <= at <= END), default=END)


def _instant(found: re.Match[str]) -> dt.datetime:
    return dt.datetime.fromisoformat(found[2] + (found[3] or "T08:00:00Z"))


def _person(path: str, text: str, day: dt.date) -> str:
    """Nothing before the first day; roles only once they begin, and ends only once they are near."""
    dates = {found[1]: dt.date.fromisoformat(found[2]) for found in _DATE.finditer(text)}
    if dates["active_from"] > day:
        return ""
    lines = [line for line in text.splitlines(keepends=True) if not _begins_after(line, day)]
    lines = [line for line in lines if not (line.startswith("active_to") and _is_far(line, day))]
    lines = [re.sub(r", to: [\d-]+", "", line) if _is_far(line, day) else line for line in lines]
    text = "".join(lines).replace("roles:\nactive_from", "active_from")
    if path != f"people/{LOST.person}.yaml" or day < LOST.day:
        return text
    first = fingerprint(Key(type="ssh", public=public_line(LOST.person)))
    return with_revocation(path, with_key(path, text, public_line(LOST.person, 2)), first, LOST.reason, LOST.since)


def _begins_after(line: str, day: dt.date) -> bool:
    begin = re.search(r"\{role: .*from: (\S+?)[,}]", line)
    return begin is not None and dt.date.fromisoformat(begin[1]) > day


def _is_far(line: str, day: dt.date) -> bool:
    end = re.search(r"\b(?:active_)?to: (\d{4}-\d\d-\d\d)", line)
    return end is not None and dt.date.fromisoformat(end[1]) - _NOTICE > day


def _is_ahead(field: str, at: dt.datetime) -> bool:
    """Whether a field, with all that belongs to it, tells of what was to come."""
    dates = (found for found in _DATE.finditer(field) if found[1] not in _AHEAD)
    return any(_instant(found) > at for found in dates)


def _years_before(found: re.Match[str], day: dt.date) -> str:
    """What is confirmed every year was confirmed a year before, and a year before that."""
    date = dt.date.fromisoformat(found[2])
    while date > day and found[1] not in _AHEAD:
        date -= _YEAR
    return f"{found[1]}: {date}{found[3] or ''}" if str(date) != found[2] else found[0]


def _checked(found: re.Match[str], text: str, day: dt.date) -> str:
    granted = re.search(r"granted: (\S+)", text)
    return f"checked: {granted[1]}" if granted and dt.date.fromisoformat(found[1]) > day else found[0]
