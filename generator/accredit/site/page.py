"""A page of the site, before it is HTML: where it stands, which template draws it, and with what data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Page:
    """One page of the site.

    Text is plain text here; whoever makes HTML of it escapes it.

    Attributes:
        url: Relative to the site, not quoted, ending in `/`; the front page is the empty string.
        title: Shown in the browser's title bar, in search and, unless `nav` says otherwise, in the navigation.
        template: Name of the Jinja template below `site/templates`.
        data: What the template needs.
        summary: One line for search engines and the site's own search, 250 bytes at most.
        nav: Titles from the top of the navigation down to this page's own; empty for a page that is not in it.
            A page whose `nav` begins the `nav` of others is the index page of their section.
        key: Digest of everything that the body depends on beside templates and tool; empty for a page not to be kept.
        toc: Anchor and heading of each section, in the order of the page.
        searched: Whether the site's own search knows it.
        diagrams: Lineage diagrams on the page, each by the nodes in its focus. Said ahead, they are drawn meanwhile.
    """

    url: str
    title: str
    template: str
    data: Mapping[str, object] = field(default_factory=dict)
    summary: str = ""
    nav: tuple[str, ...] = ()
    key: str = ""
    toc: tuple[tuple[str, str], ...] = ()
    diagrams: tuple[tuple[str, ...], ...] = ()
    searched: bool = True

    @property
    def file(self) -> str:
        """The file that a web server sends for the url."""
        return f"{self.url}index.html"

    @property
    def depth(self) -> int:
        """How many folders lie between the page and the root of the site."""
        return self.url.count("/")

    @property
    def root(self) -> str:
        """The relative link from the page to the root of the site, ending in `/`, or `./`."""
        return "../" * self.depth or "./"
