"""Runs the scripts of a workflow as the forge would, with a stand-in for `gh` and answers that a test gives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
REPOSITORY = "bank/registry"


class Runner:
    """Runs the scripts of one workflow in a folder, and keeps what they say for later steps."""

    def __init__(self, workflow: Path, folder: Path, place: Path, **given: str) -> None:
        self.job = next(iter(yaml.load(workflow.read_text(), yaml.BaseLoader)["jobs"].values()))
        self.folder, self.place = folder, place
        self.outputs: dict[str, str] = {}
        (place / "bin").mkdir(parents=True)
        for name, command in {"gh": f'"{ROOT}/tests/support/gh.py"', "accredit": "-m accredit"}.items():
            program = place / "bin" / name
            program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {command} "$@"\n')
            program.chmod(0o755)
        (place / "bin/sleep").write_text('#!/bin/sh\necho "$1" >> "$RUNNER_TEMP/slept"\n')
        (place / "bin/sleep").chmod(0o755)
        own = {"GH_ANSWERS": str(place), "GITHUB_OUTPUT": str(place / "output"), "RUNNER_TEMP": str(place)}
        path = f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}"
        home = {"HOME": str(place), "PATH": path, "PYTHONPATH": str(ROOT / "generator"), "GIT_CONFIG_NOSYSTEM": "1"}
        self.environment = {**own, **home, "REPOSITORY": REPOSITORY, **given}

    def answer(self, path: str, value: Any) -> None:
        """What the forge says."""
        file = self.place / f"{path}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(value))

    def step(self, name: str, *, exit_code: int = 0, **given: str) -> subprocess.CompletedProcess[str]:
        """Runs the step of a name, with the environment that the workflow gives it but for expressions."""
        (script,) = (s["run"] for s in self.job["steps"] if s.get("name") == name)
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        env = {**self.environment, **given}
        done = subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == exit_code, done.stdout + done.stderr
        if (self.place / "output").exists():
            self.outputs = dict(line.split("=", 1) for line in (self.place / "output").read_text().splitlines())
        return done

    @property
    def changes(self) -> list[Any]:
        """What the forge was asked to change."""
        log = self.place / "changes"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
