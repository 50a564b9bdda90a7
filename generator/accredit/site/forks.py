"""Copies of this process that draw a share of the pages, where the system makes copies cheaply and safely.

A copy has the whole assessment in memory already, so nothing is sent to it. What a copy cannot deliver, for whatever
reason, this process draws itself: a copy only ever saves time.
"""

from __future__ import annotations

import os
import queue
import signal
import struct
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import BinaryIO

from accredit.copies import spare_processors

MOST_COPIES = 3
WORTH_COPYING = 40
"""Pages to draw from which a copy pays."""
PATIENCE = 60.0
"""Seconds to wait for a page before drawing it here."""
_SHARE, _OWN_SHARE = 5, 3
"""Of so many pages each copy draws five and this process three: it also has to put all of them into files."""
_AHEAD = 32
_HEADER = struct.Struct("<II")


class Forks:
    """Draws pages, given by number, in order; `get` hands out those of the copies."""

    def __init__(self, draw: Callable[[int], str], numbers: Sequence[int]) -> None:
        copies = copies_worth(len(numbers))
        turn = _turn(copies)
        owner = {number: turn[i % len(turn)] for i, number in enumerate(numbers)}
        shares = [[n for n in numbers if owner[n] == copy] for copy in range(copies)]
        self._copies = [_Copy(draw, share) for share in shares]
        self._owner: Mapping[int, _Copy] = {n: self._copies[c] for n, c in owner.items() if c < copies}

    def get(self, number: int) -> str | None:
        """What a copy drew; None for a page of ours and for one that a copy failed to draw."""
        copy = self._owner.get(number)
        return copy.get(number) if copy is not None else None

    def close(self) -> None:
        """Ends the copies."""
        for copy in self._copies:
            copy.close()
        self._copies, self._owner = [], {}


def copies_worth(pages: int) -> int:
    """How many copies to make."""
    return min(spare_processors(), MOST_COPIES) if pages >= WORTH_COPYING else 0


def _turn(copies: int) -> list[int]:
    """Who draws the next pages: the number of a copy, or `copies` for this process, each one's evenly spread."""
    places = [((i + 0.5) / _SHARE, copy) for copy in range(copies) for i in range(_SHARE)]
    places += [((i + 0.5) / _OWN_SHARE, copies) for i in range(_OWN_SHARE)]
    return [copy for _, copy in sorted(places)]


class _Copy:
    """One copy, which draws its pages in order and sends each down a pipe."""

    def __init__(self, draw: Callable[[int], str], numbers: Sequence[int]) -> None:
        source, sink = os.pipe()
        self._pid: int | None = os.fork()
        if self._pid == 0:
            _work(draw, numbers, sink)
        os.close(sink)
        self._came: queue.Queue[tuple[int, bytes] | None] = queue.Queue(_AHEAD)
        self._stopped = False
        self._reader = threading.Thread(target=self._read, args=(os.fdopen(source, "rb"),), daemon=True)
        self._reader.start()

    def get(self, number: int) -> str | None:
        """The page, or None from a copy that has failed."""
        if self._stopped:
            return None
        try:
            came = self._came.get(timeout=PATIENCE)
        except queue.Empty:
            came = None
        if came is None or came[0] != number:
            self.close()
            return None
        return came[1].decode()

    def close(self) -> None:
        """Ends the copy."""
        self._stopped = True
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            self._pid = None
        while self._reader.is_alive():
            try:
                self._came.get(timeout=0.05)
            except queue.Empty:
                continue

    def _read(self, pipe: BinaryIO) -> None:
        with pipe:
            for page in _received(pipe):
                self._came.put(page)
        self._came.put(None)


def _received(pipe: BinaryIO) -> Iterator[tuple[int, bytes]]:
    while len(header := pipe.read(_HEADER.size)) == _HEADER.size:
        number, length = _HEADER.unpack(header)
        content = pipe.read(length)
        if len(content) < length:
            return
        yield number, content


def _work(draw: Callable[[int], str], numbers: Sequence[int], sink: int) -> None:
    """The copy: never returns, and leaves without a word or a clean-up that would be the original's."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the original decides when to stop
        with os.fdopen(sink, "wb") as pipe:
            for number in numbers:
                content = draw(number).encode()
                pipe.write(_HEADER.pack(number, len(content)) + content)
                pipe.flush()
    finally:
        os._exit(0)
