"""The scripts of the workflows, run as the forge would run them, with a stand-in for its API."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.support.office import MODEL, Office
from tests.support.program import run
from tests.support.reviewed import DANA, OLGA, STEP, VERA, head, office_with_reviews, review

ROOT = Path(__file__).parents[2]
REPOSITORY, BRANCH, SHA = "bank/registry", "churn/$(id>&2)", "5" * 40
NEEDED = ("bash", "jq", "git", "ssh-keygen")
pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, NEEDED)), reason=f"the scripts need {', '.join(NEEDED)}, of which one is absent"
)


class Runner:
    """Runs the scripts of one workflow in a folder, and keeps what they say for later steps."""

    def __init__(self, workflow: Path, folder: Path, place: Path, **given: str) -> None:
        (self.job,) = yaml.load(workflow.read_text(), yaml.BaseLoader)["jobs"].values()
        self.folder, self.place = folder, place
        self.outputs: dict[str, str] = {}
        (place / "bin").mkdir(parents=True)
        for name, command in {"gh": f'"{ROOT}/tests/support/gh.py"', "accredit": "-m accredit"}.items():
            program = place / "bin" / name
            program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {command} "$@"\n')
            program.chmod(0o755)
        own = {"GH_ANSWERS": str(place), "GITHUB_OUTPUT": str(place / "output"), "RUNNER_TEMP": str(place)}
        path = f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}"
        home = {"HOME": str(place), "PATH": path, "PYTHONPATH": str(ROOT / "generator"), "GIT_CONFIG_NOSYSTEM": "1"}
        self.environment = {**own, **home, "REPOSITORY": REPOSITORY, **given}

    def answer(self, path: str, value: Any) -> None:
        """What the forge says."""
        file = self.place / f"{path}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(value))

    def step(self, name: str, **given: str) -> subprocess.CompletedProcess[str]:
        """Runs the step of a name, with the environment that the workflow gives it but for expressions."""
        (script,) = (s["run"] for s in self.job["steps"] if s.get("name") == name)
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        env = {**self.environment, **given}
        done = subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        if (self.place / "output").exists():
            self.outputs = dict(line.split("=", 1) for line in (self.place / "output").read_text().splitlines())
        return done

    @property
    def changes(self) -> list[Any]:
        """What the forge was asked to change."""
        log = self.place / "changes"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "adopted"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert run("init", "--ci", "github").exit_code == 0
    return folder / ".github/workflows"


def pull_request(sha: str) -> dict[str, Any]:
    return {"number": 12, "user": {"id": DANA}, "head": {"sha": sha, "of": ["bank", BRANCH, "main"]}}


def commented(
    github: Path, tmp_path: Path, *, touched: str, sha: str = SHA, changed: int = 2, before: Any = ()
) -> Runner:
    """The comment's workflow after a run of the check that says SHIP IT."""
    folder = tmp_path / "empty"
    (folder / "report").mkdir(parents=True)
    runner = Runner(
        github / "accredit-comment.yml", folder, tmp_path / "place", GH_TOKEN="t", OWNER="bank", INTO="main"
    )
    runner.answer(f"repos/{REPOSITORY}/pulls", [pull_request(sha)])
    runner.answer(f"repos/{REPOSITORY}/pulls/12", {"changed_files": changed})
    runner.answer(f"repos/{REPOSITORY}/pulls/12/files", [{"filename": "registry/policy.yaml"}, {"filename": touched}])
    runner.answer(f"repos/{REPOSITORY}/issues/12/comments", before)
    runner.step("Find the pull request", BRANCH=BRANCH, HEAD_SHA=SHA)
    if runner.outputs.get("trusted") == "yes":
        (folder / "report/comment.md").write_text("<!-- accredit:proposal x -->\nSHIP IT `$(id)`\n")
    if runner.outputs["number"]:
        runner.step("Post", NUMBER=runner.outputs["number"], TRUSTED=runner.outputs.get("trusted", ""))
    return runner


