"""A repository that is fit to be audited: found, checked for what would hide its history, and asked about commits."""

from __future__ import annotations

import os
import re
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from accredit.errors import GitError
from accredit.history.git import Git
from accredit.loading.characters import shown

_HEX = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_PROMISOR = r"^(extensions\.partialclone|remote\..*\.(promisor|partialclonefilter))$"
_FOLDERS = ("heads", "tags", "remotes")


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about a clone that an auditor should know; it does not change what we read."""

    kind: str
    message: str
    help: str


class Repository:
    """A complete clone.

    Args:
        git_dir: Its git directory.
        top: The folder that holds the checkout; None for a bare repository.
    """

    def __init__(self, git_dir: Path, top: Path | None = None) -> None:
        self.git = Git(git_dir)
        self.top = top
        self.common_dir = self._checked()

    @classmethod
    def around(cls, folder: Path) -> Repository:
        """The repository whose checkout holds a folder, or the bare one that the folder itself is.

        A bare repository counts only where no checkout is around it, for one could be committed as plain files.

        Raises:
            GitError: where there is none, or it is no complete clone.
        """
        folder = folder.resolve()
        for top in (folder, *folder.parents):
            if (top / ".git").exists():
                return cls(_git_dir(top / ".git"), top)
        if (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir():
            return cls(folder)
        raise GitError(f"{folder} is in no git repository", "Name a folder inside a clone of the registry.")

    def root_of(self, folder: Path) -> str:
        """The path of a folder inside the repository, with slashes; empty for its top."""
        if self.top is None:
            return ""
        path = folder.resolve().relative_to(self.top).as_posix()
        return "" if path == "." else path

    def resolve(self, revision: str) -> str:
        """The id of the commit that somebody calls by a name.

        A name that a branch and a tag share is refused: git would take the tag, which anybody may have pushed.

        Raises:
            GitError: where there is no such commit, or the name has two meanings.
        """
        if not revision.isprintable() or not revision:
            raise GitError(f"`{shown(revision)}` is no revision", "Name a branch, a tag or a commit.")
        if not _HEX.fullmatch(revision):
            self._refuse_ambiguous(revision)
        found = self.git.run(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", codes=(0, 1, 128)
        )
        commit = found.output.decode("ascii", "replace").strip()
        if found.code or not _HEX.fullmatch(commit):
            raise GitError(f"there is no commit `{shown(revision)}`", "Name a branch, a tag or a commit, or fetch it.")
        return commit

    def _refuse_ambiguous(self, name: str) -> None:
        patterns = [f"refs/{folder}/{name}" for folder in _FOLDERS]
        told = self.git.run("for-each-ref", "--format=%(objectname) %(refname)", "--", *patterns).output
        found = dict(line.split(" ", 1)[::-1] for line in told.decode("utf-8", "replace").splitlines())
        same = {ref: oid for ref, oid in found.items() if ref in patterns}
        if len(set(same.values())) > 1:
            remedy = f"Write {' or '.join(f'`{shown(ref)}`' for ref in same)}."
            raise GitError(f"`{shown(name)}` is the name of several things", remedy)

    def is_ancestor(self, commit: str, tip: str) -> bool:
        """Whether a commit is the tip or reached from it, by any parent. Both are full ids."""
        arguments = (full_id(commit), full_id(tip))
        return self.git.run("merge-base", "--is-ancestor", *arguments, codes=(0, 1)).code == 0

    def merge_base(self, one: str, other: str) -> str:
        """The best commit that two histories share. Both are full ids.

        Raises:
            GitError: where they share none.
        """
        found = self.git.run("merge-base", full_id(one), full_id(other), codes=(0, 1))
        if found.code:
            raise GitError(f"{one[:12]} and {other[:12]} have no history in common", "Name the branch to merge into.")
        return found.output.decode("ascii").strip()

    def is_landing(self, commit: str, tip: str) -> bool:
        """Whether a commit is the tip or reached from it by first parents only, which a forged history cannot fake."""
        if not self.is_ancestor(commit, tip):
            return False
        with closing(self.line(tip)) as line:
            return commit in line

    def length(self, tip: str) -> int:
        """The number of landings up to a commit."""
        return int(self.git.run("rev-list", "--first-parent", "--count", full_id(tip)).output)

    def line(self, tip: str) -> Generator[str]:
        """A commit and its first parent, the first parent of that, and so on. Close it to stop earlier."""
        with self.git.start("rev-list", "--first-parent", full_id(tip)) as process, process.waiting():
            while commit := process.line():
                yield commit.decode("ascii").rstrip("\n")
            process.wait()

    def authors(self, parents: tuple[str, ...], folder: str) -> frozenset[str]:
        """The addresses that commits which a merge brought in name as authors of a folder's files, in lower case."""
        into, *merged = map(full_id, parents)
        wanted = [*merged, f"^{into}"]
        arguments = ("--no-commit-header", "--format=tformat:%ae", "--end-of-options", *wanted, "--", folder)
        told = self.git.run("rev-list", *arguments).output.decode("utf-8", "replace")
        return frozenset(told.lower().splitlines())

    @cached_property
    def notices(self) -> tuple[Notice, ...]:
        """What is peculiar about this clone. None of it has any effect on what we read."""
        return tuple(n for n in (self._replaced(), self._grafted(), self._borrowing(), self._foreign()) if n)

    def _checked(self) -> Path:
        """Its common directory, once it is known to be complete.

        Raises:
            GitError: where it is no repository, or a shallow or partial clone.
        """
        told = self.git.run("rev-parse", "--path-format=absolute", "--git-common-dir", "--is-shallow-repository").output
        path, shallow = told.decode("utf-8", "surrogateescape").rstrip("\n").rsplit("\n", 1)
        if shallow != "false":
            raise GitError(
                "this is a shallow clone: history before its edge is missing, so nothing can be proved from it",
                "Run `git fetch --unshallow`; in CI set the fetch depth to 0.",
            )
        settings = self.git.run("config", "-z", "--get-regexp", _PROMISOR, codes=(0, 1)).output
        if settings or any(Path(path).glob("objects/pack/*.promisor")):
            raise GitError(
                "this is a partial clone: git would fetch missing files from elsewhere while it reads",
                "Clone again without `--filter`.",
            )
        return Path(path)

    def _replaced(self) -> Notice | None:
        names = self.git.run("for-each-ref", "--format=%(refname)", "refs/replace/").output.splitlines()
        remedy = "They are ignored here, but plain git shows another history: `git replace -d` removes them."
        return Notice("replace-refs", f"{len(names)} replace refs stand in for objects", remedy) if names else None

    def _grafted(self) -> Notice | None:
        remedy = "They are ignored here, but plain git shows another history: delete the file."
        return (
            Notice("grafts", "info/grafts changes parents", remedy)
            if _filled(self.common_dir / "info/grafts")
            else None
        )

    def _borrowing(self) -> Notice | None:
        remedy = "Run `git repack -a -d` and delete objects/info/alternates to make the clone complete by itself."
        borrows = _filled(self.common_dir / "objects/info/alternates")
        return Notice("alternates", "objects are borrowed from another repository", remedy) if borrows else None

    def _foreign(self) -> Notice | None:
        if not hasattr(os, "geteuid"):
            return None
        owner, user = self.common_dir.stat().st_uid, os.geteuid()
        remedy = (
            "It is read without executing anything of it. Git itself would refuse it unless `safe.directory` says so."
        )
        message = f"the repository belongs to user {owner} and not to user {user}"
        return Notice("foreign-owner", message, remedy) if owner != user else None


def _git_dir(path: Path) -> Path:
    """The git directory; a linked work tree or a submodule has a file in its place that names it."""
    if path.is_dir():
        return path
    with path.open("rb") as file:
        text = os.fsdecode(file.read(5_000)).rstrip("\r\n")
    if not text.startswith("gitdir: "):
        raise GitError(f"{path} is no git directory", "Name a folder inside a clone of the registry.")
    return path.parent / text.removeprefix("gitdir: ")


def _filled(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def full_id(commit: str) -> str:
    """The id itself.

    Raises:
        GitError: where it is a name or an abbreviation, which somebody could make mean another commit.
    """
    if not _HEX.fullmatch(commit):
        raise GitError(
            f"`{shown(commit)}` is no full id of a commit", "Write all 40 hexadecimal digits, 64 with SHA-256."
        )
    return commit
