"""Writes a git repository in one go: same story, same commit ids. Nothing of the user's configuration takes part."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from accredit.errors import GitError
from accredit.history.git import executable

BRANCH = "main"
_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "HOME": os.devnull,
    "LC_ALL": "C",
}


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit on top of the one before: who made it when, and what it adds or changes."""

    at: datetime
    name: str
    email: str
    message: str
    files: Mapping[str, bytes]


def create(folder: Path, commits: Iterable[Commit]) -> None:
    """Makes a repository of these commits, oldest first, in an empty folder, and checks the last one out.

    Raises:
        GitError: where git is missing or fails.
    """
    _git(folder, "init", "--quiet", "--template=", "--object-format=sha1", f"--initial-branch={BRANCH}")
    _git(folder, "fast-import", "--quiet", "--date-format=raw", stdin=b"".join(_stream(commits)))
    _git(folder, "-c", "core.autocrlf=false", "reset", "--quiet", "--hard", BRANCH)


def _stream(commits: Iterable[Commit]) -> Iterator[bytes]:
    for commit in commits:
        by = f"{commit.name} <{commit.email}> {int(commit.at.timestamp())} +0000"
        yield f"commit refs/heads/{BRANCH}\nauthor {by}\ncommitter {by}\n".encode()
        yield _data(f"{commit.message}\n".encode())
        for path, content in sorted(commit.files.items()):
            yield f"M 100644 inline {path}\n".encode()
            yield _data(content)


def _data(content: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(content), content)


def _git(folder: Path, *arguments: str, stdin: bytes = b"") -> None:
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    command = [executable(), "-C", str(folder), *arguments]
    done = subprocess.run(command, input=stdin, env={**kept, **_ENVIRONMENT}, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip()
        raise GitError(f"git {arguments[0]} failed: {told}", "Is there room on the disk, and may you write there?")
