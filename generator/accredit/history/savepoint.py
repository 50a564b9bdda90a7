"""What a replay knew after a landing, kept in the user's cache folder, so that the next one goes on from there.

A commit's id stands for all that came before it, so what was known there is known again, for the same program, clone,
folder and pinned root. The files are this user's alone: one that anybody else could have written is not read, nor is
one within the repository, which its authors could have committed. They are JSON, each with the digest of its name and
its content, and whatever is wrong with one means replaying everything.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from contextlib import closing, suppress
from importlib.metadata import version
from pathlib import Path

from accredit.history.memory import Memory, from_json, to_json
from accredit.history.repository import Repository
from accredit.loading.cache import code_digest

MAX_BYTES = 512 << 20
"""Of all savepoints together. The oldest give way."""
MAX_FILES = 64
WORTH_KEEPING = 20
"""Landings from which replaying them again costs more than a savepoint."""


class Savepoints:
    """The savepoints of one registry in one clone.

    Args:
        cache: The user's cache folder.
        repository: The clone. Another one in its place has savepoints of its own.
        root: The registry's folder in it, with slashes.
        pin: The commit in which the auditor knows the registry to begin, if any.
    """

    def __init__(self, cache: Path, repository: Repository, root: str, pin: str | None) -> None:
        self._folder = cache.resolve() / "replays"
        self._repository = repository
        there = repository.common_dir.stat()
        program = (code_digest(), version("cryptography"))
        facts = (*program, str(repository.common_dir), f"{there.st_dev} {there.st_ino}", root, pin or "")
        self._key = hashlib.sha256("\0".join(facts).encode("utf-8", "surrogateescape")).hexdigest()[:32]

    def latest(self, tip: str) -> Memory | None:
        """What was known at the last landing up to a tip that has a savepoint; None where nothing sound is kept."""
        names = {path.name for path in self._folder.glob(f"{self._key}-*")} if self._is_sound() else set()
        if not names:
            return None
        with closing(self._repository.line(tip)) as line:
            commit = next((c for c in line if self._name(c) in names), None)
        return self._read(commit) if commit else None

    def keep(self, memory: Memory) -> None:
        """Keeps what is known for the next time, if it can."""
        body = to_json(memory)
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if body is not None and self._is_sound():
                name = self._name(memory.place.commit)
                _write(self._folder / name, _digest(name, body) + body)
                _tidy(self._folder)

    def _name(self, commit: str) -> str:
        return f"{self._key}-{commit}"

    def _is_sound(self) -> bool:
        """Whether the folder is the user's alone, and no part of what is verified."""
        places = (self._repository.top, self._repository.common_dir)
        if any(place is not None and self._folder.is_relative_to(place.resolve()) for place in places):
            return False
        with suppress(OSError):
            found = self._folder.lstat()
            return stat.S_ISDIR(found.st_mode) and _is_own(found)
        return False

    def _read(self, commit: str) -> Memory | None:
        name = self._name(commit)
        with suppress(OSError):
            whole = _own_bytes(self._folder / name)
            size = hashlib.sha256().digest_size
            if whole[:size] == _digest(name, whole[size:]):
                memory = from_json(whole[size:])
                return memory if memory and memory.place.commit == commit else None
        return None


def _digest(name: str, body: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\0" + body).digest()


def _own_bytes(path: Path) -> bytes:
    """The bytes of a file that nobody else can have written; none of any other."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        found = os.fstat(file.fileno())
        return file.read() if stat.S_ISREG(found.st_mode) and _is_own(found) else b""


def _is_own(found: os.stat_result) -> bool:
    """Whether something is the user's and nobody else's. On Windows the folder of a user's caches is theirs alone."""
    return not hasattr(os, "geteuid") or (found.st_uid == os.geteuid() and not found.st_mode & 0o077)


def _write(path: Path, content: bytes) -> None:
    """Writes beside the file, then renames: whoever reads meets all of it or nothing."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _tidy(folder: Path) -> None:
    """Deletes the oldest files, beyond so many or so much."""
    found = sorted(((path.stat(), path) for path in folder.iterdir()), key=lambda f: f[0].st_mtime, reverse=True)
    held = 0
    for number, (facts, path) in enumerate(found, 1):
        held += facts.st_size
        if number > 1 and (number > MAX_FILES or held > MAX_BYTES):
            path.unlink(missing_ok=True)
