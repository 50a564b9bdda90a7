"""The bodies of all pages, each made when it is asked for: from the cache, or drawn."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from accredit.site.cache import Cache
from accredit.site.diagrams import Diagrams
from accredit.site.page import Page
from accredit.site.render import Renderer

_PACKAGE = Path(__file__).parents[1]


class Bodies:
    """Bodies in the order of the pages. Diagrams for those that are not kept are being drawn from the start."""

    def __init__(
        self,
        pages: Sequence[Page],
        renderer: Renderer,
        diagrams: Diagrams,
        cache: Cache | None = None,
        circumstances: str = "",
    ) -> None:
        self._renderer = renderer
        self._diagrams = diagrams
        self._cache = cache
        self._circumstances = f"{program_digest()}\0{circumstances}"
        self._keys = {page.url: self._key(page) for page in pages if page.key and cache is not None}
        kept = cache.keys() if cache is not None else frozenset()
        drawn = [page for page in pages if self._keys.get(page.url) not in kept]
        diagrams.prepare(focus for page in drawn for focus in page.diagrams)

    def body(self, page: Page) -> str:
        """The finished body of a page."""
        key = self._keys.get(page.url)
        if self._cache is None or key is None:
            return self._drawn(page)
        if (kept := self._cache.get(key)) is not None:
            return kept.decode()
        body = self._drawn(page)
        self._cache.put(key, body.encode())
        return body

    def _drawn(self, page: Page) -> str:
        return self._diagrams.fill(self._renderer.body(page))

    def _key(self, page: Page) -> bytes:
        """Changes with whatever the body depends on."""
        parts = [self._circumstances, page.url, page.title, page.template, page.summary, page.key, repr(page.toc)]
        parts += [self._diagrams.digest(focus) for focus in page.diagrams]
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()


@lru_cache(maxsize=1)
def program_digest() -> str:
    """Digest of everything in this package that can shape a page: its code, templates and catalogues."""
    digest = hashlib.sha256()
    for path in sorted(p for p in _PACKAGE.rglob("*") if p.suffix in {".py", ".html", ".svg", ".yaml"}):
        digest.update(f"{path.relative_to(_PACKAGE).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
