"""A replay that goes on from an earlier one comes to the same, and trusts nothing that others could have written."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.history.test_attestations import FIELDS, HOLD, RELEASED, WAIVER
from tests.support.cast import member
from tests.support.ceremony import ROOT, Ceremony, a_ceremony, in_production
from tests.support.parts import in_parts
from tests.support.records import FOLDER, MODEL, transition
from tests.support.repository import git

from accredit.domain.verification import Flaw
from accredit.history.memory import Memory
from accredit.history.repository import Repository
from accredit.history.savepoint import MAX_FILES, WORTH_KEEPING, Savepoints
from accredit.history.verify import verify

# In two parts or at once


def _rewrite(story: Ceremony) -> None:
    path = transition(1)
    if path in story.files:
        story.write({path: story.files[path] + b"# later\n"})


def _compromise(story: Ceremony) -> None:
    if "otto" in story.people:
        story.revoke_key("otto", compromised_since="2026-01-01")


ACCEPTANCE = "waiver@accredit"
_DEEDS = {
    "asks": lambda s: s.request("review"),
    "moves on": lambda s: s.request("production", from_="review"),
    "signs": lambda s: s.approve("otto") if s.seq else None,
    "releases": lambda s: s.approve("vera").approve("rita") if s.seq else None,
    "signs for somebody": lambda s: s.approve("otto", key="vera") if s.seq else None,
    "rejects": lambda s: s.reject("otto") if s.seq else None,
    "edits": lambda s: s.write({f"{FOLDER}notes-{s.seq}.md": s.now}, "otto"),
    "rewrites": _rewrite,
    "smuggles": lambda s: s.write({f"models/{MODEL}/surprise.exe": s.now}),
    "links": lambda s: s.write({f"{FOLDER}link": "card.yaml"}, mode="120000"),
    "hires": lambda s: s.add_person(member("mallory", "developer")),
    "revokes": _compromise,
    "seizes power": lambda s: s.write({"policy.yaml": s.files["policy.yaml"] + b"# mine\n"}),
    "litters": lambda s: s.write({f"holds/case-{s.seq}.yaml": "nonsense"}),
    "accepts": lambda s: s.signed(WAIVER, {**FIELDS[WAIVER], "ticket": s.now}, "vera", ACCEPTANCE, {}),
    "accepts again": lambda s: s.signed(WAIVER, FIELDS[WAIVER], "vera", ACCEPTANCE, {}),
    "takes back": lambda s: s.delete("waivers/"),
    "holds": lambda s: s.signed(HOLD, FIELDS[HOLD], "vera", "hold@accredit", {}),
    "frees": lambda s: s.signed(HOLD, {**FIELDS[HOLD], **RELEASED}, "rita", "hold@accredit", {}),
    "frees falsely": lambda s: s.signed(HOLD, {**FIELDS[HOLD], **RELEASED}, "rita", "hold@accredit", {"key": "otto"}),
    "goes back in time": lambda s: s.on("2025-01-01"),
}
_LANDINGS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(sorted(_DEEDS)), max_size=3), st.sampled_from(["direct", "merge", "squash", "rebase"])
    ),
    min_size=1,
    max_size=6,
)


@given(_LANDINGS)
@settings(max_examples=12)
def test_a_replay_in_parts_comes_to_the_same_as_one_at_once_wherever_it_is_cut(tmp_path_factory, told) -> None:
    story = a_ceremony(tmp_path_factory.mktemp("story"))
    for deeds, how in told:
        for deed in deeds:
            _DEEDS[deed](story)
        if story._written:
            story.land(how)
    repository = Repository.around(story.repository.path)
    for commit, found in in_parts(repository, story.repository.head, ROOT):
        assert found == verify(repository, commit, ROOT)


# What is kept


@pytest.fixture
def story(tmp_path: Path) -> Ceremony:
    """A version in production, and as many landings as are worth keeping."""
    begun = in_production(a_ceremony(tmp_path / "story"))
    for number in range(WORTH_KEEPING):
        begun.repository.write({"README.md": str(number)}).commit()
    return begun


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def run(story: Ceremony, cache: Path | None, **anchors: str):
    return verify(Repository.around(story.repository.path), story.repository.head, ROOT, cache=cache, **anchors)


def known(story: Ceremony, cache: Path, pin: str | None = None) -> Memory | None:
    """What the next replay would go on from."""
    repository = Repository.around(story.repository.path)
    return Savepoints(cache, repository, ROOT, pin).latest(story.repository.head)


def only_file(cache: Path) -> Path:
    [path] = (cache / "replays").iterdir()
    return path


def test_a_later_replay_goes_on_from_the_last_one_that_was_kept(story, cache):
    first = run(story, cache)
    story.request("staging").approve("vera").land()
    found = known(story, cache)
    assert found is not None
    assert found.place == first.tip
    assert run(story, cache) == run(story, None)
    assert only_file(cache).stat().st_mode & 0o777 == 0o600


def test_a_few_landings_are_replayed_again_sooner_than_kept(story, cache):
    run(story, cache)
    kept = only_file(cache).name
    story.request("staging").approve("vera").land().verify()
    run(story, cache)
    assert only_file(cache).name == kept


def test_a_rewritten_history_is_replayed_from_the_last_landing_that_stayed(story, cache):
    run(story, cache)
    story.repository.rewind(2)
    assert known(story, cache) is None
    assert run(story, cache) == run(story, None)


def test_a_merged_commit_is_no_landing_to_go_on_from(story, cache):
    before = story.repository.head
    story.repository.branch("side").write({"README.md": "side"}).commit()
    run(story, cache)
    story.repository.switch("main").write({"other.md": "main"}).commit().merge("side")
    assert git(story.repository.path, "rev-parse", "HEAD^1^").decode().strip() == before
    assert known(story, cache) is None
    assert run(story, cache) == run(story, None)


def test_another_pinned_root_has_savepoints_of_its_own(story, cache):
    genesis = run(story, cache).genesis.commit
    assert known(story, cache, genesis) is None
    assert run(story, cache, pin=genesis).breaches == ()
    assert known(story, cache, genesis) is not None


def test_anchors_are_asked_every_time(story, cache):
    lost = story.repository.head
    story.repository.rewind().write({"README.md": "another end"}).commit()
    run(story, cache)
    assert known(story, cache) is not None
    assert {b.flaw for b in run(story, cache, checkpoint=lost).breaches} == {Flaw.CHECKPOINT_LOST}


def test_another_clone_in_its_place_has_savepoints_of_its_own(story, cache, tmp_path):
    run(story, cache)
    moved = tmp_path / "moved"
    shutil.copytree(story.repository.path, moved)
    story.repository.path.rename(tmp_path / "away")
    moved.rename(story.repository.path)
    assert known(story, cache) is None


def test_there_are_never_more_than_so_many(story, cache):
    run(story, cache)
    for number in range(MAX_FILES + 5):
        (cache / "replays" / f"old-{number}").touch()
    for number in range(WORTH_KEEPING):
        story.repository.write({"README.md": f"more {number}"}).commit()
    run(story, cache)
    assert len(list((cache / "replays").iterdir())) == MAX_FILES
    assert known(story, cache).place.commit == story.repository.head


# What is not trusted


def test_a_damaged_savepoint_is_not_used(story, cache):
    proved = run(story, cache)
    whole = only_file(cache).read_bytes()
    for damaged in (whole[:-1], whole[:100], b"", whole.replace(b'"production"', b'"retired!!!"'), whole + b" "):
        only_file(cache).write_bytes(damaged)
        assert known(story, cache) is None
        assert run(story, cache) == proved
        assert only_file(cache).read_bytes() == whole


def test_a_savepoint_under_the_name_of_another_commit_is_not_used(story, cache):
    run(story, cache)
    path, before = only_file(cache), story.repository.head
    story.request("staging").approve("vera").land()
    path.rename(path.with_name(path.name.replace(before, story.repository.head)))
    assert known(story, cache) is None


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a user's caches to the user")
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o644])
def test_a_savepoint_that_others_may_touch_is_not_used(story, cache, mode):
    run(story, cache)
    only_file(cache).chmod(mode)
    assert known(story, cache) is None
    only_file(cache).chmod(0o600)
    assert known(story, cache) is not None
    (cache / "replays").chmod(0o777)
    assert known(story, cache) is None


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can give files away")
def test_a_savepoint_of_somebody_else_is_not_used(story, cache):
    run(story, cache)
    os.chown(only_file(cache), 12_345, -1)
    assert known(story, cache) is None
    os.chown(only_file(cache), 0, -1)
    os.chown(cache / "replays", 12_345, -1)
    assert known(story, cache) is None


def test_a_link_in_the_place_of_a_savepoint_is_not_followed(story, cache, tmp_path):
    run(story, cache)
    path = only_file(cache)
    path.symlink_to(path.rename(tmp_path / "elsewhere"))
    assert known(story, cache) is None


@pytest.mark.parametrize("inside", ["registry/.cache", ".git/cache"])
def test_nothing_is_kept_or_used_within_the_repository(story, cache, tmp_path, inside):
    top = story.repository.checkout(tmp_path / "work")
    repository, tip = Repository.around(top), story.repository.head
    verify(repository, tip, ROOT, cache=cache)
    assert Savepoints(cache, repository, ROOT, None).latest(tip) is not None
    shutil.copytree(cache, top / inside)
    assert Savepoints(top / inside, repository, ROOT, None).latest(tip) is None
    only_file(top / inside).unlink()
    verify(repository, tip, ROOT, cache=top / inside)
    assert list((top / inside / "replays").iterdir()) == []


def test_a_cache_that_cannot_be_written_is_no_fault(story):
    assert run(story, Path("/dev/null/cache")) == run(story, None)


def test_a_path_that_is_no_utf_8_cannot_be_kept(story, cache):
    story.repository.write({f"{ROOT}/models/caf\udce9.txt": "x"}).commit()
    assert run(story, cache) == run(story, None)
    assert not (cache / "replays").exists() or not list((cache / "replays").iterdir())
