"""Real repositories for tests, told as a story.

    repository = (
        a_repository(folder)
        .by("Ada", "ada@example.com").on("2026-01-10").write({"registry.yaml": "id: x"}).commit("Register")
        .branch("proposal").write({"models/m/model.yaml": "..."}).commit("Propose")
        .switch("main").squash_merge("proposal")
    )

Every commit is one `git fast-import`, with fixed names and dates, so ids are the same on every machine. Nothing of the
user's configuration takes part.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

Content = bytes | str | None
"""What a file holds; None deletes it."""


@dataclass(frozen=True)
class Node:
    """One file of a tree: git's mode, and the bytes (of a submodule: the id of its commit)."""

    mode: str
    content: bytes


@dataclass(frozen=True)
class Committed:
    """A commit with its whole tree, which must be small."""

    oid: str
    parent: Committed | None
    files: Mapping[str, Node] = field(repr=False)
    author: str = ""
    message: str = ""


class RepositoryBuilder:
    """A bare repository that grows by a story; `checkout` makes a working copy of it."""

    def __init__(self, folder: Path, object_format: str = "sha1") -> None:
        self.path = folder / "repository.git"
        self._branches: dict[str, Committed] = {}
        self._branch = "main"
        self._author = "Ada <ada@example.com>"
        self._now = dt.datetime(2026, 1, 1, 9, tzinfo=dt.UTC)
        self._pending: dict[str, Node | None] = {}
        folder.mkdir(parents=True, exist_ok=True)
        init = ("init", "--quiet", "--bare", f"--object-format={object_format}", "--initial-branch=main")
        git(folder, *init, str(self.path))

    @property
    def head(self) -> str:
        """The id of the last commit on the branch."""
        return self._branches[self._branch].oid

    @property
    def now(self) -> dt.datetime:
        """When the last commit was made."""
        return self._now

    def by(self, name: str, email: str) -> RepositoryBuilder:
        """Who commits from now on."""
        self._author = f"{name} <{email}>"
        return self

    def on(self, day: str) -> RepositoryBuilder:
        """On which day, at nine o'clock UTC."""
        self._now = dt.datetime.fromisoformat(day).replace(hour=9, tzinfo=dt.UTC)
        return self

    def write(self, files: Mapping[str, Content], mode: str = "100644") -> RepositoryBuilder:
        """What the next commit changes; mode 120000 makes links, and 160000 submodules, whose content is an id."""
        for path, content in files.items():
            raw = content.encode() if isinstance(content, str) else content
            self._pending[path] = None if raw is None else Node(mode, raw)
        return self

    def commit(self, message: str = "Change") -> RepositoryBuilder:
        """Commits what was written, also if that is nothing."""
        return self._land(message, self._branches.get(self._branch), {})

    def branch(self, name: str) -> RepositoryBuilder:
        """Starts a branch here and goes on there."""
        self._branches[name] = self._branches[self._branch]
        git(self.path, "update-ref", f"refs/heads/{name}", self.head)
        return self.switch(name)

    def orphan(self, name: str) -> RepositoryBuilder:
        """Goes on at a branch without any history."""
        self._branches.pop(name, None)
        return self.switch(name)

    def switch(self, name: str) -> RepositoryBuilder:
        """Goes on at another branch."""
        self._branch = name
        return self

    def merge(self, name: str, message: str = "Merge") -> RepositoryBuilder:
        """A merge commit; what was written before goes into it too, as in an evil merge."""
        theirs = self._branches[name]
        return self._land(message, self._branches[self._branch], self._difference(theirs), theirs)

    def squash_merge(self, name: str, message: str = "Squash") -> RepositoryBuilder:
        """One commit with all that a branch changed."""
        return self._land(message, self._branches[self._branch], self._difference(self._branches[name]))

    def rebase_merge(self, name: str) -> RepositoryBuilder:
        """The branch's commits made again on this one, by their authors."""
        ours, author = self._lineage(self._branches[self._branch]), self._author
        for made in reversed([c for c in self._lineage(self._branches[name]) if c not in ours]):
            self._author = made.author
            changes = _difference(made.parent.files if made.parent else {}, made.files)
            self._land(made.message, self._branches[self._branch], changes)
        self._author = author
        return self

    def rewind(self, commits: int = 1) -> RepositoryBuilder:
        """Forgets the last commits of the branch, as a force push does."""
        for _ in range(commits):
            parent = self._branches[self._branch].parent
            assert parent is not None
            self._branches[self._branch] = parent
        return self.ref(f"refs/heads/{self._branch}", self.head)

    def tag(self, name: str) -> RepositoryBuilder:
        """A lightweight tag on the last commit."""
        return self.ref(f"refs/tags/{name}", self.head)

    def ref(self, name: str, oid: str) -> RepositoryBuilder:
        """Any ref at all."""
        git(self.path, "update-ref", name, oid)
        return self

    def replace(self, oid: str, by: str) -> RepositoryBuilder:
        """A replace ref: plain git shows one object in the place of another."""
        return self.ref(f"refs/replace/{oid}", by)

    def config(self, key: str, value: str) -> RepositoryBuilder:
        """A setting of the repository itself."""
        git(self.path, "config", key, value)
        return self

    def checkout(self, folder: Path, *options: str) -> Path:
        """A clone with a working copy; `--depth=1` makes it shallow, `--filter=blob:none` partial."""
        self.config("uploadpack.allowFilter", "true")
        clone = ("clone", "--quiet", "--branch", self._branch, "--config", "core.autocrlf=false", *options)
        git(folder.parent, *clone, self.path.as_uri(), str(folder))
        return folder

    def _difference(self, theirs: Committed) -> dict[str, Node | None]:
        ours = self._lineage(self._branches[self._branch])
        base = next((c for c in self._lineage(theirs) if c in ours), None)
        return _difference(base.files if base else {}, theirs.files)

    def _lineage(self, last: Committed) -> list[Committed]:
        found: list[Committed] = []
        node: Committed | None = last
        while node is not None:
            found.append(node)
            node = node.parent
        return found

    def _land(
        self, message: str, parent: Committed | None, changes: Mapping[str, Node | None], other: Committed | None = None
    ) -> RepositoryBuilder:
        changes = {**changes, **self._pending}
        self._pending = {}
        self._now += dt.timedelta(minutes=1)
        when = f"{int(self._now.timestamp())} +0000"
        lines = [f"commit refs/heads/{self._branch}", f"author {self._author} {when}"]
        lines += [f"committer {self._author} {when}", f"data {len(message.encode())}", message]
        lines += [f"from {parent.oid}"] if parent else []
        lines += [f"merge {other.oid}"] if other else []
        stream = "\n".join(lines).encode() + b"\n" + b"".join(_command(*change) for change in changes.items())
        git(self.path, "fast-import", "--quiet", "--force", "--date-format=raw", stdin=stream)
        oid = git(self.path, "rev-parse", f"refs/heads/{self._branch}").decode().strip()
        after = {**(parent.files if parent else {}), **changes}
        files = {path: node for path, node in after.items() if node is not None}
        self._branches[self._branch] = Committed(oid, parent, files, self._author, message)
        return self


def a_repository(folder: Path, object_format: str = "sha1") -> RepositoryBuilder:
    """An empty repository in a folder."""
    return RepositoryBuilder(folder, object_format)


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """Runs git away from the user's configuration, and fails the test if it fails."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "gc.auto",
        "GIT_CONFIG_VALUE_0": "0",
        "GIT_ALLOW_PROTOCOL": "file",
    }
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, input=stdin, capture_output=True, check=False
    )
    assert done.returncode == 0, f"git {' '.join(arguments)}: {done.stderr.decode(errors='replace')}"
    return done.stdout


def _difference(old: Mapping[str, Node], new: Mapping[str, Node]) -> dict[str, Node | None]:
    return {path: new.get(path) for path in {**old, **new} if old.get(path) != new.get(path)}


def _command(path: str, node: Node | None) -> bytes:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    name = b'"' + escaped.encode("utf-8", "surrogateescape") + b'"'
    if node is None:
        return b"D " + name + b"\n"
    if node.mode == "160000":
        return b"M 160000 " + node.content + b" " + name + b"\n"
    return b"M " + node.mode.encode() + b" inline " + name + b"\ndata %d\n" % len(node.content) + node.content + b"\n"
