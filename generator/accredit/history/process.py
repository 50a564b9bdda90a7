"""A running git and its output."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

from accredit.errors import GitError
from accredit.loading.characters import shown

MAX_MEMORY = 4 << 30
"""Bytes of data that a git may hold. A tree that names one folder many times would need all there is."""
_CHUNK = 1 << 16


class Process:
    """A running git, which is killed if it is silent for too long while somebody waits for it."""

    def __init__(self, command: str, spawned: Any, errors: IO[bytes], patience: float) -> None:
        self._command = command
        self._spawned = spawned
        self._errors = errors
        self._patience = patience
        self._waiting_since: float | None = None
        self._timed_out = False
        self._ended = threading.Event()
        _limit_memory(spawned.proc.pid)
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    @property
    def stdout(self) -> IO[bytes]:
        """Where another process may read its output."""
        return self._spawned.stdout  # type: ignore[no-any-return]

    def chunks(self) -> Iterator[bytes]:
        """Its output as it comes."""
        with self.waiting():
            while chunk := self._spawned.stdout.read(_CHUNK):
                self._waiting_since = None  # whoever takes the chunk may take as long as they like
                yield chunk
                self._waiting_since = time.monotonic()

    def ask(self, lines: bytes) -> None:
        """Writes to its input at once, which must be short enough for any pipe."""
        with suppress(OSError):  # the reader of its answer sees that it has ended
            self._spawned.stdin.write(lines)
            self._spawned.stdin.flush()

    def line(self) -> bytes:
        """One line of its output, at most as long as an answer about an object is."""
        return self._spawned.stdout.readline(1_000)  # type: ignore[no-any-return]

    def exactly(self, size: int) -> bytes:
        """So many bytes of its output; fewer where it has ended."""
        return self._spawned.stdout.read(size)  # type: ignore[no-any-return]

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Somebody waits for its output: the clock runs."""
        self._waiting_since = time.monotonic()
        try:
            yield
        finally:
            self._waiting_since = None

    def wait(self, codes: tuple[int, ...] = (0,)) -> int:
        """Its exit code.

        Raises:
            GitError: where that is none of those that were expected.
        """
        with self.waiting():
            code: int = self._spawned.proc.wait()
        if self._timed_out:
            remedy = "Run `git fsck` on the repository; a disk or a network folder may be slow."
            raise GitError(f"git {self._command} gave no answer for {self._patience:g} seconds and was stopped", remedy)
        if code not in codes:
            raise GitError(
                f"git {self._command} failed: {self.errors() or f'exit code {code}'}", "Run `git fsck` there."
            )
        return code

    def errors(self) -> str:
        """The end of what it complained about, safe to show."""
        end = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, end - 2_000))
        return shown(self._errors.read().decode("utf-8", "replace").strip())

    def stop(self) -> None:
        """Ends it, if it has not ended by itself."""
        self._ended.set()
        spawned = self._spawned.proc
        spawned.kill()
        for stream in (spawned.stdin, spawned.stdout):
            with suppress(OSError):
                if stream is not None:
                    stream.close()
        spawned.wait()
        self._watcher.join()

    def _watch(self) -> None:
        while not self._ended.wait(min(self._patience / 4, 5.0)):
            since = self._waiting_since
            if since is not None and time.monotonic() - since > self._patience:
                self._timed_out = True
                self._spawned.proc.kill()
                return


def _limit_memory(pid: int) -> None:
    """Linux only; elsewhere a git that takes too much is stopped for taking too long."""
    if sys.platform == "linux":
        import resource  # noqa: PLC0415 - there is none on Windows

        with suppress(OSError):  # it may have ended already
            resource.prlimit(pid, resource.RLIMIT_DATA, (MAX_MEMORY, MAX_MEMORY))
