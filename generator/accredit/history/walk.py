"""The walk along first parents, oldest first. It compares trees, so merges, squashes and rebases look alike.

Two processes do it for any number of commits: `rev-list` names them and their trees, `diff-tree` compares the trees.
Neither runs a text converter or an external diff, and neither reads the settings of `git log`, such as
`log.showSignature`. What is on its way lies in temporary files, so memory does not grow with the history.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from typing import IO

from accredit.errors import GitError
from accredit.history.landing import Change, Landing, Mark
from accredit.history.records import Records
from accredit.history.repository import Repository, full_id

MAX_CHANGES = 1_000_000
"""Changes of one landing: a tree that names one folder many times can list more than there is memory."""
_FORMAT = "%H%x00%T%x00%P%x00%an%x00%ae%x00%at%x00%ct"
_LIST = ("--first-parent", "--reverse", "--no-commit-header", "--encoding=UTF-8", f"--format=tformat:{_FORMAT}")
_COMPARE = (
    "--stdin",
    "-r",
    "--raw",
    "-z",
    "--no-abbrev",
    "--no-color",
    "--no-renames",
    "--no-relative",
    "--ignore-submodules=none",  # or the repository's configuration could hide changes
)
_NOTHING = {
    40: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    64: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
"""Git's id of the empty tree, by the number of digits."""
_REMEDY = "Run `git fsck --full` on the repository, and clone again if it complains."


def landings(repository: Repository, tip: str, root: str = "", after: Mark | None = None) -> Iterator[Landing]:
    """Every landing up to a tip, oldest first.

    Args:
        repository: A complete clone.
        tip: The full id of a commit.
        root: The registry's folder, with slashes; empty for the top. Other files are no changes.
        after: Where an earlier walk ended; only later landings are yielded.

    Raises:
        GitError: where the repository is damaged, or `after` is no landing of this history.
    """
    with tempfile.TemporaryFile() as commits:
        _list(repository, full_id(tip), after, commits)
        yield from _listed(repository, tip, root, after, commits)


def as_landed(repository: Repository, commit: str, root: str, after: Mark) -> Landing:
    """A commit with all that it holds as one landing on an earlier one, as a merge of it would be.

    Args:
        repository: A complete clone.
        commit: The full id of the commit.
        root: The registry's folder.
        after: Where it would land. All that the commit does not share with it counts as its change.
    """
    with tempfile.TemporaryFile() as commits:
        found = repository.git.run("rev-list", *_LIST, "--max-count=1", "--end-of-options", full_id(commit)).output
        name, tree, _, rest = found.split(b"\0", 3)
        commits.write(b"\0".join((name, tree, b"%b %b" % (after.commit.encode("ascii"), name), rest)))
        (landing,) = _listed(repository, commit, root, after, commits)
    return landing


def _listed(repository: Repository, tip: str, root: str, after: Mark | None, commits: IO[bytes]) -> Iterator[Landing]:
    """The landings of which a file has the facts."""
    pathspec = ("--", root) if root else ()
    with tempfile.TemporaryFile() as pairs:
        _pair(repository, tip, after, commits, pairs)
        with repository.git.start("diff-tree", *_COMPARE, *pathspec, stdin=pairs) as process:
            compared = _Compared(iter(Records(process, open_end=True)), f"{root}/" if root else "")
            for position, facts in enumerate(_facts(commits), after.position + 1 if after else 0):
                commit, tree, parents, name, email, author_time, committer_time = facts
                changes = compared.changes(tree)
                parent_ids = tuple(parents.split())
                written = _time(author_time)
                times = written, written if committer_time == author_time else _time(committer_time)
                yield Landing(position, commit, tree, parent_ids, name, email, *times, changes)
            compared.finish()


def _list(repository: Repository, tip: str, after: Mark | None, commits: IO[bytes]) -> None:
    """Writes a line of facts for every commit of the first-parent chain."""
    wanted = [tip, *([f"^{full_id(after.commit)}"] if after else ())]
    with repository.git.start("rev-list", *_LIST, "--end-of-options", *wanted) as process:
        for chunk in process.chunks():
            commits.write(chunk)
        process.wait()


def _pair(repository: Repository, tip: str, after: Mark | None, commits: IO[bytes], pairs: IO[bytes]) -> None:
    """Writes the two trees to compare for every commit, and makes sure that each follows on the one before."""
    tree = _NOTHING[len(tip)].encode("ascii")
    if after is not None:
        tree = repository.git.run("rev-parse", "--verify", f"{after.commit}^{{tree}}").output.strip()
    last = after.commit.encode("ascii") if after else b""
    commits.seek(0)
    for line in commits:
        commit, new, parents, _ = line.split(b"\0", 3)
        if parents.partition(b" ")[0] != last:
            raise _broken(commit.decode("ascii"))
        pairs.write(b"%b %b\n" % (tree, new))
        last, tree = commit, new
    if last != tip.encode("ascii"):
        raise _broken(tip)
    pairs.seek(0)


def _facts(commits: IO[bytes]) -> Iterator[list[str]]:
    commits.seek(0)
    for line in commits:
        yield line.decode("utf-8", "surrogateescape")[:-1].split("\0")


def _broken(commit: str) -> GitError:
    return GitError(f"the history up to {commit} does not follow on what was read before", _REMEDY)


class _Compared:
    """What diff-tree says: for each pair of trees a line with both, then their differences."""

    def __init__(self, records: Iterator[str], prefix: str) -> None:
        self._records = records
        self._prefix = prefix
        self._record = next(records, "")

    def changes(self, tree: str) -> tuple[Change, ...]:
        """The differences of the next pair, which must end in a tree."""
        header, _, record = self._record.partition("\n")
        if not header.endswith(f" {tree}"):
            raise GitError("git diff-tree ended too early, or compared other trees", _REMEDY)
        changes: list[Change] = []
        start = len(self._prefix)
        while record[:1] == ":":
            old_mode, new_mode, old, new, _ = record[1:].split(" ")
            path = next(self._records, "")
            if path.startswith(self._prefix):  # the root itself, as a file, is no file of the registry
                changes.append(Change(path[start:], old, new, old_mode, new_mode))
            if len(changes) > MAX_CHANGES:
                raise GitError(f"a commit changes more than {MAX_CHANGES:,} files", "Land it in parts.")
            record = next(self._records, "")
        self._record = record
        return tuple(changes)

    def finish(self) -> None:
        """Makes sure that git said no more, and ended well."""
        if self._record or next(self._records, None) is not None:
            raise GitError("git diff-tree compared more trees than it was asked to", _REMEDY)


def _time(seconds: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromtimestamp(int(seconds), dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None
