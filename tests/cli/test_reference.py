from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.program import run

from accredit.loading.schema import KINDS
from accredit.rules import all_rules
from accredit.rules.rule import SECTIONS


@pytest.mark.parametrize("code", all_rules())
def test_every_rule_is_explained_in_five_sections(code: str) -> None:
    text, markdown = run("explain", code).stdout, run("explain", code, "--format", "markdown").stdout
    assert text.startswith(f"{code}: {all_rules()[code].title}\n")
    assert [line.rstrip(":") for line in text.splitlines() if line.rstrip(":") in SECTIONS] == list(SECTIONS)
    assert [line[3:] for line in markdown.splitlines() if line.startswith("## ")] == list(SECTIONS)


def test_a_code_may_be_written_in_small_letters() -> None:
    assert run("explain", "own101").stdout == run("explain", "OWN101").stdout


def test_an_unknown_code_suggests_close_ones() -> None:
    result = run("explain", "OWN1O1")
    assert result.exit_code == 2
    assert "Did you mean OWN101" in result.stderr


def test_the_list_has_every_rule_once() -> None:
    assert [line.split()[0] for line in run("rules").stdout.splitlines()] == list(all_rules())


def test_a_program_is_told_the_rules_with_their_pages() -> None:
    every = json.loads(run("rules", "--format", "json").stdout)["rules"]
    assert [r["code"] for r in every] == list(all_rules())
    (one,) = json.loads(run("explain", "own101", "--format", "json").stdout)["rules"]
    assert one in every
    assert (one["severity"], one["waivable"]) == (all_rules()["OWN101"].severity.label, all_rules()["OWN101"].waivable)
    assert [*one["page"]] == ["what_it_checks", "why_it_matters", "example", "how_to_fix", "references"]


def test_without_a_kind_the_kinds_are_listed() -> None:
    assert run("schema").stdout.split() == list(KINDS)


def test_an_unknown_kind_suggests_a_close_one() -> None:
    result = run("schema", "modle")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Did you mean model?" in result.stderr


def test_every_schema_is_written_to_a_folder(tmp_path: Path) -> None:
    result = run("schema", "--output", tmp_path / "schemas")
    assert result.exit_code == 0
    written = {p.stem: json.loads(p.read_text())["$id"] for p in (tmp_path / "schemas").iterdir()}
    assert written == {kind: f"urn:accredit:schema:v1:{kind}" for kind in KINDS}
