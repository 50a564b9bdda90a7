from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import pytest
from tests.support.repository import RepositoryBuilder, a_repository, git

from accredit.errors import GitError
from accredit.history import process, walk
from accredit.history.genesis import anchor_faults, genesis
from accredit.history.landing import Landing, Mark
from accredit.history.objects import Objects
from accredit.history.repository import Repository
from accredit.history.walk import landings

MODEL = "registry/models/m/model.yaml"
NONE = "0" * 40


def walked(story: RepositoryBuilder, root: str = "registry", after: Mark | None = None) -> list[Landing]:
    return list(landings(Repository.around(story.path), story.head, root, after))


def changed(landing: Landing) -> dict[str, str]:
    """Path to the modes before and after."""
    return {c.path: f"{c.old_mode} {c.new_mode}" for c in landing.changes}


@pytest.fixture
def story(tmp_path: Path) -> RepositoryBuilder:
    begun = a_repository(tmp_path).by("Ada", "ada@example.com").on("2026-01-10")
    return begun.write({"registry/registry.yaml": "id: one\n", "README.md": "x"}).commit("Begin")


def test_a_landing_says_who_when_and_which_files_below_the_root(story: RepositoryBuilder) -> None:
    story.by("Bo Ž", "bo@example.com").on("2026-02-01").write({MODEL: "a", "elsewhere": "b"}).commit()
    first, second = walked(story)
    assert (first.position, first.parents, changed(first)) == (0, (), {"registry.yaml": "000000 100644"})
    assert (second.position, second.commit, second.parents) == (1, story.head, (first.commit,))
    assert (second.author_name, second.author_email) == ("Bo Ž", "bo@example.com")
    assert second.author_time == second.committer_time == dt.datetime(2026, 2, 1, 9, 1, tzinfo=dt.UTC)
    assert changed(second) == {"models/m/model.yaml": "000000 100644"}
    assert second.tree == git(story.path, "rev-parse", "HEAD^{tree}").decode().strip()
    [change] = second.changes
    assert change.is_added
    assert (change.old_oid, change.new_oid) == (NONE, git(story.path, "rev-parse", f"HEAD:{MODEL}").decode().strip())


def test_a_registry_at_the_top_sees_every_file(story: RepositoryBuilder) -> None:
    assert set(changed(walked(story, root="")[0])) == {"registry/registry.yaml", "README.md"}


def test_a_commit_that_changes_nothing_below_the_root_is_a_landing_without_changes(story: RepositoryBuilder) -> None:
    story.commit("Nothing").write({"elsewhere": "x"}).commit()
    assert [len(landing.changes) for landing in walked(story)] == [1, 0, 0]


def propose(story: RepositoryBuilder) -> RepositoryBuilder:
    story.branch("proposal").by("Bo", "bo@example.com").write({MODEL: "a"}).commit("1")
    story.write({MODEL: "b"}).commit("2").by("Merger", "merger@example.com")
    return story.switch("main").write({"registry/policy.yaml": "x"}).commit("Meanwhile")


def test_merge_squash_and_rebase_land_the_same_files(tmp_path: Path) -> None:
    ends = {}
    for way in ("merge", "squash_merge", "rebase_merge"):
        story = a_repository(tmp_path / way).write({"registry/registry.yaml": "id: one\n"}).commit()
        getattr(propose(story), way)("proposal")
        ends[way] = walked(story)
    assert changed(ends["merge"][-1]) == changed(ends["squash_merge"][-1]) == {"models/m/model.yaml": "000000 100644"}
    assert ends["merge"][-1].changes == ends["squash_merge"][-1].changes
    assert [changed(x) for x in ends["rebase_merge"][2:]] == [
        {"models/m/model.yaml": "000000 100644"},
        {"models/m/model.yaml": "100644 100644"},
    ]
    assert {x[-1].tree for x in ends.values()} == {ends["merge"][-1].tree}
    assert [x.author_name for x in ends["rebase_merge"][2:]] == ["Bo", "Bo"]


def test_what_a_merge_adds_by_itself_is_a_change(story: RepositoryBuilder) -> None:
    propose(story).write({"registry/people/eve.yaml": "x"}).merge("proposal")
    assert set(changed(walked(story)[-1])) == {"models/m/model.yaml", "people/eve.yaml"}


