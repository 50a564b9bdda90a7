"""The retention schedule: what is kept since when, until when and why, and what falls due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from accredit.assess import VersionAssessment
from accredit.domain.calendar import months_after
from accredit.domain.dues import Agenda
from accredit.domain.icalendar import calendar
from accredit.domain.schedule import Kept
from accredit.site import urls
from accredit.site.page import Page
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.keys import Keys

MOST = 2_000
"""Lines of the table; the command tells the rest."""
AHEAD_MONTHS = 12
"""How far ahead the list of what falls due reaches. The calendar holds everything."""


@dataclass(frozen=True)
class Line:
    """The records of one class of one version that are kept for the same time, for the same reason."""

    version: VersionAssessment
    every: tuple[Kept, ...]
    as_of: date

    @property
    def first(self) -> Kept:
        """One of them; what is asked of it holds of all."""
        return self.every[0]

    @property
    def record(self) -> str:
        """Their class."""
        return self.first.pointer.record

    @property
    def since(self) -> date | None:
        """The day of the oldest."""
        return min((k.since for k in self.every if k.since is not None), default=None)

    @property
    def is_in_git(self) -> bool:
        """Whether the registry holds them itself."""
        return all(k.pointer.in_git for k in self.every)

    @cached_property
    def looked(self) -> tuple[int, date | None]:
        """How many of them somebody looked at, and when first, counting the latest look at each."""
        days = [k.look.at.date() for k in self.every if k.look is not None]
        return len(days), min(days, default=None)

    @property
    def state(self) -> str:
        """How they stand: the name of a chip."""
        kept = self.first
        if any(k.look is not None and k.look.found.result != "ok" and not k.pointer.tombstone for k in self.every):
            return "lost"
        if kept.pointer.tombstone is not None:
            return "erased"
        if kept.holds:
            return "held"
        if any(k.longest is not None and k.longest < self.as_of for k in self.every):
            return "too-long"
        return "may-go" if kept.until is not None and kept.until < self.as_of else "kept"


def pages(catalogue: Catalogue, keys: Keys) -> Iterator[Page]:
    """The page of the retention schedule, for a registry with a policy."""
    agenda = catalogue.agenda
    if agenda is None:
        return
    used = sorted((v for v in catalogue.versions() if _was_used(v)), key=lambda v: v.stage != "production")
    lines = [line for version in used for line in lines_of(version, agenda)]
    until = months_after(catalogue.as_of, AHEAD_MONTHS)
    yield Page(
        url=urls.RETENTION,
        title="Retention schedule",
        template="retention.html",
        data={
            "catalogue": catalogue,
            "lines": lines[:MOST],
            "more": max(0, len(lines) - MOST),
            "unused": sum(1 for _ in catalogue.versions()) - len(used),
            "dues": [d for d in catalogue.dues if d.day <= until],
            "until": until,
            "retention": agenda.policy.retention,
        },
        summary="What is kept since when, until when and why; legal holds; and when stored objects were looked at.",
        nav=("Compliance", "Retention"),
        key=keys.everything,
        toc=(("due", "What falls due"), ("records", "Records"), ("minimums", "Minimums")),
    )


def calendar_of(catalogue: Catalogue) -> str | None:
    """Everything that falls due as a calendar; None for a registry without a policy or without an identity."""
    identity = catalogue.registry.identity
    if catalogue.agenda is None or identity is None:
        return None
    return calendar(catalogue.dues, f"{identity.name}: due dates", identity.id, catalogue.as_of)


def _was_used(version: VersionAssessment) -> bool:
    """Whether a version was in production: until then no clock starts, and everything is kept."""
    return version.stage in ("production", "archived") or bool(version.version.deployments)


def lines_of(version: VersionAssessment, agenda: Agenda) -> Iterator[Line]:
    """The records of a version, those together that are kept for the same time for the same reason."""
    grouped: dict[tuple[object, ...], list[Kept]] = {}
    for kept in agenda.schedule(version.version):
        key = (kept.pointer.record, kept.until, kept.why, kept.longest, kept.pointer.tombstone is None)
        grouped.setdefault(key, []).append(kept)
    for every in grouped.values():
        yield Line(version, tuple(every), agenda.as_of)
