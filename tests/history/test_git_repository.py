from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.support.repository import RepositoryBuilder, a_repository, git

from accredit.errors import GitError
from accredit.history.objects import Objects
from accredit.history.repository import Repository
from accredit.history.walk import landings


@pytest.fixture
def story(tmp_path: Path) -> RepositoryBuilder:
    return a_repository(tmp_path / "origin").write({"registry/registry.yaml": "id: one\n"}).commit()


def test_the_checkout_around_a_folder_is_found(story: RepositoryBuilder, tmp_path: Path) -> None:
    checkout = story.checkout(tmp_path / "checkout")
    repository = Repository.around(checkout / "registry")
    assert repository.top == checkout
    assert repository.root_of(checkout / "registry") == "registry"
    assert Repository.around(checkout).root_of(checkout) == ""
    link = tmp_path / "link"
    link.symlink_to(checkout / "registry")
    assert repository.root_of(link) == "registry"


def test_a_relative_path_will_do(story: RepositoryBuilder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    story.checkout(tmp_path / "checkout")
    monkeypatch.chdir(tmp_path)
    assert Repository.around(Path("checkout/registry")).resolve("HEAD") == story.head
    assert Repository(story.path.relative_to(tmp_path)).resolve("HEAD") == story.head


def test_a_linked_work_tree_is_a_checkout(story: RepositoryBuilder, tmp_path: Path) -> None:
    checkout, linked = story.checkout(tmp_path / "checkout"), tmp_path / "linked"
    git(checkout, "worktree", "add", "--quiet", "--detach", str(linked))
    repository = Repository.around(linked / "registry")
    assert (repository.top, repository.common_dir) == (linked, checkout / ".git")
    assert repository.resolve("HEAD") == story.head


def test_a_folder_without_a_repository_is_named(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="is in no git repository") as caught:
        Repository.around(tmp_path)
    assert caught.value.hint


@pytest.mark.parametrize("content", ["", "nonsense", "gitdir: /nowhere"])
def test_a_git_file_that_leads_nowhere_is_an_error(content: str, tmp_path: Path) -> None:
    (tmp_path / ".git").write_text(content)
    with pytest.raises(GitError):
        Repository.around(tmp_path)


def test_a_shallow_clone_is_refused_with_the_way_out(story: RepositoryBuilder, tmp_path: Path) -> None:
    story.commit()
    checkout = story.checkout(tmp_path / "checkout", "--depth=1")
    with pytest.raises(GitError, match="shallow clone") as caught:
        Repository.around(checkout)
    assert "git fetch --unshallow" in caught.value.hint
    git(checkout, "fetch", "--quiet", "--unshallow")
    assert len(list(landings(Repository.around(checkout), story.head))) == 2


@pytest.mark.parametrize("hidden", [False, True])
def test_a_partial_clone_is_refused(*, hidden: bool, story: RepositoryBuilder, tmp_path: Path) -> None:
    checkout = story.checkout(tmp_path / "checkout", "--filter=blob:none")
    if hidden:
        for key in ("remote.origin.promisor", "remote.origin.partialclonefilter"):
            git(checkout, "config", "--unset", key)
    with pytest.raises(GitError, match="partial clone"):
        Repository.around(checkout)


def test_an_ordinary_clone_is_nothing_to_report(story: RepositoryBuilder, tmp_path: Path) -> None:
    assert Repository.around(story.checkout(tmp_path / "checkout")).notices == ()


def test_replaced_objects_are_reported_and_not_shown(story: RepositoryBuilder) -> None:
    honest, second = story.head, story.write({"x": "x"}).commit().head
    forged = story.orphan("forged").write({"registry/registry.yaml": "forged"}).commit().head
    story.replace(second, forged)
    assert git(story.path, "rev-list", "--count", "main") == b"1\n"
    repository = Repository.around(story.path)
    assert [n.kind for n in repository.notices] == ["replace-refs"]
    assert [x.commit for x in landings(repository, second)] == [honest, second]


def test_a_replaced_blob_is_not_shown(story: RepositoryBuilder) -> None:
    blob = git(story.path, "rev-parse", "main:registry/registry.yaml").decode().strip()
    story.replace(blob, git(story.path, "hash-object", "-w", "--stdin", stdin=b"forged").decode().strip())
    assert git(story.path, "cat-file", "blob", blob) == b"forged"
    with Objects(Repository.around(story.path).git) as objects:
        assert objects.blob(blob).content == b"id: one\n"


def test_grafts_are_reported_and_not_followed(story: RepositoryBuilder) -> None:
    first, second = story.head, story.commit().head
    (story.path / "info").mkdir(exist_ok=True)
    (story.path / "info/grafts").write_text(f"{second}\n")
    assert git(story.path, "rev-list", "--count", "main") == b"1\n"
    repository = Repository.around(story.path)
    assert [n.kind for n in repository.notices] == ["grafts"]
    assert [x.commit for x in landings(repository, second)] == [first, second]


def test_borrowed_objects_are_reported(story: RepositoryBuilder, tmp_path: Path) -> None:
    checkout = story.checkout(tmp_path / "checkout")
    (checkout / ".git/objects/info/alternates").write_text(f"{story.path}/objects\n")
    repository = Repository.around(checkout)
    assert [n.kind for n in repository.notices] == ["alternates"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give files away")
def test_the_repository_of_another_user_is_read_and_reported(story: RepositoryBuilder) -> None:
    os.chown(story.path, 12345, 12345)
    [notice] = Repository.around(story.path).notices
    assert notice.kind == "foreign-owner"
    assert "12345" in notice.message


def test_a_planted_commit_graph_does_not_change_parents(story: RepositoryBuilder) -> None:
    first, second, third = story.head, story.commit("2").head, story.commit("3").head
    git(story.path, "commit-graph", "write", "--reachable")
    graph = story.path / "objects/info/commit-graph"
    content = bytearray(graph.read_bytes())
    ids = sorted(bytes.fromhex(oid) for oid in (first, second, third))
    data = content.find(bytes.fromhex(git(story.path, "rev-parse", f"{third}^{{tree}}").decode().strip()))
    row = ids.index(bytes.fromhex(third))
    parent_at = data + row * 36 + 20
    assert int.from_bytes(content[parent_at : parent_at + 4]) == ids.index(bytes.fromhex(second))
    content[parent_at : parent_at + 4] = ids.index(bytes.fromhex(first)).to_bytes(4)
    graph.chmod(0o644)
    graph.write_bytes(content)
    assert git(story.path, "rev-list", "--count", third) == b"2\n"
    assert [x.commit for x in landings(Repository.around(story.path), third)] == [first, second, third]


def test_revisions_become_full_ids(story: RepositoryBuilder) -> None:
    first, second = story.tag("v1").head, story.commit().head
    repository = Repository.around(story.path)
    for name, commit in {
        "HEAD": second,
        "main": second,
        "main~1": first,
        "v1": first,
        "refs/tags/v1": first,
        first[:10]: first,
        second: second,
    }.items():
        assert repository.resolve(name) == commit
    assert repository.is_ancestor(first, second)
    assert not repository.is_ancestor(second, first)
    assert repository.is_landing(first, second)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "missing",
        "-x",
        "--output=planted",
        "--all",
        "--git-dir",
        "HEAD:registry",
        "a\nb",
        "a\0b",
        "\x1b[31m",
        "\u202e",
        "HEAD..HEAD",
    ],
)
def test_what_is_no_revision_is_refused(name: str, story: RepositoryBuilder) -> None:
    with pytest.raises(GitError) as caught:
        Repository.around(story.path).resolve(name)
    assert caught.value.hint
    assert str(caught.value).isprintable()
    assert not (story.path / "planted").exists()


