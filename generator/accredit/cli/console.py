"""The terminal: talk on stderr, colour where somebody looks, and a progress bar for what takes a while."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TextIO

import typer

from accredit.reports.plain import one_line

_PATIENCE = 1.0
"""Seconds before a progress bar appears."""


def wants_colour(stream: TextIO) -> bool:
    """Whether a stream is a terminal whose user has not asked for no colour (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def print_error(message: str, hint: str = "") -> None:
    """Says on stderr what stopped us and what to do about it."""
    say(f"{typer.style('error:', fg='red') if wants_colour(sys.stderr) else 'error:'} {one_line(message)}")
    if hint:
        say(f"hint: {one_line(hint)}")


def say(message: str) -> None:
    """Talks on stderr, so that stdout stays the product."""
    sys.stderr.write(f"{message}\n")


def print_markdown(text: str) -> None:
    """Shows Markdown on a terminal."""
    from rich.console import Console  # noqa: PLC0415 - costs more than a small check
    from rich.markdown import Markdown  # noqa: PLC0415

    Console().print(Markdown(text))


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A callback for done and total, which shows a bar on a terminal once a second has passed."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    started = time.monotonic()
    with ExitStack() as stack:
        bar: list[Callable[[int, int], None]] = []

        def show(done: int, total: int) -> None:
            if not bar and time.monotonic() - started > _PATIENCE:
                bar.append(_bar(label, stack))
            if bar:
                bar[0](done, total)

        yield show


def _bar(label: str, stack: ExitStack) -> Callable[[int, int], None]:
    from rich.console import Console  # noqa: PLC0415 - costs more than a small check
    from rich.progress import Progress  # noqa: PLC0415

    shown = stack.enter_context(Progress(console=Console(stderr=True), transient=True))
    task = shown.add_task(label, total=None)
    return lambda done, total: shown.update(task, completed=done, total=total)
