"""People, versions and days that the records about a model in use name are looked up like all others."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.support.cases import assessed, base_files, finding_lines, patched
from tests.support.memory_tree import MemoryTree
from tests.support.sealing import sealed

from accredit.domain.events import events
from accredit.loading.tree import load
from accredit.signing.operating_deadlines import operating_deadlines
from accredit.signing.workspace import Workspace

MODEL = "models/loan-default/model.yaml"
INCIDENT: dict[str, Any] = {
    "title": "Wrong refusals",
    "model": "loan-default",
    "kind": "outage",
    "severity": "minor",
    "detected_at": dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC),
    "owner": "olga",
    "description": "The service was down for an hour.",
}


def found(*changes: tuple[str, dict[str, Any]]) -> list[str]:
    return finding_lines(assessed(sealed(patched(base_files(), dict(changes)))))


def test_a_sound_incident_is_no_finding() -> None:
    assert found(("incidents/one.yaml", INCIDENT)) == []


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"owner": "nobody"}, "REG002", "`nobody` is no person"),
        ({"detected_by": "nobody"}, "REG002", "`nobody` is no person"),
        ({"versions": ["9.9.9"]}, "REG002", "`loan-default@9.9.9` is no version of the model"),
        ({"model": "no-such-model"}, "REG002", "`no-such-model` is no model"),
        (
            {"closed_at": dt.datetime(2026, 11, 1, tzinfo=dt.UTC), "root_cause": "A cable."},
            "REG005",
            "before the start",
        ),
        ({"detected_at": dt.datetime(2027, 11, 1, tzinfo=dt.UTC)}, "REG005", "the incident is dated 2027-11-01"),
    ],
)
def test_an_incident_names_what_exists_and_what_has_happened(changes: dict[str, Any], code: str, words: str) -> None:
    lines = found(("incidents/one.yaml", INCIDENT | changes))
    assert any(line.startswith("incidents/one.yaml") and f" {code} " in line and words in line for line in lines)


@pytest.mark.parametrize(
    ("route", "value", "code"),
    [
        ("oversight.overseers.0.person", "nobody", "REG002"),
        ("oversight.stop_tests.0.by", "nobody", "REG002"),
        ("security.reviewer", "nobody", "REG002"),
        ("transparency.notices.0.date", dt.date(2027, 1, 1), "REG005"),
        ("oversight.stop_tests.1.date", dt.date(2027, 1, 1), "REG005"),
        ("security.date", dt.date(2027, 1, 1), "REG005"),
        ("monitoring.in_use_plan.date", dt.date(2027, 1, 1), "REG005"),
    ],
)
def test_the_sections_of_a_model_name_people_who_exist_and_days_that_came(route: str, value: object, code: str) -> None:
    assert any(f" {code} " in line for line in found((MODEL, {route: value})))


def test_an_incident_of_one_model_is_a_finding_about_that_model() -> None:
    overdue = INCIDENT | {"actions": [{"action": "Mend it.", "owner": "olga", "due": dt.date(2026, 11, 10)}]}
    assessment = assessed(sealed(patched(base_files(), {"incidents/one.yaml": overdue})))
    assert [(f.code, f.subject) for f in assessment.findings] == [("MON104", "loan-default")]


def test_the_audit_trail_tells_when_an_incident_was_noticed_reported_and_closed() -> None:
    reported = dt.datetime(2026, 11, 3, 8, tzinfo=dt.UTC)
    ended = {
        "reports": {"gdpr": {"reported_at": reported, "reference": "DPA-1"}},
        "closed_at": reported,
        "root_cause": "A cable.",
    }
    assessment = assessed(sealed(patched(base_files(), {"incidents/one.yaml": INCIDENT | ended})))
    told = [e for e in events(assessment.registry, assessment.lifecycles) if e.kind == "incident"]
    assert [(e.action, e.detail) for e in told if e.time == reported] == [
        ("closed", "Wrong refusals"),
        ("reported", "gdpr, DPA-1"),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"policy.yaml": {"incidents.duties.gdpr.within_hours": 10**15, "incidents.duties.gdpr.kinds": ["outage"]}},
        {"policy.yaml": {"monitoring.report_every_days.1": 10**15, "monitoring.grace_days": 10**15}},
        {
            "incidents/two.yaml": INCIDENT
            | {"detected_at": dt.datetime(2999, 12, 31, 23, tzinfo=dt.UTC), "kind": "data_breach"}
        },
        {
            "incidents/two.yaml": INCIDENT
            | {"detected_at": dt.datetime(1000, 1, 1, tzinfo=dt.UTC), "kind": "data_breach"}
        },
    ],
)
def test_deadlines_beyond_the_end_of_all_days_are_no_bug(changes: dict[str, Any]) -> None:
    files = sealed(patched(base_files(), {"incidents/one.yaml": INCIDENT, **changes}))
    now = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
    assert {a.kind for a in operating_deadlines(Workspace(load(MemoryTree(files)), now))} <= {"deadline"}
    assert {line.partition(" ")[2][:6] for line in finding_lines(assessed(files))} <= {"MON104", "REG005"}


def test_a_moment_without_an_offset_is_refused() -> None:
    lines = found(("incidents/one.yaml", INCIDENT | {"detected_at": dt.datetime(2026, 11, 2, 8)}))  # noqa: DTZ001
    assert [" REG001 " in line for line in lines] == [True]
