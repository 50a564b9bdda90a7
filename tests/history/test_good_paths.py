from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.cast import POLICY, Member, member
from tests.support.ceremony import Ceremony, How, a_ceremony, in_production
from tests.support.proof import breaches, flaws, message, only_flaw, stage
from tests.support.records import MODEL, SUBJECT, VERSION, approval, governance_of, transition

from accredit.domain.verification import Flaw

CARD = f"models/{MODEL}/versions/{VERSION}/card.yaml"
OTTO = approval(1, "otto")


@pytest.fixture
def story(tmp_path: Path) -> Ceremony:
    return a_ceremony(tmp_path)


# Landings


@pytest.mark.parametrize("how", ["direct", "merge", "squash", "rebase"])
def test_however_it_is_merged_a_signed_request_moves_the_version(story: Ceremony, how: How) -> None:
    found = story.request("review").approve("otto").land(how).verify()
    assert (stage(found), found.breaches) == ("review", ())
    assert [s.doubts for s in found.signoffs.values()] == [(), ()]
    assert found.signoffs[OTTO].assurance == "signed"
    assert [(m.subject, m.seq, m.source, m.target) for m in found.moves] == [(SUBJECT, 1, "staging", "review")]
    assert found.moves[0].landed == found.tip
    assert found.tip.position == (2 if how == "rebase" else 1)


def test_every_landing_leads_to_the_same_lifecycle(tmp_path: Path) -> None:
    ways: tuple[How, ...] = ("direct", "merge", "squash", "rebase")
    made = [a_ceremony(tmp_path / how).request("review").approve("otto").land(how).verify() for how in ways]
    steps = [[(s.status, s.transition.request.to_stage) for s in m.lifecycles[SUBJECT].steps] for m in made]
    assert steps == [[("effective", "review")]] * 4


def test_a_version_goes_all_the_way(story: Ceremony) -> None:
    found = in_production(story).request("archived").approve("otto").land().verify()
    assert [(m.seq, m.source, m.target) for m in found.moves] == [
        (1, "staging", "review"),
        (2, "review", "production"),
        (3, "production", "archived"),
    ]
    assert (stage(found), found.breaches) == ("archived", ())


def test_several_moves_may_land_at_once(story: Ceremony) -> None:
    story.request("review").approve("otto").request("production").approve("vera").approve("rita")
    found = story.land("squash").verify()
    assert (stage(found), len(found.moves), found.breaches) == ("production", 2, ())


def test_what_lands_before_and_after_very_many_files_counts_alike(story: Ceremony) -> None:
    story.request("review").approve("otto").land()
    folder = f"models/{MODEL}/versions/{VERSION}/monitoring"
    story.write({f"{folder}/2026-{number}.yaml": f"number: {number}\n" for number in range(300)}).land()
    found = story.request("production").approve("vera").approve("rita").land().verify()
    assert (stage(found), found.tip.position, found.breaches) == ("production", 3, ())


def test_approvals_may_land_one_after_the_other(story: Ceremony) -> None:
    story.request("review").approve("otto").land().request("production").land()
    found = story.approve("vera").land().verify()
    assert (stage(found), found.lifecycles[SUBJECT].steps[-1].missing) == ("review", ("release",))
    assert stage(story.approve("rita").land().verify()) == "production"


def test_an_approval_may_land_before_its_request(story: Ceremony) -> None:
    story.request("review").approve("otto")
    story._written.reverse()
    assert stage(story.land("rebase").verify()) == "review"


def test_a_signature_may_land_after_the_approval(story: Ceremony) -> None:
    story.request("review").approve("otto")
    signature = story.files[f"{OTTO}.sig"]
    found = story.write({f"{OTTO}.sig": None}).land().verify()
    assert (stage(found), only_flaw(found, OTTO)) == ("staging", Flaw.TOO_WEAK)
    found = story.write({f"{OTTO}.sig": signature}).land().verify()
    assert (stage(found), found.signoffs[OTTO].doubts, found.breaches) == ("review", (), ())
    assert found.signoffs[OTTO].landed == found.tip


