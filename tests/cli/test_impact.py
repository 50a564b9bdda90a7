"""`accredit impact`: what hangs on a dataset, and what closes without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.program import base_on_disk, run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return base_on_disk(tmp_path)


def test_versions_in_production_come_first_with_who_answers_for_them(root: Path) -> None:
    lines = run("impact", "loans-raw", "--registry", root).stdout.splitlines()

    assert lines[0].startswith("dataset loans-raw reaches ")
    first = lines[3].split()
    assert first[:3] == ["version", "loan-default@1.0.0", "production"]
    assert any(line.startswith("deployment loan-default@1.0.0") and "in use" in line for line in lines)


def test_data_without_its_legal_basis_closes_the_gate_to_production(root: Path) -> None:
    told = json.loads(run("impact", "loans-raw", "--format", "json", "--registry", root).stdout)

    gates = {e["what"]: e for e in told["if_withdrawn"] if e["subject"] == "loan-default@1.0.0"}
    assert gates["gate review->production"]["before"] == "open"
    assert "DATA103" in gates["gate review->production"]["after"]
    assert gates["DATA103"]["after"] == "fail"


def test_a_feature_set_has_no_legal_basis_to_lose(root: Path) -> None:
    features = next((root / "features").glob("*.yaml")).stem

    told = json.loads(run("impact", features, "--format", "json", "--registry", root).stdout)

    assert told["node"] == f"features:{features}"
    assert told["if_withdrawn"] is None
