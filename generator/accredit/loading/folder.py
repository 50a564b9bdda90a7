"""A registry in a folder: lists its files without following links, and reads them."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from accredit.domain.paths import parse_path
from accredit.errors import NotARegistryError
from accredit.loading.yaml import MAX_BYTES

MAX_FOLDERS = 12
"""Folders inside each other. The format needs seven."""


@dataclass(frozen=True, slots=True)
class TreeFile:
    """One path under the root. `irregular` says what it is where it is no plain file."""

    path: str
    size: int
    irregular: str = ""
    mode: str = "100644"


class Tree(Protocol):
    """Where files come from: a folder, or a tree of git."""

    def files(self) -> Iterator[TreeFile]:
        """Every path, in a fixed order."""

    def read(self, path: str) -> bytes:
        """The bytes of a plain file. Raises OSError where it cannot be read."""


class Folder:
    """A registry in a folder of the file system."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._base = os.path.join(root, "")  # noqa: PTH118 - joined once a file, where pathlib is slow

    def files(self) -> Iterator[TreeFile]:
        """Every path below the root, each folder in order of its names; links and devices are named and not entered.

        Raises:
            NotARegistryError: where the root is no folder that can be read.
        """
        try:
            found = self._entries("")
        except OSError as error:
            reason = error.strerror or "it cannot be read"
            raise NotARegistryError(
                f"{self.root} is no registry: {reason.lower()}", "Name the folder that holds registry.yaml."
            ) from error
        listed: list[TreeFile] = []
        self._walk("", found, 0, listed)
        return iter(listed)

    def _entries(self, prefix: str) -> list[os.DirEntry[str]]:
        with os.scandir(self._base + prefix) as found:
            return sorted(found, key=lambda entry: entry.name)

    def _walk(self, prefix: str, entries: list[os.DirEntry[str]], depth: int, listed: list[TreeFile]) -> None:
        for entry in entries:
            path = prefix + entry.name
            if entry.name == ".git":
                if prefix:
                    listed.append(TreeFile(path, 0, "git repository inside the registry"))
            elif entry.is_dir(follow_symlinks=False) and not _is_junction(entry):
                self._enter(path, depth + 1, listed)
            else:
                listed.append(_file(path, entry))

    def _enter(self, path: str, depth: int, listed: list[TreeFile]) -> None:
        if path.endswith(".yaml") and parse_path(path):
            listed.append(TreeFile(path, 0, "folder"))
            return
        if depth > MAX_FOLDERS:
            listed.append(TreeFile(path, 0, f"folder below {MAX_FOLDERS} others"))
            return
        try:
            found = self._entries(f"{path}/")
        except OSError:
            listed.append(TreeFile(path, 0, "folder that cannot be read"))
            return
        self._walk(f"{path}/", found, depth, listed)

    def read(self, path: str) -> bytes:
        """The bytes of a plain file, at most one more than a file may have.

        The open refuses a link that took the file's place meanwhile, and does not wait for a pipe.
        """
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self._base + path, flags | getattr(os, "O_CLOEXEC", 0))
        try:
            state = os.fstat(descriptor)
            if not stat.S_ISREG(state.st_mode):
                raise OSError(errno.EINVAL, "not a plain file")
            return _read_all(descriptor, min(state.st_size, MAX_BYTES) + 1)
        finally:
            os.close(descriptor)


def _read_all(descriptor: int, wanted: int) -> bytes:
    """Up to so many bytes: one call for nearly every file, more where the system returns less at a time."""
    data = os.read(descriptor, wanted)
    while data and len(data) <= MAX_BYTES and (more := os.read(descriptor, MAX_BYTES + 1 - len(data))):
        data += more
    return data


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Whether the entry is a link of Windows that other calls take for a folder."""
    test = getattr(entry, "is_junction", None)
    return test is not None and bool(test())


def _file(path: str, entry: os.DirEntry[str]) -> TreeFile:
    try:
        state = entry.stat(follow_symlinks=False)
    except OSError:
        return TreeFile(path, 0, "file that is there no more")
    mode = "100755" if state.st_mode & stat.S_IXUSR else "100644"
    return TreeFile(path, state.st_size, _irregular(state.st_mode), mode)


def _irregular(mode: int) -> str:
    if stat.S_ISREG(mode):
        return ""
    return "symbolic link" if stat.S_ISLNK(mode) or stat.S_ISDIR(mode) else "device, socket or pipe"
