from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.repository import RepositoryBuilder, a_repository

from accredit.errors import GitError
from accredit.history.git import COMMANDS, Git, executable
from accredit.history.repository import Repository
from accredit.history.walk import landings

ALLOWED = {
    *("GIT_ALLOW_PROTOCOL", "GIT_ATTR_NOSYSTEM", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_FLUSH"),
    *("GIT_GRAFT_FILE", "GIT_LITERAL_PATHSPECS", "GIT_NO_LAZY_FETCH", "GIT_NO_REPLACE_OBJECTS"),
    *("GIT_OPTIONAL_LOCKS", "GIT_TERMINAL_PROMPT", "HOME", "LANGUAGE", "LC_ALL"),
}
OF_THE_SHELL = {"PWD", "OLDPWD", "SHLVL", "_"}


@pytest.fixture
def story(tmp_path: Path) -> RepositoryBuilder:
    return a_repository(tmp_path / "origin").write({"registry/registry.yaml": "id: one\n"}).commit()


@pytest.fixture
def _another_git() -> Iterator[None]:
    """The test says itself which git is found."""
    executable.cache_clear()
    yield
    executable.cache_clear()


def a_program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.usefixtures("_another_git")
def test_nothing_of_the_callers_environment_reaches_git(
    story: RepositoryBuilder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, seen, trace = shutil.which("git"), tmp_path / "seen", tmp_path / "trace"
    program = a_program(tmp_path / "bin/git", f'/usr/bin/env >> {seen}\nexec {real} "$@"')
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    other = a_repository(tmp_path / "other").write({"x": "x"}).commit()
    Repository.around(story.path)  # GitPython asks for the version of git when it is imported, and passes everything on
    seen.unlink()
    hostile = {
        "GIT_DIR": str(other.path),
        "GIT_COMMON_DIR": str(other.path),
        "GIT_WORK_TREE": "/",
        "GIT_INDEX_FILE": "/dev/null",
        "GIT_OBJECT_DIRECTORY": str(other.path / "objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(other.path / "objects"),
        "GIT_NAMESPACE": "x",
        "GIT_SHALLOW_FILE": "/dev/zero",
        "GIT_REPLACE_REF_BASE": "refs/heads/",
        "GIT_CEILING_DIRECTORIES": "/",
        "GIT_CONFIG": "/dev/null",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.fsmonitor",
        "GIT_CONFIG_VALUE_0": "false; touch /tmp/x",
        "GIT_CONFIG_PARAMETERS": "'core.bare=x'",
        "GIT_CONFIG_SYSTEM": "/dev/null",
        "GIT_EXEC_PATH": str(tmp_path / "bin"),
        "GIT_EXTERNAL_DIFF": "false",
        "GIT_PAGER": "false",
        "PAGER": "false",
        "GIT_SSH_COMMAND": "false",
        "GIT_ASKPASS": "false",
        "GIT_EDITOR": "false",
        "GIT_TRACE": str(trace),
        "GIT_TRACE2_EVENT": str(trace),
        "GIT_TRACE_SETUP": str(trace),
        "GIT_DEFAULT_HASH": "sha256",
        "GIT_PYTHON_TRACE": "full",
        "LD_DEBUG_OUTPUT": str(trace),
        "DYLD_INSERT_LIBRARIES": "/nowhere.dylib",
        "XDG_CONFIG_HOME": str(tmp_path),
        "LC_MESSAGES": "de_DE.UTF-8",
    }
    for name, value in hostile.items():
        monkeypatch.setenv(name, value)
    repository = Repository.around(story.path)
    tip = repository.resolve("main")
    assert tip == story.head
    assert [landing.commit for landing in landings(repository, tip)] == [tip]
    assert {line.split("=")[0] for line in seen.read_text().splitlines()} - OF_THE_SHELL == ALLOWED
    assert not trace.exists()


@pytest.mark.usefixtures("_another_git")
def test_a_git_in_the_folder_that_is_looked_at_is_not_run(
    story: RepositoryBuilder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = story.checkout(tmp_path / "checkout")
    a_program(checkout / "git", f"echo hit >> {tmp_path}/marker")
    monkeypatch.chdir(checkout)
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", os.environ["PATH"]]))
    code = "from pathlib import Path; from accredit.history.repository import Repository as R; R.around(Path('.'))"
    source = Path(sys.modules["accredit"].__file__ or "").parents[1]
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, env={**os.environ, "PYTHONPATH": str(source)}, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert not (tmp_path / "marker").exists()


@pytest.mark.usefixtures("_another_git")
@pytest.mark.parametrize(
    ("script", "said"),
    [
        (None, "git is not installed"),
        ("echo git version 2.30.2", "is too old: it says `git version 2.30.2`"),
        ("echo nonsense", "is too old: it says `nonsense`"),
        ("echo git version 3.0.0", ""),
    ],
)
def test_without_a_git_that_is_new_enough_we_say_what_to_install(
    script: str | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if script is not None:
        a_program(tmp_path / "git", script)
    monkeypatch.setenv("PATH", str(tmp_path))
    if not said:
        assert executable() == str(tmp_path / "git")
        return
    with pytest.raises(GitError, match="git") as caught:
        executable()
    assert said in str(caught.value)
    assert "Install git 2.33 or newer" in caught.value.hint


@pytest.mark.parametrize("command", ["log", "diff", "checkout", "fetch", "status", "show", "-c", "update-ref"])
def test_only_commands_that_read_are_run(command: str, story: RepositoryBuilder) -> None:
    assert command not in COMMANDS
    with pytest.raises(GitError, match="none of the commands"):
        Git(story.path).run(command)
