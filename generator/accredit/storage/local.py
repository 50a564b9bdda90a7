"""Plain files below one folder. Whatever a registry says, nothing outside of the folder is opened."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from accredit.errors import UsageError
from accredit.loading.yaml import MAX_BYTES, parse

_CLOSED = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class OutsideError(OSError):
    """A path leads out of the folder, or over a link."""


class Room:
    """A folder whose files may be read, and nothing else."""

    def __init__(self, root: Path) -> None:
        if os.open not in os.supports_dir_fd:
            raise UsageError("this system cannot open files without following links", "Run it on Linux or macOS.")
        self._root = root.resolve()

    def parts_of(self, uri: str) -> tuple[str, ...]:
        """The names from the folder down to the file that an address means.

        `file:///a/b` is a path on this machine, which must lie in the folder; `file:b` and `dvc:b` start at the folder.

        Raises:
            OutsideError: where it lies elsewhere.
        """
        split = urlsplit(uri)
        if split.netloc not in ("", "localhost") or split.query or split.fragment:
            raise OutsideError(errno.EINVAL, "it is no plain path")
        path = unquote(split.path)
        if split.scheme == "file" and path.startswith("/"):
            try:
                path = Path(path).relative_to(self._root).as_posix()
            except ValueError as error:
                raise OutsideError(errno.EACCES, "it lies outside of the folder that may be read") from error
        parts = tuple(part for part in path.split("/") if part not in ("", "."))
        if not parts or any(part == ".." or "\0" in part or "\\" in part for part in parts) or path.startswith("/"):
            raise OutsideError(errno.EACCES, "it lies outside of the folder that may be read")
        return parts

    @contextmanager
    def opened(self, parts: tuple[str, ...]) -> Iterator[BinaryIO]:
        """The file at some names below the folder, each opened from the one before, so that no link is followed.

        Raises:
            OutsideError: where one of them is a link, or the last no plain file.
            OSError: where there is none.
        """
        held = [os.open(self._root, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))]
        try:
            for part in parts[:-1]:
                held.append(self._step(part, held[-1], getattr(os, "O_DIRECTORY", 0)))
            descriptor = self._step(parts[-1], held[-1], getattr(os, "O_NONBLOCK", 0))
            with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor, not a path
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise OutsideError(errno.EINVAL, "it is no plain file")
                yield file
        finally:
            for folder in held:
                os.close(folder)

    @staticmethod
    def _step(part: str, folder: int, flags: int) -> int:
        try:
            return os.open(part, _CLOSED | flags, dir_fd=folder)
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.EMLINK) or (error.errno == errno.ENOTDIR and _is_link(part, folder)):
                raise OutsideError(errno.ELOOP, "a symbolic link is in the way") from error
            raise

    def tracked(self, parts: tuple[str, ...]) -> tuple[str, tuple[tuple[str, ...], ...]]:
        """The MD5 that a `.dvc` file records, and the places in DVC's cache where a file of that digest lies.

        Raises:
            OSError: where it cannot be read, or is no record of one file.
        """
        with self.opened(parts) as file:
            document = parse(file.read(MAX_BYTES + 1))
        outs = document.data.get("outs") if isinstance(document.data, dict) else None
        entry = outs[0] if isinstance(outs, tuple) and len(outs) == 1 else {}
        md5 = entry.get("md5") if isinstance(entry, dict) else None
        if document.problems or not isinstance(md5, str) or len(md5) != 32 or set(md5) - set("0123456789abcdef"):
            raise OutsideError(errno.EINVAL, "it is no DVC record of one file")
        cache = (".dvc", "cache")
        return md5, ((*cache, "files", "md5", md5[:2], md5[2:]), (*cache, md5[:2], md5[2:]))


def _is_link(part: str, folder: int) -> bool:
    return stat.S_ISLNK(os.stat(part, dir_fd=folder, follow_symlinks=False).st_mode)
