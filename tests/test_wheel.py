from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("accredit-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def accredit(unpacked: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}
    command = [sys.executable, "-m", "accredit", *arguments]
    return subprocess.run(command, cwd=unpacked.parent, env=environment, capture_output=True, text=True, check=True)


def test_the_wheel_works_outside_of_the_checkout(unpacked: Path) -> None:
    assert accredit(unpacked, "--version").stdout == "accredit 0.1.0\n"
    assert json.loads(accredit(unpacked, "schema", "model").stdout)["title"] == "Model"
    started = accredit(unpacked, "init", "--ci", "github").stdout.splitlines()
    assert {"wrote registry/policy.yaml", "wrote .github/workflows/accredit-check.yml"} <= {*started}


def test_the_wheel_brings_the_demonstration(unpacked: Path) -> None:
    accredit(unpacked, "demo", "story")
    accredit(unpacked, "verify", "--path", "story/registry")


def test_the_wheel_holds_the_package_and_no_more(unpacked: Path) -> None:
    assert {p.name for p in unpacked.iterdir()} == {"accredit", "accredit-0.1.0.dist-info"}
    assert {p.name for p in (ROOT / "generator/accredit").iterdir() if p.name != "__pycache__"} <= {
        p.name for p in (unpacked / "accredit").iterdir()
    }
    assert (unpacked / "accredit/py.typed").exists()
