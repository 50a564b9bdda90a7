from __future__ import annotations

import datetime as dt
import json
from itertools import takewhile
from pathlib import Path

import pytest
from tests.support.program import run

from accredit.assess import assess
from accredit.loading.folder import Folder
from accredit.loading.tree import load
from accredit.loading.yaml import parse

UUID = "11111111-2222-4333-8444-555555555555"
NEW = (
    ("person", "ada"),
    ("dataset", "loans"),
    ("model", "credit-risk"),
    ("version", "credit-risk", "1.0.0"),
    ("evaluation", "credit-risk", "1.0.0", "holdout"),
)
DIGEST = "a" * 64
PROSE = "Long enough to say what a reader outside the team needs to know about it."
WRITTEN: dict[str, object] = {
    "owner": "ada",
    "by": "ada",
    "role": "owner",
    "purpose": "credit-scoring",
    "permitted_purposes": "credit-scoring",
    "domain": "credit",
    "regions": "DE",
    "task": "regression",
    "kind": "raw",
    "effect": "limited",
    "automation": "assisted",
    "people_per_year": 10,
    "answer": "false",
    "at": "2026-01-31T10:00:00Z",
    "collected_from": "2025-01-01",
    "collected_to": "2025-12-31",
    "allows_training": "true",
    "personal_data": "false",
    "repository": "https://example.com/code",
    "commit": "b" * 40,
    "dataset": "loans",
    "sha256": DIGEST,
    "artifact_sha256": DIGEST,
    "split": "test",
    "n": 1000,
    "type": "rmse",
    "value": 0.5,
    "id": "CC-BY-4.0",
    "version": '"2026-01"',
    "name": "Ada Lovelace",
    "email": "ada@example.com",
    "metric": "rmse",
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def started(here: Path) -> Path:
    assert run("init", "--id", UUID).exit_code == 0
    for arguments in NEW:
        assert run("new", *arguments).exit_code == 0
    return here / "registry"


def placeholders(root: Path) -> set[tuple[str, tuple[str | int, ...]]]:
    return {
        (path.relative_to(root).as_posix(), route)
        for path in root.rglob("*.yaml")
        for route, mark in parse(path.read_bytes(), positions=True).marks.items()
        if mark.text == "TODO"
    }


def filled(path: Path) -> str:
    lines = path.read_text().splitlines()
    for route, mark in parse(path.read_bytes(), positions=True).marks.items():
        if mark.text == "TODO":
            name = next(key for key in reversed(route) if isinstance(key, str))
            value = "credit" if route == ("decision", "kind") else WRITTEN.get(name, PROSE)
            line = lines[mark.value_line - 1]
            lines[mark.value_line - 1] = f"{line[: mark.value_column - 1]}{value}{line[mark.value_column + 3 :]}"
    return "\n".join(lines) + "\n"


def test_right_after_the_scaffolds_every_finding_names_a_field_to_write(started: Path) -> None:
    report = json.loads(run("check", "--format", "json").stdout)
    found = [(f["location"]["path"], tuple(f["location"]["route"])) for f in report["findings"]]
    assert len(found) == len(set(found)) > 50
    assert set(found) == placeholders(started)
    assert all(f["message"].endswith("is still to be written") and f["help"] for f in report["findings"])


@pytest.mark.parametrize(
    ("file", "first"),
    [
        ("policy.yaml", "  # overlays:"),
        ("policy.yaml", "  # verify:"),
        ("policy.yaml", "# organisation:"),
        ("models/credit-risk/model.yaml", "# technology:"),
    ],
)
def test_what_a_scaffold_has_as_a_comment_is_valid_when_it_is_none(started: Path, file: str, first: str) -> None:
    path = started / file
    indent = len(first) - len(first.lstrip())
    before, start, rest = path.read_text().partition(f"\n{first}")
    assert start
    lines = f"{first}{rest}".replace("id of a person", "ada").split("\n")
    block = [x[:indent] + x[indent + 2 :] for x in takewhile(lambda x: x[indent:].startswith("# "), lines)]
    path.write_text("\n".join([before, *block, *lines[len(block) :]]))
    found = [f.message for f in load(Folder(started)).findings]
    assert [m for m in found if not m.endswith("is still to be written")] == []


def test_what_is_written_in_place_of_the_placeholders_passes_in_staging(started: Path) -> None:
    for path in started.rglob("*.yaml"):
        path.write_text(filled(path))
    assessment = assess(load(Folder(started)), dt.datetime.now(dt.UTC).date())
    alone = [f for f in assessment.findings if f.code == "POL102"]
    assert alone  # one person cannot give all signatures
    assert [str(f) for f in assessment.findings if f not in alone] == []
    assert set(assessment.models["credit-risk"].versions) == {"1.0.0"}


def test_the_policy_of_a_new_registry_has_no_findings(here: Path) -> None:
    run("init", "--id", UUID)
    (here / "registry/registry.yaml").write_text(f"format: 1\nid: {UUID}\nname: Models\n")
    assert run("check").output == "No findings.\n"


def test_the_files_of_a_new_registry_are_bytes_for_git(here: Path) -> None:
    run("init", "fresh", "--id", UUID)
    assert sorted(p.name for p in (here / "fresh").iterdir()) == [
        ".gitattributes",
        ".schema",
        "README.md",
        "policy.yaml",
        "registry.yaml",
    ]
    assert "* -text" in (here / "fresh/.gitattributes").read_text().splitlines()
    assert f"id: {UUID}" in (here / "fresh/registry.yaml").read_text()


def test_an_editor_finds_the_schema_of_every_file_beside_the_registry(started: Path) -> None:
    run("new", "model", "churn")
    run("new", "version", "churn", "1.0.0")
    for entry in started.rglob("*.yaml"):
        address = entry.read_text().splitlines()[0].removeprefix("# yaml-language-server: $schema=")
        assert (entry.parent / address).resolve().parent == (started / ".schema").resolve()
        assert json.loads((entry.parent / address).read_text())["$id"].startswith("urn:accredit:schema:v1:")


def test_every_new_registry_has_an_id_of_its_own(here: Path) -> None:
    run("init", "one")
    run("init", "two")
    assert (here / "one/registry.yaml").read_text() != (here / "two/registry.yaml").read_text()


def test_starting_again_changes_nothing_and_says_so(started: Path) -> None:
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in started.rglob("*") if p.is_file()}
    result = run("init")
    assert [line.split(" registry/")[0] for line in result.stdout.splitlines()] == ["left alone"] * 5
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in started.rglob("*") if p.is_file()} == before


