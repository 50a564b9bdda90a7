"""A page for each month end: what was in production then, and whether it was allowed."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.site import urls
from accredit.site.page import Page
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.keys import Keys, digest_of


def pages(catalogue: Catalogue, keys: Keys) -> Iterator[Page]:
    """The pages, the last month first; none where no history was asked."""
    replays = catalogue.replays
    for number, replay in reversed([*enumerate(replays)]):
        earlier = replays[number - 1].day if number else None
        later = replays[number + 1].day if number + 1 < len(replays) else None
        names = [(v.subject, v.subject in catalogue.assessment.lifecycles) for v in replay.versions]
        yield Page(
            url=urls.as_of_url(replay.day),
            title=f"In production on {replay.day}",
            template="as_of.html",
            data={"catalogue": catalogue, "replay": replay, "earlier": earlier, "later": later},
            summary=f"What was in production at the end of {replay.day}, by whom, and whether it was allowed.",
            key=digest_of([keys.shared, replay, earlier, later, names]),
        )
