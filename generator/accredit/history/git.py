"""The one door to git: plumbing commands that read, in an environment of their own.

A registry's repository is another person's work, and so is its configuration. It cannot be switched off as a whole, so
only commands are used for which it can execute nothing, and all that the caller's environment could add stays outside.
The directory is always given with `--git-dir`, which also skips git's own check of who owns it: an auditor may well
read a clone that is another user's, and as nothing of it is executed, that is reported and not refused.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, NamedTuple

from accredit.errors import GitError
from accredit.history.process import Process
from accredit.loading.characters import shown

OLDEST = (2, 33)
"""It can be told to ignore the user's configuration (2.32), and to list commits without headings (2.33)."""
COMMANDS = frozenset(
    {"cat-file", "config", "diff-tree", "for-each-ref", "ls-tree", "merge-base", "rev-list", "rev-parse"}
)
"""Nothing else is ever run."""
PATIENCE = 120.0
"""Seconds without a sign of life after which a git is stopped."""

_SETTINGS = (
    "core.alternateRefsCommand=",
    "core.commitGraph=false",  # a planted graph could name other parents than the commits do
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "protocol.allow=never",
    "safe.bareRepository=explicit",
)
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_FLUSH": "0",  # or every commit is a write of its own
    "GIT_GRAFT_FILE": "/dev/null",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "HOME": "/dev/null",  # set, because a `~` in the repository's configuration must not be fatal
    "LANGUAGE": "C",
    "LC_ALL": "C",
}


class Answer(NamedTuple):
    """What a finished git said."""

    code: int
    output: bytes
    errors: str


class Git:
    """Runs git on one repository."""

    def __init__(self, git_dir: Path, patience: float = PATIENCE) -> None:
        self.git_dir = git_dir.absolute()
        self._patience = patience
        self._executable = executable()

    def run(self, command: str, *arguments: str, codes: tuple[int, ...] = (0,)) -> Answer:
        """Waits for a command with a short answer.

        Args:
            command: One of `COMMANDS`.
            arguments: Its arguments. Names that somebody else chose belong behind `--end-of-options`.
            codes: The exit codes that are no failure.

        Raises:
            GitError: where it fails otherwise, or takes too long.
        """
        with self.start(command, *arguments) as process:
            output = b"".join(process.chunks())
            code = process.wait(codes)
            return Answer(code, output, process.errors())

    @contextmanager
    def start(self, command: str, *arguments: str, stdin: IO[bytes] | int | None = None) -> Iterator[Process]:
        """A running command, stopped when the block ends. `stdin` is a pipe, a file, or nothing."""
        if command not in COMMANDS:
            raise GitError(f"git {command} is none of the commands that are used here")
        options = [part for setting in _SETTINGS for part in ("-c", setting)]
        line = [self._executable, "--no-pager", "--bare", f"--git-dir={self.git_dir}", *options, command, *arguments]
        with tempfile.TemporaryFile() as errors:
            process = Process(command, _spawn(line, self.git_dir, stdin, errors), errors, self._patience)
            try:
                yield process
            finally:
                process.stop()


def _spawn(line: list[str], folder: Path, stdin: IO[bytes] | int | None, errors: IO[bytes]) -> Any:
    """A process under GitPython's care.

    `Git.execute` would add the environment of the caller, so the process is made with the function that it uses itself.
    """
    cmd = _gitpython(line[0])
    try:
        spawned = cmd.safer_popen(
            line,
            env=_environment(os.environ),
            cwd=folder,
            stdin=subprocess.DEVNULL if stdin is None else stdin,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    except (OSError, ValueError) as error:
        raise GitError(
            f"git cannot be started: {error}", "Check that git runs, and that the folder can be read."
        ) from error
    return cmd.Git.AutoInterrupt(spawned, line)


@lru_cache(maxsize=1)
def _gitpython(path: str) -> Any:
    """GitPython's module of commands. It runs `git version` on import, so it is told before which git that is."""
    name = "GIT_PYTHON_GIT_EXECUTABLE"
    before = os.environ.get(name)
    os.environ[name] = path
    try:
        from git import cmd  # noqa: PLC0415 - slow, and it cannot be imported where git is missing
    except ImportError as error:
        raise GitError("GitPython cannot use git", "Install git 2.33 or newer, and reinstall accredit.") from error
    finally:
        os.environ.pop(name)
        if before is not None:
            os.environ[name] = before
    return cmd


def _environment(caller: Mapping[str, str]) -> dict[str, str]:
    """All that git gets to know. Windows starts no program without its root."""
    kept = ("SYSTEMROOT",) if sys.platform == "win32" else ()
    return {**_ENVIRONMENT, **{name: caller[name] for name in kept if name in caller}}


@lru_cache(maxsize=1)
def executable() -> str:
    """The absolute path of git.

    Relative entries of PATH are skipped: a `git` in the folder that we look at is not ours.

    Raises:
        GitError: where there is none, or it is too old.
    """
    remedy = f"Install git {'.'.join(map(str, OLDEST))} or newer and make sure that it is on the PATH."
    entries = os.environ.get("PATH", os.defpath).split(os.pathsep)
    found = shutil.which("git", path=os.pathsep.join(e for e in entries if Path(e).is_absolute()))
    if found is None:
        raise GitError("git is not installed", remedy)
    try:
        told = subprocess.run(  # noqa: S603 - found above
            [found, "version"], env=_environment(os.environ), capture_output=True, timeout=PATIENCE, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GitError(f"{found} does not run: {error}", remedy) from error
    version = re.search(rb"version (\d+)\.(\d+)", told)
    if version is None or (int(version[1]), int(version[2])) < OLDEST:
        raise GitError(f"{found} is too old: it says `{shown(told.decode('utf-8', 'replace').strip())}`", remedy)
    return found