def test_the_comment_is_posted_once_and_then_changed(github: Path, tmp_path: Path) -> None:
    own = {"id": 77, "user": {"login": "github-actions[bot]"}, "body": "<!-- accredit:proposal x -->\nold"}
    forged = {"id": 76, "user": {"login": "mallory"}, "body": own["body"]}
    first = commented(github, tmp_path / "1", touched="registry/people/ada.yaml", before=[forged])
    body = {"body": "<!-- accredit:proposal x -->\nSHIP IT `$(id)`\n"}
    assert first.changes == [["POST", f"repos/{REPOSITORY}/issues/12/comments", body]]
    again = commented(github, tmp_path / "2", touched="registry/people/ada.yaml", before=[forged, own])
    assert again.changes == [["PATCH", f"repos/{REPOSITORY}/issues/comments/77", body]]


@pytest.mark.parametrize(("touched", "changed"), [(".github/workflows/x.yml", 2), ("registry/a.yaml", 3000)])
def test_who_changes_the_workflows_cannot_have_a_verdict_posted(
    github: Path, tmp_path: Path, touched: str, changed: int
) -> None:
    ((_, _, fields),) = commented(github, tmp_path, touched=touched, changed=changed).changes
    assert "is changed by it" in fields["body"]
    assert "SHIP IT" not in fields["body"]


def test_a_run_of_a_head_that_has_moved_on_is_not_posted(github: Path, tmp_path: Path) -> None:
    assert commented(github, tmp_path, touched="x", sha="6" * 40).changes == []


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return office_with_reviews(folder)


def recorded(github: Path, office: Office, *reviews: dict[str, Any]) -> Path:
    """Runs the recording of reviews on the branch that holds Dana's request; returns what it pushed to."""
    place, bare = office.folder.parent / "place", office.folder.parent / "origin.git"
    subprocess.run(["git", "init", "-q", "--bare", bare], check=True)
    office.git("update-ref", "refs/remotes/origin/main", "HEAD~1")
    instead = {"GIT_CONFIG_KEY_0": f"url.{bare}.insteadOf", "GIT_CONFIG_VALUE_0": f"git@github.com:{REPOSITORY}.git"}
    sha = head(office)
    known = {"BRANCH": "churn/one", "HEAD_SHA": sha, "INTO": "main", "GIT_CONFIG_COUNT": "1", **instead}
    runner = Runner(github / "accredit-record.yml", office.folder, place, **known)
    proposal = pull_request(sha) | {"head": {"sha": sha, "of": ["bank", "churn/one", "main"]}}
    runner.answer(f"repos/{REPOSITORY}/pulls", [proposal])
    runner.answer(f"repos/{REPOSITORY}/pulls/12/reviews", list(reviews))
    runner.answer("meta", {"ssh_keys": ["ssh-ed25519 AAAA"]})
    runner.step("Ask the forge who reviewed what", GH_TOKEN="t", OWNER="bank")
    key = (office.home("robot") / "id").read_text()
    runner.step("Record", AUTHOR=runner.outputs["author"], NUMBER=runner.outputs["number"], KEY=key)
    assert (place / "key").stat().st_mode & 0o777 == 0o600
    runner.step("Forget the key")
    assert not (place / "key").exists()
    return bare


def test_who_approves_on_the_forge_is_recorded_on_the_branch(github: Path, office: Office) -> None:
    bare = recorded(github, office, review(office, OLGA), review(office, DANA), review(office, VERA))
    shown = ["git", "-C", bare, "show", "--name-only", "--format=%an %s", "churn/one"]
    done = subprocess.run(shown, capture_output=True, text=True, check=True)
    approval = f"registry/{STEP}/approvals/olga.yaml"
    assert done.stdout.split("\n") == ["accredit-bot Record the reviews of #12", "", approval, f"{approval}.sig", ""]
    assert "loan-default  review   1.0.0" in office.by("x", "status").stdout
    assert office.by("x", "verify", MODEL, "1.0.0").exit_code == 0


def test_where_no_review_counts_nothing_is_pushed(github: Path, office: Office) -> None:
    bare = recorded(github, office, review(office, OLGA, "COMMENTED"), review(office, DANA))
    assert list((bare / "refs/heads").iterdir()) == []
