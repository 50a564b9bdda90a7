"""A copy of this process that does part of some work, where the system makes copies cheaply and safely.

A copy knows everything already, so nothing is sent to it. It only ever saves time: what it cannot deliver, for whatever
reason, the caller works out itself.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import sys
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


def begun(work: Callable[[], T]) -> Callable[[], T | None]:
    """Begins some work in a copy. The function that comes back waits for the result; None if there is none."""
    return Copy(work).result if spare_processors() else lambda: None


class Copy(Generic[T]):
    """Some work that is under way in a copy. Ask `spare_processors` before."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._source, sink = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            os.close(self._source)
            _deliver(work, sink)
        os.close(sink)

    def is_done(self) -> bool:
        """Whether the result, or the news that there is none, can be had without waiting."""
        return self._source >= 0 and bool(select.select([self._source], [], [], 0)[0])

    def result(self) -> T | None:
        """Waits for the result, which can be had once; None if there is none."""
        source, self._source = self._source, -1
        return _collected(self._process, source)

    def stop(self) -> None:
        """Ends the copy, unless its result was taken."""
        if self._source >= 0:
            os.kill(self._process, signal.SIGKILL)
            self.result()


def spare_processors() -> int:
    """How many copies could work. None beside other threads: a copy has only one, and their locks stay locked."""
    if not sys.platform.startswith("linux") or threading.active_count() > 1:
        return 0
    return len(os.sched_getaffinity(0)) - 1


def _deliver(work: Callable[[], object], sink: int) -> None:
    """The copy: never returns, and leaves without a clean-up that would be the original's."""
    try:
        with os.fdopen(sink, "wb") as pipe:
            pipe.write(pickle.dumps(work(), pickle.HIGHEST_PROTOCOL))
    finally:
        os._exit(0)


def _collected(copy: int, source: int) -> T | None:
    with os.fdopen(source, "rb") as pipe:
        told = pipe.read()
    os.waitpid(copy, 0)
    try:
        result: T = pickle.loads(told)  # noqa: S301 - from our own copy
    except (EOFError, pickle.UnpicklingError):
        return None
    return result
