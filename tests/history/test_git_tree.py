from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.cases import base_registry
from tests.support.repository import a_repository

from accredit.errors import GitError
from accredit.history import tree
from accredit.history.repository import Repository
from accredit.history.tree import GitTree
from accredit.loading.folder import Folder, TreeFile
from accredit.loading.tree import load
from accredit.loading.yaml import MAX_BYTES

ODD = {
    "people/deep.yaml/inside.txt": "x",
    "a.b": "x",
    "a/z": "x",
    "a0": "x",
    "/".join("d" * 15): "x",
    "/".join("e" * 13): "x",
    "README.md": "# Hello\r\n",
    "models/large.yaml": "x" * (MAX_BYTES + 1),
    "ünï.yaml": "x",
    "new\nline": "x",
}


@pytest.mark.parametrize("root", ["", "deep/registry"])
def test_a_commit_loads_as_its_checkout_does(tmp_path: Path, root: str) -> None:
    story = a_repository(tmp_path)
    for files, mode in ((base_registry(), "100644"), (ODD, "100644"), ({"run": "x"}, "100755"), ({"l": "/"}, "120000")):
        story.write({f"{root}/{path}".lstrip("/"): content for path, content in files.items()}, mode)
    checkout = story.write({"outside/x": "x"} if root else {}).commit().checkout(tmp_path / "checkout")
    git_tree = GitTree(Repository.around(checkout), "HEAD", root)
    folder = Folder(checkout / root)
    found = list(git_tree.files())
    assert [f for f in found if f.path != "l"] == [f for f in folder.files() if f.path != "l"]
    assert TreeFile("l", 0, "symbolic link") in found
    from_git, from_folder = load(git_tree), load(folder)
    git_tree.close()
    assert from_git.registry == from_folder.registry
    assert from_git.findings == from_folder.findings
    assert len(from_git.registry.models) > 0
    findings = [f.location for f in from_git.findings]
    assert [from_git.locate(f) for f in findings] == [from_folder.locate(f) for f in findings]
    git_tree.close()


def test_a_root_that_looks_like_a_pattern_is_a_folder(tmp_path: Path) -> None:
    story = a_repository(tmp_path).write({"*/registry.yaml": "id: x", "other/registry.yaml": "id: y"}).commit()
    git_tree = GitTree(Repository.around(story.path), "main", "*")
    assert [(f.path, git_tree.read(f.path)) for f in git_tree.files()] == [("registry.yaml", b"id: x")]
    git_tree.close()


def test_links_and_submodules_are_named_and_not_followed(tmp_path: Path) -> None:
    story = a_repository(tmp_path).write({"registry.yaml": "id: x"}).commit()
    story.write({"people": "/etc"}, "120000").write({"models": story.head}, "160000").commit()
    git_tree = GitTree(Repository.around(story.path), "main")
    assert {f.path: f.irregular for f in git_tree.files()} == {
        "models": "git repository inside the registry",
        "people": "symbolic link",
        "registry.yaml": "",
    }
    for path in ("people", "models", "missing"):
        with pytest.raises(OSError, match="no such file"):
            git_tree.read(path)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    story = a_repository(tmp_path).write({"a": "x" * (MAX_BYTES + 1)}).commit()
    git_tree = GitTree(Repository.around(story.path), "main")
    assert [f.size for f in git_tree.files()] == [MAX_BYTES + 1]
    with pytest.raises(OSError, match="too large"):
        git_tree.read("a")
    git_tree.close()


def test_a_tree_with_too_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MAX_FILES", 10)
    story = a_repository(tmp_path).write({str(i): "x" for i in range(11)}).commit()
    with pytest.raises(GitError, match="more than 10 files"):
        GitTree(Repository.around(story.path), "main").files()
