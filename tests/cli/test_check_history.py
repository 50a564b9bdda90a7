"""Where policy asks for signatures, the check believes the history and not the files."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.support.office import AS_OF, MODEL, Office
from tests.support.program import run

pytestmark = pytest.mark.skipif(
    not (shutil.which("ssh-keygen") and shutil.which("git")), reason="git or OpenSSH, with which people sign, is absent"
)
VERSION = f"models/{MODEL}/versions/1.0.0"


@pytest.fixture
def office(in_production: Office) -> Office:
    return in_production


def codes(*arguments: object) -> set[str]:
    return {
        f["code"] for f in json.loads(run("check", "--format", "json", "--as-of", AS_OF, *arguments).stdout)["findings"]
    }


def stages(*arguments: object) -> list[str]:
    models = json.loads(run("check", "--format", "json", "--as-of", AS_OF, *arguments).stdout)["models"]
    return [v["stage"] for v in models[MODEL]["versions"].values()]


def test_the_check_takes_sign_offs_as_history_proves_them(office: Office) -> None:
    assert stages() == ["production", "staging"]
    signature = office.root / VERSION / "transitions/0002/approvals/rita.yaml.sig"
    office.git("rm", "-q", str(signature))
    office.git("commit", "-q", "--amend", "-m", "Unsigned")
    assert stages() == ["review", "staging"]
    assert stages("--no-history") == ["production", "staging"]


def test_changed_content_is_a_finding_of_the_check(office: Office) -> None:
    assert "REG003" not in codes()
    card = office.root / VERSION / "card.yaml"
    card.write_bytes(card.read_bytes() + b"# later\n")
    assert "REG003" in codes()


def test_a_check_needs_no_git_where_policy_is_content_with_what_files_declare(office: Office) -> None:
    shutil.rmtree(office.folder / ".git")
    (office.folder / ".git").write_text("gitdir: /nonexistent\n")
    assert run("check").exit_code == 2
    policy = office.root / "policy.yaml"
    policy.write_text(policy.read_text().replace("assurance: signed", "assurance: declared"))
    assert stages() == ["production", "staging"]


def test_a_check_of_what_was_never_committed_takes_files_as_they_are(office: Office) -> None:
    office.git("checkout", "-q", "--orphan", "new")
    assert stages() == ["production", "staging"]


def test_a_check_in_a_shallow_clone_says_how_to_go_on(office: Office, tmp_path: Path) -> None:
    subprocess.run(["git", "clone", "-q", "--depth", "1", office.folder.as_uri(), tmp_path / "shallow"], check=True)
    stopped = run("check", tmp_path / "shallow")
    assert stopped.exit_code == 2
    assert "--no-history" in stopped.stderr
    assert run("check", tmp_path / "shallow", "--no-history").exit_code in {0, 1}


def test_a_policy_that_asks_for_no_proof_any_more_does_not_escape_the_one_that_did(office: Office) -> None:
    policy = office.root / "policy.yaml"
    policy.write_text(policy.read_text().replace("assurance: signed", "assurance: declared"))
    (office.root / VERSION / "transitions/0002/approvals/rita.yaml.sig").unlink()
    office.commit("Nobody signs any more")
    assert {"POL107", "RET108"} <= codes()
    assert "Sign-offs are proved from the history." in run("status").output
