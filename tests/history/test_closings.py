"""Who may say that a condition of an approval is met, and by which signature."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from tests.support.ceremony import Ceremony, a_ceremony
from tests.support.proof import only_flaw, stage
from tests.support.records import REGISTRY, approval, sha256, transition

from accredit.domain.verification import Flaw

CLOSING = transition(2, "closings/01.yaml")


@pytest.fixture
def story(tmp_path: Path) -> Ceremony:
    """In production, by an approval of vera on a condition that olga answers for."""
    condition = {"text": "Test for drift", "due": dt.date(2026, 6, 1), "owner": "olga"}
    story = a_ceremony(tmp_path)
    story.request("review").approve("otto").land()
    story.request("production").approve("vera", decision="approve-with-conditions", conditions=[condition])
    story.approve("rita").land()
    assert stage(story.verify()) == "production"
    return story


def closed(story: Ceremony, by: str, namespace: str = "closing@accredit", **options: Any) -> Ceremony:
    fields = {
        "kind": "closing/v1",
        "registry": REGISTRY,
        "approval": sha256(story.files[approval(2, "vera")]),
        "condition": 1,
        "by": by,
        "closed": dt.date(2026, 1, 11),
        "evidence": "Report 7",
        "time": story.now,
    }
    return story.signed(CLOSING, fields, by, namespace, options).land()


@pytest.mark.parametrize("by", ["vera", "olga"])
def test_who_made_a_condition_or_answers_for_it_closes_it(story: Ceremony, by: str) -> None:
    assert closed(story, by).verify().signoffs[CLOSING].counts


@pytest.mark.parametrize(
    ("by", "options", "flaw"),
    [
        ("rita", {}, Flaw.NO_ROLE),
        ("vera", {"key": "rita"}, Flaw.OTHER_SIGNER),
        ("vera", {"sign": False}, Flaw.TOO_WEAK),
        ("vera", {"namespace": "approval@accredit"}, Flaw.BAD_SIGNATURE),
        ("vera", {"condition": 2}, Flaw.OTHER_REQUEST),
        ("vera", {"approval": "0" * 64}, Flaw.OTHER_REQUEST),
        ("vera", {"registry": "another"}, Flaw.OTHER_REGISTRY),
        ("vera", {"condition": 0}, Flaw.UNREADABLE),
    ],
)
def test_a_forged_closing_closes_nothing(story: Ceremony, by: str, options: dict[str, Any], flaw: Flaw) -> None:
    found = closed(story, by, **options).verify()
    assert only_flaw(found, CLOSING) == flaw


def test_a_closing_that_is_rewritten_is_a_standing_breach(story: Ceremony) -> None:
    found = closed(story, "vera").edit(CLOSING, "Report 7", "Report 8").land().verify()
    assert [(b.flaw, b.path) for b in found.breaches if b.standing] == [(Flaw.REWRITTEN, CLOSING)]


def test_a_closing_whose_key_was_in_wrong_hands_is_tainted(story: Ceremony) -> None:
    closed(story, "vera")
    found = story.revoke_key("vera", compromised_since="2026-01-10").land().verify()
    assert only_flaw(found, CLOSING) == Flaw.TAINTED
