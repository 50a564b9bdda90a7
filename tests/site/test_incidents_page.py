"""The page of incidents says who was told and by when, and the page of a version says how it is followed in use."""

from __future__ import annotations

import pytest
from tests.support.cases import SUBJECT, assessed, base_files, patched
from tests.support.hostile import Reader
from tests.support.sealing import sealed

from accredit.assess import Assessment
from accredit.site import urls
from accredit.site.diagrams import Diagrams
from accredit.site.pages import pages
from accredit.site.render import render

INCIDENT = {
    "title": "Wrong refusals in one branch",
    "model": "loan-default",
    "versions": ["2.0.0"],
    "kind": "discrimination",
    "severity": "serious",
    "detected_at": "2026-11-02T08:00:00Z",
    "owner": "olga",
    "description": "Applicants under 30 were refused.",
    "actions": [{"action": "Tell them.", "owner": "dana", "due": "2026-11-10"}],
}


def told(**reports: str) -> Assessment:
    files = patched(
        base_files(), {"incidents/one.yaml": INCIDENT | ({"reports": {"ai-act": reports}} if reports else {})}
    )
    dates = files["incidents/one.yaml"].replace(b"'", b"")
    return assessed(sealed({**files, "incidents/one.yaml": dates}))


def text(assessment: Assessment, url: str) -> str:
    page = next(p for p in pages(assessment) if p.url == url)
    return " ".join(Reader(render(page, assessment, Diagrams(assessment.lineage, None))).text.split())


@pytest.mark.parametrize(
    ("reports", "words"),
    [
        ({}, "Late the market surveillance authority, within 360 hours (EU AI Act Art. 73(2)): due by 17 Nov 2026"),
        ({"reported_at": "2026-11-16T08:00:00Z", "reference": "MSA-1"}, "reported 16 Nov 2026 08:00 UTC, MSA-1"),
        (
            {"not_due": "Nobody was refused", "decided_by": "lars"},
            "not owed, as Lars Legal decided: Nobody was refused",
        ),
    ],
)
def test_an_incident_says_who_was_told_or_is_to_be_told_by_when(reports: dict[str, str], words: str) -> None:
    found = text(told(**reports), urls.INCIDENTS).replace("\N{NO-BREAK SPACE}", " ")
    assert words in " ".join(found.split())
    assert "1 incident, 1 open." in found


def test_an_action_that_is_late_is_said_to_be_late() -> None:
    assert "Late Tell them." in text(told(), urls.INCIDENTS)


def test_a_version_shows_its_incidents_and_how_it_is_followed_in_use() -> None:
    found = text(told(), urls.version_url(SUBJECT))
    for words in ("Wrong refusals in one branch", "PN-7, application form, page 2", "Stopped within four minutes"):
        assert words in found
    assert "score, reasons and version" in found


def test_the_page_of_a_version_is_drawn_anew_when_an_incident_changes() -> None:
    url = urls.version_url(SUBJECT)
    keys = [next(p.key for p in pages(a) if p.url == url) for a in (told(), told(reference="MSA-1"))]
    assert keys[0] != keys[1]


def test_without_incidents_the_page_says_so() -> None:
    assert "No incident is recorded." in text(assessed(sealed(base_files())), urls.INCIDENTS)
