"""Controls are listed with their evidence, and a determination that would count is written."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from tests.support.cases import base_files, patched
from tests.support.program import on_disk, run
from tests.support.sealing import sealed

from accredit.loading.folder import Folder
from accredit.loading.tree import load

MODEL, VERSION = "loan-default", "2.0.0"
DECIDED = ("--result", "met", "--reason", "Seen with counsel, minutes B-9.", "--as", "legal", "--by", "lars")


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    policy = {"catalogue": {"frameworks": ("eu-ai-act", "gdpr")}}
    return on_disk(tmp_path, sealed(patched(base_files(), {"policy.yaml": policy})))


def test_controls_are_listed_with_label_evidence_and_place() -> None:
    result = run("controls", MODEL, VERSION)
    assert result.exit_code == 0, result.output
    assert "loan-default@2.0.0 eu-ai-act\n" in result.stdout
    assert "    AIA-05 No prohibited practice: Needs human judgement\n" in result.stdout
    assert "        present: rule RISK101: " in result.stdout
    assert "        facts missing: third_party\n" in result.stdout
    assert "Evidence missing (not yet in force, prepares for 2027-12-02)" in result.stdout


def test_json_has_an_entry_a_control_with_path_and_line() -> None:
    result = run("controls", MODEL, "--framework", "gdpr", "--format", "json")
    entries = {e["control"]: e for e in json.loads(result.stdout)["controls"]}
    assert len(entries) == 20
    row = next(r for r in entries["GDPR-35"]["evidence"] if r["name"] == "dpia")
    assert row["path"] == f"models/{MODEL}/model.yaml"
    assert row["line"] > 1
    assert entries["GDPR-35"]["version"] == VERSION


@pytest.mark.parametrize(
    "arguments",
    [("nothing",), (MODEL, "9.9.9"), (MODEL, "--framework", "sharia")],
    ids=["model", "version", "framework"],
)
def test_unknown_names_are_refused(arguments: tuple[str, ...]) -> None:
    assert run("controls", *arguments).exit_code == 2


def test_frameworks_are_listed_with_the_day_of_their_verification() -> None:
    result = run("frameworks")
    assert result.exit_code == 0, result.output
    line = next(line for line in result.stdout.splitlines() if line.startswith("eu-ai-act"))
    assert "26 controls, verified 2026-11-23 (secondary), reported" in line
    found = json.loads(run("frameworks", "--format", "json").stdout)["frameworks"]
    assert {f["id"]: f["reported"] for f in found}["iso-42001"] is False


def test_a_determination_is_written_and_counts(root: Path) -> None:
    result = run("determine", MODEL, VERSION, "AIA-05", *DECIDED)
    assert result.exit_code == 0, result.output
    today = dt.datetime.now(dt.UTC).date()
    assert result.stdout == f"wrote registry/determinations/loan-default-2.0.0-aia-05-{today}.yaml\n"
    made = next(iter(load(Folder(root)).registry.determinations.values()))
    assert (made.framework, made.by, made.date) == ("eu-ai-act", "lars", today)
    assert (made.expires - made.date).days == 365
    assert "AIA-05 No prohibited practice: Evidence present" in run("controls", MODEL, VERSION).stdout
    assert run("determine", MODEL, VERSION, "AIA-05", *DECIDED).exit_code == 2


@pytest.mark.parametrize(
    ("control", "arguments", "words"),
    [
        ("AIA-99", DECIDED, "there is no control AIA-99"),
        ("SR11-7-V", DECIDED, "SR11-7-V stood until 2026-04-16"),
        ("AIA-05", (*DECIDED, "--until", "2020-01-01"), "would not count"),
        ("AIA-05", (*DECIDED, "--until", "soon"), "is not a date"),
        ("AIA-05", (*DECIDED[:5], "governance", "--by", "lars"), "would not count"),
        (
            "AIA-05",
            ("--result", "not_applicable", *DECIDED[2:4], "--as", "validator", "--by", "vera"),
            "would not count",
        ),
    ],
)
def test_what_would_not_count_is_not_written(root: Path, control: str, arguments: tuple[str, ...], words: str) -> None:
    result = run("determine", MODEL, VERSION, control, *arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert not (root / "determinations").exists()


def test_a_doubt_about_a_control_stands_beside_it() -> None:
    result = run("controls", MODEL, VERSION, "--framework", "eu-ai-act")
    assert "        uncertain: The amendment does not list Section 5 among what is deferred" in result.stdout
    entries = json.loads(run("controls", MODEL, "-f", "json").stdout)["controls"]
    assert {e["control"] for e in entries if e["uncertain"]} >= {"AIA-43", "AIA-47-49", "AIA-72", "AIA-73"}


def test_catalogues_say_what_is_uncertain_and_which_older_texts_they_take_the_place_of() -> None:
    listed = run("frameworks").stdout
    assert "once SR 11-7 and OCC 2011-12 (until 2026-04-16)" in listed
    known = {f["id"]: f for f in json.loads(run("frameworks", "-f", "json").stdout)["frameworks"]}
    assert known["us-mrm"]["former"]["sr-11-7"]["until"] == "2026-04-16"
    assert any("Section 5" in doubt for doubt in known["eu-ai-act"]["uncertain"])
    assert {"date": "2027-12-02"}.items() <= known["eu-ai-act"]["timeline"][5].items()


def test_the_name_of_an_older_text_leads_to_what_took_its_place() -> None:
    result = run("controls", MODEL, "--framework", "sr-11-7")
    assert result.exit_code == 2
    assert "SR 11-7 and OCC 2011-12 stood until 2026-04-16; name us-mrm." in " ".join(result.stderr.split())
