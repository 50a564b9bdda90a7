"""A page of the site, before it is HTML: where it stands, which template draws it, and with what data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Page:
    """One page. `url` is relative to the site and ends in `/` (the front page is the empty string)."""

    url: str
    title: str
    template: str
    data: Mapping[str, object] = field(default_factory=dict)
    summary: str = ""
    nav: tuple[str, ...] = ()
    key: str = ""
    toc: tuple[tuple[str, str], ...] = ()

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