def test_modes_types_and_deletions_are_changes_and_renames_are_two(story: RepositoryBuilder) -> None:
    files = {f"registry/{name}": f"{name}\n" * 20 for name in ("plain", "typed", "gone", "moved")}
    story.write(files).commit()
    story.write({"registry/plain": files["registry/plain"]}, mode="100755")
    story.write({"registry/typed": "/etc/passwd"}, mode="120000").write({"registry/gone": None, "registry/moved": None})
    story.write({"registry/new": files["registry/moved"]}).write({"registry/sub": story.head}, mode="160000").commit()
    assert changed(walked(story)[-1]) == {
        "plain": "100644 100755",
        "typed": "100644 120000",
        "gone": "100644 000000",
        "moved": "100644 000000",
        "new": "000000 100644",
        "sub": "000000 160000",
    }


def test_the_registrys_folder_may_become_a_file(story: RepositoryBuilder) -> None:
    story.write({"registry/registry.yaml": None}).write({"registry": "elsewhere"}, mode="120000").commit()
    assert changed(walked(story)[-1]) == {"registry.yaml": "100644 000000"}


@pytest.mark.parametrize("name", ["a\nb", "tab\tb", '"quoted"', "ünï", "\udcff", ":100644 100644", "a\\b", "-x", "*"])
def test_a_path_is_what_the_file_system_would_call_it(story: RepositoryBuilder, name: str) -> None:
    story.write({f"registry/{name}": "x"}).commit().write({"registry/z": "x"}).commit()
    assert [set(changed(landing)) for landing in walked(story)[1:]] == [{name}, {"z"}]


def test_the_root_is_no_pattern(story: RepositoryBuilder) -> None:
    story.write({"*/a": "x", ":(top)/b": "x", "other/c": "x"}).commit()
    assert set(changed(walked(story, root="*")[-1])) == {"a"}
    assert set(changed(walked(story, root=":(top)")[-1])) == {"b"}


