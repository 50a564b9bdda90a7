"""Other processes that read files of large registries. They share nothing with this one but pipes.

`multiprocessing` would run the caller's main module again in each child; a module of ours is all that is needed, and
`-I` keeps the current folder, which may be a hostile registry, off the child's import path.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Thread
from typing import IO

from accredit.loading.schema import Reading, Source, read_json

MAX_WORKERS = 4
_START = "import sys; sys.path[:] = sys.argv[1:]; from accredit.loading.workers import serve; serve()"

Batch = Sequence[Source]
Answer = list[Reading]


class Workers:
    """Starts processes when first asked to read; `stop` ends them."""

    def __init__(self) -> None:
        self.processes: list[subprocess.Popen[bytes]] = []
        """Those that were started."""
        self._started = False

    def stop(self) -> None:
        """Ends the processes."""
        for process in self.processes:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    _close(pipe)

    def read(self, batches: Sequence[Batch]) -> list[Answer]:
        """The answer to each batch. This process works as well, and does alone what no other process can."""
        self._start()
        answers: list[Answer] = [[] for _ in batches]
        waiting = deque(enumerate(batches))
        threads = [Thread(target=delegate, args=(p, waiting, answers), daemon=True) for p in self.processes]
        for thread in threads:
            thread.start()
        _drain(waiting, lambda index, batch: answers.__setitem__(index, [read_json(s) for s in batch]))
        for thread in threads:
            thread.join()
        _drain(waiting, lambda index, batch: answers.__setitem__(index, [read_json(s) for s in batch]))
        return answers

    def _start(self) -> None:
        if not self._started:
            self._started = True
            wanted = min((os.cpu_count() or 1), MAX_WORKERS) - 1
            self.processes = [p for p in (_process() for _ in range(wanted)) if p is not None]


def _drain(waiting: deque[tuple[int, Batch]], work: Callable[[int, Batch], object]) -> None:
    while waiting:
        try:
            index, batch = waiting.popleft()
        except IndexError:  # a thread was quicker
            return
        work(index, batch)


def _process() -> subprocess.Popen[bytes] | None:
    root = str(Path(__file__).parents[2])
    paths = [root, *(path for path in sys.path if path and path != root)]
    if not sys.executable or getattr(sys, "frozen", False):
        return None
    try:
        return subprocess.Popen(  # noqa: S603 - this very interpreter
            [sys.executable, "-I", "-c", _START, *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return None


def delegate(process: subprocess.Popen[bytes], waiting: deque[tuple[int, Batch]], answers: list[Answer]) -> None:
    """Passes batches to a process; puts back the one that it could not answer."""
    to, back = process.stdin, process.stdout
    while to is not None and back is not None and waiting:
        try:
            index, batch = waiting.popleft()
        except IndexError:
            return
        try:
            pickle.dump(batch, to, pickle.HIGHEST_PROTOCOL)
            to.flush()
            answers[index] = pickle.load(back)  # noqa: S301 - from our own process
        except (OSError, EOFError, pickle.PickleError):
            waiting.append((index, batch))
            return


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:  # what was not yet sent has no reader
        return


def serve() -> None:
    """The other process: answers batches until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    source, answers = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            batch: Batch = pickle.load(source)  # noqa: S301 - from the process that started us
        except EOFError:
            return
        pickle.dump([read_json(s) for s in batch], answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
