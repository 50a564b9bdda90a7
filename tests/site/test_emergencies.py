"""Whoever opens the site sees that a version is suspended, what ends when, and who approved their own work."""

from __future__ import annotations

import re

import pytest
from tests.support.cases import CASES, Case

from accredit.site.diagrams import Diagrams
from accredit.site.pages import pages
from accredit.site.render import render

VERSION = "models/loan-default/2.0.0/"


def drawn(case: str, url: str) -> str:
    """The text of a page of a case."""
    assessment = Case(CASES / case).assessed()
    page = next(p for p in pages(assessment) if p.url == url)
    html = render(page, assessment, Diagrams(assessment.lineage, None))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).replace("&nbsp;", " ")


@pytest.mark.parametrize("url", ["", VERSION, "models/loan-default/"])
def test_a_suspended_version_is_shown_as_such_wherever_its_stage_is(url: str) -> None:
    assert "Suspended suspended; review due 2026-11-24" in drawn("LIFE104/bad-suspended", url)


def test_home_lists_emergencies_that_nobody_has_reviewed() -> None:
    assert "Emergencies to be reviewed" in drawn("LIFE104/good-open", "")
    assert "Emergencies to be reviewed" not in drawn("LIFE104/good", "")


def test_a_version_page_says_until_when_an_emergency_deploy_holds_and_what_it_was_for() -> None:
    text = drawn("LIFE104/good-open", VERSION)
    assert "Emergency emergency until 2026-11-24 09:00 UTC; review due 2026-11-27" in text
    assert "Until the review it owes only the rules that policy never skips" in text
    assert "Deploy: INC-12: fraud wave, until 24 Nov 2026" in text


def test_approval_of_ones_own_work_is_named_in_the_sign_off_panel() -> None:
    said = "Separation of duties not achieved: rita asked for the move and approved it"
    panel = drawn("APR103/bad-small-team", VERSION).partition("Sign-off")[2]
    assert said in panel


def test_the_policy_page_says_who_may_do_what_in_an_emergency() -> None:
    text = drawn("LIFE104/good-open", "policy/")
    assert "Emergency deploy: signed by risk officer, release manager, at least 2 people, for 72 hours at most" in text
    assert "Suspension:" not in text
    assert "Suspension: 1 person in the role owner can stop a version at once" in drawn("LIFE104/good", "policy/")
    assert "Separation of duties is given up in tier 3" in drawn("APR103/bad-small-team", "policy/")