def test_whoever_merges_is_no_contributor(story: Ceremony) -> None:
    story.edit(CARD, "loan", "credit", by="dana").land("merge", by="otto")
    assert stage(story.request("review").approve("otto").land("merge", by="otto").verify()) == "review"


# Stages


def test_after_a_rejection_a_new_request_may_follow(story: Ceremony) -> None:
    story.request("review").reject("otto").land().edit(CARD, "loan", "credit").land()
    found = story.request("review").approve("otto").land().verify()
    assert (stage(found), found.breaches) == ("review", ())
    assert [s.status for s in found.lifecycles[SUBJECT].steps] == ["rejected", "effective"]


def test_whoever_asked_may_withdraw(story: Ceremony) -> None:
    found = story.request("review", by="dana").reject("dana", "developer").land().verify()
    assert found.lifecycles[SUBJECT].steps[-1].status == "rejected"


def test_a_second_request_waits_until_the_first_is_settled(story: Ceremony) -> None:
    story.request("review").land()
    found = story.request("review", from_="staging").approve("otto").land().verify()
    assert (stage(found), only_flaw(found, transition(2))) == ("staging", Flaw.OUT_OF_ORDER)
    assert stage(story.approve("otto", seq=1).land().verify()) == "review"


def test_a_request_that_binds_what_is_no_longer_so_gives_way(story: Ceremony) -> None:
    story.request("review").land().edit(CARD, "loan", "credit")
    found = story.request("review", from_="staging").approve("otto").land().verify()
    assert [s.status for s in found.lifecycles[SUBJECT].steps] == ["broken", "effective"]
    assert (stage(found), found.breaches) == ("review", ())


def test_back_in_staging_the_content_may_change(story: Ceremony) -> None:
    story.request("review").approve("otto").land().request("staging").approve("vera").land()
    found = story.edit(CARD, "loan", "credit").land().verify()
    assert (stage(found), found.breaches) == ("staging", ())
    assert stage(story.request("review").approve("otto").land().verify()) == "review"


def test_a_revalidation_binds_new_content(story: Ceremony) -> None:
    in_production(story).edit(CARD, "loan", "credit").request("production").approve("vito")
    found = story.land().verify()
    assert (stage(found), found.breaches) == ("production", ())
    assert found.moves[-1].source == found.moves[-1].target == "production"
    found = story.edit(CARD, "credit", "loan").land().verify()
    assert Flaw.CHANGED_CONTENT in breaches(found)


def test_a_rejected_revalidation_leaves_what_was_approved_before(story: Ceremony) -> None:
    before = in_production(story).files[CARD]
    story.edit(CARD, "loan", "credit").request("production").reject("vito", stays="production")
    found = story.land().verify()
    assert (stage(found), set(breaches(found))) == ("production", {Flaw.CHANGED_CONTENT})
    assert story.write({CARD: before}).land().verify().standing_breaches(SUBJECT) == ()


def test_monitoring_is_no_content(story: Ceremony) -> None:
    story.request("review").approve("otto").land()
    assert story.write({f"{CARD[:-9]}monitoring/2026-10.yaml": "x"}).land().verify().breaches == ()


# People, keys and policy


def test_a24_two_admins_change_people(story: Ceremony) -> None:
    found = story.add_person(member("dave", "owner")).land("squash").verify()
    assert found.breaches == ()
    found = story.request("review").approve("dave", "owner").land().verify()
    assert (stage(found), found.signoffs[approval(1, "dave")].doubts) == ("review", ())


def test_a_change_may_be_authorised_after_it_landed(story: Ceremony) -> None:
    files = {"people/dave.yaml": member("dave", "owner").file()}
    old = governance_of(story.files)
    assert breaches(story.write(files).land().verify())
    found = story.change(files, old=old).land().verify()
    assert (breaches(found), set(breaches(found, standing=False))) == ({}, {Flaw.UNAUTHORISED})


