from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.cases import AS_OF, CASES, SUBJECT, Case, all_cases, assessed, base_registry, finding_lines
from typer.testing import CliRunner

from accredit.cli.app import app
from accredit.findings import Location, Severity
from accredit.rules import all_rules
from accredit.rules.rule import SECTIONS

CASE_DIRECTORIES = all_cases()
BAD = [c for c in CASE_DIRECTORIES if c.is_bad]
GOOD = [c for c in CASE_DIRECTORIES if not c.is_bad]


def _name(case: Case) -> str:
    return f"{case.code}-{case.folder.name}"


@pytest.fixture
def update_goldens(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-goldens"))


def test_the_base_registry_is_clean() -> None:
    assert finding_lines(assessed(base_registry())) == []


def test_the_base_registry_has_both_versions_in_production() -> None:
    stages = {i: v.stage for i, v in assessed(base_registry()).models["loan-default"].versions.items()}
    assert stages == {"1.0.0": "production", "2.0.0": "production"}


@pytest.mark.parametrize("case", BAD, ids=_name)
def test_a_bad_case_yields_the_expected_findings(case: Case, *, update_goldens: bool) -> None:
    found = finding_lines(case.assessed())
    assert any(f" {case.code} " in line for line in found)
    if update_goldens:
        case.expected.write_text("".join(f"{line}\n" for line in found))
    assert found == case.expected.read_text().splitlines()


@pytest.mark.parametrize("case", GOOD, ids=_name)
def test_a_good_case_passes_and_yields_no_finding_of_its_rule(case: Case) -> None:
    assessment = case.assessed()
    assert [line for line in finding_lines(assessment) if f" {case.code} " in line] == []
    assert assessment.version(SUBJECT).results[case.code].outcome == "pass"


@pytest.mark.parametrize("case", CASE_DIRECTORIES, ids=_name)
def test_the_command_reports_what_the_library_finds(case: Case, tmp_path: Path) -> None:
    case.write(tmp_path)
    run = CliRunner().invoke(app, ["check", str(tmp_path), "--format=json", f"--as-of={AS_OF}", "--no-cache"])
    reported = {
        f"{Location(at['path'], at.get('line') or 0, at.get('column') or 0)} {f['code']} {f['message']}"
        for f in json.loads(run.stdout)["findings"]
        for at in [f["location"]]
    }
    assessment = case.assessed()
    assert sorted(reported) == finding_lines(assessment)
    assert run.exit_code == any(f.severity >= Severity.ERROR for f in assessment.findings)


@pytest.mark.parametrize("code", all_rules())
def test_a_rule_has_a_page_and_a_bad_and_a_good_case(code: str) -> None:
    rule = all_rules()[code]
    assert tuple(h for h, text in rule.sections.items() if text) == SECTIONS
    assert rule.since
    assert (CASES / code / "bad" / "expected.txt").is_file()
    assert (CASES / code / "good").is_dir()


def test_every_case_is_about_a_rule() -> None:
    assert {c.code for c in CASE_DIRECTORIES} <= set(all_rules())
