"""Attacks by replay, and how a history is walked."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.cast import member
from tests.support.ceremony import Ceremony, a_ceremony, in_production
from tests.support.proof import breaches, flaws, message, only_flaw, stage
from tests.support.records import FOLDER, MODEL, SUBJECT, VERSION, approval, sha256, transition

from accredit.domain.verification import Flaw

CARD = f"{FOLDER}card.yaml"
REQUEST = transition(1)
OTTO = approval(1, "otto")


@pytest.fixture
def story(tmp_path: Path) -> Ceremony:
    begun = a_ceremony(tmp_path)
    mallory = begun.people["mallory"] = member("mallory", "developer")
    return begun.add_person(mallory).land()


def test_a7_a_move_cannot_be_replayed_after_the_version_went_back(story: Ceremony) -> None:
    story.request("review").approve("otto").land().request("staging").approve("vera").land()
    story.copy(transition(1, ""), transition(3, ""))
    found = story.land().verify()
    assert stage(found) == "staging"
    assert flaws(found.signoffs[transition(3)]) == {Flaw.MISPLACED, Flaw.OUT_OF_ORDER}
    assert only_flaw(found, approval(3, "otto")) == Flaw.OTHER_REQUEST


def test_a7_a_request_that_skips_the_one_before_does_not_count(story: Ceremony) -> None:
    story.request("review").approve("otto").land().request("staging").approve("vera").land()
    found = story.request("review", previous=sha256(story.files[transition(1)])).approve("otto").land().verify()
    assert (stage(found), only_flaw(found, transition(3))) == ("staging", Flaw.OUT_OF_ORDER)


def test_an_approval_of_another_request_does_not_count(story: Ceremony) -> None:
    other = sha256(b"another")
    found = story.request("review").approve("otto", request=other).land().verify()
    assert (stage(found), only_flaw(found, OTTO)) == ("staging", Flaw.OTHER_REQUEST)


def test_a_request_of_another_version_does_not_count(story: Ceremony) -> None:
    found = story.request("review", version="2.0.0").approve("otto").land().verify()
    assert (stage(found), only_flaw(found, REQUEST)) == ("staging", Flaw.MISPLACED)


def test_a_renamed_model_takes_no_sign_off_with_it(story: Ceremony) -> None:
    in_production(story).copy(f"models/{MODEL}/", "models/other/").delete(f"models/{MODEL}/")
    found = story.land().verify()
    assert stage(found, f"other@{VERSION}") == "staging"
    assert Flaw.MISPLACED in flaws(found.signoffs[REQUEST.replace(MODEL, "other")])
    assert {b.flaw for b in found.standing_breaches(SUBJECT)} == {Flaw.REWRITTEN, Flaw.CHANGED_CONTENT}


def test_a_stage_cannot_be_skipped(story: Ceremony) -> None:
    found = story.request("production", from_="review").approve("vera").approve("rita").land().verify()
    assert (stage(found), only_flaw(found, REQUEST)) == ("staging", Flaw.OUT_OF_ORDER)


def test_a_move_that_policy_does_not_list_is_not_allowed(story: Ceremony) -> None:
    found = story.request("archived").approve("otto").land().verify()
    assert (stage(found), only_flaw(found, REQUEST)) == ("staging", Flaw.NOT_ALLOWED)


def test_a28_sign_offs_of_another_registry_do_not_count(story: Ceremony) -> None:
    other = "00000000-0000-0000-0000-000000000001"
    found = story.request("review", registry=other).approve("otto", registry=other).land().verify()
    assert stage(found) == "staging"
    assert flaws(found.signoffs[REQUEST]) == {Flaw.OTHER_REGISTRY}
    assert Flaw.OTHER_REGISTRY in flaws(found.signoffs[OTTO])


def test_a28_a_registry_cannot_take_another_id(story: Ceremony) -> None:
    story.edit("registry.yaml", "5f0c1d5e", "00000000").land()
    found = story.verify()
    assert message(breaches(found)[Flaw.OTHER_REGISTRY], Flaw.OTHER_REGISTRY).endswith(
        "is not 5f0c1d5e-2b7a-4f0e-9a51-3d1c8b6e7f20 any more"
    )
    assert breaches(story.delete("registry.yaml").land().verify()).keys() == {Flaw.OTHER_REGISTRY}
