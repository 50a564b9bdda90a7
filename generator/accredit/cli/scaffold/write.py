"""Writes new files and never touches one that is there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from accredit.errors import UsageError


@dataclass(frozen=True, slots=True)
class Written:
    """Paths that were written, and those that were there before and were left alone."""

    written: tuple[str, ...]
    left: tuple[str, ...]


def write_new(root: Path, texts: Mapping[str, str]) -> Written:
    """Writes each text to its path under a folder unless something is there. Every file appears whole or not at all."""
    written: list[str] = []
    left: list[str] = []
    for path, text in texts.items():
        make_folders(root, path)
        (written if _write(root / path, text) else left).append(path)
    return Written(tuple(written), tuple(left))


def make_folders(root: Path, path: str) -> None:
    """Makes the folders of a path. A link in the way could lead outside of the registry, and is refused."""
    root.mkdir(parents=True, exist_ok=True)
    folder = root
    for part in path.split("/")[:-1]:
        folder /= part
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise UsageError(f"{folder} is not a folder", "A registry holds plain folders and files; move it away.")
        folder.mkdir(exist_ok=True)


def _write(target: Path, text: str) -> bool:
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".accredit-")
    try:
        with open(descriptor, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - a descriptor, not a path
            file.write(text)
        Path(name).chmod(0o644)
        return _appear(Path(name), target)
    finally:
        Path(name).unlink(missing_ok=True)


def _appear(source: Path, target: Path) -> bool:
    """Gives the finished file its name, unless the name is taken: a hard link never replaces anything."""
    try:
        target.hardlink_to(source)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links: claim the name first, then fill it at once
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError:
            return False
        source.replace(target)
    return True
