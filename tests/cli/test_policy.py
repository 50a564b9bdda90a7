"""`accredit policy` on the command line."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from tests.support.program import base_on_disk, run


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = base_on_disk(tmp_path)
    monkeypatch.chdir(tmp_path)
    return root


def raise_the_limit(root: Path) -> None:
    path = root / "policy.yaml"
    text = path.read_text()
    assert "min_n: " in text
    path.write_text(text.replace("min_n: ", "min_n: 9", 1))


def commit(folder: Path) -> None:
    identity = ("-c", "user.name=ci", "-c", "user.email=ci@bank.example", "-c", "commit.gpgsign=false")
    for command in (("init", "-q", "-b", "main"), ("add", "--all"), (*identity, "commit", "-q", "-m", "Land")):
        subprocess.run(["git", "-C", folder, *command], check=True)


@pytest.mark.usefixtures("registry")
def test_the_policy_is_explained_in_three_formats() -> None:
    text = run("policy", "explain")
    assert text.exit_code == 0
    assert "Signatures: who signs a move\n---" in text.stdout
    markdown = run("policy", "explain", "--format", "markdown").stdout
    assert markdown.startswith("# What policy asks\n\n## The policy\n")
    told = json.loads(run("policy", "explain", "--format", "json").stdout)
    assert told["model"] is None
    assert told["chapters"][0]["title"] == "The policy"


@pytest.mark.usefixtures("registry")
def test_one_model_is_told_what_is_asked_of_it() -> None:
    assert "This model is in tier 1." in run("policy", "explain", "--for", "loan-default").stdout
    missing = run("policy", "explain", "--for", "nobody")
    assert missing.exit_code == 2
    assert "there is no model nobody" in missing.stderr


def test_a_policy_whose_text_is_markup_stays_text(registry: Path) -> None:
    path = registry / "policy.yaml"
    path.write_text(path.read_text().replace("Decides about people's rights", "<b>[x](http://evil.example)</b>"))
    shown = run("policy", "explain", "--format", "markdown").stdout
    assert "\\<b\\>\\[x\\](http://evil.example)\\</b\\>" in shown


def test_the_difference_to_a_revision_names_fields_and_those_concerned(registry: Path, tmp_path: Path) -> None:
    commit(tmp_path)
    raise_the_limit(registry)
    found = run("policy", "diff", "HEAD", "--as-of", "2026-11-23")
    assert found.exit_code == 0
    assert "performance.tasks.binary_classification.min_n: " in found.stdout
    told = json.loads(run("policy", "diff", "HEAD", "--as-of", "2026-11-23", "--format", "json").stdout)
    assert any(e["what"].startswith("PERF") and e["before"] == "pass" for e in told["effects"])
    assert "## What changed since HEAD\n\n- performance" in run("policy", "diff", "HEAD", "-f", "markdown").stdout


def test_the_difference_to_a_file_and_a_folder_is_the_same(registry: Path, tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.mkdir()
    (before / "policy.yaml").write_bytes((registry / "policy.yaml").read_bytes())
    raise_the_limit(registry)
    one, other = (json.loads(run("policy", "diff", b, "-f", "json").stdout) for b in (before, before / "policy.yaml"))
    assert one["effects"] == other["effects"] != []
    assert "says the same" in run("policy", "diff", registry).stdout


@pytest.mark.parametrize("base", ["no-such-thing", "--upload-pack=x"])
def test_a_base_that_is_nothing_is_refused(registry: Path, tmp_path: Path, base: str) -> None:
    commit(tmp_path)
    assert registry.is_dir()
    assert run("policy", "diff", "--", base).exit_code == 2


def test_a_base_that_is_no_policy_is_refused_with_its_place(registry: Path, tmp_path: Path) -> None:
    assert registry.is_dir()
    bad = tmp_path / "bad.yaml"
    bad.write_text("stages: 1\n")
    found = run("policy", "diff", bad)
    assert found.exit_code == 2
    assert "cannot be read" in found.stderr
