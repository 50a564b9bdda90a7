"""The audit log: every event of a registry with its landing, on pages that stay small, and as lines of JSON."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from tests.support.ceremony import a_ceremony, in_production
from tests.support.hostile import Reader
from tests.support.project import built, dead_links, project, read

from accredit.assess import Assessment
from accredit.domain.events import KINDS, events
from accredit.site import replays
from accredit.site.diagrams import Diagrams
from accredit.site.pages import audit, pages
from accredit.site.render import render
from accredit.site.site import Site

REGISTRY = Path(__file__).parents[2] / "registry"
AS_OF = date(2026, 11, 23)
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git, which proves sign-offs, is absent")


def opened(registry: Path) -> Site:
    site = Site.open(registry, AS_OF)
    site.close(complete=False)
    return site


def log(assessment: Assessment) -> dict[str, str]:
    """Address of each page of the log to its body."""
    found = [p for p in pages(assessment) if p.template == "audit.html"]
    return {p.url: render(p, assessment, Diagrams(assessment.lineage, None)) for p in found}


@needs_git
def test_sign_offs_and_moves_stand_where_they_landed(tmp_path: Path) -> None:
    story = in_production(a_ceremony(tmp_path))
    assessment = opened(story.repository.checkout(tmp_path / "clone") / "registry").assessment
    found = events(assessment.registry, assessment.lifecycles, assessment.verification)
    told = [(e.action, e.actor, e.landed.position) for e in found if e.kind in ("request", "decision") and e.landed]
    assert told == [
        ("requested", "olga", 1), ("approve", "otto", 1),
        ("requested", "olga", 2), ("approve", "rita", 2), ("approve", "vera", 2),
    ]  # fmt: skip
    moves = [(e.detail, e.landed.position) for e in found if e.kind == "move" and e.landed]
    assert moves == [("staging -> review", 1), ("review -> production", 2)]
    body = log(assessment)["audit/"]
    assert Reader(body).text.count("Signed, verified") == 5
    assert body.count(f'title="Commit {story.repository.head}"') == 4


@needs_git
def test_what_history_remembers_is_in_the_log_when_its_file_is_gone(tmp_path: Path) -> None:
    story = in_production(a_ceremony(tmp_path))
    story.delete("models/loan-default/versions/1.0.0/transitions/0001/approvals/otto.yaml").land()
    assessment = opened(story.repository.checkout(tmp_path / "clone") / "registry").assessment
    found = events(assessment.registry, assessment.lifecycles, assessment.verification)
    gone = next(e for e in found if e.kind == "decision" and e.actor == "otto")
    assert (gone.time, gone.landed is not None) == (None, True)
    assert [e.action for e in found if e.kind == "breach"] != []
    assert "deleted after it landed" in Reader(log(assessment)["audit/"]).text


def test_without_history_the_log_says_that_it_is_what_files_claim(tmp_path: Path) -> None:
    assessment = opened(Path(shutil.copytree(REGISTRY, tmp_path / "registry"))).assessment
    found = events(assessment.registry, assessment.lifecycles)
    assert {"training", "evaluation", "request", "decision", "move", "deployment", "waiver"} <= {e.kind for e in found}
    assert all(e.landed is None and e.counts is None for e in found)
    assert list(found) == sorted(found, key=lambda e: e.at)
    asked = sum(len(v.transitions) for v in assessment.registry.versions())
    assert sum(e.kind == "request" for e in found) == asked
    text = Reader(log(assessment)["audit/"]).text
    assert "those that files claim" in text
    assert "Signed, verified" not in text


def test_a_long_log_is_split_and_no_event_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assessment = opened(Path(shutil.copytree(REGISTRY, tmp_path / "registry"))).assessment
    monkeypatch.setattr(audit, "ROWS", 10)
    bodies = log(assessment)
    total = len(events(assessment.registry, assessment.lifecycles, as_of=AS_OF))
    assert list(bodies)[:2] == ["audit/", "audit/2/"]
    assert len(bodies) == -(-total // 10)
    assert sum(body.count("<tr data-kind=") for body in bodies.values()) == total
    assert "../audit/2/" in Reader(bodies["audit/"]).links
    assert "../../audit/" in Reader(bodies["audit/2/"]).links


def test_the_download_has_a_line_for_every_event(tmp_path: Path) -> None:
    site = built(project(tmp_path))
    lines = [json.loads(line) for line in (site / "audit/events.ndjson").read_text(encoding="ascii").splitlines()]
    assert {line["kind"] for line in lines} <= set(KINDS)
    rows = (site / "audit/index.html").read_text(encoding="utf-8").count("<tr data-kind=")
    assert len(lines) == rows > 10
    assert list(dead_links(site, read(site))) == []


@needs_git
def test_each_month_end_has_a_page_that_says_what_was_in_production_and_whether_it_was_allowed(tmp_path: Path) -> None:
    story = a_ceremony(tmp_path).on("2026-02-10")
    in_production(story).on("2026-04-02").request("archived").approve("otto").land()
    site = opened(story.repository.checkout(tmp_path / "clone") / "registry")
    found = {p.url: p for p in site.pages if p.template == "as_of.html"}
    days = ["2026-10-31", "2026-09-30", "2026-08-31", "2026-07-31", "2026-06-30", "2026-05-31", "2026-04-30"]
    assert list(found) == [f"audit/{day}/" for day in [*days, "2026-03-31", "2026-02-28", "2026-01-31"]]
    bodies = {url: Reader(site.body(page)) for url, page in found.items()}
    assert "Nothing was in production" in bodies["audit/2026-01-31/"].text
    assert "Nothing was in production" in bodies["audit/2026-04-30/"].text
    march = bodies["audit/2026-03-31/"].text
    assert "Loan default" in march
    assert "signed" in march
    assert "of policy 1.0" in march
    log = Reader(site.body(next(p for p in site.pages if p.url == "audit/"))).links
    assert {f"../audit/{day}/" for day in days} <= set(log)


@needs_git
def test_a_month_that_is_over_is_replayed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCREDIT_CACHE_DIR", str(tmp_path / "cache"))
    story = in_production(a_ceremony(tmp_path))
    folder = story.repository.checkout(tmp_path / "clone") / "registry"
    first = Site.open(folder, date(2026, 3, 5))
    bodies = {p.url: first.body(p) for p in first.pages}
    first.close(complete=True)
    asked: list[date] = []
    real = replays.replayed

    def counted(*given: object) -> object:
        asked.append(given[2])  # type: ignore[arg-type]
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(replays, "replayed", counted)
    again = Site.open(folder, date(2026, 4, 5))
    assert asked == [date(2026, 3, 31)]
    url = "audit/2026-01-31/"
    assert again.body(next(p for p in again.pages if p.url == url)) == bodies[url]
    again.close(complete=True)
