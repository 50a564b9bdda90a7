"""The guide to pull requests, walked in the demonstration as it is written."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.support.program import run
from tests.test_readme import BLOCK, environment, follow

GUIDE = Path(__file__).parents[2] / "docs/guide/pull-requests.md"


def steps() -> list[tuple[str, list[str]]]:
    """Every command of the guide with the lines that it shows."""
    found: list[tuple[str, list[str]]] = []
    for block in BLOCK.findall(GUIDE.read_text("utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


@pytest.mark.skipif(os.name == "nt" or shutil.which("git") is None, reason="the walk is for a POSIX shell with git")
def test_the_guide_shows_what_the_commands_say(tmp_path: Path) -> None:
    folder = tmp_path / "northlake"
    assert run("demo", folder).exit_code == 0
    env = environment(tmp_path)
    assert len(steps()) > 10
    for command, shown in steps():
        done = subprocess.run(command, shell=True, cwd=folder, env=env, capture_output=True, text=True, check=False)
        assert done.returncode in {0, 1}, done.stderr
        follow(command, done.stdout.splitlines(), shown)