def test_a_file_that_was_there_is_left_alone_and_the_others_are_written(here: Path) -> None:
    (here / "registry").mkdir()
    (here / "registry/README.md").write_text("mine")
    (here / "registry/policy.yaml").symlink_to(here / "nowhere")
    result = run("init")
    assert "left alone registry/README.md\n" in result.stdout
    assert "left alone registry/policy.yaml\n" in result.stdout
    assert "wrote registry/registry.yaml\n" in result.stdout
    assert (here / "registry/README.md").read_text() == "mine"
    assert not (here / "nowhere").exists()
    assert [p.name for p in (here / "registry").iterdir() if p.name.startswith(".accredit")] == []


def test_a_folder_with_other_things_is_not_made_a_registry(here: Path) -> None:
    (here / "train.py").write_text("print()")
    result = run("init", ".")
    assert result.exit_code == 2
    assert "accredit init registry" in result.stderr
    assert [p.name for p in here.iterdir()] == ["train.py"]


@pytest.mark.parametrize("arguments", NEW, ids=lambda a: a[0])
def test_new_refuses_what_exists(started: Path, arguments: tuple[str, ...]) -> None:
    before = {p: p.read_bytes() for p in started.rglob("*") if p.is_file()}
    result = run("new", *arguments)
    assert result.exit_code == 2
    assert "exists already" in result.stderr
    assert {p: p.read_bytes() for p in started.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (("model", "Credit Risk"), "small letters"),
        (("person", "../ada"), "small letters"),
        (("dataset", "con"), "small letters"),
        (("version", "unknown", "1.0.0"), "accredit new model unknown"),
        (("version", "credit-risk", "../../x"), "versions look like 1.0.0"),
        (("evaluation", "credit-risk", "9", "holdout"), "accredit new version credit-risk 9"),
    ],
)
@pytest.mark.usefixtures("started")
def test_new_names_the_remedy_for_what_cannot_be(arguments: tuple[str, ...], remedy: str) -> None:
    result = run("new", *arguments)
    assert result.exit_code == 2
    assert remedy in result.stderr


def test_nothing_is_written_through_a_link_out_of_the_registry(here: Path) -> None:
    run("init")
    (here / "outside").mkdir()
    (here / "registry/people").symlink_to(here / "outside")
    result = run("new", "person", "ada")
    assert result.exit_code == 2
    assert list((here / "outside").iterdir()) == []
