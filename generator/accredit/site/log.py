"""The whole audit log in parts that a browser fetches as it needs them: so filters reach beyond the page at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from accredit.domain.event import Event
from accredit.domain.registry import Registry
from accredit.site import urls

PART = 5_000
"""Events in a part: what a browser reads in a moment."""


def log_files(newest_first: Sequence[Event], registry: Registry, rows: int) -> dict[str, str]:
    """Place in the site to content: the index, and the parts, the newest first; none for a log of one page.

    Args:
        newest_first: Every event.
        registry: Where people and models have names.
        rows: Events on a page of the log.
    """
    if len(newest_first) <= rows:
        return {}
    parts = [newest_first[i : i + PART] for i in range(0, len(newest_first), PART)]
    files = {urls.log_part(n): _text([_row(event) for event in part]) for n, part in enumerate(parts, 1)}
    people, models = registry.people, registry.models
    index = {
        "parts": [_part(urls.log_part(n), part) for n, part in enumerate(parts, 1)],
        "people": {e.actor: people[e.actor].name for e in newest_first if e.actor in people},
        "models": {e.model: models[e.model].record.name for e in newest_first if e.model in models},
        "total": len(newest_first),
    }
    return {urls.LOG_INDEX: _text(index), **files}


def _part(file: str, part: Sequence[Event]) -> Mapping[str, object]:
    """What a part holds, so that one without a match is not fetched."""
    days = [day for event in part if (day := _day(event))]
    return {
        "file": file.removeprefix(urls.AUDIT),
        "count": len(part),
        "first": min(days, default=""),
        "last": max(days, default=""),
        "kinds": sorted({e.kind for e in part}),
        "models": sorted({e.model for e in part}),
        "people": sorted({e.actor for e in part}),
    }


def _row(event: Event) -> list[object]:
    landed = event.landed
    time = f"{event.time:%Y-%m-%d %H:%M}" if event.time else ""
    judged = {True: "", False: ", does not count", None: ", not verified"}[event.counts] if event.assurance else ""
    what = [*_words(event)]
    place = [landed.position, landed.commit[:12]] if landed else None
    return [_day(event), time, place, event.actor, event.kind, what, event.subject, f"{event.assurance}{judged}"]


def _words(event: Event) -> Iterator[str]:
    yield event.action
    if event.detail:
        yield event.detail


def _day(event: Event) -> str:
    """The day to filter by: that of the landing, else the claimed one."""
    known = event.landed is not None and event.landed.time is not None
    return event.at.date().isoformat() if known or event.time else ""


def _text(content: object) -> str:
    return json.dumps(content, ensure_ascii=True, separators=(",", ":")) + "\n"
