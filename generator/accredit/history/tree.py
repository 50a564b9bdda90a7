"""A registry in a commit: the same files that a checkout of it would have, without one."""

from __future__ import annotations

import errno
from collections.abc import Iterator

from accredit.domain.paths import parse_path
from accredit.errors import GitError
from accredit.history.objects import Objects
from accredit.history.records import Records
from accredit.history.repository import Repository
from accredit.loading.folder import MAX_FOLDERS, TreeFile

MAX_FILES = 1_000_000
"""A tree that names one folder many times can list more files than there is memory."""
_IRREGULAR = {"120000": "symbolic link", "160000": "git repository inside the registry"}
_PLAIN = ("100644", "100755")


class GitTree:
    """The registry below a folder of a commit.

    Args:
        repository: Where the commit is.
        revision: The commit.
        root: The registry's folder in it, with slashes; empty for the top.
        objects: Who reads the files; None for a reader of its own.
    """

    def __init__(self, repository: Repository, revision: str, root: str = "", objects: Objects | None = None) -> None:
        self.commit = repository.resolve(revision)
        self._git = repository.git
        self._root = f"{root}/" if root else ""
        self._objects = objects or Objects(repository.git)
        self._oids: dict[str, str] = {}

    def close(self) -> None:
        """Ends git's processes; reading goes on to work."""
        self._objects.close()

    def files(self) -> Iterator[TreeFile]:
        """Every path below the root, each folder in order of its names, as `Folder` lists a checkout.

        Raises:
            GitError: where the tree cannot be read, or lists too many files.
        """
        found: dict[str, TreeFile] = {}
        pathspec = ("--", self._root) if self._root else ()
        with self._git.start("ls-tree", "-r", "-l", "-z", "--full-tree", self.commit, *pathspec) as process:
            for record in Records(process):
                file = self._file(record)
                found.setdefault(file.path, file)
                if len(found) > MAX_FILES:
                    raise GitError(
                        f"the tree of {self.commit} lists more than {MAX_FILES:,} files", "Remove the folder."
                    )
        return iter(sorted(found.values(), key=lambda file: file.path.split("/")))

    def _file(self, record: str) -> TreeFile:
        """A path from a line `mode SP type SP oid SP+ size TAB path`."""
        facts, path = record.split("\t", 1)
        mode, _, oid, size = facts.split()
        path = path.removeprefix(self._root)
        if irregular := _folder_fault(path):
            return irregular
        if mode not in _PLAIN:
            return TreeFile(path, 0, _IRREGULAR.get(mode, f"file of mode {mode}"))
        self._oids[path] = oid
        return TreeFile(path, int(size), mode=mode)

    def read(self, path: str) -> bytes:
        """The bytes of a plain file that `files` listed.

        Raises:
            OSError: where it is none, or is larger than a file may be.
        """
        oid = self._oids.get(path)
        if oid is None:
            raise FileNotFoundError(errno.ENOENT, "there is no such file", path)
        content = self._objects.blob(oid).content
        if content is None:
            raise OSError(errno.EFBIG, "the file is too large", path)
        return content


def _folder_fault(path: str) -> TreeFile | None:
    """The folder above a path that `Folder` would not enter."""
    end = path.find("/")
    depth = 1
    while end != -1:
        above = path[:end]
        if above.endswith(".yaml") and parse_path(above):
            return TreeFile(above, 0, "folder")
        if depth > MAX_FOLDERS:
            return TreeFile(above, 0, f"folder below {MAX_FOLDERS} others")
        end = path.find("/", end + 1)
        depth += 1
    return None
