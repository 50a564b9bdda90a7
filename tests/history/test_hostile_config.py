"""A repository whose configuration would run a program: nothing that we do with it runs the program.

Where plain git falls for it, the trap says with which command, and the test makes sure that it does: otherwise it would
only show that the trap was not set.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from tests.support.repository import RepositoryBuilder, a_repository, git
from tests.support.traps import TRAPS, Place, promise

from accredit.errors import GitError
from accredit.history import git as door
from accredit.history.genesis import anchor_faults, genesis
from accredit.history.landing import Landing
from accredit.history.objects import Objects
from accredit.history.repository import Repository
from accredit.history.tree import GitTree
from accredit.history.walk import landings

FILES = {
    "registry/registry.yaml": "id: one\n",
    "registry/policy.yaml": "a: 1\n",
    "registry/.gitattributes": "* diff=x\n",
}
REVISIONS = (
    "HEAD",
    "main",
    "HEAD~1",
    "--output=planted",
    "--upload-pack=planted",
    "ext::planted",
    ":/x",
    ":0:x",
    "@{u}",
)


@pytest.fixture
def story(tmp_path: Path) -> RepositoryBuilder:
    story = a_repository(tmp_path / "origin").write(FILES).commit("Begin")
    return story.write({"registry/policy.yaml": "a: 2\n"}).commit("Change")


@pytest.fixture
def place(story: RepositoryBuilder, tmp_path: Path) -> Place:
    marker, program = tmp_path / "marker", tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho hit >> {marker}\nexit 1\n")
    program.chmod(0o755)
    return Place(story.checkout(tmp_path / "checkout"), str(program), marker)


def everything(folder: Path) -> list[Landing]:
    """All that we ever do with a repository."""
    repository = Repository.around(folder)
    assert isinstance(repository.notices, tuple)
    for revision in REVISIONS:
        with suppress(GitError):
            repository.resolve(revision)
    tip, root = repository.resolve("HEAD"), repository.root_of(folder)
    found = list(landings(repository, tip, root))
    with Objects(repository.git) as objects:
        began = genesis(found, objects, "one")
        assert began is not None
        list(objects.blobs(c.new_oid for x in found for c in x.changes if c.is_plain))
        tree = GitTree(repository, tip, root, objects)
        assert {f.path: tree.read(f.path) for f in tree.files() if not f.irregular}["policy.yaml"] == b"a: 2\n"
    assert anchor_faults(repository, tip, began, began.commit, began.commit) == ()
    assert list(landings(repository, tip, root, began.mark)) == found[1:]
    return found


@pytest.mark.parametrize("trap", TRAPS)
def test_a_hostile_configuration_runs_nothing_and_changes_nothing(trap: str, place: Place) -> None:
    set_trap, command = TRAPS[trap]
    set_trap(place)
    head = git(place.checkout.parent, f"--git-dir={place.checkout}/.git", "rev-parse", "main").decode().strip()
    found = everything(place.checkout / "registry")
    assert not place.marker.exists()
    assert [x.position for x in found] == [0, 1]
    assert found[-1].commit == head
    assert [sorted(c.path for c in x.changes) for x in found] == [
        [".gitattributes", "policy.yaml", "registry.yaml"],
        ["policy.yaml"],
    ]
    assert {len(c.new_oid) for x in found for c in x.changes} == {40}
    if command:
        assert place.has_run(*command), "the trap was not set"


def test_a_promisor_that_is_a_program_is_not_asked(place: Place) -> None:
    promise(place)
    blob = "b" * 40
    with pytest.raises(GitError, match="partial clone"):
        everything(place.checkout / "registry")
    assert not place.marker.exists()
    assert place.has_run("cat-file", "-p", blob), "the trap was not set"


@pytest.mark.parametrize("lock", ["GIT_NO_LAZY_FETCH", "GIT_ALLOW_PROTOCOL"])
def test_a_promisor_that_hides_from_the_check_meets_two_locks(
    lock: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not every git knows the first lock, so each must hold without the other."""
    monkeypatch.delitem(door._ENVIRONMENT, lock)
    repository = Repository.around(place.checkout)
    promise(place)
    with pytest.raises(GitError, match=r"missing|failed"), Objects(repository.git) as objects:
        objects.blob("b" * 40)
    with pytest.raises(GitError):
        repository.resolve("b" * 40)
    assert not place.marker.exists()
    assert place.has_run("cat-file", "-p", "b" * 40), "the trap was not set"


@pytest.mark.parametrize(
    "setting",
    [
        {"core.repositoryFormatVersion": "1", "extensions.unheardOf": "true"},
        {"core.repositoryFormatVersion": "99"},
        {"core.attributesFile": "~nobody-at-all/x"},
    ],
)
def test_a_configuration_that_git_refuses_is_an_error_with_a_remedy(setting: dict[str, str], place: Place) -> None:
    for name, value in setting.items():
        git(place.checkout.parent, "config", "--file", f"{place.checkout}/.git/config", name, value)
    with pytest.raises(GitError) as caught:
        everything(place.checkout / "registry")
    assert caught.value.hint


def test_changes_of_submodules_cannot_be_hidden(place: Place, story: RepositoryBuilder) -> None:
    story.write({"registry/.gitmodules": '[submodule "s"]\n\tpath = registry/s\n\turl = x\n\tignore = all\n'})
    story.write({"registry/s": story.head}, "160000").commit()
    git(place.checkout, "pull", "--quiet")
    place.configure(submodule__s__ignore="all", submodule__s__path="registry/s", diff__ignoreSubmodules="all")
    assert {c.path for c in everything(place.checkout / "registry")[-1].changes} == {".gitmodules", "s"}
