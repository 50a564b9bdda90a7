"""An incident is written with its deadlines, and what is due about models in use is told by the doctor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.office import MODEL
from tests.support.program import base_on_disk, run

from accredit.domain.incident import Incident
from accredit.loading.folder import Folder
from accredit.loading.tree import load

GIVEN = (
    *("incident", MODEL, "--kind", "discrimination", "--severity", "serious", "--version", "2.0.0", "--by", "dana"),
    *("--title", "Wrong refusals", "--description", "Applicants under 30 were refused in one branch."),
    *("--detected", "2026-03-02T08:00"),
)
SNAPSHOT = f"models/{MODEL}/versions/2.0.0/monitoring/2026-10.yaml"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return base_on_disk(tmp_path)


def written(root: Path) -> dict[str, Incident]:
    return dict(load(Folder(root)).registry.incidents)


def deadlines(as_of: str) -> list[tuple[str, bool, str]]:
    result = run("doctor", "--as-of", as_of, "--format", "json")
    found: list[dict[str, Any]] = json.loads(result.stdout)["ailments"]
    return [(a["place"], a["grave"], a["message"]) for a in found if a["kind"] == "deadline"]


def test_an_incident_is_written_with_the_models_owner_and_says_by_when_it_is_reported(root: Path) -> None:
    result = run(*GIVEN)
    assert result.exit_code == 0, result.output
    assert result.stdout == f"wrote registry/incidents/{MODEL}-2026-03-02.yaml\n"
    assert "Report it to the market surveillance authority by 2026-03-17 08:00 UTC (EU AI Act Art. 73(2))" in (
        " ".join(result.stderr.split())
    )
    assert "data protection" not in result.stderr
    (incident,) = written(root).values()
    assert (incident.owner, incident.detected_by, incident.versions) == ("olga", "dana", ("2.0.0",))


def test_a_second_incident_of_a_day_gets_another_name(root: Path) -> None:
    assert [run(*GIVEN).exit_code for _ in range(2)] == [0, 0]
    assert sorted(written(root)) == [f"{MODEL}-2026-03-02", f"{MODEL}-2026-03-02-2"]


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--kind", "bad luck", "is not one of the choices"),
        ("--version", "9.9.9", "there is no version 9.9.9"),
        ("--owner", "nobody-yet", "nobody-yet is nobody who works here"),
        ("--detected", "2999-01-01", "has not come yet"),
        ("--detected", "yesterday", "is not a time"),
        ("--id", "../escape", "has no place in a registry"),
    ],
)
def test_an_incident_that_cannot_be_is_not_written(root: Path, option: str, value: str, told: str) -> None:
    result = run(*GIVEN, option, value)
    assert result.exit_code == 2
    assert told in " ".join(result.stderr.split())
    assert written(root) == {}


@pytest.mark.parametrize(("as_of", "late"), [("2026-03-17", True), ("2026-03-16", False)])
@pytest.mark.usefixtures("root")
def test_the_doctor_tells_of_a_report_that_is_due_and_of_one_that_is_late(as_of: str, *, late: bool) -> None:
    run(*GIVEN)
    place = f"incidents/{MODEL}-2026-03-02.yaml"
    (found,) = [d for d in deadlines(as_of) if d[0] == place]
    assert found[1] is late
    assert "2026-03-17 08:00: Wrong refusals" in found[2]


def test_the_doctor_tells_of_breaches_and_of_a_monitoring_report_that_is_missing(root: Path) -> None:
    with (root / SNAPSHOT).open("a") as file:
        file.write(
            "breaches:\n  - {metric: auc, value: 0.69, threshold: at least 0.70, action: Stop., due: 2026-12-01}\n"
        )
    place = SNAPSHOT
    assert [(grave, text) for p, grave, text in deadlines("2026-11-23") if p == place] == [
        (False, f"{MODEL}@2.0.0: the breach of auc is to be handled by 2026-12-01")
    ]
    assert [(grave, text) for p, grave, text in deadlines("2026-12-14") if p == place] == [
        (True, f"{MODEL}@2.0.0: the breach of auc was to be handled by 2026-12-01"),
        (True, f"{MODEL}@2.0.0 was to be reported on by 2026-12-13 at the latest"),
    ]
