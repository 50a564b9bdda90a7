from __future__ import annotations

import re
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

TELLING = {
    "check", "status", "diff", "impact", "comment", "verify", "gate", "history", "audit", "lineage", "controls",
    "doctor", "policy explain", "policy diff", "retention schedule", "retention due", "explain", "rules", "frameworks",
}  # fmt: skip
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


def test_every_command_that_tells_something_tells_it_to_programs_too() -> None:
    found = {" ".join(path): re.search(r"--format <(\S+)>", run(*path, "--help").stdout) for path in ALL}
    formats = {name: match[1].split("|") for name, match in found.items() if match}
    assert formats.keys() == TELLING
    assert [name for name, choices in formats.items() if "json" not in choices] == []


def test_the_meaning_of_exit_codes_is_in_the_help() -> None:
    told = " ".join(run("--help").stdout.split())
    assert "Exit codes: 0" in told


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