@pytest.mark.parametrize("ref", ["refs/heads/--output=zz", "refs/tags/-x", "refs/heads/--all"])
def test_a_ref_that_is_named_like_an_option_is_a_ref(ref: str, story: RepositoryBuilder) -> None:
    story.ref(ref, story.head)
    repository = Repository.around(story.path)
    assert repository.resolve(ref) == repository.resolve(ref.rsplit("/", 1)[-1]) == story.head


def test_a_tag_cannot_pretend_to_be_the_branch(story: RepositoryBuilder) -> None:
    story.tag("main")
    repository = Repository.around(story.path)
    assert repository.resolve("main") == story.head
    story.commit()
    with pytest.raises(GitError, match="several things") as caught:
        repository.resolve("main")
    assert "refs/heads/main" in caught.value.hint
    assert repository.resolve("refs/heads/main") == story.head


@pytest.mark.parametrize("commit", ["HEAD", "main", "-x", "abc", "A" * 40, ""])
def test_questions_about_ancestry_take_full_ids_only(commit: str, story: RepositoryBuilder) -> None:
    repository = Repository.around(story.path)
    with pytest.raises(GitError, match="no full id"):
        repository.is_ancestor(commit, story.head)
    with pytest.raises(GitError, match="no full id"):
        list(landings(repository, commit))


def test_two_questions_at_a_time_do_not_wait_for_each_other(story: RepositoryBuilder) -> None:
    repository = Repository.around(story.commit().path)
    walk = landings(repository, story.head)
    next(walk)
    assert repository.resolve("main") == story.head
    walk.close()
