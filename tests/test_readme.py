"""The README's tour is run as written, in an empty folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OF_MAKE = "make "


def steps() -> list[tuple[str, list[str]]]:
    """Every command of the README with the lines that it shows; `...` stands for lines left out."""
    found: list[tuple[str, list[str]]] = []
    for block in BLOCK.findall((ROOT / "README.md").read_text()):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return [(command, shown) for command, shown in found if not command.startswith(OF_MAKE)]


def environment(home: Path) -> dict[str, str]:
    who = {f"GIT_{role}_{what}": "tour" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    program = home / "bin" / "accredit"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m accredit "$@"\n')
    program.chmod(0o755)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    return {**who, "PATH": path, "HOME": str(home), "PYTHONPATH": str(ROOT / "generator"), "GIT_CONFIG_NOSYSTEM": "1"}


@pytest.mark.skipif(os.name == "nt", reason="the tour is for a POSIX shell")
def test_the_tour_shows_what_the_readme_says(tmp_path: Path) -> None:
    assert len(steps()) > 8
    env, folder = environment(tmp_path), tmp_path
    for command, shown in steps():
        if command.startswith("cd "):
            folder = folder / command.removeprefix("cd ")
            continue
        done = subprocess.run(command, shell=True, cwd=folder, env=env, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stderr
        follow(command, done.stdout.splitlines(), shown)


def follow(command: str, printed: list[str], shown: list[str]) -> None:
    """Each line shown was printed, in this order; next to each other unless `...` stands between."""
    at, skipping = 0, False
    for line in shown:
        if line == "...":
            skipping = True
            continue
        where = printed.index(line, at) if line in printed[at:] else -1
        assert where >= 0, f"`{command}` does not print {line!r} where the README shows it, but {printed}"
        assert skipping or where == at, f"`{command}` prints more before {line!r}: {printed[at:where]}"
        at, skipping = where + 1, False
    assert skipping or not shown or at == len(printed), f"`{command}` prints more at the end: {printed[at:]}"
