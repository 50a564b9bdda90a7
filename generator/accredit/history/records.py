"""Git's output with `-z`: records that end with NUL, which no name can hold."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.errors import GitError
from accredit.history.process import Process

MAX_RECORD = 1 << 20
"""Bytes of one record. A path longer than this is nobody's honest file."""


class Records:
    """The records of a process as text; bytes that are no UTF-8 become surrogates, as in paths of the file system.

    With an open end, the last one needs no NUL.
    """

    def __init__(self, process: Process, *, open_end: bool = False) -> None:
        self._process = process
        self._open_end = open_end

    def __iter__(self) -> Iterator[str]:
        """Each record without its NUL.

        Raises:
            GitError: where one is too long, the output ends within one, or git fails.
        """
        rest = b""
        for chunk in self._process.chunks():
            whole, nul, tail = chunk.rpartition(b"\0")
            if nul:
                yield from (rest + whole).decode("utf-8", "surrogateescape").split("\0")
                rest = tail
            else:
                rest += tail
            if len(rest) > MAX_RECORD:
                raise GitError(f"a name in the repository has more than {MAX_RECORD:,} bytes", "Remove that file.")
        self._process.wait()
        if rest and self._open_end:
            yield rest.decode("utf-8", "surrogateescape")
        elif rest:
            raise GitError("the output of git ends within a record", "Run `git fsck` on the repository.")
