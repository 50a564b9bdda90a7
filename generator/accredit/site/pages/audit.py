"""The audit log: every event, newest first, on as many pages as it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from accredit.domain.events import Event, events
from accredit.site import urls
from accredit.site.page import Page
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.keys import Keys, digest_of

ROWS = 250
"""Events on a page: a browser filters them without delay."""


@dataclass(frozen=True)
class Choices:
    """What the log can be filtered by."""

    kinds: Sequence[str]
    models: Sequence[str]
    actors: Sequence[str]

    @classmethod
    def of(cls, found: Sequence[Event]) -> Choices:
        """All that occur in the log, in order."""
        return cls(
            sorted({e.kind for e in found}),
            sorted({e.model for e in found if e.model}),
            sorted({e.actor for e in found if e.actor}),
        )


@dataclass(frozen=True)
class LogView:
    """One page of the log."""

    events: Sequence[Event]
    choices: Choices
    number: int
    pages: int
    total: int

    @property
    def first(self) -> int:
        """Number of its first event, counted from the newest."""
        return (self.number - 1) * ROWS + 1

    @property
    def shown(self) -> list[int]:
        """Pages to link to: the first, the last, and those near."""
        near = {1, self.pages, *range(self.number - 3, self.number + 4)}
        return sorted(n for n in near if 1 <= n <= self.pages)

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """Kinds of event in the log."""
        return [(k, k) for k in self.choices.kinds]


def chip_of(event: Event) -> str:
    """The chip of a sign-off's assurance."""
    if event.counts is None:
        return event.assurance
    if event.landed is None:
        return "unlanded"
    return f"proved-{event.assurance}" if event.counts else "void"


def pages(catalogue: Catalogue, keys: Keys) -> Iterator[Page]:
    """The pages of the log; there is one even if nothing happened."""
    known = catalogue.assessment
    found = events(known.registry, known.lifecycles, known.verification, known.as_of)[::-1]
    yield from log_pages(found, catalogue, digest_of([keys.everything, [r.day for r in catalogue.replays]]))


def log_pages(found: Sequence[Event], catalogue: Catalogue, key: str) -> Iterator[Page]:
    """The pages of these events, the newest first."""
    parts = [found[i : i + ROWS] for i in range(0, len(found), ROWS)] or [()]
    choices = Choices.of(found)
    for number, part in enumerate(parts, start=1):
        view = LogView(part, choices, number, len(parts), len(found))
        yield Page(
            url=urls.audit_url(number),
            title="Audit log" if number == 1 else f"Audit log, page {number}",
            template="audit.html",
            data={"catalogue": catalogue, "view": view, "months": catalogue.replays[::-1]},
            summary=f"{len(found)} events: who did what, when, and how sure that is.",
            nav=("People and sign-off", "Audit log") if number == 1 else (),
            key=key,
        )
