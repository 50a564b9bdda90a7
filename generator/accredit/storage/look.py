"""Looks at the stored objects of a version: is each there, and are its bytes those that the registry says?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO, Literal
from urllib.parse import urlsplit

from accredit.domain.pointers import Pointer
from accredit.domain.retention import Level
from accredit.domain.stored import CheckedObject
from accredit.storage.local import OutsideError, Room
from accredit.storage.remote import RefusedError, Remote

_CHUNK = 1 << 20
Outcome = Literal["ok", "missing", "differs", "unreadable"]


@dataclass(frozen=True, slots=True)
class Seen:
    """One object: what was found, or why nobody looked."""

    pointer: Pointer
    found: CheckedObject | None
    reason: str = ""


@dataclass(frozen=True)
class Stores:
    """Where objects may be looked for: a folder of this machine, the network, or neither."""

    room: Room | None = None
    remote: Remote | None = None
    _known: dict[tuple[str, str | None, str], Seen] = field(default_factory=dict)
    """Address, version and method to what was found: data that versions share is read once."""

    def look(self, pointer: Pointer, level: Level) -> Seen:
        """Looks at an object as closely as is asked. A local one is always hashed.

        Args:
            pointer: The record that says where it is.
            level: `exists` asks a remote store only whether it is there; anything else reads all bytes.
        """
        uri = pointer.uri or ""
        local = urlsplit(uri).scheme in ("file", "dvc")
        if local and self.room is None:
            return Seen(pointer, None, "it is on this machine: name the folder that may be read (--root)")
        if not local and self.remote is None:
            return Seen(pointer, None, "it is remote, and nothing is fetched without --remote")
        method = "exists" if level == "exists" and not local else "digest"
        key = (uri, pointer.storage.version, f"{method}{pointer.sha256}")
        if key not in self._known:
            self._known[key] = self._looked(pointer, local=local, method=method)
        known = self._known[key]
        if known.found is None:
            return Seen(pointer, None, known.reason)
        found = known.found.model_copy(update={"record": pointer.record, "name": pointer.name})
        return Seen(pointer, found, known.reason)

    def _looked(self, pointer: Pointer, *, local: bool, method: str) -> Seen:
        try:
            if method == "exists":
                there = self.remote is not None and self.remote.exists(pointer.uri or "", pointer.storage.version)
                return _seen(pointer, "exists", "ok" if there else "missing")
            with self._opened(pointer, local=local) as (stream, md5):
                return _compared(pointer, stream, md5)
        except FileNotFoundError:
            return _seen(pointer, "exists" if method == "exists" else "digest", "missing")
        except (OutsideError, RefusedError) as error:
            return Seen(pointer, None, getattr(error, "strerror", None) or str(error))
        except Exception as error:  # noqa: BLE001 - a driver of a store may raise anything, and its text hold credentials
            reason = f"it could not be read ({type(error).__name__})"
            return _seen(pointer, "exists" if method == "exists" else "digest", "unreadable", reason=reason)

    @contextmanager
    def _opened(self, pointer: Pointer, *, local: bool) -> Iterator[tuple[BinaryIO, str]]:
        """The bytes of an object, and the MD5 that DVC records of it, if it does."""
        uri = pointer.uri or ""
        if not local and self.remote is not None:
            with self.remote.opened(uri, pointer.storage.version) as stream:
                yield stream, ""
        elif self.room is not None:
            parts, md5 = self.room.parts_of(uri), ""
            if uri.startswith("dvc:"):
                md5, places = self.room.tracked(parts)
                parts = next((p for p in places if self._is_there(p)), places[0])
            with self.room.opened(parts) as file:
                yield file, md5

    def _is_there(self, parts: tuple[str, ...]) -> bool:
        try:
            with self.room.opened(parts) if self.room else _nothing():
                return True
        except FileNotFoundError:
            return False


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def _compared(pointer: Pointer, stream: BinaryIO, md5: str) -> Seen:
    """Reads a stream to its end, or until it is longer than recorded, and compares its digests."""
    sha256, other, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if pointer.size is not None and size > pointer.size:
            return _seen(pointer, "digest", "differs", reason=f"it is longer than the {pointer.size} bytes recorded")
        sha256.update(chunk)
        if md5:
            other.update(chunk)
    if md5 and other.hexdigest() != md5:
        return _seen(pointer, "digest", "differs", sha256.hexdigest(), "its MD5 is not the one that DVC records")
    if pointer.sha256 is None:
        return _seen(pointer, "exists", "ok", sha256.hexdigest(), "the registry records no digest to compare")
    same = sha256.hexdigest() == pointer.sha256
    return _seen(pointer, "digest", "ok" if same else "differs", sha256.hexdigest())


def _seen(
    pointer: Pointer, method: Literal["exists", "digest"], result: Outcome, sha256: str | None = None, reason: str = ""
) -> Seen:
    found = CheckedObject(
        uri=pointer.uri or "",
        record=pointer.record,
        name=pointer.name,
        method=method,
        result=result,
        sha256=sha256,
    )
    return Seen(pointer, found, reason)
