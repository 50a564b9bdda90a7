"""Attacks on people and policy: only a change that enough of those in charge signed has any effect."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.cast import POLICY, member
from tests.support.ceremony import Ceremony, How, a_ceremony
from tests.support.proof import breaches, flaws, message, only_flaw, stage
from tests.support.records import FOLDER, approval, sha256, transition

from accredit.domain.verification import Flaw, Verification

CARD = f"{FOLDER}card.yaml"
REQUEST = transition(1)
OTTO = approval(1, "otto")


@pytest.fixture
def story(tmp_path: Path) -> Ceremony:
    begun = a_ceremony(tmp_path)
    mallory = begun.people["mallory"] = member("mallory", "developer")
    return begun.add_person(mallory).land()


def unauthorised(found: Verification) -> str:
    """How an unauthorised change is told of."""
    return message(breaches(found)[Flaw.UNAUTHORISED], Flaw.UNAUTHORISED)


WEAK = {"transitions": {**POLICY["transitions"], "staging->review": {"sign": []}}}


@pytest.mark.parametrize("how", ["direct", "merge", "squash"])
def test_a8_a_policy_weakened_in_the_same_proposal_has_no_effect(story: Ceremony, how: How) -> None:
    story.write({"policy.yaml": story.policy_with(WEAK)}).request("review")
    found = story.land(how).verify()
    assert (stage(found), only_flaw(found, REQUEST)) == ("staging", Flaw.OTHER_POLICY)
    assert unauthorised(found) == "people or policy changed: no change record authorises it"


def test_a_catalogue_that_leaves_controls_out_needs_leave_like_a_policy(story: Ceremony) -> None:
    found = story.write({"frameworks/eu-ai-act.yaml": "title: Nothing is asked\n"}).land().verify()
    assert unauthorised(found) == "people or policy changed: no change record authorises it"
    assert [b.path for b in found.standing_breaches()] == ["frameworks/eu-ai-act.yaml"]


def test_a8b_a_policy_weakened_in_an_earlier_commit_has_no_effect(story: Ceremony) -> None:
    story.write({"policy.yaml": story.policy_with(WEAK)}).request("review")
    found = story.land("rebase").verify()
    assert (stage(found), only_flaw(found, REQUEST)) == ("staging", Flaw.OTHER_POLICY)


def test_a9_a_person_added_in_the_same_proposal_signs_nothing(story: Ceremony) -> None:
    story.write({"people/dave.yaml": member("dave", "owner").file()})
    found = story.request("review").approve("dave").land("squash").verify()
    assert stage(found) == "staging"
    assert Flaw.UNKNOWN_PERSON in flaws(found.signoffs[approval(1, "dave")])
    assert Flaw.UNAUTHORISED in breaches(found)


def test_a9_a_role_given_to_oneself_signs_nothing(story: Ceremony) -> None:
    story.write({"people/mallory.yaml": member("mallory", "owner").file()}).land()
    found = story.request("review").approve("mallory", "owner").land().verify()
    assert (stage(found), only_flaw(found, approval(1, "mallory"))) == ("staging", Flaw.NO_ROLE)


YAML_TRICKS = {
    "a16-duplicate-key": "name: M\nroles: []\nroles:\n  - {role: owner, from: 2024-01-01}\n",
    "a17-alias": "name: &a M\nemail: *a\nroles:\n  - {role: owner, from: 2024-01-01}\n",
    "a17-merge-key": "<<: {name: M}\nroles:\n  - {role: owner, from: 2024-01-01}\n",
    "a18-two-documents": "name: M\nroles: []\n---\nname: M\nroles:\n  - {role: owner, from: 2024-01-01}\n",
    "a18-tag": "name: !!python/name:os.system M\nroles:\n  - {role: owner, from: 2024-01-01}\n",
}


@pytest.mark.parametrize("trick", YAML_TRICKS)
def test_a16_a17_a18_tricks_in_a_people_file_make_nobody(story: Ceremony, trick: str) -> None:
    keys = member("mallory").file().partition("keys:")[2]
    story.change({"people/mallory.yaml": f"{YAML_TRICKS[trick]}keys:{keys}"}).land()
    found = story.request("review").approve("mallory", "owner").land().verify()
    assert found.breaches == ()  # the board let it in, so it is the reader that refuses it
    assert stage(found) == "staging"
    assert Flaw.UNKNOWN_PERSON in flaws(found.signoffs[approval(1, "mallory")])


@pytest.mark.parametrize("trick", YAML_TRICKS)
def test_a16_a17_a18_tricks_that_nobody_let_in_are_unauthorised(story: Ceremony, trick: str) -> None:
    assert unauthorised(story.write({"people/mallory.yaml": YAML_TRICKS[trick]}).land().verify())


def test_a24_one_signature_is_not_enough_for_a_change(story: Ceremony) -> None:
    found = story.add_person(member("dave", "owner"), approvals=("gwen",)).land().verify()
    assert unauthorised(found).endswith("1 of 2 people with the role governance signed")


def test_who_asks_for_a_change_does_not_count_among_those_who_sign(story: Ceremony) -> None:
    found = story.change({"people/dave.yaml": member("dave", "owner").file()}, by="gwen").land().verify()
    assert unauthorised(found).endswith("1 of 2 people with the role governance signed")


def test_whoever_has_left_asks_for_no_change(story: Ceremony) -> None:
    left = story.people["olga"].file() + "active_to: 2026-01-09\n"
    story.change({"people/olga.yaml": left}, by="dana").land()
    found = story.add_person(member("dave", "owner")).land().verify()
    assert unauthorised(found) == "people or policy changed: olga did not work here on 2026-01-10"


def test_a_signature_under_an_earlier_change_does_not_count(story: Ceremony) -> None:
    story.add_person(member("dave", "owner"), approvals=("gwen",))
    for end in ("", ".sig"):
        story.copy(f"changes/0001/approvals/greta.yaml{end}", f"changes/0002/approvals/greta.yaml{end}")
    assert unauthorised(story.land().verify()).endswith("1 of 2 people with the role governance signed")


def test_one_admin_under_two_names_counts_once(story: Ceremony) -> None:
    story.add_person(member("dave", "owner"), approvals=("gwen",))
    for end in ("", ".sig"):
        story.copy(f"changes/0002/approvals/gwen.yaml{end}", f"changes/0002/approvals/greta.yaml{end}")
    assert unauthorised(story.land().verify()).endswith("1 of 2 people with the role governance signed")


def test_one_rejection_stops_a_change(story: Ceremony) -> None:
    story.add_person(member("gus", "governance")).land()
    changed = {"people/dave.yaml": member("dave", "owner").file()}
    story.change(changed, ("gwen", "greta", "gus"), decisions={"gus": "reject"})
    assert unauthorised(story.land().verify()).endswith("gus rejected the change")


def test_a_rejection_of_a_change_cannot_be_deleted(story: Ceremony) -> None:
    story.add_person(member("gus", "governance")).land()
    changed = {"people/dave.yaml": member("dave", "owner").file()}
    story.change(changed, ("gwen", "greta", "gus"), decisions={"gus": "reject"}).land()
    found = story.delete("changes/0003/approvals/gus.yaml").land().verify()
    assert Flaw.UNAUTHORISED in breaches(found)
    assert breaches(found)[Flaw.REWRITTEN].path.startswith("changes/0003/approvals/gus.yaml")
    assert Flaw.UNKNOWN_PERSON in flaws(
        story.request("review").approve("dave", "owner").land().verify().signoffs[approval(1, "dave")]
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"key": "mallory"}, "the signature is by mallory"),
        ({"sign": False}, "is not signed by olga"),
        ({"namespace": "request@accredit"}, "made for 'request@accredit', not for 'change@accredit'"),
        ({"registry": "00000000-0000-0000-0000-000000000001"}, "is for the registry 00000000-"),
        ({"seq": 7}, "says that it is number 7"),
        ({"previous": sha256(b"x")}, "does not follow on the change before it"),
    ],
)
def test_a_change_record_that_is_not_in_order_authorises_nothing(
    story: Ceremony, options: dict[str, str], words: str
) -> None:
    changed = {"people/dave.yaml": member("dave", "owner").file()}
    assert words in unauthorised(story.change(changed, **options).land().verify())


def test_a_change_record_is_used_once(story: Ceremony) -> None:
    """A board that let Dave in and out again has not let him in for ever."""
    dave = member("dave", "owner").file()
    story.change({"people/dave.yaml": dave}).land().change({"people/dave.yaml": None}).land()
    found = story.write({"people/dave.yaml": dave}).land().verify()
    assert "changes/0002/request.yaml authorised a change before" in unauthorised(found)
    found = story.request("review").approve("dave", "owner").land().verify()
    assert Flaw.UNKNOWN_PERSON in flaws(found.signoffs[approval(1, "dave")])


def test_a_change_record_copied_to_the_next_number_authorises_nothing(story: Ceremony) -> None:
    dave = member("dave", "owner").file()
    story.change({"people/dave.yaml": dave}).land().change({"people/dave.yaml": None}).land()
    story.copy("changes/0002/", "changes/0004/").write({"people/dave.yaml": dave})
    assert "says that it is number 2" in unauthorised(story.land().verify())


@pytest.mark.parametrize("path", ["policy.yaml", "people/"])
def test_a_deleted_policy_and_deleted_people_stay_in_force(story: Ceremony, path: str) -> None:
    before = story.files["policy.yaml"]
    found = story.delete(path).land().verify()
    assert unauthorised(found).endswith("there is no policy that can be read" if path == "policy.yaml" else "0 hold it")
    assert stage(story.request("review", policy=sha256(before)).approve("otto").land().verify()) == "review"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"policy.yaml": "{}"}, "there is no policy that can be read"),
        ({"people/gwen.yaml": None}, "2 people with the role governance must sign changes, and 1 hold it"),
    ],
)
def test_a_governance_that_nobody_could_change_again_is_not_adopted(
    story: Ceremony, files: dict[str, str | None], words: str
) -> None:
    found = story.change(files).land().verify()
    assert unauthorised(found).endswith(words)


def test_a_key_struck_from_the_files_stays_compromised(story: Ceremony) -> None:
    story.on("2026-02-10").request("review").approve("otto").land()
    story.on("2026-03-01").revoke_key("otto", compromised_since="2026-02-01").land()
    found = story.add_person(member("otto", "owner", keys=("otto-2",))).land().verify()
    assert (stage(found), only_flaw(found, OTTO)) == ("review", Flaw.TAINTED)
    assert message(found.signoffs[OTTO], Flaw.TAINTED) == "the key of otto is compromised since 2026-02-01"


def test_an_approval_that_turns_out_tainted_before_the_others_came_does_not_count(story: Ceremony) -> None:
    story.request("review").approve("otto").land().on("2026-02-10").request("production").approve("vera").land()
    story.on("2026-03-01").revoke_key("vera", compromised_since="2026-02-01").land()
    assert stage(story.approve("rita").land().verify()) == "review"
