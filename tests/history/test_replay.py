"""Attacks by replay, and how a history is walked."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.cast import Member, member
from tests.support.ceremony import Ceremony, a_ceremony, in_production
from tests.support.proof import breaches, flaws, message, only_flaw, stage
from tests.support.records import (
    FOLDER,
    MODEL,
    REGISTRY,
    SUBJECT,
    VERSION,
    approval,
    content_of,
    context_of,
    sha256,
    transition,
)
from tests.support.repository import a_repository

from accredit.domain.verification import Flaw
from accredit.errors import GitError
from accredit.history.repository import Repository
from accredit.history.verify import verify

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


def test_a_request_that_leaves_out_a_number_does_not_count(story: Ceremony) -> None:
    found = story.request("review", folder=2).approve("otto", seq=2).land().verify()
    assert (stage(found), only_flaw(found, transition(2))) == ("staging", Flaw.OUT_OF_ORDER)
    assert message(found.signoffs[transition(2)], Flaw.OUT_OF_ORDER).endswith("and the next one is number 1")


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


# Where a history begins


def test_a_history_without_a_registry_proves_nothing(tmp_path: Path) -> None:
    story = Ceremony(a_repository(tmp_path)).write({"README.md": "x"}).land()
    with pytest.raises(GitError, match="no registry begins in this history"):
        story.verify()


def test_a_registry_may_begin_in_a_merge(tmp_path: Path) -> None:
    made = a_ceremony(tmp_path / "made")
    story = Ceremony(a_repository(tmp_path).on("2026-01-10"), people=made.people)
    story.write({"README.md": "x"}).land().write(made.files).land("merge")
    found = story.request("review").approve("otto").land("merge").verify()
    assert (stage(found), found.genesis.position, found.breaches) == ("review", 1, ())
    assert found.genesis.commit == story.verify(pin=found.genesis.commit).genesis.commit


def test_a_contributor_in_the_merge_that_begins_it_is_one(tmp_path: Path) -> None:
    made = a_ceremony(tmp_path / "made")
    story = Ceremony(a_repository(tmp_path).on("2026-01-10"), people=made.people)
    story.write({"README.md": "x"}).land().write(made.files, by="otto").land("merge", by="rita")
    assert only_flaw(story.request("review").approve("otto").land().verify(), OTTO) == Flaw.CONTRIBUTOR


def test_what_was_signed_before_the_registry_began_is_judged_where_it_began(tmp_path: Path) -> None:
    made = a_ceremony(tmp_path / "made").request("review").approve("otto")
    identity = made.files.pop("registry.yaml")
    story = Ceremony(a_repository(tmp_path).on("2026-01-10"), people=made.people)
    story.write(made.files).land().write({"registry.yaml": identity}).land()
    assert (stage(story.verify()), story.verify().signoffs[OTTO].landed) == ("review", story.verify().genesis)


def test_another_registry_in_the_repository_is_another_story(story: Ceremony) -> None:
    story.request("review").approve("otto").land()
    story.repository.write({f"other/{path}": data for path, data in story.files.items()}).commit()
    assert story.verify().breaches == ()
    other = verify(Repository.around(story.repository.path), story.repository.head, "other")
    assert (stage(other), other.genesis.position) == ("review", story.verify().tip.position)


def test_a_registry_within_the_registry_is_smuggled(story: Ceremony) -> None:
    nested = {f"models/{MODEL}/versions/{path}": data for path, data in story.files.items()}
    assert {b.flaw for b in story.write(nested).land().verify().standing_breaches()} == {Flaw.SMUGGLED}


def test_a_registry_made_anew_counts_only_for_whoever_pins_it(story: Ceremony) -> None:
    story.edit("registry.yaml", "5f0c1d5e", "00000000").write({"people/otto.yaml": None}).land()
    assert set(breaches(story.verify())) == {Flaw.OTHER_REGISTRY, Flaw.UNAUTHORISED}
    pinned = story.verify(pin=story.repository.head)
    assert (pinned.genesis.commit, pinned.breaches) == (story.repository.head, ())


def test_a_pin_in_the_midst_of_a_history_is_no_beginning(story: Ceremony) -> None:
    found = story.request("review").approve("otto").land().verify(pin=story.repository.head)
    assert set(breaches(found)) == {Flaw.OTHER_ROOT}


# What commits say about themselves


def test_a_commit_from_the_far_future_is_told_of_and_roles_do_not_come_back(story: Ceremony) -> None:
    ends = Member("ida", (("owner", "2024-01-01", "2026-12-31"),), (("ida", ""),), "ida@bank.example")
    story.add_person(ends).land().on("2099-01-01").write({"README.md": "x"}).land().on("2026-02-01")
    found = story.request("review").approve("ida", "owner").land().verify()
    assert message(breaches(found, standing=False)[Flaw.CLOCK], Flaw.CLOCK) == (
        "the commit says 2026-02-01, after one that says 2099-01-01: roles are judged by the later day"
    )
    assert only_flaw(found, approval(1, "ida")) == Flaw.NO_ROLE


def test_a_compromised_key_is_not_cleaned_by_an_early_date(story: Ceremony) -> None:
    story.on("2026-02-10").request("review").land().on("2026-01-11").approve("otto").land()
    found = story.on("2026-03-01").revoke_key("otto", compromised_since="2026-02-01").land().verify()
    assert Flaw.TAINTED in flaws(found.signoffs[OTTO])


# What cannot be read, or is not there


def test_a_version_that_cannot_be_read_cannot_be_asked_for(story: Ceremony) -> None:
    """Or nobody would know who trained it."""
    context = context_of(story.files)
    model = {p: d for p, d in context.items() if p.startswith("models/")}
    story.write({f"{FOLDER}version.yaml": "{"})
    story.signed(REQUEST, request_fields(story, model), "olga", "request@accredit", {})
    found = story.approve("otto").land().verify()
    assert (stage(found), only_flaw(found, REQUEST)) == ("staging", Flaw.UNREADABLE)


def request_fields(story: Ceremony, context: dict[str, str]) -> dict[str, object]:
    return {
        "kind": "transition-request/v1",
        "registry": REGISTRY,
        "model": MODEL,
        "version": VERSION,
        "seq": 1,
        "from": "staging",
        "to": "review",
        "previous": "none",
        "content": content_of(story.files),
        "context": context,
        "policy": sha256(story.files["policy.yaml"]),
        "requested_by": "olga",
        "requested_at": story.now,
        "reason": "x",
    }


def test_whoever_has_left_asks_for_nothing(story: Ceremony) -> None:
    left = story.people["olga"].file() + "active_to: 2026-01-09\n"
    story.change({"people/olga.yaml": left}, by="dana").land()
    found = story.request("review").approve("otto").land().verify()
    assert (stage(found), only_flaw(found, REQUEST)) == ("staging", Flaw.UNKNOWN_PERSON)
    assert message(found.signoffs[REQUEST], Flaw.UNKNOWN_PERSON) == "olga did not work here on 2026-01-10"


def test_a_request_that_was_rewritten_does_not_take_effect(story: Ceremony) -> None:
    story.request("review").land()
    found = story.write({REQUEST: story.files[REQUEST] + b"\n"}).land().verify()
    request = sha256(story.files[REQUEST][:-1])
    found = story.approve("otto", request=request).land().verify()
    assert (stage(found), Flaw.REWRITTEN in breaches(found)) == ("staging", True)


def test_the_person_behind_a_bot_does_not_approve_what_the_bot_asked_for(story: Ceremony) -> None:
    bot = member("robot").file() + "kind: bot\nresponsible: otto\n"
    story.change({"people/robot.yaml": bot}).land()
    found = story.request("review", by="robot").approve("otto").land().verify()
    assert (stage(found), only_flaw(found, OTTO)) == ("staging", Flaw.REQUESTER)


def test_a_bot_approves_nothing(story: Ceremony) -> None:
    bot = member("robot", "owner").file() + "kind: bot\nresponsible: otto\n"
    found = story.change({"people/robot.yaml": bot}).land().request("review").approve("robot").land().verify()
    assert (stage(found), only_flaw(found, approval(1, "robot"))) == ("staging", Flaw.NO_ROLE)


def test_a_registry_at_the_top_is_read_as_well(tmp_path: Path) -> None:
    made = a_ceremony(tmp_path / "made").request("review").approve("otto")
    top = a_repository(tmp_path).on("2026-01-10").write({**made.files, "tool.py": "x"}).commit()
    found = verify(Repository.around(top.path), top.head)
    assert (stage(found), found.breaches) == ("review", ())
