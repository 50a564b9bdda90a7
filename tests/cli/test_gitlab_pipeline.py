"""The scripts of the pipeline for GitLab, run as a runner would run them, with a server in place of its API."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.support.office import MODEL, Office
from tests.support.program import run
from tests.support.reviewed import OLGA, STEP, head, office_with_reviews

ROOT = Path(__file__).parents[2]
NEEDED = ("bash", "git", "ssh-keygen")
pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, NEEDED)), reason=f"the scripts need {', '.join(NEEDED)}, of which one is absent"
)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Dana asks for a move on the branch `proposal`; the default branch is checked out."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    office = office_with_reviews(folder)
    office.git("branch", "proposal")
    office.git("reset", "-q", "--hard", "HEAD~1")
    office.git("clone", "-q", "--bare", str(folder), str(tmp_path / "origin.git"))
    office.git("remote", "add", "origin", str(tmp_path / "origin.git"))
    return office


@pytest.fixture
def pipeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    folder = tmp_path / "adopted"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert run("init", "--ci", "gitlab").exit_code == 0
    return yaml.load((folder / ".gitlab-ci.yml").read_text(), yaml.BaseLoader)


def ran(job: dict[str, Any], folder: Path, **variables: str) -> str:
    """What a job prints; packages are not installed."""
    place = folder.parent / "programs"
    place.mkdir(exist_ok=True)
    for name, command in {"accredit": [sys.executable, "-m", "accredit"], "python": [sys.executable]}.items():
        (place / name).write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
        (place / name).chmod(0o755)
    script = "\n".join(line for line in job["script"] if not line.startswith("pip "))
    own = {
        "PATH": f"{place}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "generator"),
        "HOME": str(place),
    }
    env = {**own, "GIT_CONFIG_NOSYSTEM": "1", **variables}
    command = ["bash", "-eo", "pipefail", "-c", script]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def webhook(office: Office, **asked: Any) -> dict[str, Any]:
    """What GitLab tells of an approval by Olga."""
    commit = {"id": office.git("rev-parse", "proposal").strip()}
    about = {
        "id": 44,
        "iid": 4,
        "action": "approved",
        "author_id": 3,
        "last_commit": commit,
        "source_branch": "proposal",
    }
    places = {"source_project_id": 7, "target_project_id": 7, "updated_at": "2026-11-17T08:43:43Z"}
    attributes = about | places | {"url": "https://gitlab.com/bank/registry/-/merge_requests/4"} | asked
    user = {"id": OLGA, "username": "olga"}
    return {"object_kind": "merge_request", "user": user, "object_attributes": attributes}


def recorded(pipeline: dict[str, Any], office: Office, event: dict[str, Any]) -> list[str]:
    """The files of the last commit on the proposal's branch after the job."""
    payload, origin = office.folder.parent / "payload.json", office.folder.parent / "origin.git"
    payload.write_text(json.dumps(event))
    told = {
        "GIT_CONFIG_COUNT": "1",
        "TRIGGER_PAYLOAD": str(payload),
        "CI_PROJECT_ID": "7",
        "CI_SERVER_HOST": "gitlab.com",
        "CI_PROJECT_PATH": "bank/registry",
    }
    instead = {"GIT_CONFIG_KEY_0": f"url.{origin}.insteadOf", "GIT_CONFIG_VALUE_0": "git@gitlab.com:bank/registry.git"}
    keys = {"ACCREDIT_BOT_KEY": str(office.home("robot") / "id"), "ACCREDIT_KNOWN_HOSTS": "/dev/null"}
    ran(pipeline["record"], office.folder, **told, **instead, **keys)
    shown = ["git", "-C", origin, "show", "--name-only", "--format=", "proposal"]
    return subprocess.run(shown, capture_output=True, text=True, check=True).stdout.split()


def test_an_approval_on_gitlab_is_recorded_on_the_branch(pipeline: dict[str, Any], office: Office) -> None:
    approval = f"registry/{STEP}/approvals/olga.yaml"
    assert recorded(pipeline, office, webhook(office)) == [approval, f"{approval}.sig"]


@pytest.mark.parametrize(
    "other",
    [{"action": "open"}, {"source_project_id": 8}, {"last_commit": {"id": "0" * 40}}, {"last_commit": {"id": "$(id)"}}],
    ids=["no approval", "a fork", "moved on", "no commit"],
)
def test_what_is_no_approval_of_the_branch_changes_nothing(
    pipeline: dict[str, Any], office: Office, other: dict[str, Any]
) -> None:
    before = [f"registry/{STEP}/request.yaml", f"registry/{STEP}/request.yaml.sig"]
    assert recorded(pipeline, office, webhook(office, **other)) == before


class Api(BaseHTTPRequestHandler):
    """A project with one open merge request, and notes."""

    sha, asked = "", []

    def do_GET(self) -> None:
        merge_request = {"state": "opened", "sha": self.sha}
        forged = {"id": 1, "author": {"id": 5}, "body": "<!-- accredit:proposal"}
        notes = [forged, *self.asked[-1:]] if "/notes" in self.path else merge_request
        self._answer({"id": 99} if self.path.endswith("/user") else notes)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        place = (self.command, self.path, self.headers["PRIVATE-TOKEN"])
        self.asked.append({"id": 2, "author": {"id": 99}, "place": place, **body})
        self._answer({})

    do_PUT = do_POST  # noqa: N815 - the library's name

    def _answer(self, value: Any) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(value).encode())

    def log_message(self, *_: object) -> None:
        """Nothing: the test looks at what was asked."""


@pytest.fixture
def api(office: Office) -> Iterator[str]:
    Api.sha, Api.asked = office.git("rev-parse", "proposal").strip(), []
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/api"
        server.shutdown()


def test_open_merge_requests_get_one_comment_that_is_kept_up_to_date(
    pipeline: dict[str, Any], office: Office, api: str
) -> None:
    office.git("push", "-q", "origin", "proposal:refs/merge-requests/4/head", "main:refs/merge-requests/3/head")
    ran(pipeline["write-comments"], office.folder, CI_COMMIT_SHA=office.git("rev-parse", "HEAD").strip())
    (note,) = (office.folder / "notes").iterdir()
    assert note.name == f"4-{Api.sha}.md"
    assert MODEL in note.read_text()
    variables = {"CI_API_V4_URL": api, "CI_PROJECT_ID": "7", "ACCREDIT_NOTES_TOKEN": "secret"}
    for _ in range(2):
        ran(pipeline["post-comments"], office.folder, **variables)
    (note.parent / f"5-{'0' * 40}.md").write_text("of a head that has moved on")
    note.write_text(note.read_text() + "\nand more")
    ran(pipeline["post-comments"], office.folder, **variables)
    notes = "/api/projects/7/merge_requests/4/notes"
    assert [n["place"] for n in Api.asked] == [("POST", notes, "secret"), ("PUT", f"{notes}/2", "secret")]
    assert head(office) == office.git("rev-parse", "main").strip()
