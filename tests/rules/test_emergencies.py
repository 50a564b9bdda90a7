"""Emergencies as rules and gates see them, proved by a history and declared in files alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.cases import CASES, SUBJECT, Case
from tests.support.ceremony import Ceremony, a_ceremony, in_production
from tests.support.emergencies import BACK, EMERGENCY, MOVES, NOW, STOP, archived
from tests.support.memory_tree import MemoryTree
from tests.support.records import FOLDER
from tests.support.records import SUBJECT as SIGNED

from accredit.assess import VersionAssessment, assess
from accredit.findings import Severity
from accredit.loading.tree import load


@pytest.fixture
def story(tmp_path: Path) -> Ceremony:
    return a_ceremony(tmp_path, emergency=EMERGENCY, transitions=MOVES)


def at(story: Ceremony, day: str, *, proved: bool = True) -> VersionAssessment:
    """The version on a day, by the history or by what the files declare."""
    loaded = load(MemoryTree(story.files))
    return assess(loaded, dt.date.fromisoformat(day), story.verify() if proved else None).version(SIGNED)


def outcome(found: VersionAssessment, code: str) -> tuple[str, str]:
    """The outcome of a rule and its first reason."""
    result = found.results[code]
    return result.outcome, result.reasons[0].message


def rolled_back(story: Ceremony) -> Ceremony:
    archived(story).on("2026-03-01").request("production", emergency=BACK)
    return story.approve("otto").approve("rita").land()


def hurried(story: Ceremony) -> Ceremony:
    story.request("review").approve("otto").land().on("2026-02-01")
    return story.request("production", by="dana", emergency=NOW).approve("otto").approve("rita").land()


STORIES: dict[str, Callable[[Ceremony], Ceremony]] = {
    "rollback": rolled_back,
    "deploy": hurried,
    "reviewed deploy": lambda s: hurried(s).request("production").approve("vera").approve("rita").land(),
    "deploy again": lambda s: (
        hurried(s).request("archived").approve("otto").land().request("production", emergency=BACK)
        .approve("otto").approve("rita").land()
    ),
    "suspended": lambda s: in_production(s).request("production", by="rita", emergency=STOP).land(),
    "suspended over a request": lambda s: (
        in_production(s).request("production").land().request("production", by="rita", emergency=STOP).land()
    ),
    "never in production": lambda s: (
        s.request("review").approve("otto").land().request("production", emergency=BACK)
        .approve("otto").approve("rita").land()
    ),
    "one signer": lambda s: archived(s).request("production", emergency=BACK).approve("otto").land(),
    "too many hours": lambda s: (
        s.request("review").approve("otto").land()
        .request("production", by="dana", emergency=NOW | {"hours": 99}).approve("otto").approve("rita").land()
    ),
    "no such move": lambda s: s.request("archived").land().request("review", from_="staging").approve("otto").land(),
    "outdated": lambda s: (
        s.request("review").land().edit(f"{FOLDER}card.yaml", "loan", "credit")
        .request("review", from_="staging").approve("otto").land()
    ),
    "two at once": lambda s: (
        s.request("review").land().request("review", from_="staging").approve("otto").land()
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STORIES)
def test_files_and_history_tell_the_same_steps(story: Ceremony, name: str) -> None:
    made = STORIES[name](story)
    proved, declared = at(made, "2026-12-01").lifecycle, at(made, "2026-12-01", proved=False).lifecycle
    told = [[(s.status, s.kind, s.review_due) for s in found.steps] for found in (proved, declared)]
    assert told[0] == told[1]
    assert (declared.stage, declared.suspended is None) == (proved.stage, proved.suspended is None)


@pytest.mark.parametrize("proved", [True, False])
def test_a_rollback_waits_for_its_review_until_its_last_day(story: Ceremony, *, proved: bool) -> None:
    rolled_back(story)
    found = at(story, "2026-03-06", proved=proved)
    assert outcome(found, "LIFE104") == ("pass", "the emergency rollback is to be reviewed by 2026-03-06")
    assert outcome(found, "APR101")[0] == "pass"
    late = at(story, "2026-03-07", proved=proved)
    assert outcome(late, "LIFE104")[0] == "fail"
    assert "LIFE104" in late.gates["review->production"].blocking


def test_a_rollback_renews_no_approval(story: Ceremony) -> None:
    archived(story).on("2027-01-20").request("production", emergency=BACK).approve("otto").approve("rita").land()
    for code in ("APR105", "LIFE106"):
        assert outcome(at(story, "2027-01-25"), code)[0] == "not_applicable"
        assert "2026-01-10" in outcome(at(story, "2027-01-26"), code)[1]
        assert outcome(at(story, "2027-02-20"), code)[0] == "fail"


@pytest.mark.parametrize("proved", [True, False])
def test_an_emergency_deploy_skips_all_but_what_policy_never_skips_until_it_is_reviewed(
    story: Ceremony, *, proved: bool
) -> None:
    found = at(hurried(story), "2026-02-02", proved=proved)
    assert found.gates["review->production"].codes == (
        "AUD102", "DATA102", "DATA103", "LIFE104", "LIN104", "RET106", "RISK101"
    )  # fmt: skip
    assert outcome(found, "APR101") == ("pass", "review->production is signed by otto, rita")
    assert outcome(at(story, "2026-02-04", proved=proved), "LIFE104")[0] == "fail"
    story.request("production").approve("vera").approve("rita").land()
    found = at(story, "2026-02-04", proved=proved)
    assert outcome(found, "LIFE104") == ("pass", "every emergency is closed")
    assert len(found.gates["review->production"].codes) > 50


def test_a_suspension_closes_a_gate_that_does_not_ask_about_it(tmp_path: Path) -> None:
    gates = {"gates.review->production": {"rules": ["OWN"], "not": ["LIFE"]}}
    story = a_ceremony(tmp_path, emergency=EMERGENCY, transitions=MOVES, **gates)
    assert "LIFE104" not in at(in_production(story), "2026-01-10").gates["review->production"].codes
    story.request("production", by="rita", emergency=STOP).land()
    assert "LIFE104" in at(story, "2026-01-10").gates["review->production"].blocking


def test_approval_of_ones_own_work_in_a_small_team_is_a_warning_that_closes_no_gate() -> None:
    found = Case(CASES / "APR103" / "bad-small-team").assessed()
    result = found.version(SUBJECT).results["APR103"]
    assert (result.outcome, result.is_conceded) == ("fail", True)
    assert "APR103" not in found.version(SUBJECT).gates["review->production"].blocking
    assert [f.severity for f in found.findings if f.code == "APR103"] == [Severity.WARNING]
    assert found.version(SUBJECT).results["APR101"].outcome == "pass"
