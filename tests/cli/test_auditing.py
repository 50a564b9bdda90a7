"""The audit log on the command line: the same events in every format, up to a day."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import shutil
from pathlib import Path

import pytest
from tests.support.cases import base_registry, patched
from tests.support.office import AS_OF, MODEL, Office
from tests.support.program import base_on_disk, on_disk, run

STRICTER = {
    "policy.version": "2.0", "policy.effective": dt.date(2099, 1, 1), "validation": {"required_tiers": [1]},
    "gates.review->production.rules": ["APR110", "POL101"],
}  # fmt: skip
needs_git = pytest.mark.skipif(
    not (shutil.which("ssh-keygen") and shutil.which("git")), reason="git or OpenSSH, with which people sign, is absent"
)


@needs_git
def test_the_log_has_every_sign_off_with_its_landing_in_every_format(in_production: Office) -> None:
    events = json.loads(run("audit", "--format", "json").stdout)["events"]
    signed = [e for e in events if e["kind"] in ("request", "decision")]
    assert len(signed) == 8
    assert all(e["counts"] and e["assurance"] == "signed" and len(e["commit"]) == 40 for e in signed)
    assert [e["detail"] for e in events if e["kind"] == "move"] == ["staging -> review", "review -> production"]
    assert [json.loads(line) for line in run("audit", "--format", "ndjson").stdout.splitlines()] == events
    rows = list(csv.DictReader(io.StringIO(run("audit", "--format", "csv").stdout)))
    assert [(r["kind"], r["actor"], r["commit"]) for r in rows] == [
        (e["kind"], e["actor"] or "", e["commit"] or "") for e in events
    ]
    lines = run("audit").stdout.splitlines()
    assert len(lines) == len(events)
    assert f"{MODEL}@1.0.0" in lines[-1]
    assert in_production.git("rev-parse", "--short=12", "HEAD").strip() in lines[-1]


@needs_git
def test_a_replay_says_what_was_in_production_by_whose_sign_off_and_whether_it_was_allowed(
    in_production: Office,
) -> None:
    before = in_production.git("rev-list", "--max-parents=0", "HEAD").strip()
    assert "nothing" in run("audit", "--as-of", before).stdout
    shown = json.loads(run("audit", "--as-of", "HEAD", "--format", "json").stdout)
    head = in_production.git("rev-parse", "HEAD").strip()
    (version,) = shown["production"]
    assert (shown["day"], shown["commit"], version["subject"]) == (AS_OF, head, f"{MODEL}@1.0.0")
    assert {(s["person"], s["role"], s["assurance"]) for s in version["signed_by"]} == {
        ("vera", "validator", "signed"), ("rolf", "risk", "signed"), ("pia", "privacy", "signed"),
        ("lars", "legal", "signed"), ("rita", "release", "signed"),
    }  # fmt: skip
    assert version["landed"] == head
    assert version["then"] == version["today"]
    assert json.loads(run("audit", "--as-of", AS_OF, "--format", "ndjson").stdout) == version
    (row,) = csv.DictReader(io.StringIO(run("audit", "--as-of", AS_OF, "--format", "csv").stdout))
    assert row["subject"] == f"{MODEL}@1.0.0"
    assert row["allowed_then"] == str(version["then"]["allowed"]).lower()
    assert "vera as validator (signed)" in run("audit", "--as-of", AS_OF).stdout


@needs_git
def test_a_replay_judges_by_the_policy_of_then_and_by_that_of_today(in_production: Office) -> None:
    head = in_production.git("rev-parse", "HEAD").strip()
    policy = in_production.root / "policy.yaml"
    data = patched({"policy.yaml": policy.read_bytes()}, {"policy.yaml": STRICTER})["policy.yaml"]
    policy.write_bytes(data)
    for person, command in (
        ("olga", ("change", "--reason", "More")),
        ("gwen", ("change", "approve", "0001", "--yes")),
    ):
        done = in_production.by(person, *command)
        assert done.exit_code == 0, done.output
    in_production.commit()
    (version,) = json.loads(run("audit", "--as-of", head, "--format", "json").stdout)["production"]
    assert (version["then"]["policy"], version["today"]["policy"]) == ("1.0", "2.0")
    assert "APR110" not in version["then"]["blocking"]
    assert version["today"]["blocking"] == ["APR110"], "that a policy came later is no fault of what was in use"


@needs_git
def test_a_day_before_the_registry_began_and_a_commit_of_another_line_are_refused(in_production: Office) -> None:
    early = run("audit", "--as-of", "2020-01-01")
    assert (early.exit_code, "nothing had landed by 2020-01-01" in early.stderr) == (2, True)
    tree = in_production.git("write-tree").strip()
    stray = in_production.git("commit-tree", "-m", "Stray", tree).strip()
    for option in ("--as-of", "--since"):
        other = run("audit", option, stray)
        assert (other.exit_code, "is no landing of this history" in other.stderr) == (2, True)
    assert run("audit", "--as-of", "HEAD", "--since", "HEAD").exit_code == 2


@needs_git
def test_since_a_checkpoint_only_what_landed_after_it_is_listed(in_production: Office) -> None:
    events = [json.loads(line) for line in run("audit", "--format", "ndjson").stdout.splitlines()]
    told = run("audit", "--since", "HEAD~2", "--format", "ndjson").stdout.splitlines()
    last = max(e["position"] for e in events if e["position"] is not None)
    assert [json.loads(line) for line in told] == [e for e in events if (e["position"] or 0) > last - 2]
    assert len(told) == 3
    assert run("audit", "--since", "HEAD").stdout == "Nothing has happened yet.\n"
    assert in_production.root.is_dir()


def test_without_a_history_a_replay_takes_files_at_their_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base_on_disk(tmp_path)
    monkeypatch.chdir(tmp_path)
    shown = json.loads(run("audit", "--as-of", AS_OF, "--format", "json").stdout)
    assert [v["subject"] for v in shown["production"]] == [f"{MODEL}@1.0.0", f"{MODEL}@2.0.0"]
    assert shown["commit"] is None
    assert all(s["assurance"] == "declared" for v in shown["production"] for s in v["signed_by"])


def test_no_cell_is_a_formula_to_a_spreadsheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    version = f"models/{MODEL}/versions/1.0.0/version.yaml"
    on_disk(tmp_path, patched(base_registry(), {version: {"trained.run": "=1+1"}}))
    monkeypatch.chdir(tmp_path)
    rows = list(csv.DictReader(io.StringIO(run("audit", "--format", "csv").stdout)))
    assert [r["detail"] for r in rows if r["kind"] == "training" and "1+1" in r["detail"]] == ["'=1+1"]
