"""Attacks on the trail: rewritten records, files that are nobody's, another history."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.cast import member
from tests.support.ceremony import Ceremony, a_ceremony, in_production
from tests.support.proof import breaches, flaws, message, only_flaw, stage
from tests.support.records import FOLDER, MODEL, REGISTRY, SUBJECT, approval, transition
from tests.support.repository import a_repository

from accredit.domain.verification import Flaw
from accredit.errors import GitError
from accredit.history.repository import Repository
from accredit.history.verify import verify

CARD = f"{FOLDER}card.yaml"
REQUEST = transition(1)
OTTO = approval(1, "otto")


@pytest.fixture
def story(tmp_path: Path) -> Ceremony:
    begun = a_ceremony(tmp_path)
    mallory = begun.people["mallory"] = member("mallory", "developer")
    return begun.add_person(mallory).land()


# The trail


@pytest.mark.parametrize("path", [REQUEST, OTTO, f"{OTTO}.sig"])
def test_a13_a_record_that_is_rewritten_is_a_standing_breach(story: Ceremony, path: str) -> None:
    story.request("review").approve("otto").land()
    before = story.files[path]
    found = story.write({path: before + b"\n"}).land().verify()
    [breach] = found.standing_breaches(SUBJECT)
    assert message(breach, Flaw.REWRITTEN) == "a signed record was changed after it landed"
    assert (breach.path, stage(found)) == (path, "review")
    restored = story.write({path: before}).land().verify()
    assert restored.standing_breaches(SUBJECT) == ()
    assert Flaw.REWRITTEN in breaches(restored, standing=False)


def test_a29_a_deleted_trail_is_a_standing_breach(story: Ceremony) -> None:
    found = in_production(story).delete(f"{FOLDER}transitions/").land().verify()
    assert {b.message for b in found.standing_breaches(SUBJECT)} == {"a signed record was deleted after it landed"}
    assert {b.path for b in found.standing_breaches(SUBJECT)} >= {REQUEST, OTTO, f"{OTTO}.sig"}


def test_a29_a_deleted_version_is_not_forgotten(story: Ceremony) -> None:
    found = in_production(story).delete(FOLDER).land().verify()
    assert stage(found) == "production"
    assert {b.flaw for b in found.standing_breaches(SUBJECT)} == {Flaw.REWRITTEN, Flaw.CHANGED_CONTENT}


def test_an_approval_cannot_be_rewritten_into_one_for_another_role(story: Ceremony) -> None:
    vera = member("vera", "validator", "release")
    story.add_person(vera).land().request("review").approve("otto").land()
    story.request("production").approve("vera").land()
    story.edit(approval(2, "vera"), '"validator"', '"release"').land()
    found = story.approve("vito").land().verify()
    assert (stage(found), found.lifecycles[SUBJECT].steps[-1].missing) == ("review", ("release",))


def test_an_approval_counts_as_it_landed_whatever_becomes_of_its_file(story: Ceremony) -> None:
    story.request("review").approve("otto").land().request("production").approve("vera").land()
    story.write({approval(2, "vera"): "{", f"{approval(2, 'vera')}.sig": "x"}).land()
    found = story.approve("rita").land().verify()
    assert (stage(found), found.signoffs[approval(2, "vera")].doubts) == ("production", ())
    assert Flaw.REWRITTEN in breaches(found)


def test_a_rejection_stays_one_after_it_is_deleted_or_replaced(story: Ceremony) -> None:
    story.request("review").approve("otto").land().request("production").reject("vito").land()
    found = story.delete(approval(2, "vito")).land().approve("vera").approve("rita").land().verify()
    assert (stage(found), found.lifecycles[SUBJECT].steps[-1].status) == ("review", "rejected")
    assert stage(story.approve("vito").land().verify()) == "review"


def test_an_unreadable_approval_that_is_replaced_later_does_not_count(story: Ceremony) -> None:
    story.request("review").write({OTTO: "{"}).land()
    found = story.approve("otto").land().verify()
    assert stage(found) == "staging"
    assert flaws(found.signoffs[OTTO]) == {Flaw.UNREADABLE, Flaw.REWRITTEN}


def test_a_deleted_and_rewritten_approval_does_not_count(story: Ceremony) -> None:
    story.request("review").approve("otto", key="mallory").land().delete(OTTO).land()
    found = story.approve("otto").land().verify()
    assert (stage(found), Flaw.REWRITTEN in flaws(found.signoffs[OTTO])) == ("staging", True)


def test_a_void_request_does_not_block_the_next(story: Ceremony) -> None:
    story.request("review", by="dana", sign=False).land()
    story.stage_wanted = "staging"
    found = story.request("review").approve("otto").land().verify()
    assert (stage(found), found.signoffs[transition(2)].counts) == ("review", True)


def test_an_unreadable_request_far_ahead_does_not_block_the_next(story: Ceremony) -> None:
    story.write({transition(2): "{", transition(9999): "{"}).land()
    found = story.request("review", folder=1).approve("otto", seq=1).land().verify()
    assert (stage(found), only_flaw(found, transition(9999))) == ("review", Flaw.UNREADABLE)


# The closed world


@pytest.mark.parametrize("mode", ["120000", "160000"])
def test_a14_a15_links_and_submodules_in_a_version_are_standing_breaches(story: Ceremony, mode: str) -> None:
    story.request("review").approve("otto").land()
    target = story.repository.head if mode == "160000" else "/etc/passwd"
    found = story.write({f"{FOLDER}evaluations/x.yaml": target}, mode=mode).land().verify()
    [breach] = found.standing_breaches(SUBJECT)
    assert message(breach, Flaw.SMUGGLED).endswith("is no file that belongs into a registry")
    assert story.write({f"{FOLDER}evaluations/x.yaml": None}).land().verify().standing_breaches(SUBJECT) == ()


def test_a14_a_link_in_the_place_of_an_approval_is_no_approval(story: Ceremony) -> None:
    story.request("review").write({OTTO: "../../../x.yaml"}, mode="120000")
    found = story.land().verify()
    assert (stage(found), OTTO in found.signoffs) == ("staging", False)
    assert breaches(found)[Flaw.SMUGGLED].path == OTTO


def test_a14_a_link_in_the_place_of_the_policy_governs_nothing(story: Ceremony) -> None:
    found = story.write({"policy.yaml": "/etc/passwd"}, mode="120000").land().verify()
    assert set(breaches(found)) == {Flaw.SMUGGLED, Flaw.UNAUTHORISED}
    assert found.policy is not None


def test_links_that_were_there_at_the_beginning_are_found(tmp_path: Path) -> None:
    story = Ceremony(a_repository(tmp_path))
    story.write({"registry.yaml": f"format: 1\nid: {REGISTRY}\nname: R\n"})
    story.write({f"{FOLDER}x": "/etc/passwd"}, mode="120000").land()
    assert story.verify().standing_breaches(SUBJECT)[0].flaw == Flaw.SMUGGLED


@pytest.mark.parametrize(
    "path",
    [
        f"{FOLDER}transitions/0001/extra.md",
        f"{FOLDER}transitions/evil.yaml",
        f"{FOLDER}transitions/0001/approvals/Otto.yaml",
        f"{FOLDER}transitions/0001/approvals/\u043etto.yaml",
        f"{FOLDER}monitoring/a b.yaml",
    ],
)
def test_a19_a27_a_smuggled_file_is_a_standing_breach_of_its_version(story: Ceremony, path: str) -> None:
    found = story.request("review").approve("otto").write({path: "evil"}).land().verify()
    [breach] = found.standing_breaches(SUBJECT)
    assert (breach.flaw, breach.path) == (Flaw.SMUGGLED, path)
    assert path not in found.signoffs
    assert story.delete(path).land().verify().standing_breaches(SUBJECT) == ()


@pytest.mark.parametrize(
    "path",
    [
        "people/\u043etto.yaml",
        "People/eve.yaml",
        "MODELS/x",
        "changes/x",
        f"models/{MODEL}/versions/1.0 0/card.yaml",
        "people/a/b.yaml",
    ],
)
def test_a19_files_that_look_like_others_are_standing_breaches_of_the_registry(story: Ceremony, path: str) -> None:
    found = story.write({path: member("eve", "owner").file()}).land().verify()
    assert breaches(found)[Flaw.SMUGGLED].path == path
    assert [b.subject for b in found.standing_breaches()] == [""] * len(found.standing_breaches())


def test_files_beside_the_registry_are_nobodys_business(story: Ceremony) -> None:
    assert story.write({"README.md": "x", "docs/index.md": "y", "tool.py": "z"}).land().verify().breaches == ()


# Another history


def test_a21_nothing_is_proved_from_a_shallow_clone(story: Ceremony, tmp_path: Path) -> None:
    story.request("review").approve("otto").land()
    clone = story.repository.checkout(tmp_path / "clone", "--depth=1")
    with pytest.raises(GitError, match="this is a shallow clone"):
        verify(Repository.around(clone), story.repository.head, "registry")


def orphaned(story: Ceremony) -> Ceremony:
    """The whole history replaced by one commit, in which Mallory signed and everybody's key is hers."""
    story.repository.orphan("main")
    story.people = {n: member(n, *(r for r, *_ in p.roles), keys=(f"new-{n}",)) for n, p in story.people.items()}
    everything = {**story.files, **{f"people/{n}.yaml": p.file().encode() for n, p in story.people.items()}}
    story.write({p: d for p, d in everything.items() if "changes/" not in p and "transitions/" not in p})
    story.files = {p: d for p, d in everything.items() if "changes/" not in p and "transitions/" not in p}
    story.stage_wanted = "staging"
    return story.request("review", key="new-olga").approve("otto", key="new-otto").land()


def test_a30_a_replaced_history_is_found_by_the_pinned_root(story: Ceremony) -> None:
    pin = story.verify().genesis.commit
    found = orphaned(story).verify(pin=pin)
    [breach] = found.standing_breaches()
    assert message(breach, Flaw.OTHER_ROOT) == f"the registry begins in {found.genesis.commit} and not in {pin}"
    assert story.verify(pin=found.genesis.commit).breaches == ()


def test_a30_a_replaced_history_is_found_by_the_checkpoint(story: Ceremony) -> None:
    checkpoint = story.repository.head
    assert story.request("review").approve("otto").land().verify(checkpoint=checkpoint).breaches == ()
    [breach] = orphaned(story).verify(checkpoint=checkpoint).standing_breaches()
    assert message(breach, Flaw.CHECKPOINT_LOST).endswith(f"the checkpoint {checkpoint}")
