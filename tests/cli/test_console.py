from __future__ import annotations

import io
from contextlib import redirect_stderr

import pytest

from accredit.cli import console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return Terminal()


def read_slowly(stream: io.StringIO) -> None:
    with redirect_stderr(stream), console.progress("Reading the registry") as show:
        for done in range(5):
            show(done, 5)


def test_a_terminal_has_colour_unless_its_user_asked_for_none(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert console.wants_colour(terminal)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not console.wants_colour(terminal)


@pytest.mark.parametrize(("stream", "term"), [(io.StringIO(), "xterm"), (Terminal(), "dumb")])
def test_a_pipe_and_a_dumb_terminal_have_no_colour(
    stream: io.StringIO, term: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", term)
    assert not console.wants_colour(stream)


def test_what_takes_long_shows_a_bar(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "_PATIENCE", -1.0)
    read_slowly(terminal)
    assert "Reading the registry" in terminal.getvalue()


def test_what_is_quick_shows_none(terminal: Terminal) -> None:
    read_slowly(terminal)
    assert terminal.getvalue() == ""


def test_a_log_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(console, "_PATIENCE", -1.0)
    read_slowly(stream)
    assert stream.getvalue() == ""


def test_an_error_cannot_forge_a_line(terminal: Terminal) -> None:
    with redirect_stderr(terminal):
        console.print_error("bad\nname\x1b[2J", "do\r\nthis")
    assert terminal.getvalue().endswith("bad\\x0aname\\x1b[2J\nhint: do\\x0d\\x0athis\n")