def test_a25_a_bad_policy_that_was_reverted_is_remembered_and_does_no_harm(story: Ceremony) -> None:
    before = story.files["policy.yaml"]
    story.write({"policy.yaml": story.policy_with({"transitions": {"staging->review": {"sign": []}}})}).land()
    story.write({"policy.yaml": before}).land()
    found = story.request("review").approve("otto").land().verify()
    assert (stage(found), found.standing_breaches()) == ("review", ())
    [breach] = found.breaches
    assert (breach.flaw, breach.standing, breach.landed.position) == (Flaw.UNAUTHORISED, False, 1)


def test_a_policy_that_changes_later_does_not_undo_a_move(story: Ceremony) -> None:
    story.request("review").approve("otto").land()
    story.change_policy({"transitions": {**POLICY["transitions"], "staging->review": {"sign": [{"role": ["legal"]}]}}})
    found = story.land().verify()
    assert (stage(found), found.breaches) == ("review", ())
    assert stage(story.request("production").approve("vera").approve("rita").land().verify()) == "production"


def test_a_policy_that_changes_before_the_approval_asks_for_a_new_request(story: Ceremony) -> None:
    story.request("review").land().change_policy({"policy.version": "2.0"}).land()
    assert stage(story.approve("otto").land().verify()) == "staging"
    assert stage(story.request("review", from_="staging").approve("otto").land().verify()) == "review"


def test_a_key_is_rotated_by_one_change(story: Ceremony) -> None:
    story.request("review").approve("otto").land()
    rotated = Member("vera", story.people["vera"].roles, (("vera", "{reason: Old}"), ("vera-2", "")), "vera@x.example")
    story.add_person(rotated).land().request("production").approve("rita").approve("vera").land()
    assert only_flaw(story.verify(), approval(2, "vera")) == Flaw.REVOKED_KEY
    found = story.approve("vito", key="vito").land().verify()
    assert (stage(found), found.breaches) == ("production", ())


def test_the_new_key_signs_and_what_the_old_one_signed_stands(story: Ceremony) -> None:
    story.request("review").approve("otto").land()
    story.add_person(
        Member("otto", story.people["otto"].roles, (("otto", "{reason: Old}"), ("otto-2", "")), "o@x.example")
    )
    found = story.land().request("staging", by="vera").approve("otto", key="otto-2").land().verify()
    assert (stage(found), [s.doubts for s in found.signoffs.values()]) == ("staging", [()] * 4)


def test_a_revocation_leaves_earlier_approvals_and_a_compromise_taints_later_ones(story: Ceremony) -> None:
    story.request("review").approve("otto").land().on("2026-02-10").request("production").approve("vera")
    story.approve("rita").land().on("2026-03-01").revoke_key("vera").land()
    assert story.verify().signoffs[approval(2, "vera")].counts
    story.revoke_key("otto", compromised_since="2026-02-01").land()
    found = story.revoke_key("rita", compromised_since="2026-02-01").land().verify()
    assert found.signoffs[OTTO].counts
    assert only_flaw(found, approval(2, "rita")) == Flaw.TAINTED
    assert (stage(found), found.breaches) == ("production", ())


def test_a_role_counts_on_its_days(story: Ceremony) -> None:
    interim = Member("ida", (("owner", "2026-02-01", "2026-02-28"),), (("ida", ""),), "ida@bank.example")
    story.add_person(interim).land().request("review").approve("ida", "owner").land()
    found = story.verify()
    assert message(found.signoffs[approval(1, "ida")], Flaw.NO_ROLE) == "ida did not hold the role owner on 2026-01-10"
    story.reject("otto").land().on("2026-03-01").request("review").approve("ida", "owner").land()
    assert flaws(story.verify().signoffs[approval(2, "ida")]) == {Flaw.NO_ROLE}
    assert stage(story.approve("otto").land().verify()) == "review"


def test_a_role_that_ends_later_does_not_undo_an_approval(story: Ceremony) -> None:
    story.request("review").approve("otto").land().on("2026-03-01")
    left = Member("otto", (("owner", "2024-01-01", "2026-02-01"),), (("otto", ""),), "otto@bank.example")
    found = story.add_person(left).land().verify()
    assert (stage(found), found.signoffs[OTTO].counts) == ("review", True)
