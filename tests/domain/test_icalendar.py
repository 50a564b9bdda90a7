from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from accredit.domain.dues import Due
from accredit.domain.icalendar import calendar

AS_OF = dt.date(2026, 11, 23)
REGISTRY = "5f0c1d5e-2b7a-4f0e-9a51-3d1c8b6e7f20"
ONE = Due(dt.date(2026, 12, 31), "waiver", "m@1", "the waiver ends after 2026-12-31", "waivers/a.yaml", "Renew it.")
TEXTS = st.text(max_size=200)


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def values(text: str, name: str) -> list[str]:
    return [line.partition(":")[2] for line in unfolded(text) if line.partition(":")[0].partition(";")[0] == name]


def test_a_due_date_is_a_day_of_its_own() -> None:
    text = calendar([ONE], "Due", REGISTRY, AS_OF)
    assert values(text, "DTSTART") == ["20261231"]
    assert values(text, "DTEND") == ["20270101"]
    assert values(text, "DTSTAMP") == ["20261123T000000Z"]
    assert values(text, "SUMMARY") == ["the waiver ends after 2026-12-31"]


def test_the_id_stays_when_a_term_is_prolonged() -> None:
    later = Due(
        dt.date(2027, 1, 31), "waiver", "m@1", "the waiver ends after 2027-01-31", "waivers/a.yaml", "Renew it."
    )
    ids = [values(calendar([due], "Due", REGISTRY, AS_OF), "UID") for due in (ONE, later)]
    assert ids[0] == ids[1]


def test_the_last_day_of_the_calendar_is_no_error() -> None:
    due = Due(dt.date.max, "retention", "m@1", "kept until 9999-12-31", "version.yaml")
    assert values(calendar([due], "Due", REGISTRY, AS_OF), "DTSTART") == ["99991231"]


@given(st.lists(st.builds(Due, st.dates(), st.just("condition"), TEXTS, TEXTS, TEXTS, TEXTS), max_size=5), TEXTS)
def test_any_text_keeps_lines_short_and_inside_their_event(dues: list[Due], name: str) -> None:
    text = calendar(dues, name, REGISTRY, AS_OF)
    assert text == calendar(reversed(dues), name, REGISTRY, AS_OF)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    lines = unfolded(text)
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == len(set(dues))
    assert len(set(values(text, "UID"))) == len(set(dues))


def test_what_has_a_meaning_in_the_format_is_escaped() -> None:
    due = Due(AS_OF, "condition", "m@1", "a,b;c\\d\r\nEND:VEVENT", "x")
    assert values(calendar([due], "Due", REGISTRY, AS_OF), "SUMMARY") == ["a\\,b\\;c\\\\d\\nEND:VEVENT"]
