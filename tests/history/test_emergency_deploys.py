from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.support.ceremony import Ceremony, a_ceremony
from tests.support.emergencies import BACK, EMERGENCY, MOVES, NOW, life
from tests.support.proof import only_flaw, stage
from tests.support.records import MODEL, approval, transition

from accredit.domain.verification import Flaw


@pytest.fixture
def story(tmp_path: Path) -> Ceremony:
    return a_ceremony(tmp_path, emergency=EMERGENCY, transitions=MOVES)


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
