from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from tests.support.program import base_on_disk, run
from typer.testing import CliRunner

import accredit
from accredit.cli.app import Program

KILLED_WHILE_WRITING = """
import os, signal, sys
os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)
from accredit.cli.output import replace_file
from pathlib import Path
replace_file(Path(sys.argv[1]), "new")
"""


def python(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    source = str(Path(accredit.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": source, "PYTHONWARNINGS": "error"}
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def failing(error: BaseException) -> typer.Typer:
    app = typer.Typer(cls=Program, rich_markup_mode=None)

    @app.command()
    def fail() -> None:
        raise error

    @app.command()
    def other() -> None:
        """Two commands make a group, as in the real program."""

    return app


def test_the_module_runs_as_a_program(tmp_path: Path) -> None:
    base_on_disk(tmp_path)
    done = python("-m", "accredit", "check", "--as-of", "2026-11-23", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("No findings.\n")


def test_a_folder_without_a_registry_exits_with_2_and_says_how_to_start(tmp_path: Path) -> None:
    done = python("-m", "accredit", "check", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: the current folder holds no registry")
    assert "accredit init" in done.stderr


def test_a_bug_exits_with_3_and_a_block_to_paste() -> None:
    result = CliRunner().invoke(failing(ZeroDivisionError("by\x1b[31mzero")), ["fail"])
    assert result.exit_code == 3
    for part in ("accredit ", "python ", "platform ", "Traceback", "ZeroDivisionError: by\\x1b[31mzero"):
        assert part in result.stderr
    assert "\x1b" not in result.stderr


def test_an_interruption_exits_with_130() -> None:
    result = CliRunner().invoke(failing(KeyboardInterrupt()), ["fail"])
    assert (result.exit_code, result.stderr) == (130, "error: interrupted\n")


def test_a_file_that_the_system_refuses_is_no_bug() -> None:
    result = CliRunner().invoke(failing(PermissionError(13, "Permission denied", "out.txt")), ["fail"])
    assert (result.exit_code, result.stderr) == (2, "error: Permission denied: out.txt\n")


def test_being_killed_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    target.write_text("old")
    done = python("-c", KILLED_WHILE_WRITING, target, cwd=tmp_path)
    assert done.returncode == -9
    assert target.read_text() == "old"


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["check", "--help"]])
def test_asking_about_the_program_exits_with_0(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 0
