from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.program import base_on_disk, run

AS_OF = ("--as-of", "2026-11-23")


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return base_on_disk(tmp_path)


@pytest.fixture
def orphaned(registry: Path) -> Path:
    model = registry / "models/loan-default/model.yaml"
    lines = ["owner: nobody-here" if line.startswith("owner:") else line for line in model.read_text().splitlines()]
    model.write_text("\n".join(lines) + "\n")
    return registry


@pytest.mark.usefixtures("registry")
def test_a_clean_registry_exits_with_0_and_says_how_each_model_stands() -> None:
    result = run("check", *AS_OF)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "loan-default: tier" in result.stdout
    assert result.stdout.endswith("No findings.\n")


def test_a_finding_is_shown_with_its_place_from_here_and_a_remedy(orphaned: Path) -> None:
    result = run("check", *AS_OF)
    lines = result.stdout.splitlines()
    place = next(i for i, line in enumerate(lines) if " OWN101 " in line)
    number = (orphaned / "models/loan-default/model.yaml").read_text().splitlines().index("owner: nobody-here") + 1
    assert lines[place].startswith(f"registry/models/loan-default/model.yaml:{number}:1 OWN101 the owner `nobody-here`")
    assert lines[place + 1] == "    blocker: Name a person, or add `people/nobody-here.yaml`."
    assert result.exit_code == 1


@pytest.mark.usefixtures("orphaned")
def test_the_gate_names_the_codes_that_close_it() -> None:
    result = run("check", *AS_OF)
    closed = [line for line in result.stdout.splitlines() if " closed by " in line]
    assert closed
    assert all("OWN101" in line for line in closed)


@pytest.mark.parametrize("place", [".", "registry"])
@pytest.mark.usefixtures("orphaned")
def test_the_path_is_the_registry_or_its_parent(place: str) -> None:
    assert run("check", place, *AS_OF).stdout == run("check", *AS_OF).stdout


def test_paths_are_relative_to_where_one_stands(orphaned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(orphaned / "models")
    assert "\n../models/loan-default/model.yaml:" in "\n" + run("check", "..", *AS_OF).stdout


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--fail-on", "never"], 0),
        (["--fail-on", "blocker"], 1),
        (["--ignore", "own,reg"], 0),
        (["--ignore", "OWN1", "--ignore", "REG"], 0),
        (["--select", "CARD"], 0),
        (["--select", "CARD,OWN101"], 1),
    ],
)
@pytest.mark.usefixtures("orphaned")
def test_the_exit_code_follows_threshold_and_selection(options: list[str], code: int) -> None:
    assert run("check", *AS_OF, *options).exit_code == code


@pytest.mark.usefixtures("registry")
def test_a_day_in_the_past_is_assessed_as_of_that_day() -> None:
    report = json.loads(run("check", "--format", "json", "--as-of", "2030-01-01").stdout)
    assert report["as_of"] == "2030-01-01"
    assert {f["code"] for f in report["findings"]} != set()


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["check", "--as-of", "yesterday"], "Write a date such as 2026-11-23."),
        (["check", "--select", "no rule"], "Write a code such as OWN101"),
        (["check", "elsewhere"], "Name the folder that holds registry.yaml."),
        (["check", "registry/people"], "accredit init"),
        (["check", "--output", "no/such/folder/out.txt"], "mkdir -p no/such/folder"),
        (["check", "--formt", "json"], "--format"),
        (["check", "--format", "xml"], "sarif"),
    ],
)
def test_a_usage_error_names_the_remedy_on_stderr(arguments: list[str], named: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert named in result.stderr
    assert result.stdout == ""


@pytest.mark.usefixtures("orphaned")
def test_colour_is_for_terminals_only() -> None:
    assert "\x1b" not in run("check", *AS_OF).output


@pytest.mark.usefixtures("registry")
def test_output_replaces_a_file_and_prints_nothing(tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    target.write_text("old")
    result = run("check", *AS_OF, "--format", "json", "--output", target)
    assert result.stdout == ""
    assert json.loads(target.read_text())["format"] == 1
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.mark.usefixtures("orphaned")
def test_the_cache_changes_nothing_but_time(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("empty")
    without = run("check", *AS_OF, "--no-cache", env={"ACCREDIT_CACHE_DIR": str(folder)})
    assert list(folder.iterdir()) == []
    cold = run("check", *AS_OF, env={"ACCREDIT_CACHE_DIR": str(folder)})
    warm = run("check", *AS_OF, env={"ACCREDIT_CACHE_DIR": str(folder)})
    assert without.output == cold.output == warm.output
    assert list(folder.iterdir()) != []
