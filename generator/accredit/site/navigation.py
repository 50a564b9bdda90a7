"""The navigation as a tree, kept small: it is drawn into every page, so a long one costs its length squared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from accredit.site.page import Page

MOST_IN_SECTION = 30
"""Of a section with more pages in the folder of its index page, only that one is shown: it lists them better."""


@dataclass
class Entry:
    """A place in the navigation: a page, a section, or a section with an index page."""

    title: str
    page: Page | None = None
    children: list[Entry] = field(default_factory=list)


def navigation(pages: Iterable[Page]) -> tuple[Entry, ...]:
    """The entries at the top, in the order in which the pages first name them."""
    root = Entry("")
    for page in pages:
        if page.nav:
            _place(root, page)
    _thin_out(root)
    return tuple(root.children)


def _place(root: Entry, page: Page) -> None:
    section = root
    for title in page.nav[:-1]:
        section = _child(section, title)
    title = page.nav[-1]
    known = next((e for e in section.children if e.title == title and e.page is None), None)
    if known is not None:
        known.page = page
    else:
        section.children.append(Entry(title, page))


def _child(section: Entry, title: str) -> Entry:
    for entry in section.children:
        if entry.title == title:
            return entry
    section.children.append(Entry(title))
    return section.children[-1]


def _thin_out(section: Entry) -> None:
    for entry in section.children:
        _thin_out(entry)
        below = [child for child in entry.children if _is_below(child, entry)]
        if len(below) > MOST_IN_SECTION:
            entry.children = [child for child in entry.children if child not in below]


def _is_below(child: Entry, section: Entry) -> bool:
    """Whether the index page of a section lists an entry: its page lies in the folder of the index."""
    return section.page is not None and child.page is not None and child.page.url.startswith(section.page.url)


def listed(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Every entry that is a page, from top to bottom."""
    for entry in entries:
        if entry.page is not None:
            yield entry
        yield from listed(entry.children)


def nearest(url: str, places: Mapping[str, object]) -> str | None:
    """The url of the closest page above a page among those in the navigation, other than the front page."""
    parts = url.rstrip("/").split("/")
    for length in range(len(parts) - 1, 0, -1):
        above = "/".join(parts[:length]) + "/"
        if above in places:
            return above
    return None


def folders_of(urls: Iterable[str]) -> frozenset[str]:
    """Every folder in which one of the pages lies, at any depth, but the root."""
    return frozenset(url[: i + 1] for url in urls for i, char in enumerate(url) if char == "/")


def closest_folder(url: str, folders: frozenset[str]) -> str:
    """The deepest of the folders in which a page lies; the root if it lies in none. Links to them all depend on it."""
    slashes = (i for i in range(len(url) - 1, -1, -1) if url[i] == "/")
    return next((url[: i + 1] for i in slashes if url[: i + 1] in folders), "")


def sections(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Every entry that has entries below it."""
    for entry in entries:
        if entry.children:
            yield entry
            yield from sections(entry.children)


def titles_in(nav: object) -> Mapping[str, str]:
    """The titles that a `nav` in `mkdocs.yml` gives to files."""
    if isinstance(nav, list):
        return {uri: title for item in nav for uri, title in titles_in(item).items()}
    found: dict[str, str] = {}
    for title, value in nav.items() if isinstance(nav, dict) else ():
        found.update({value: title} if isinstance(value, str) else titles_in(value))
    return found
