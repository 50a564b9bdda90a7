from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from tests.support.cast import POLICY
from tests.support.ceremony import Ceremony, a_ceremony, in_production
from tests.support.proof import flaws, only_flaw, stage
from tests.support.records import MODEL, SUBJECT, VERSION, approval, transition

from accredit.domain.lifecycle import Lifecycle
from accredit.domain.verification import Flaw, Verification

CARD = f"models/{MODEL}/versions/{VERSION}/card.yaml"
EMERGENCY: dict[str, Any] = {
    "suspend": {"role": ["owner", "release"], "review_days": 2},
    "rollback": {"sign": [{"role": ["owner"]}, {"role": ["release"]}], "approval_may_be_expired_days": 90},
    "deploy": {"sign": [{"role": ["owner"]}, {"role": ["release"]}], "max_hours": 72, "review_days": 5},
}
MOVES = POLICY["transitions"] | {"production->review": {"sign": [{"role": ["owner"]}]}}
MOVES |= {"archived->review": {"sign": [{"role": ["owner"]}]}}
STOP = {"kind": "suspend", "incident": "INC-7: scores are wrong"}
BACK = {"kind": "rollback", "incident": "INC-8: 2.0.0 fails"}
NOW = {"kind": "deploy", "incident": "INC-9: fraud wave", "hours": 48}


@pytest.fixture
def story(tmp_path: Path) -> Ceremony:
    return a_ceremony(tmp_path, emergency=EMERGENCY, transitions=MOVES)


def life(found: Verification) -> Lifecycle:
    return found.lifecycles[SUBJECT]


def archived(story: Ceremony) -> Ceremony:
    return in_production(story).request("archived").approve("otto").land()


# Suspension


def test_one_person_suspends_at_once_and_the_version_stays_where_it_is(story: Ceremony) -> None:
    before = in_production(story).verify()
    found = story.on("2026-02-01").request("production", by="rita", emergency=STOP).land().verify()
    stopped = life(found).suspended
    assert (stage(found), found.breaches, stopped is not None) == ("production", (), True)
    assert stopped is not None
    assert stopped.review_due == dt.date(2026, 2, 3)
    assert life(found).since == life(before).since


def test_a_suspension_by_somebody_without_the_role_stops_nothing(story: Ceremony) -> None:
    found = in_production(story).request("production", by="vera", emergency=STOP).land().verify()
    assert (life(found).suspended, only_flaw(found, transition(3))) == (None, Flaw.NO_ROLE)


def test_a_suspension_does_not_wait_for_another_request(story: Ceremony) -> None:
    in_production(story).request("production").land()
    found = story.request("production", by="rita", emergency=STOP).land().verify()
    assert life(found).suspended is not None
    assert [s.status for s in life(found).steps] == ["effective", "effective", "broken", "effective"]


def test_a_suspension_approves_no_content(story: Ceremony) -> None:
    in_production(story).edit(CARD, "loan", "credit").request("production", by="rita", emergency=STOP)
    found = story.land().verify()
    assert life(found).suspended is not None
    assert Flaw.CHANGED_CONTENT in {b.flaw for b in found.standing_breaches(SUBJECT)}


def test_a_reviewed_resume_lifts_a_suspension(story: Ceremony) -> None:
    in_production(story).request("production", by="rita", emergency=STOP).land()
    asked = story.request("production").land().verify()
    assert life(asked).suspended is not None
    found = story.approve("vera").land().verify()
    assert (life(found).suspended, life(found).urgency, stage(found)) == (None, "", "production")


def test_a_move_out_lifts_a_suspension_and_no_rollback_undoes_it(story: Ceremony) -> None:
    in_production(story).request("production", by="rita", emergency=STOP).land()
    out = story.request("archived").approve("otto").land().verify()
    assert (stage(out), life(out).suspended) == ("archived", None)
    found = story.request("production", emergency=BACK).approve("otto").approve("rita").land().verify()
    assert (stage(found), only_flaw(found, transition(5))) == ("archived", Flaw.SUSPENDED)


def test_a_version_that_was_suspended_is_not_deployed_in_an_emergency(story: Ceremony) -> None:
    in_production(story).request("production", by="rita", emergency=STOP).land()
    story.request("review").approve("otto").land()
    found = story.request("production", by="dana", emergency=NOW).approve("otto").approve("rita").land().verify()
    assert (stage(found), only_flaw(found, transition(5))) == ("review", Flaw.SUSPENDED)


# Rollback


@pytest.mark.parametrize("through", ["archived", "review"])
def test_a_version_that_was_in_production_returns_with_two_signers(story: Ceremony, through: str) -> None:
    in_production(story).request(through).approve("otto").land()
    found = story.on("2026-03-01").request("production", emergency=BACK).approve("otto").approve("rita").land().verify()
    assert (stage(found), found.breaches) == ("production", ())
    urgent = life(found).unreviewed
    assert urgent is not None
    assert (urgent.review_due, life(found).urgency) == (dt.date(2026, 3, 6), "rolled back; review due 2026-03-06")
    reviewed = story.request("production").approve("vera").land().verify()
    assert (life(reviewed).unreviewed, stage(reviewed)) == (None, "production")


