"""What was made before and need not be made again: bodies of pages, layouts, templates, in one SQLite file.

A cache only ever saves time. What is damaged is made anew; where none can be kept, none is.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from accredit.loading.cache import code_digest

_SCHEMA = "CREATE TABLE IF NOT EXISTS kept (owner TEXT, key BLOB, value BLOB, PRIMARY KEY (owner, key)) WITHOUT ROWID"
_CHECK = 16
_MOST_PENDING = 64


class Cache:
    """Values by digest, for one owner (a registry's site). What the last build did not use is dropped."""

    def __init__(self, folder: Path | None, owner: str) -> None:
        self._owner = owner
        self._pending: dict[bytes, bytes] = {}
        self._used: set[bytes] = set()
        self._db = _open(folder / "site.sqlite") if folder is not None else None

    def keys(self) -> frozenset[bytes]:
        """The digests under which something is kept. It may yet turn out to be damaged."""
        return frozenset(key for (key,) in self._run("SELECT key FROM kept WHERE owner = ?", [self._owner]))

    def get(self, key: bytes) -> bytes | None:
        """The value that is kept, whole and undamaged."""
        self._used.add(key)
        if (pending := self._pending.get(key)) is not None:
            return pending[_CHECK:]
        rows = self._run("SELECT value FROM kept WHERE owner = ? AND key = ?", [self._owner, key])
        return rows[0][0][_CHECK:] if rows and _is_whole(key, rows[0][0]) else None

    def put(self, key: bytes, value: bytes) -> None:
        """Keeps a value."""
        self._used.add(key)
        self._pending[key] = _check(key, value) + value
        if len(self._pending) >= _MOST_PENDING:
            self._write()

    def close(self, *, drop_unused: bool) -> None:
        """Writes what is left; drops what this build did not ask for, unless the build did not get to its end."""
        self._write()
        if drop_unused:
            unused = [(self._owner, key) for key in self.keys() - self._used]
            self._run_many("DELETE FROM kept WHERE owner = ? AND key = ?", unused)
        if self._db is not None:
            with contextlib.suppress(sqlite3.Error):
                self._db.close()
        self._db = None

    def _write(self) -> None:
        rows = [(self._owner, key, value) for key, value in self._pending.items()]
        self._run_many("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows)
        self._pending.clear()

    def _run(self, query: str, values: Sequence[object]) -> list[tuple[bytes, ...]]:
        try:
            return [] if self._db is None else self._db.execute(query, values).fetchall()
        except sqlite3.Error:
            return []

    def _run_many(self, query: str, rows: Sequence[tuple[object, ...]]) -> None:
        if self._db is not None and rows:
            with contextlib.suppress(sqlite3.Error), self._db:
                self._db.executemany(query, rows)


def _open(path: Path) -> sqlite3.Connection | None:
    """The database; made anew where it is no database, None where there can be none."""
    for _attempt in range(2):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(path, timeout=1.0, check_same_thread=False)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = OFF")
            db.execute(_SCHEMA)
        except sqlite3.OperationalError:
            return None  # locked or not writable: somebody else's, so leave it
        except sqlite3.DatabaseError:
            with contextlib.suppress(OSError):
                path.unlink()
        except OSError:
            return None
        else:
            return db
    return None


def _check(key: bytes, value: bytes) -> bytes:
    return hashlib.blake2b(value, digest_size=_CHECK, key=key[:64]).digest()


def _is_whole(key: bytes, value: bytes) -> bool:
    return isinstance(value, bytes) and value[:_CHECK] == _check(key, value[_CHECK:])


class TemplateCache(BytecodeCache):
    """Templates as Jinja has compiled them. Jinja itself sees whether the source is still the same."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def load_bytecode(self, bucket: Bucket) -> None:
        """Gives Jinja what is kept of a template."""
        kept = self._cache.get(_template_key(bucket))
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps a compiled template."""
        self._cache.put(_template_key(bucket), bucket.bytecode_to_string())


def _template_key(bucket: Bucket) -> bytes:
    """A template is compiled for the filters that there are, so another program compiles anew."""
    return hashlib.sha256(f"template {code_digest()} {bucket.key}".encode()).digest()
