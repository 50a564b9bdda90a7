"""The audit log on the command line: the same events in every format, up to a day."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from tests.support.cases import base_registry, patched
from tests.support.office import MODEL, Office
from tests.support.program import base_on_disk, on_disk, run

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


def test_the_log_of_an_earlier_day_is_shorter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base_on_disk(tmp_path)
    monkeypatch.chdir(tmp_path)
    times = [json.loads(line)["time"] for line in run("audit", "--format", "ndjson").stdout.splitlines()]
    day = sorted(times)[len(times) // 2][:10]
    until = run("audit", "--format", "ndjson", "--as-of", day).stdout.splitlines()
    assert len(until) == sum(time[:10] <= day for time in times) < len(times)


def test_no_cell_is_a_formula_to_a_spreadsheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    version = f"models/{MODEL}/versions/1.0.0/version.yaml"
    on_disk(tmp_path, patched(base_registry(), {version: {"trained.run": "=1+1"}}))
    monkeypatch.chdir(tmp_path)
    rows = list(csv.DictReader(io.StringIO(run("audit", "--format", "csv").stdout)))
    assert [r["detail"] for r in rows if r["kind"] == "training" and "1+1" in r["detail"]] == ["'=1+1"]
