"""The scripts of the workflows, run as the forge would run them, with a stand-in for its API."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.support.github_description import check_against_description
from tests.support.office import MODEL, Office
from tests.support.program import run
from tests.support.reviewed import DANA, OLGA, STEP, VERA, head, office_with_reviews, review
from tests.support.workflow_runner import REPOSITORY, Runner

BRANCH, SHA = "churn/$(id>&2)", "5" * 40
NEEDED = ("bash", "jq", "git", "ssh-keygen")
pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, NEEDED)), reason=f"the scripts need {', '.join(NEEDED)}, of which one is absent"
)


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "adopted"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert run("init", "--ci", "github").exit_code == 0
    return folder / ".github/workflows"


def pull_request(sha: str, branch: str = BRANCH) -> dict[str, Any]:
    head = {"sha": sha, "label": f"bank:{branch}"}
    return {"number": 12, "user": {"id": DANA}, "head": head, "base": {"ref": "main"}}


def commented(
    github: Path, tmp_path: Path, *, touched: str, sha: str = SHA, changed: int = 2, before: Any = (), busy: int = 0
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
    (runner.place / "busy").write_text(str(busy))
    runner.step("Find the pull request", BRANCH=BRANCH, HEAD_SHA=SHA, exit_code=int(busy > 3))
    if busy > 3:
        return runner
    if runner.outputs.get("trusted") == "yes":
        (folder / "report/comment.md").write_text("<!-- accredit:proposal x -->\nSHIP IT `$(id)`\n")
    if runner.outputs["number"]:
        runner.step("Post", NUMBER=runner.outputs["number"], TRUSTED=runner.outputs.get("trusted", ""))
    check_against_description(runner.place)
    return runner


def test_the_comment_is_posted_once_and_then_changed(github: Path, tmp_path: Path) -> None:
    own = {"id": 77, "user": {"login": "github-actions[bot]"}, "body": "<!-- accredit:proposal x -->\nold"}
    forged = {"id": 76, "user": {"login": "mallory"}, "body": own["body"]}
    first = commented(github, tmp_path / "1", touched="registry/people/ada.yaml", before=[forged])
    body = {"body": "<!-- accredit:proposal x -->\nSHIP IT `$(id)`\n"}
    assert first.changes == [["POST", f"repos/{REPOSITORY}/issues/12/comments", body]]
    again = commented(github, tmp_path / "2", touched="registry/people/ada.yaml", before=[forged, own])
    assert again.changes == [["PATCH", f"repos/{REPOSITORY}/issues/comments/77", body]]


def test_a_forge_that_is_busy_is_asked_again_and_not_for_ever(github: Path, tmp_path: Path) -> None:
    late = commented(github, tmp_path / "1", touched="registry/people/ada.yaml", busy=3)
    assert [change[0] for change in late.changes] == ["POST"]
    assert (late.place / "slept").read_text().split() == ["5", "20", "60"]
    never = commented(github, tmp_path / "2", touched="registry/people/ada.yaml", busy=99)
    assert (never.place / "busy").read_text() == "95"


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


def recorded(github: Path, office: Office, *reviews: dict[str, Any], busy: int = 0) -> Path:
    """Runs the recording of reviews on the branch that holds Dana's request; returns what it pushed to."""
    place, bare = office.folder.parent / "place", office.folder.parent / "origin.git"
    subprocess.run(["git", "init", "-q", "--bare", bare], check=True)
    office.git("update-ref", "refs/remotes/origin/main", "HEAD~1")
    instead = {"GIT_CONFIG_KEY_0": f"url.{bare}.insteadOf", "GIT_CONFIG_VALUE_0": f"git@github.com:{REPOSITORY}.git"}
    sha = head(office)
    known = {"BRANCH": "churn/one", "HEAD_SHA": sha, "INTO": "main", "GIT_CONFIG_COUNT": "1", **instead}
    runner = Runner(github / "accredit-record.yml", office.folder, place, **known)
    proposal = pull_request(sha, "churn/one")
    runner.answer(f"repos/{REPOSITORY}/pulls", [proposal])
    runner.answer(f"repos/{REPOSITORY}/pulls/12/reviews", list(reviews))
    runner.answer("meta", {"ssh_keys": ["ssh-ed25519 AAAA"]})
    (place / "busy").write_text(str(busy))
    runner.step("Ask the forge who reviewed what", GH_TOKEN="t", OWNER="bank")
    key = (office.home("robot") / "id").read_text()
    runner.step("Record", AUTHOR=runner.outputs["author"], NUMBER=runner.outputs["number"], KEY=key)
    assert (place / "key").stat().st_mode & 0o777 == 0o600
    check_against_description(place)
    runner.step("Forget the key")
    assert not (place / "key").exists()
    return bare


def test_who_approves_on_the_forge_is_recorded_on_the_branch(github: Path, office: Office) -> None:
    bare = recorded(github, office, review(office, OLGA), review(office, DANA), review(office, VERA), busy=2)
    shown = ["git", "-C", bare, "show", "--name-only", "--format=%an %s", "churn/one"]
    done = subprocess.run(shown, capture_output=True, text=True, check=True)
    approval = f"registry/{STEP}/approvals/olga.yaml"
    assert done.stdout.split("\n") == ["accredit-bot Record the reviews of #12", "", approval, f"{approval}.sig", ""]
    assert "loan-default  review   1.0.0" in office.by("x", "status").stdout
    assert office.by("x", "verify", MODEL, "1.0.0").exit_code == 0


def test_where_no_review_counts_nothing_is_pushed(github: Path, office: Office) -> None:
    bare = recorded(github, office, review(office, OLGA, "COMMENTED"), review(office, DANA))
    assert list((bare / "refs/heads").iterdir()) == []


@pytest.mark.parametrize("queued", [False, True])
@pytest.mark.parametrize(("owner", "exit_code"), [("olga", 0), ("nobody-here", 1)])
def test_a_merge_is_checked_against_the_branch_that_it_goes_to(
    github: Path, office: Office, owner: str, exit_code: int, *, queued: bool
) -> None:
    office.git("checkout", "-q", "-b", "proposal")
    model = office.root / f"models/{MODEL}/model.yaml"
    model.write_text(re.sub("owner: .*", f"owner: {owner}", model.read_text()).replace("summary: ", "summary: Now "))
    office.commit("Propose")
    if queued:
        office.git("commit", "-q", "--allow-empty", "-m", "Another")
    office.git("checkout", "-q", "--detach", "main")
    # A queue that rebases puts several commits on its base.
    office.git("merge", "-q", *(["--ff-only"] if queued else ["--no-ff", "-m", "Merge"]), "proposal")
    base = office.git("rev-parse", "main").strip() if queued else "HEAD^1"
    place = office.folder.parent / "place"
    runner = Runner(github / "accredit-check.yml", office.folder, place, BASE=base)
    runner.step("Report")
    assert (place / "report/comment.md").read_text().startswith("<!-- accredit:proposal ")
    found = json.loads((place / "report/accredit.sarif").read_text())["runs"][0]["results"]
    told = runner.step("Check", exit_code=exit_code)
    assert ("nobody-here" in json.dumps(found)) == ("::error" in told.stdout) == (exit_code == 1)
