"""What is compared of each version, as a small script each: the page that compares any two loads those it needs.

A page that is opened from a disk may load scripts, and may read no other file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator

from pydantic import TypeAdapter

from accredit.comparison.sheet import Sheet
from accredit.site import urls
from accredit.site.bodies import program_digest
from accredit.site.cache import Cache
from accredit.site.page import Page
from accredit.site.pages.comparing import published_sheet
from accredit.site.pages.version import VersionView

_SHEETS = TypeAdapter(Sheet)


def sheet_files(pages: Iterable[Page], cache: Cache) -> Iterator[tuple[str, str]]:
    """Place in the site and content of each version's file; what is kept from an earlier build is not made again."""
    for page in pages:
        view = page.data.get("view")
        if isinstance(view, VersionView):
            yield (
                urls.sheet_script(view.version.key),
                f"(window.acSheets ??= []).push({sheet_text(view, page.key, cache)});\n",
            )


def sheet_text(view: VersionView, key: str, cache: Cache) -> str:
    """The sheet as one line of ASCII. It names nothing by a text of the registry, so a script may hold it as it is."""
    place = hashlib.sha256(f"sheet\0{program_digest()}\0{key}".encode()).digest()
    kept = cache.get(place)
    if kept is not None:
        return kept.decode()
    sheet = _SHEETS.dump_python(published_sheet(view.catalogue, view.assessed))
    text = json.dumps(sheet, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    cache.put(place, text.encode())
    return text
