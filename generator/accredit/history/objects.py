"""Blobs of a repository, many through one process, each checked against its id."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from subprocess import PIPE
from threading import Lock
from typing import NamedTuple, Self

from accredit.errors import GitError
from accredit.history.git import Git
from accredit.history.process import Process
from accredit.loading.yaml import MAX_BYTES

_PORTION = 60
"""Ids asked for at once: their lines fit into the smallest pipe, 4,096 bytes, so nobody waits for the other."""
_REMEDY = "Run `git fsck --full`, and clone again if it complains."


class Blob(NamedTuple):
    """A blob. `content` is None where it has more than `MAX_BYTES`, for then it is not read."""

    oid: str
    size: int
    content: bytes | None


class Objects:
    """Reads blobs by id. Git runs from the first question to `close`; a later question starts it anew."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._open = ExitStack()
        self._started: tuple[Process, Process] | None = None
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends git's processes."""
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        self._started = None
        self._open.close()

    def blob(self, oid: str) -> Blob:
        """One blob.

        Raises:
            GitError: where it is missing, is no blob, or is not what its id says.
        """
        return next(self.blobs((oid,)))

    def blobs(self, oids: Iterable[str]) -> Iterator[Blob]:
        """Many blobs in the order of their ids, with no more than some in memory.

        Raises:
            GitError: where one is missing, is no blob, or is not what its id says.
        """
        rest = iter(oids)
        while portion := list(islice(rest, _PORTION)):
            for group in _groups(portion, self._sizes(portion)):
                yield from self._contents(group)

    def _sizes(self, oids: list[str]) -> list[int]:
        with self._asking() as (process, _):
            process.ask("".join(f"{oid}\n" for oid in oids).encode("ascii"))
            return [_size(oid, process) for oid in oids]

    def _contents(self, group: list[tuple[str, int]]) -> list[Blob]:
        """Some blobs of known sizes. All answers are taken at once, so that none is left for the next question."""
        with self._asking() as (_, process):
            process.ask("".join(f"{oid}\n" for oid, size in group if size <= MAX_BYTES).encode("ascii"))
            return [Blob(o, size, _content(o, size, process) if size <= MAX_BYTES else None) for o, size in group]

    @contextmanager
    def _asking(self) -> Iterator[tuple[Process, Process]]:
        """The two processes for one question: who knows sizes, and who knows contents."""
        with self._lock:
            try:
                sizes, contents = self._processes()
                with sizes.waiting(), contents.waiting():
                    yield sizes, contents
            except BaseException:
                self._stop()  # an answer may still be on its way
                raise

    def _processes(self) -> tuple[Process, Process]:
        if self._started is None:
            start = self._git.start
            self._started = (
                self._open.enter_context(start("cat-file", "--batch-check", stdin=PIPE)),
                self._open.enter_context(start("cat-file", "--batch", stdin=PIPE)),
            )
        return self._started


def _groups(oids: list[str], sizes: list[int]) -> Iterator[list[tuple[str, int]]]:
    """Ids with their sizes, so many at a time that what is read of them is hardly more than one large file."""
    group: list[tuple[str, int]] = []
    total = 0
    for oid, size in zip(oids, sizes, strict=True):
        group.append((oid, size))
        total += size if size <= MAX_BYTES else 0
        if total > MAX_BYTES:
            yield group
            group, total = [], 0
    if group:
        yield group


def _content(oid: str, size: int, process: Process) -> bytes:
    """The bytes in an answer, which must be those that the id stands for."""
    same = _size(oid, process) == size
    answer = process.exactly(size + 1) if same else b""
    content = answer[:size]
    if answer[size:] != b"\n" or _id(content, len(oid)) != oid:
        raise GitError(f"object {oid} is not what its id says", _REMEDY)
    return content


def _size(oid: str, process: Process) -> int:
    """The size in an answer `oid SP type SP size LF`."""
    words = process.line().split()
    if not words:
        process.wait()
    if words[1:] == [b"missing"]:
        raise GitError(f"object {oid} is missing", _REMEDY)
    if len(words) != 3 or words[0] != oid.encode("ascii") or words[1] != b"blob":
        raise GitError(f"object {oid} is no file", _REMEDY)
    return int(words[2])


def _id(content: bytes, digits: int) -> str:
    """The id of a blob. Git does not compare it when it reads, and its names are no secret: this finds damage only."""
    whole = b"blob %d\0" % len(content) + content
    return hashlib.sha256(whole).hexdigest() if digits == 64 else hashlib.sha1(whole, usedforsecurity=False).hexdigest()