def test_nobody_gets_from_the_archive_to_production_without_a_rollback(tmp_path: Path) -> None:
    moves = MOVES | {"archived->production": {"sign": []}}
    story = archived(a_ceremony(tmp_path, emergency=EMERGENCY, transitions=moves))
    found = story.request("production").land().verify()
    assert (stage(found), only_flaw(found, transition(4))) == ("archived", Flaw.NOT_ALLOWED)


def test_a_rollback_needs_two_people(story: Ceremony) -> None:
    found = archived(story).request("production", emergency=BACK).approve("otto").land().verify()
    assert (stage(found), life(found).steps[-1].missing) == ("archived", ("release",))


def test_whoever_asks_for_a_rollback_is_not_one_of_its_signers(story: Ceremony) -> None:
    archived(story).request("production", emergency=BACK).approve("olga").approve("rita")
    found = story.land().verify()
    assert (stage(found), only_flaw(found, approval(4, "olga"))) == ("archived", Flaw.REQUESTER)


def test_a_rollback_to_a_version_that_never_was_in_production_does_not_count(story: Ceremony) -> None:
    story.request("review").approve("otto").land()
    found = story.request("production", emergency=BACK).approve("otto").approve("rita").land().verify()
    assert (stage(found), only_flaw(found, transition(2))) == ("review", Flaw.NEVER_RELEASED)


def test_a_rollback_to_other_content_does_not_count(story: Ceremony) -> None:
    moves = {"transitions.review->staging": {"sign": []}}
    in_production(story).change_policy(moves).land()
    story.request("review").approve("otto").land().request("staging").land()
    story.edit(f"models/{MODEL}/versions/{VERSION}/version.yaml", "summary: ", "summary: Other. ").land()
    story.request("review").approve("otto").land()
    found = story.request("production", emergency=BACK).approve("otto").approve("rita").land().verify()
    assert (stage(found), only_flaw(found, transition(6))) == ("review", Flaw.OTHER_ARTIFACT)


@pytest.mark.parametrize(("day", "wanted"), [("2027-04-09", "production"), ("2027-04-12", "archived")])
def test_an_approval_that_lapsed_long_ago_carries_no_rollback(tmp_path: Path, day: str, wanted: str) -> None:
    story = archived(a_ceremony(tmp_path, emergency=EMERGENCY, transitions=MOVES)).on(day)  # it held for 12 months
    story.request("production", emergency=BACK, requested_at="2026-03-01T09:00:00Z")
    found = story.approve("otto").approve("rita").land().verify()
    assert stage(found) == wanted
    assert flaws(found.signoffs[transition(4)]) == (set() if wanted == "production" else {Flaw.EXPIRED})


def test_a_rollback_is_not_replayed(story: Ceremony) -> None:
    archived(story).request("production", emergency=BACK).approve("otto").approve("rita").land()
    story.request("archived", from_="production").approve("otto").land()
    story.copy(transition(4, ""), transition(6, ""))
    found = story.land().verify()
    assert stage(found) == "archived"
    assert {Flaw.MISPLACED, Flaw.OUT_OF_ORDER} <= flaws(found.signoffs[transition(6)])


def test_a_version_under_a_legal_hold_does_not_return(story: Ceremony) -> None:
    hold = f"reason: Case 7\nmodels: [{MODEL}]\nissued_by: gwen\nissued: 2026-01-10\n"
    archived(story).write({"holds/case-7.yaml": hold}).land()
    found = story.request("production", emergency=BACK).approve("otto").approve("rita").land().verify()
    assert (stage(found), only_flaw(found, transition(4))) == ("archived", Flaw.UNDER_HOLD)


def test_an_incident_that_cannot_be_read_may_be_one_of_the_version(story: Ceremony) -> None:
    archived(story).write({"incidents/inc-7.yaml": "title: [\n"}).land()
    found = story.request("production", emergency=BACK).approve("otto").approve("rita").land().verify()
    assert (stage(found), only_flaw(found, transition(4))) == ("archived", Flaw.UNREADABLE)


def test_a_version_with_an_open_incident_does_not_return(story: Ceremony) -> None:
    incident = (
        f"title: Wrong scores\nmodel: {MODEL}\nversions: ['{VERSION}']\nkind: other\nseverity: serious\n"
        "detected_at: 2026-01-10T08:00:00Z\nowner: olga\ndescription: Scores are wrong.\n"
    )
    archived(story).write({"incidents/inc-7.yaml": incident}).land()
    found = story.request("production", emergency=BACK).approve("otto").approve("rita").land().verify()
    assert (stage(found), only_flaw(found, transition(4))) == ("archived", Flaw.OPEN_INCIDENT)


def test_without_the_section_in_policy_there_is_no_emergency(tmp_path: Path) -> None:
    story = archived(a_ceremony(tmp_path, transitions=MOVES))
    found = story.request("production", emergency=BACK).approve("otto").approve("rita").land().verify()
    assert (stage(found), only_flaw(found, transition(4))) == ("archived", Flaw.NOT_ALLOWED)


