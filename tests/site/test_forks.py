from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable

import pytest

from accredit.site import forks
from accredit.site.forks import Forks, copies_worth

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="copies are made on Linux alone")
PARENT = os.getpid()
MANY = range(100)


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many copies as are asked for, whatever else the test run does beside."""
    monkeypatch.setattr(forks, "copies_worth", lambda _pages: 2)


def drawn(draw: Callable[[int], str]) -> list[str | None]:
    made = Forks(draw, MANY)
    try:
        return [made.get(number) for number in MANY]
    finally:
        made.close()


@linux
def test_copies_draw_a_share_and_leave_the_others() -> None:
    found = drawn(lambda number: f"page {number} " * 10_000)
    assert all(text in (None, f"page {number} " * 10_000) for number, text in zip(MANY, found, strict=True))
    assert 70 <= sum(text is not None for text in found) <= 80
    assert None in found[:4]


@linux
def test_what_a_copy_fails_to_draw_is_left_to_us() -> None:
    def draw(number: int) -> str:
        if number >= 50:
            raise ValueError(number)
        return "page"

    found = drawn(draw)
    assert "page" in found[:50]
    assert found[51:] == [None] * 49


@linux
def test_a_copy_that_is_killed_is_no_matter() -> None:
    def draw(number: int) -> str:
        if os.getpid() != PARENT and number >= 30:
            os.kill(os.getpid(), 9)
        return "page"

    assert drawn(draw)[40:] == [None] * 60


@linux
def test_a_copy_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forks, "PATIENCE", 0.2)
    started = time.monotonic()
    assert drawn(lambda _number: time.sleep(60) or "") == [None] * 100
    assert time.monotonic() - started < 10


@linux
def test_copies_end_with_us() -> None:
    made = Forks(lambda _number: "page" * 100_000, MANY)
    copies = [copy._pid for copy in made._copies]
    made.close()
    assert copies or len(os.sched_getaffinity(0)) == 1
    for copy in copies:
        with pytest.raises(ChildProcessError):
            os.waitpid(copy, os.WNOHANG)


def test_no_copy_is_made_for_a_few_pages_or_beside_other_threads() -> None:
    assert copies_worth(3) == 0
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    assert copies_worth(10_000) == 0
    stop.set()
    thread.join()
