from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.support.ceremony import Ceremony, a_ceremony, in_production
from tests.support.emergencies import BACK, EMERGENCY, MOVES, NOW, STOP, archived, life
from tests.support.proof import flaws, only_flaw, stage
from tests.support.records import MODEL, SUBJECT, VERSION, approval, transition

from accredit.domain.verification import Flaw

CARD = f"models/{MODEL}/versions/{VERSION}/card.yaml"
HOLD = f"reason: Case 7\nmodels: [{MODEL}]\nissued_by: gwen\nissued: 2026-01-10\n"
INCIDENT = (
    f"title: Wrong scores\nmodel: {MODEL}\nversions: ['{VERSION}']\nkind: other\nseverity: serious\n"
    "detected_at: 2026-01-10T08:00:00Z\nowner: olga\ndescription: Scores are wrong.\n"
)


@pytest.fixture
def story(tmp_path: Path) -> Ceremony:
    return a_ceremony(tmp_path, emergency=EMERGENCY, transitions=MOVES)


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
    moves: dict[str, object] = {"transitions.review->staging": {"sign": []}}
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
    archived(story).write({"holds/case-7.yaml": HOLD}).land()
    found = story.request("production", emergency=BACK).approve("otto").approve("rita").land().verify()
    assert (stage(found), only_flaw(found, transition(4))) == ("archived", Flaw.UNDER_HOLD)


@pytest.mark.parametrize(
    ("path", "old", "new", "flaw"),
    [
        ("holds/case-7.yaml", "", "", Flaw.UNDER_HOLD),
        ("holds/case-7.yaml", f"models: [{MODEL}]", "models: [another]", Flaw.UNDER_HOLD),
        ("holds/case-7.yaml", "issued: 2026-01-10", "issued: 2036-01-10", Flaw.UNDER_HOLD),
        ("incidents/inc-7.yaml", "", "", Flaw.OPEN_INCIDENT),
        ("incidents/inc-7.yaml", f"model: {MODEL}", "model: another", Flaw.OPEN_INCIDENT),
    ],
)
def test_what_stands_against_a_rollback_cannot_be_hidden(
    story: Ceremony, path: str, old: str, new: str, flaw: Flaw
) -> None:
    written = {"holds/case-7.yaml": HOLD, "incidents/inc-7.yaml": INCIDENT}[path]
    archived(story).write({path: written}).land()
    (story.edit(path, old, new) if old else story.delete(path)).land()
    found = story.request("production", emergency=BACK).approve("otto").approve("rita").land().verify()
    assert (stage(found), only_flaw(found, transition(4))) == ("archived", flaw)
    assert {b.flaw for b in found.standing_breaches()} == {flaw}
    assert story.write({path: written}).land().verify().standing_breaches() == ()


def test_an_incident_counts_though_it_says_that_it_is_of_a_day_to_come(story: Ceremony) -> None:
    archived(story).write({"incidents/inc-7.yaml": INCIDENT.replace("2026-01-10", "2036-01-10")}).land()
    found = story.request("production", emergency=BACK).approve("otto").approve("rita").land().verify()
    assert only_flaw(found, transition(4)) == Flaw.OPEN_INCIDENT


def test_an_incident_that_cannot_be_read_may_be_one_of_the_version(story: Ceremony) -> None:
    archived(story).write({"incidents/inc-7.yaml": "title: [\n"}).land()
    found = story.request("production", emergency=BACK).approve("otto").approve("rita").land().verify()
    assert (stage(found), only_flaw(found, transition(4))) == ("archived", Flaw.UNREADABLE)


def test_a_version_with_an_open_incident_does_not_return_until_it_is_closed(story: Ceremony) -> None:
    archived(story).write({"incidents/inc-7.yaml": INCIDENT}).land()
    found = story.request("production", emergency=BACK).approve("otto").approve("rita").land().verify()
    assert (stage(found), only_flaw(found, transition(4))) == ("archived", Flaw.OPEN_INCIDENT)
    closed = f"{INCIDENT}closed_at: 2026-01-10T12:00:00Z\nroot_cause: A broken feed.\n"
    story.write({"incidents/inc-7.yaml": closed}).land()
    story.stage_wanted = "archived"
    found = story.request("production", emergency=BACK).approve("otto").approve("rita").land().verify()
    assert (stage(found), found.standing_breaches()) == ("production", ())


def test_without_the_section_in_policy_there_is_no_emergency(tmp_path: Path) -> None:
    story = archived(a_ceremony(tmp_path, transitions=MOVES))
    found = story.request("production", emergency=BACK).approve("otto").approve("rita").land().verify()
    assert (stage(found), only_flaw(found, transition(4))) == ("archived", Flaw.NOT_ALLOWED)


def test_policy_cannot_let_one_person_roll_back(tmp_path: Path) -> None:
    alone = {"rollback": {"sign": [{"role": ["owner"]}], "distinct_people": 1}}
    story = archived(a_ceremony(tmp_path)).change_policy({"emergency": alone}).land()
    found = story.request("production", emergency=BACK).approve("otto").land().verify()
    assert stage(found) == "archived"
