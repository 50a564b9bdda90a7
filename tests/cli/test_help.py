from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.support.program import run

import accredit
from accredit.cli.app import app
from accredit.cli.sections import SECTIONS

LATE = ("mkdocs", "jinja2", "rich", "git", "markdown_it", "nh3", "graphviz")


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*path, name))


ALL = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("path", ALL, ids=lambda path: " ".join(path) or "accredit")
def test_every_command_and_option_has_help_and_an_example(path: tuple[str, ...]) -> None:
    command = ALL[path]
    assert command.help
    assert command.epilog.startswith("Example: accredit")
    assert [p.name for p in command.params if not getattr(p, "help", None)] == []
    assert command.epilog in " ".join(run(*path, "--help").stdout.split())


def test_examples_are_commands_that_exist() -> None:
    for command in ALL.values():
        words = command.epilog.removeprefix("Example: accredit ").split()
        assert any(tuple(words[: len(path)]) == path for path in ALL if path)


def test_every_command_is_in_one_section_of_the_help() -> None:
    listed = [name for names in SECTIONS.values() for name in names]
    assert len(listed) == len({*listed})
    assert {path[0] for path in ALL if len(path) == 1} <= {*listed}
    headings = [line.rstrip(":") for line in run("--help").stdout.splitlines() if line.endswith(":") and line[0] != " "]
    assert headings == ["Options", *SECTIONS]


def test_checking_loads_nothing_that_only_the_site_needs() -> None:
    script = f"import sys, accredit.cli.app; print([m for m in {LATE!r} if m in sys.modules])"
    environment = {"PYTHONPATH": str(Path(accredit.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
