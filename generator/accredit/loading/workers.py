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
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from accredit.loading.collection import collection_paused
from accredit.loading.schema import Reading, Source, read_json

MAX_WORKERS = 4
_START = "import sys; sys.path[:] = sys.argv[1:]; from accredit.loading.workers import serve; serve()"
_FIRST_SHARE = 0.8
"""Of what this process reads, what another one gets at first, while it still starts."""
_LEAST_SHARE, _LARGEST_SHARE = 0.1, 1.5


class Workers:
    """Starts processes when first asked to read; `stop` ends them."""

    def __init__(self) -> None:
        self.processes: list[subprocess.Popen[bytes]] = []
        """Those that were started and still answer."""
        self._started = False
        self._share = _FIRST_SHARE

    def stop(self) -> None:
        """Ends the processes."""
        for process in self.processes:
            _end(process)

    def read(self, sources: Sequence[Source]) -> list[Reading]:
        """What each file holds, in order. This process works as well, and does alone what no other process can."""
        self._start()
        own, *others = _shares(sources, len(self.processes), self._share)
        asked = [_ask(process, share) for process, share in zip(self.processes, others, strict=True)]
        started = time.perf_counter()
        read = [read_json(source) for source in own]
        worked = time.perf_counter()
        for index, share in enumerate(others):
            answer = _answer(self.processes[index]) if asked[index] else None
            asked[index] = answer is not None
            read += [read_json(source) for source in share] if answer is None else answer
        self._balance(worked - started, time.perf_counter() - worked)
        self._dismiss([process for process, is_well in zip(self.processes, asked, strict=True) if not is_well])
        return read

    def _balance(self, worked: float, waited: float) -> None:
        """The next share of the others: less after a wait, as on a busy machine, and more where there was none."""
        change = worked / (worked + waited) if waited > worked / 10 else 1.6
        self._share = max(_LEAST_SHARE, min(self._share * change, _LARGEST_SHARE))

    def _dismiss(self, lost: Sequence[subprocess.Popen[bytes]]) -> None:
        for process in lost:
            _end(process)
            self.processes.remove(process)

    def _start(self) -> None:
        if not self._started:
            self._started = True
            wanted = min((os.cpu_count() or 1), MAX_WORKERS) - 1
            self.processes = [p for p in (_process() for _ in range(wanted)) if p is not None]


def _shares(sources: Sequence[Source], others: int, share: float) -> list[Sequence[Source]]:
    """A share of this process, and one for each other that is `share` times as large."""
    own = round(len(sources) / (1 + others * share))
    each = -(-(len(sources) - own) // others) if others else 0
    return [sources[:own], *(sources[own + n * each : own + (n + 1) * each] for n in range(others))]


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


def _ask(process: subprocess.Popen[bytes], sources: Sequence[Source]) -> bool:
    """Sends files to a process, which takes them all before it answers. Whether it took them."""
    try:
        if process.stdin is not None:
            pickle.dump(sources, process.stdin, pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()
    except OSError:
        return False
    return process.stdin is not None


def _answer(process: subprocess.Popen[bytes]) -> list[Reading] | None:
    try:
        answer: list[Reading] | None = None
        if process.stdout is not None:
            answer = pickle.load(process.stdout)  # noqa: S301 - from our own process
    except (OSError, EOFError, pickle.PickleError):
        return None
    return answer


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            _close(pipe)


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:  # what was not yet sent has no reader
        return


def serve() -> None:
    """The other process: answers until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    source, answers = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            sources: Sequence[Source] = pickle.load(source)  # noqa: S301 - from the process that started us
        except EOFError:
            return
        with collection_paused():
            pickle.dump([read_json(s) for s in sources], answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
