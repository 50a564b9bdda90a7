"""Attacks on sign-off: whoever lands them moves no version, and is told on for the right reason.

Each is a real repository with real signatures. Mallory has the role of a developer and a key.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.cast import member
from tests.support.ceremony import Ceremony, How, a_ceremony, in_production
from tests.support.proof import breaches, flaws, message, only_flaw, stage
from tests.support.records import FOLDER, MODEL, SUBJECT, approval, sha256, transition

from accredit.domain.verification import Flaw

CARD = f"{FOLDER}card.yaml"
REQUEST = transition(1)
OTTO = approval(1, "otto")


@pytest.fixture
def story(tmp_path: Path) -> Ceremony:
    begun = a_ceremony(tmp_path)
    mallory = begun.people["mallory"] = member("mallory", "developer")
    return begun.add_person(mallory).land()


# Content


def test_a1_content_edited_after_approval_is_a_standing_breach(story: Ceremony) -> None:
    story.request("review").approve("otto").land()
    found = story.edit(CARD, "loan", "credit").land().verify()
    assert stage(found) == "review"
    [breach] = found.standing_breaches(SUBJECT)
    assert message(breach, Flaw.CHANGED_CONTENT) == "the content changed after it was submitted"


def test_a1_content_edited_between_request_and_approval_is_not_approved(story: Ceremony) -> None:
    story.request("review").land()
    story.edit(CARD, "loan", "credit").land()
    found = story.approve("otto").land().verify()
    assert stage(found) == "staging"
    assert Flaw.CHANGED_CONTENT in breaches(found)


def test_a1_a_model_declared_harmless_between_request_and_approval_is_not_approved(story: Ceremony) -> None:
    story.request("review").approve("otto").land().request("production").land()
    story.edit(f"models/{MODEL}/model.yaml", "effect: significant", "effect: none").land()
    assert stage(story.approve("rita").approve("vera").land().verify()) == "review"


def test_a2_content_edited_between_approval_and_merge_is_not_what_was_signed(story: Ceremony) -> None:
    found = story.request("review").approve("otto").edit(CARD, "loan", "credit").land().verify()
    assert (stage(found), only_flaw(found, REQUEST)) == ("staging", Flaw.OTHER_CONTENT)
    assert message(found.signoffs[REQUEST], Flaw.OTHER_CONTENT).startswith("the request binds ")


@pytest.mark.parametrize("context", [{}, {f"models/{MODEL}/model.yaml": sha256(b"")}])
def test_a_request_that_binds_another_context_does_not_count(story: Ceremony, context: dict[str, str]) -> None:
    found = story.request("review", context=context).approve("otto").land().verify()
    assert (stage(found), only_flaw(found, REQUEST)) == ("staging", Flaw.OTHER_CONTEXT)


def test_content_and_the_request_for_production_cannot_change_together(story: Ceremony) -> None:
    story.request("review").approve("otto").land()
    story.edit(CARD, "loan", "credit").request("production").approve("vera").approve("rita")
    found = story.land("squash").verify()
    assert (stage(found), only_flaw(found, transition(2))) == ("review", Flaw.CHANGED_CONTENT)
    assert Flaw.CHANGED_CONTENT in breaches(found)


def test_unapproved_content_in_production_is_seen_while_its_revalidation_is_pending(story: Ceremony) -> None:
    in_production(story).edit(CARD, "loan", "credit").request("production").land()
    found = story.verify()
    assert message(breaches(found)[Flaw.CHANGED_CONTENT], Flaw.CHANGED_CONTENT).endswith("is not signed off")


# Who signs


def test_a3_nobody_approves_what_they_asked_for(story: Ceremony) -> None:
    found = story.request("review", by="otto").approve("otto").land().verify()
    assert (stage(found), only_flaw(found, OTTO)) == ("staging", Flaw.REQUESTER)
    assert message(found.signoffs[OTTO], Flaw.REQUESTER) == "otto asked for it"


def test_a4_an_approval_in_the_name_of_somebody_else_does_not_count(story: Ceremony) -> None:
    found = story.request("review").approve("otto", key="mallory").land().verify()
    assert (stage(found), only_flaw(found, OTTO)) == ("staging", Flaw.OTHER_SIGNER)
    assert message(found.signoffs[OTTO], Flaw.OTHER_SIGNER).startswith("the signature is by mallory (SHA256:")


def test_a5_an_approval_without_the_role_does_not_count(story: Ceremony) -> None:
    found = story.request("review").approve("mallory", "owner").land().verify()
    assert (stage(found), only_flaw(found, approval(1, "mallory"))) == ("staging", Flaw.NO_ROLE)
    assert "mallory did not hold the role owner on 2026-01-10" in message(
        found.signoffs[approval(1, "mallory")], Flaw.NO_ROLE
    )


def test_a5_a_role_that_the_move_does_not_ask_for_makes_up_no_number(tmp_path: Path) -> None:
    story = a_ceremony(
        tmp_path, **{"transitions.staging->review": {"sign": [{"role": ["owner"]}], "distinct_people": {"1": 2}}}
    )
    story.people["ida"] = member("ida", "developer")
    story.add_person(story.people["ida"]).request("review").approve("otto").approve("ida", "developer")
    found = story.land().verify()
    assert (stage(found), only_flaw(found, approval(1, "ida"))) == ("staging", Flaw.NO_ROLE)
    assert found.lifecycles[SUBJECT].steps[-1].missing == ("1 more people",)


def test_a6_the_author_of_a_commit_is_no_signature(story: Ceremony) -> None:
    found = story.request("review").approve("otto", sign=False, author="otto").land(by="otto").verify()
    assert (stage(found), only_flaw(found, OTTO)) == ("staging", Flaw.TOO_WEAK)
    assert message(found.signoffs[OTTO], Flaw.TOO_WEAK) == "it is declared, and policy asks for signed"


def test_a10_a_revoked_key_does_not_count_however_it_is_dated(story: Ceremony) -> None:
    story.request("review").land().on("2026-03-01").revoke_key("otto").land()
    found = story.approve("otto", time="2026-01-10T10:00:00Z").on("2026-01-11").land().verify()
    assert (stage(found), only_flaw(found, OTTO)) == ("staging", Flaw.REVOKED_KEY)
    assert "of otto is revoked" in message(found.signoffs[OTTO], Flaw.REVOKED_KEY)


@pytest.mark.parametrize("namespace", ["git", "file", "request@accredit", "change@accredit", ""])
def test_a11_a_signature_for_another_purpose_does_not_count(story: Ceremony, namespace: str) -> None:
    found = story.request("review").approve("otto", namespace=namespace).land().verify()
    assert (stage(found), only_flaw(found, OTTO)) == ("staging", Flaw.BAD_SIGNATURE)


def test_a12_a_signed_rejection_is_no_approval(story: Ceremony) -> None:
    found = story.request("review").reject("otto").land().verify()
    assert (stage(found), found.lifecycles[SUBJECT].steps[-1].status) == ("staging", "rejected")
    assert found.signoffs[OTTO].counts


def test_a12_one_rejection_outweighs_every_approval(story: Ceremony) -> None:
    story.request("review").approve("otto").land().request("production")
    found = story.approve("vera").approve("rita").reject("vito").land().verify()
    assert (stage(found), found.lifecycles[SUBJECT].steps[-1].status) == ("review", "rejected")


@pytest.mark.parametrize(
    ("who", "options", "flaw"),
    [
        ("vito", {"sign": False}, Flaw.TOO_WEAK),
        ("vito", {"key": "mallory"}, Flaw.OTHER_SIGNER),
        ("mallory", {"role": "developer"}, Flaw.NO_ROLE),
        ("mallory", {"role": "validator"}, Flaw.NO_ROLE),
    ],
)
def test_who_has_no_say_cannot_veto(story: Ceremony, who: str, options: dict[str, str], flaw: Flaw) -> None:
    story.request("review").approve("otto").land().request("production")
    found = story.reject(who, **options).approve("vera").approve("rita").land().verify()
    assert (stage(found), only_flaw(found, approval(2, who))) == ("production", flaw)


def test_a20_an_approval_renamed_to_another_person_does_not_count(story: Ceremony) -> None:
    story.request("review", by="dana").approve("otto")
    story.copy(OTTO, approval(1, "olga")).delete(OTTO)
    found = story.land("squash").verify()
    assert (stage(found), only_flaw(found, approval(1, "olga"))) == ("staging", Flaw.MISPLACED)
    assert message(found.signoffs[approval(1, "olga")], Flaw.MISPLACED) == "the file says otto and is named after olga"


def test_a20_one_person_under_two_names_counts_once(story: Ceremony) -> None:
    story.request("review").approve("otto").land().request("production").approve("vera")
    story.approve("vera", "release", at=approval(2, "rita"))
    found = story.land().verify()
    assert (stage(found), Flaw.MISPLACED in flaws(found.signoffs[approval(2, "rita")])) == ("review", True)


def test_a26_a_request_in_the_name_of_somebody_else_does_not_count(story: Ceremony) -> None:
    found = story.request("review", by="dana", key="otto").approve("otto").land().verify()
    assert (stage(found), only_flaw(found, REQUEST)) == ("staging", Flaw.OTHER_SIGNER)
    assert "by otto (SHA256:" in message(found.signoffs[REQUEST], Flaw.OTHER_SIGNER)


def test_a26_an_unsigned_request_does_not_count(story: Ceremony) -> None:
    found = story.request("review", by="dana", sign=False).approve("otto").land().verify()
    assert (stage(found), only_flaw(found, REQUEST)) == ("staging", Flaw.TOO_WEAK)
    assert only_flaw(found, OTTO) == Flaw.OTHER_REQUEST


def test_several_keys_of_one_person_are_one_person(story: Ceremony) -> None:
    vera = member("vera", "validator", "release", keys=("vera", "vera-2"))
    story.add_person(vera).land().request("review").approve("otto").land()
    story.request("production").approve("vera").approve("vera", "release", key="vera-2", at=approval(2, "rita"))
    found = story.land().verify()
    assert (stage(found), found.lifecycles[SUBJECT].steps[-1].missing) == ("review", ("release",))


def test_a_key_of_two_people_is_nobodys(story: Ceremony) -> None:
    story.add_person(member("vito", "validator", keys=("vito", "otto"))).land()
    found = story.request("review").approve("otto").land().verify()
    assert (stage(found), only_flaw(found, OTTO)) == ("staging", Flaw.SHARED_KEY)
    assert message(found.signoffs[OTTO], Flaw.SHARED_KEY).endswith("is claimed by more than one person")


def test_a_role_that_nobody_holds_never_passes(tmp_path: Path) -> None:
    story = a_ceremony(
        tmp_path, **{"transitions.staging->review": {"sign": [{"role": ["owner"]}, {"role": ["legal"]}]}}
    )
    found = story.request("review").approve("otto").land().verify()
    assert (stage(found), found.lifecycles[SUBJECT].pending is not None) == ("staging", True)
    assert found.lifecycles[SUBJECT].steps[-1].missing == ("legal",)


@pytest.mark.parametrize("how", ["direct", "merge", "squash", "rebase"])
def test_whoever_committed_the_content_does_not_approve_it(story: Ceremony, how: How) -> None:
    story.edit(CARD, "loan", "credit", by="otto").land(how, by="otto" if how in ("direct", "squash") else "rita")
    found = story.request("review").approve("otto").land().verify()
    assert (stage(found), only_flaw(found, OTTO)) == ("staging", Flaw.CONTRIBUTOR)
    assert message(found.signoffs[OTTO], Flaw.CONTRIBUTOR) == "otto committed content of the version"


def test_a_contributor_is_known_by_the_address_in_any_case(story: Ceremony) -> None:
    story.add_person(member("otto", "owner", email="Otto@Bank.Example")).land()
    story.edit(CARD, "loan", "credit", by="otto").land()
    assert only_flaw(story.request("review").approve("otto").land().verify(), OTTO) == Flaw.CONTRIBUTOR


def test_an_evil_merge_makes_a_contributor(story: Ceremony) -> None:
    story.repository.branch("side").write({"unrelated": "x"}).commit().switch("main")
    changed = story.files[CARD].replace(b"loan", b"credit")
    story.files[CARD] = changed
    story.repository.by("Otto", "otto@bank.example").write({f"registry/{CARD}": changed}).merge("side")
    assert only_flaw(story.request("review").approve("otto").land().verify(), OTTO) == Flaw.CONTRIBUTOR


def test_whoever_trained_the_version_does_not_approve_it(story: Ceremony) -> None:
    story.edit(f"{FOLDER}version.yaml", "by: dana", "by: otto").land(by="rita")
    found = story.request("review").approve("otto").land().verify()
    assert (stage(found), only_flaw(found, OTTO)) == ("staging", Flaw.TRAINER)
