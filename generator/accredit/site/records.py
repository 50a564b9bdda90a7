"""Files beside the pages: feeds and logs, and those that are many, made one after the other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from accredit.domain.events import events, ndjson
from accredit.loading.json_schema import schema_text
from accredit.loading.schema import KINDS
from accredit.site import urls
from accredit.site.api.files import files, schema_files, version_text
from accredit.site.badges import badges
from accredit.site.bodies import program_digest
from accredit.site.cache import Cache
from accredit.site.feed import feed
from accredit.site.llms import llms
from accredit.site.log import log_files
from accredit.site.page import Page
from accredit.site.pages.audit import ROWS
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.models import ModelView
from accredit.site.pages.retention import calendar_of
from accredit.site.pages.version import VersionView
from accredit.site.previews import preview_of
from accredit.site.sheets import sheet_text


def downloads(catalogue: Catalogue, address: str = "", *, directory_urls: bool = True) -> dict[str, str]:
    """What pages may link to: place in the site to content.

    Args:
        catalogue: What is true of the registry.
        address: Where the site stands, ending in `/`; empty where nobody says.
        directory_urls: Link to folders, not to the `index.html` in each.
    """
    known = catalogue.assessment
    found = events(known.registry, known.lifecycles, known.verification, known.as_of)
    told = {
        urls.CALENDAR: calendar_of(catalogue) or "",
        urls.FEED: feed(found[::-1], catalogue, address, directory_urls=directory_urls),
    }
    log = {urls.EVENTS: ndjson(found), **log_files(found[::-1], known.registry, ROWS)}
    formats = {f"{urls.FORMAT_SCHEMAS}{kind}.json": schema_text(kind) for kind in KINDS}
    return {
        **log,
        **formats,
        **dict(schema_files()),
        urls.LLMS: llms(catalogue),
        **{k: v for k, v in told.items() if v},
    }


def records(
    pages: Iterable[Page], catalogue: Catalogue, cache: Cache, *, previews: bool = False
) -> Iterator[tuple[str, bytes]]:
    """The files for other programs: place in the site and content; with pictures of models where they are wanted."""
    yield from files(catalogue)
    for page in pages:
        view = page.data.get("view")
        if isinstance(view, VersionView):
            sheet = sheet_text(view, page.key, cache)
            yield urls.version_data(view.version.key), version_text(catalogue, view.assessed, sheet)
    for place, svg in badges(catalogue):
        yield place, svg.encode()
    for page in pages if previews else ():
        view = page.data.get("view")
        if isinstance(view, ModelView):
            yield urls.preview(view.id), _preview(view, page.key, cache)


def _preview(view: ModelView, key: str, cache: Cache) -> bytes:
    """The picture, unless it is kept from an earlier build."""
    place = hashlib.sha256(f"preview\0{program_digest()}\0{key}".encode()).digest()
    kept = cache.get(place)
    if kept is None:
        kept = preview_of(view.catalogue, view.model)
        cache.put(place, kept)
    return kept
