"""Entries that were read before, by the digest of their bytes, in the user's cache folder.

A key says everything that an entry depends on, so a cache can save time and can never change a result. Whatever goes
wrong with it means reading the file again.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from functools import lru_cache
from pathlib import Path

import pydantic

from accredit.loading.yaml import yaml_version

MAX_BYTES = 512 << 20
"""A larger cache starts anew."""
_BATCH = 500
_CHECK = 16
_ENVIRONMENT = "ACCREDIT_CACHE_DIR"


def cache_folder(environment: Mapping[str, str], home: Path) -> Path:
    """The folder for caches: ACCREDIT_CACHE_DIR, else what the platform prescribes (XDG on Linux)."""
    if chosen := environment.get(_ENVIRONMENT):
        return Path(chosen)
    if sys.platform == "win32":
        local = environment.get("LOCALAPPDATA")
        return (Path(local) if local else home / "AppData/Local") / "accredit" / "Cache"
    if sys.platform == "darwin":
        return home / "Library/Caches/accredit"
    base = Path(environment.get("XDG_CACHE_HOME", ""))
    return (base if base.is_absolute() else home / ".cache") / "accredit"  # XDG: relative paths are to be ignored


class EntryCache:
    """Entries as JSON by kind and digest, in one SQLite file."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "entries.sqlite"
        self._tool = tool_digest()

    def lies_in(self, root: Path) -> bool:
        """Whether the cache lies in a folder, where it would be part of what it caches."""
        return self._path.resolve().is_relative_to(root.resolve())

    def key(self, kind: str, sha256: str) -> bytes:
        """The key of a file's bytes as one kind of entry, for this very version of the tool."""
        return hashlib.sha256(f"{self._tool} {kind} {sha256}".encode()).digest()

    def get(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """What is known, by key."""
        wanted = list(keys)
        found: dict[object, object] = {}
        with suppress(sqlite3.Error, OSError):
            if self._path.is_file():
                with closing(self._connect()) as base:
                    for start in range(0, len(wanted), _BATCH):
                        part = wanted[start : start + _BATCH]
                        marks = ",".join("?" * len(part))
                        query = f"SELECT key, value FROM entry WHERE key IN ({marks})"  # noqa: S608 - only marks
                        found.update(base.execute(query, part))
        return dict(row for key, value in found.items() for row in _intact(key, value))

    def put(self, entries: Mapping[bytes, bytes]) -> None:
        """Keeps entries for the next time, if it can."""
        if not entries:
            return
        try:
            self._store(entries)
        except sqlite3.OperationalError:  # locked, read-only or full
            return
        except sqlite3.DatabaseError:  # no database: the next time starts anew
            with suppress(OSError):
                self._path.unlink()
        except OSError:
            return

    def _store(self, entries: Mapping[bytes, bytes]) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._path.is_file() and self._path.stat().st_size > MAX_BYTES:
            self._path.unlink()
        with closing(self._connect()) as base, base:
            base.execute("CREATE TABLE IF NOT EXISTS entry (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")
            rows = ((key, _check(key, value) + value) for key, value in entries.items())
            base.executemany("INSERT OR REPLACE INTO entry VALUES (?, ?)", rows)

    def _connect(self) -> sqlite3.Connection:
        base = sqlite3.connect(self._path, timeout=0.2)
        base.execute("PRAGMA synchronous = OFF")  # an entry lost in a power cut is read again
        return base


def _check(key: bytes, value: bytes) -> bytes:
    return hashlib.sha256(key + value).digest()[:_CHECK]


def _intact(key: object, value: object) -> Iterator[tuple[bytes, bytes]]:
    if isinstance(key, bytes) and isinstance(value, bytes) and value[:_CHECK] == _check(key, value[_CHECK:]):
        yield key, value[_CHECK:]


@lru_cache(maxsize=1)
def tool_digest() -> str:
    """Digest of the code that turns bytes into entries, and of what it runs on."""
    return _digest("domain/*.py", "loading/*.py", "findings.py")


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Digest of the whole program and its catalogues, and of what it runs on."""
    return _digest("**/*.py", "**/*.yaml", "**/*.json")


def _digest(*patterns: str) -> str:
    package = Path(__file__).parents[1]
    files = [path for pattern in patterns for path in sorted(package.glob(pattern))]
    parts = [sys.version, pydantic.VERSION, yaml_version(), *map(_read, files)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _read(path: Path) -> str:
    return f"{path.name}\0{path.read_text(encoding='utf-8')}"
