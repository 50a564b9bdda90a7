"""A registry in a folder: lists its files without following links, and reads them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


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
        """The bytes of a plain file."""


class Folder:
    """A registry in a folder of the file system."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def files(self) -> Iterator[TreeFile]:
        """Every path below the root, sorted; links and devices are named and not entered."""
        yield from self._walk("")

    def _walk(self, prefix: str) -> Iterator[TreeFile]:
        with os.scandir(self.root / prefix) as found:
            entries = sorted(found, key=lambda e: e.name)
        for entry in entries:
            path = f"{prefix}{entry.name}"
            if entry.name == ".git":
                continue
            state = entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(state.st_mode):
                yield from self._walk(f"{path}/")
            else:
                mode = "100755" if state.st_mode & stat.S_IXUSR else "100644"
                yield TreeFile(path, state.st_size, _irregular(state.st_mode), mode)

    def read(self, path: str) -> bytes:
        """The bytes of a plain file. The open refuses a link that took the file's place meanwhile."""
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with open(os.open(self.root / path, flags), "rb") as file:  # noqa: PTH123 - a descriptor, not a path
            return file.read()


def _irregular(mode: int) -> str:
    if stat.S_ISREG(mode):
        return ""
    return "symbolic link" if stat.S_ISLNK(mode) else "device, socket or pipe"