def test_policy_cannot_let_one_person_roll_back(tmp_path: Path) -> None:
    alone = {"rollback": {"sign": [{"role": ["owner"]}], "distinct_people": 1}}
    story = archived(a_ceremony(tmp_path)).change_policy({"emergency": alone}).land()
    found = story.request("production", emergency=BACK).approve("otto").land().verify()
    assert stage(found) == "archived"


# Emergency deploy


def test_an_emergency_deploy_holds_for_some_hours_from_its_landing(story: Ceremony) -> None:
    story.request("review").approve("otto").land().on("2026-02-01")
    story.request("production", by="dana", emergency=NOW, requested_at="2026-01-12T09:00:00Z")
    found = story.approve("otto").approve("rita").land().verify()
    urgent = life(found).unreviewed
    assert (stage(found), urgent is not None) == ("production", True)
    assert urgent is not None
    assert found.tip.time is not None
    assert urgent.until == found.tip.time + dt.timedelta(hours=48)
    assert urgent.review_due == dt.date(2026, 2, 6)
    assert urgent.is_in_force(found.tip.time)
    assert not urgent.is_in_force(found.tip.time + dt.timedelta(hours=48))


def test_the_review_of_an_emergency_deploy_is_signed_as_the_deploy_would_have_been(story: Ceremony) -> None:
    story.request("review").approve("otto").land()
    story.request("production", by="dana", emergency=NOW).approve("otto").approve("rita").land()
    found = story.request("production").approve("vera").land().verify()
    assert (life(found).unreviewed is None, life(found).steps[-1].missing) == (False, ("release",))
    assert life(story.approve("rita").land().verify()).emergencies == ()


def test_policy_limits_the_hours(story: Ceremony) -> None:
    story.request("review").approve("otto").land()
    story.request("production", by="dana", emergency=NOW | {"hours": 73}).approve("otto").approve("rita")
    found = story.land().verify()
    assert (stage(found), only_flaw(found, transition(2))) == ("review", Flaw.NOT_ALLOWED)


def test_policy_says_from_where_an_emergency_deploy_goes(tmp_path: Path) -> None:
    for sources, wanted in ((["review"], "staging"), (["staging", "review"], "production")):
        policy = EMERGENCY | {"deploy": EMERGENCY["deploy"] | {"from": sources}}
        story = a_ceremony(tmp_path / wanted, emergency=policy, transitions=MOVES)
        story.request("production", by="dana", emergency=NOW).approve("otto").approve("rita")
        assert stage(story.land().verify()) == wanted


def test_emergency_deploys_do_not_follow_one_another_without_a_review(story: Ceremony) -> None:
    story.request("review").approve("otto").land()
    story.request("production", by="dana", emergency=NOW).approve("otto").approve("rita").land()
    story.request("review").approve("otto").land()
    story.request("production", by="dana", emergency=NOW).approve("otto").approve("rita")
    found = story.land().verify()
    assert (stage(found), only_flaw(found, transition(4))) == ("review", Flaw.NOT_ALLOWED)


def test_what_was_only_deployed_in_an_emergency_is_not_rolled_back_to(story: Ceremony) -> None:
    story.request("review").approve("otto").land()
    story.request("production", by="dana", emergency=NOW).approve("otto").approve("rita").land()
    story.request("archived").approve("otto").land()
    found = story.request("production", emergency=BACK).approve("otto").approve("rita").land().verify()
    assert (stage(found), only_flaw(found, transition(4))) == ("archived", Flaw.NEVER_RELEASED)


# Small team


@pytest.mark.parametrize("tiers", [[3], [3, 4], [1]])
def test_a_small_team_may_approve_its_own_work_where_policy_says_so_and_it_is_said(
    tmp_path: Path, tiers: list[int]
) -> None:
    routes = {"separation_of_duties": {"small_team": {"enabled": True, "tiers": tiers}}}
    lowered = {"tiers.1.when": {"fact": "domain", "any_in": ["insurance"]}}
    story = a_ceremony(tmp_path, **routes, **lowered)
    model = f"models/{MODEL}/model.yaml"
    story.write({model: story.files[model].replace(b"tier: 1", b"tier: 3")}).land()
    found = story.request("review", by="olga").approve("olga").land().verify()
    signoff = found.signoffs[approval(1, "olga")]
    assert (stage(found), signoff.counts) == (("review", True) if 3 in tiers else ("staging", False))
    assert [d.flaw for d in signoff.conceded] == ([Flaw.REQUESTER] if 3 in tiers else [])


def test_a_commit_at_the_end_of_time_ends_an_emergency_at_once(story: Ceremony) -> None:
    story.request("review").approve("otto").land().on("9999-12-31")
    when = "2026-02-01T09:00:00Z"
    story.request("production", by="dana", emergency=NOW, requested_at=when)
    urgent = life(story.approve("otto", time=when).approve("rita", time=when).land().verify()).unreviewed
    assert urgent is not None
    assert urgent.until == urgent.start
