"""The entries in many files, by the shortest way: from the cache, in this process, or spread over several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from accredit.domain.paths import EntryPath
from accredit.domain.value import Value
from accredit.findings import Finding
from accredit.loading.cache import EntryCache
from accredit.loading.schema import Source, from_json, read_entry, to_json
from accredit.loading.workers import Workers

WORTH_SPREADING = 1_000
"""Files to parse from which starting other processes pays."""

Entry = tuple[Value | None, list[Finding]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file to read as an entry."""

    path: EntryPath
    content: bytes
    sha256: str


class Reader:
    """Reads portions of files. Other processes and the cache are its own business."""

    def __init__(self, cache: EntryCache | None) -> None:
        self._cache = cache
        self._workers = Workers()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._workers.stop()

    def read(self, wanted: Sequence[Wanted]) -> list[Entry]:
        """The entry in each file, or None and the findings that say why there is none."""
        known = self._known(wanted)
        left = [w for w, entry in zip(wanted, known, strict=True) if entry is None]
        parsed = iter(self._parsed(left))
        return [(entry, []) if entry is not None else next(parsed) for entry in known]

    def _known(self, wanted: Sequence[Wanted]) -> list[Value | None]:
        if self._cache is None:
            return [None] * len(wanted)
        keys = [self._cache.key(w.path.kind, w.sha256) for w in wanted]
        found = self._cache.get(keys)
        return [from_json(w.path.kind, found[k]) if k in found else None for w, k in zip(wanted, keys, strict=True)]

    def _parsed(self, wanted: Sequence[Wanted]) -> list[Entry]:
        if len(wanted) >= WORTH_SPREADING:
            return self._spread(wanted)
        read = [read_entry(w.path.kind, w.path.path, w.content) for w in wanted]
        if self._cache is not None:
            sound = zip(wanted, read, strict=True)
            self._keep([(w, to_json(value)) for w, (value, _) in sound if value is not None])
        return read

    def _spread(self, wanted: Sequence[Wanted]) -> list[Entry]:
        sources = [Source(w.path.kind, w.path.path, w.content) for w in wanted]
        read = self._workers.read(sources)
        self._keep([(w, text) for w, (text, _) in zip(wanted, read, strict=True) if text is not None])
        return [
            (None if text is None else from_json(w.path.kind, text), findings)
            for w, (text, findings) in zip(wanted, read, strict=True)
        ]

    def _keep(self, entries: Sequence[tuple[Wanted, bytes]]) -> None:
        if self._cache is not None:
            self._cache.put({self._cache.key(w.path.kind, w.sha256): text for w, text in entries})
