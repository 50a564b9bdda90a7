"""The bodies of all pages, each made when it is asked for: from the cache, or drawn."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache

from accredit.loading.cache import code_digest
from accredit.site.cache import Cache
from accredit.site.diagrams import Diagrams
from accredit.site.forks import Forks
from accredit.site.page import Page
from accredit.site.render import TEMPLATES, Renderer


class Bodies:
    """Bodies, best asked for in the order of the pages: those that are not kept are being drawn from the start."""

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
        drawn = {page.url: i for i, page in enumerate(pages) if self._keys.get(page.url) not in kept}
        self._numbers = drawn
        if drawn:
            renderer.warm_up()
        self._forks = Forks(lambda number: renderer.body(pages[number]), list(drawn.values()))
        diagrams.prepare(focus for number in drawn.values() for focus in pages[number].diagrams)

    def body(self, page: Page) -> str:
        """The finished body of a page."""
        key = self._keys.get(page.url)
        if self._cache is None or key is None:
            return self._drawn(page)
        if page.url not in self._numbers and (kept := self._cache.get(key)) is not None:
            return kept.decode()
        body = self._drawn(page)
        self._cache.put(key, body.encode())
        return body

    def close(self) -> None:
        """Stops the drawing ahead."""
        self._forks.close()
        self._diagrams.close()

    def _drawn(self, page: Page) -> str:
        number = self._numbers.get(page.url)
        body = self._forks.get(number) if number is not None else None
        return self._renderer.filled(page, self._renderer.body(page) if body is None else body)

    def _key(self, page: Page) -> bytes:
        """Changes with whatever the body depends on."""
        parts = [self._circumstances, page.url, page.title, page.template, page.summary, page.key, repr(page.toc)]
        parts += [self._diagrams.digest(focus) for focus in page.diagrams]
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()


@lru_cache(maxsize=1)
def program_digest() -> str:
    """Digest of everything that can shape a page beside the registry: code, catalogues and templates."""
    digest = hashlib.sha256(code_digest().encode())
    for path in sorted(p for p in TEMPLATES.rglob("*") if p.is_file()):
        digest.update(f"\0{path.relative_to(TEMPLATES).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
