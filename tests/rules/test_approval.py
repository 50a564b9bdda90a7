"""The rules on approvals say with a history what the history proves, and without one what the files say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.support.cases import SUBJECT, assessed, base_files, patched
from tests.support.ceremony import Ceremony, a_ceremony, in_production
from tests.support.memory_tree import MemoryTree
from tests.support.records import SUBJECT as SIGNED
from tests.support.sealing import sealed

from accredit.assess import assess
from accredit.gates import Result
from accredit.loading.tree import load


def proven(story: Ceremony) -> Mapping[str, Result]:
    return assess(load(MemoryTree(story.files)), dt.date(2026, 2, 1), story.verify()).version(SIGNED).results


def outcomes(results: Mapping[str, Result], *codes: str) -> list[str]:
    return [results[code].outcome for code in codes]


def declared(patches: Mapping[str, Any], as_of: dt.date) -> Mapping[str, Result]:
    return assessed(sealed(patched(base_files(), patches)), as_of).version(SUBJECT).results


def test_signed_approvals_that_count_pass_every_rule_on_signers(tmp_path: Path) -> None:
    found = proven(in_production(a_ceremony(tmp_path)))
    assert outcomes(found, "APR101", "APR102", "APR103", "APR104", "APR106", "APR108", "LIFE101") == ["pass"] * 7


def test_a_request_that_waits_names_the_roles_that_are_missing(tmp_path: Path) -> None:
    story = a_ceremony(tmp_path).request("review").approve("otto").land()
    found = proven(story.request("production").approve("vera").land())
    assert [v.message for v in found["APR101"].verdicts] == ["request 0002, review->production, still needs release"]


def test_an_approval_in_a_role_that_the_person_does_not_hold_is_reported_while_the_request_waits(
    tmp_path: Path,
) -> None:
    found = proven(a_ceremony(tmp_path).request("review").approve("vera", "owner").land())
    assert outcomes(found, "APR101", "APR102", "APR103") == ["fail", "fail", "pass"]


def test_whoever_trained_the_version_cannot_carry_its_approval(tmp_path: Path) -> None:
    found = proven(a_ceremony(tmp_path).request("review").approve("dana", "owner").land())
    assert outcomes(found, "APR101", "APR103") == ["fail", "fail"]


def test_a_compromised_key_takes_the_approval_and_the_quorum_away(tmp_path: Path) -> None:
    story = in_production(a_ceremony(tmp_path)).revoke_key("vera", compromised_since="2026-01-01").land()
    assert outcomes(proven(story), "APR101", "APR102") == ["fail", "fail"]


def test_a_version_that_nobody_asked_to_move_has_no_quorum_to_miss(tmp_path: Path) -> None:
    found = proven(a_ceremony(tmp_path))
    assert set(outcomes(found, "APR101", "APR102", "APR103", "APR104", "APR108", "LIFE101")) == {"not_applicable"}


@pytest.mark.parametrize(
    ("day", "outcome", "words"),
    [
        ("2027-06-30", "pass", "the approval holds until 2027-09-01"),
        ("2027-07-03", "pass", "within 60 days"),
        ("2027-08-02", "pass", "within 30 days"),
        ("2027-09-01", "pass", "within 7 days"),
        ("2027-09-02", "fail", "until 2027-09-01"),
    ],
)
def test_an_approval_holds_through_its_last_day_and_says_when_it_is_near(day: str, outcome: str, words: str) -> None:
    found = declared({}, dt.date.fromisoformat(day))["APR105"]
    assert found.outcome == outcome
    assert words in found.verdicts[0].message