@pytest.mark.parametrize(
    "odd", ["<>", "Ada <a@b> 99999999999999999999 +0000", "Ada <a@b> -5 +0000", "no address at all"]
)
def test_an_author_line_that_says_nothing_of_use_is_read(story: RepositoryBuilder, odd: str) -> None:
    tree = git(story.path, "rev-parse", "HEAD^{tree}").decode()
    raw = f"tree {tree}parent {story.head}\nauthor {odd}\ncommitter {odd}\n\nx\n".encode()
    oid = git(story.path, "hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=raw).decode().strip()
    last = list(landings(Repository.around(story.path), oid, "registry"))[-1]
    assert (last.commit, last.changes) == (oid, ())
    assert last.author_time is None or last.author_time.year == 1969


def test_a_name_in_another_encoding_is_read_as_text(story: RepositoryBuilder) -> None:
    tree = git(story.path, "rev-parse", "HEAD^{tree}").decode().encode()
    person = b"J\xfcrgen <j@example.com> 1700000000 +0000"
    raw = b"tree " + tree + b"author " + person + b"\ncommitter " + person + b"\nencoding ISO-8859-1\n\nx\n"
    oid = git(story.path, "hash-object", "-t", "commit", "-w", "--stdin", stdin=raw).decode().strip()
    assert [x.author_name for x in landings(Repository.around(story.path), oid)] == ["Jürgen"]


def test_a_later_walk_goes_on_where_the_first_one_ended(story: RepositoryBuilder) -> None:
    before = walked(story)
    propose(story).merge("proposal")
    assert before + walked(story, after=before[-1].mark) == walked(story)
    assert walked(story, after=walked(story)[-1].mark) == []


def test_a_walk_does_not_go_on_in_another_history(story: RepositoryBuilder) -> None:
    propose(story).merge("proposal")
    side = Mark(1, walked(story)[-1].parents[1])
    with pytest.raises(GitError, match="does not follow"):
        walked(story, after=side)
    last = walked(story)[-1].mark
    story.rewind()
    with pytest.raises(GitError, match="does not follow"):
        walked(story, after=last)


@pytest.mark.parametrize("what", ["HEAD~1", "HEAD~1^{tree}", "HEAD:registry"])
def test_a_missing_object_is_an_error_and_no_shorter_history(story: RepositoryBuilder, what: str) -> None:
    story.write({MODEL: "a"}).commit().write({MODEL: "b"}).commit()
    repository = Repository.around(story.path)
    lost = git(story.path, "rev-parse", what).decode().strip()
    for pack in story.path.glob("objects/pack/*.pack"):
        pack.rename(story.path / "p")
        git(story.path, "unpack-objects", "-q", stdin=(story.path / "p").read_bytes())
    (story.path / "objects" / lost[:2] / lost[2:]).unlink()
    with pytest.raises(GitError) as caught:
        list(landings(repository, story.head, "registry"))
    assert caught.value.hint


def with_bomb(story: RepositoryBuilder, levels: int) -> str:
    """A commit whose tree lists ten to so many files."""
    mode, content = "100644 blob", git(story.path, "hash-object", "-w", "--stdin").decode().strip()
    for _ in range(levels):
        lines = "".join(f"{mode} {content}\t{name}\n" for name in "abcdefghij").encode()
        mode, content = "040000 tree", git(story.path, "mktree", stdin=lines).decode().strip()
    bomb = git(story.path, "mktree", stdin=f"040000 tree {content}\tregistry\n".encode()).decode().strip()
    person = "Eve <eve@example.com> 1700000000 +0000"
    raw = f"tree {bomb}\nparent {story.head}\nauthor {person}\ncommitter {person}\n\nx\n".encode()
    return git(story.path, "hash-object", "-t", "commit", "-w", "--stdin", stdin=raw).decode().strip()


def test_a_landing_with_too_many_changes_is_refused(story: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MAX_CHANGES", 500)
    with pytest.raises(GitError, match="more than 500 files"):
        list(landings(Repository.around(story.path), with_bomb(story, 3), "registry"))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of another process")
def test_a_tree_that_multiplies_itself_does_not_fill_the_memory(
    story: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "MAX_MEMORY", 200 << 20)
    with pytest.raises(GitError, match=r"(?i)out of memory"):
        list(landings(Repository.around(story.path), with_bomb(story, 9), "registry"))


def test_a_repository_of_sha256_is_walked(tmp_path: Path) -> None:
    story = a_repository(tmp_path, "sha256").write({"registry/registry.yaml": "id: one\n"}).commit()
    [first] = walked(story)
    assert len(first.commit) == 64
    with Objects(Repository.around(story.path).git) as objects:
        assert objects.blob(first.changes[0].new_oid).content == b"id: one\n"


def test_the_genesis_is_where_the_id_first_appears(story: RepositoryBuilder) -> None:
    story.write({"registry/registry.yaml": "id: two\n"}).commit()
    second = story.head
    story.write({"registry/registry.yaml": "id: one\n"}).commit()
    history = walked(story)
    with Objects(Repository.around(story.path).git) as objects:
        found = {name: genesis(history, objects, name) for name in ("one", "two", "three")}
    assert found == {"one": history[0], "two": history[1], "three": None}
    assert history[1].commit == second


def test_a_registry_yaml_that_is_a_link_or_cannot_be_read_begins_nothing(tmp_path: Path) -> None:
    story = a_repository(tmp_path).write({"registry.yaml": "id: one\n"}, mode="120000").commit()
    story.write({"registry.yaml": "id: one\nid: one\n"}).commit().write({"registry.yaml": "id: one\n"}).commit()
    history = walked(story, root="")
    with Objects(Repository.around(story.path).git) as objects:
        assert genesis(history, objects, "one") == history[2]


def test_a_history_is_held_against_what_an_auditor_wrote_down(story: RepositoryBuilder) -> None:
    propose(story).merge("proposal")
    repository, history = Repository.around(story.path), walked(story)
    began, tip = history[0], story.head

    def kinds(**known: str) -> list[str]:
        return [fault.kind for fault in anchor_faults(repository, tip, began, **known)]

    assert kinds() == kinds(root_commit=began.commit, checkpoint=history[1].commit) == kinds(checkpoint=tip) == []
    assert kinds(root_commit=history[1].commit) == ["other-root"]
    assert kinds(checkpoint="1" * 40) == ["checkpoint-lost"]
    with pytest.raises(GitError, match="no full id"):
        kinds(checkpoint=tip[:12])


def test_merging_the_old_history_into_a_forged_one_does_not_satisfy_the_checkpoint(story: RepositoryBuilder) -> None:
    checkpoint = story.write({MODEL: "a"}).commit().head
    story.branch("old").orphan("forged").write({"registry/registry.yaml": "id: one\n"}).commit().merge("old")
    repository, [began, *_] = Repository.around(story.path), walked(story)
    assert repository.is_ancestor(checkpoint, story.head)
    [fault] = anchor_faults(repository, story.head, began, checkpoint=checkpoint)
    assert fault.kind == "checkpoint-lost"
