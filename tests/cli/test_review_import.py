"""Reviews on a forge become approvals that a registered bot signs, for people whose accounts they are and no others."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from tests.support.office import MODEL, Office
from tests.support.reviewed import DANA, NOBODY, OLGA, OTTO, ROBOT, STEP, VERA, head, office_with_reviews, review

pytestmark = pytest.mark.skipif(
    not (shutil.which("ssh-keygen") and shutil.which("git")), reason="git or OpenSSH, with which people sign, is absent"
)
ROLE = ("--role", "owner")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A registry that takes reviews, with a bot, in which Dana asked for a move."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return office_with_reviews(folder)


def imported(office: Office, document: Any, *options: object, by: str = "robot", forge: str = "github") -> Result:
    """What the command says of a payload; the pull request is Dana's."""
    payload = office.home("robot") / "payload.json"
    payload.write_text(document if isinstance(document, str) else json.dumps(document))
    return office.by(by, "review", "import", forge, payload, MODEL, "1.0.0", *ROLE, *options)


def listed(office: Office, *reviews: dict[str, Any], by: str = "robot") -> Result:
    return imported(office, list(reviews), "--pr-author", DANA, "--head", head(office), by=by)


def approvals(office: Office) -> list[str]:
    return sorted(p.name for p in (office.root / STEP).glob("approvals/*"))


def test_a_review_becomes_an_approval_that_counts(office: Office) -> None:
    reviewed = head(office)
    result = listed(office, review(office, OLGA))
    assert result.exit_code == 0, result.output
    assert f"wrote registry/{STEP}/approvals/olga.yaml\n" in result.stdout
    text = (office.root / STEP / "approvals/olga.yaml").read_text()
    for part in ("reviewer: olga\n", "role: owner\n", "decision: approve\n", "assurance: platform\n", reviewed):
        assert part in text
    office.commit()
    verified = office.by("x", "verify", MODEL, "1.0.0")
    assert verified.exit_code == 0, verified.output
    assert "platform" in verified.stdout
    assert "loan-default  review   1.0.0" in office.by("x", "status").stdout


def test_without_a_role_reviewers_sign_in_the_one_that_is_missing(office: Office) -> None:
    payload = office.home("robot") / "payload.json"
    payload.write_text(json.dumps([review(office, OLGA), review(office, VERA)]))
    told = ("--pr-author", DANA, "--head", head(office))
    result = office.by("robot", "review", "import", "github", payload, MODEL, "1.0.0", *told)
    assert (result.exit_code, approvals(office)) == (0, ["olga.yaml", "olga.yaml.sig"])
    assert "role: owner\n" in (office.root / STEP / "approvals/olga.yaml").read_text()
    assert "vera holds no role that is still missing: owner" in result.stderr


def test_a_request_for_changes_rejects(office: Office) -> None:
    result = listed(office, review(office, OLGA), review(office, OLGA, "CHANGES_REQUESTED", 9))
    assert result.exit_code == 0, result.output
    assert "decision: reject\n" in (office.root / STEP / "approvals/olga.yaml").read_text()
    office.commit()
    assert "rejected" in office.by("x", "history", MODEL).stdout


def test_each_review_that_does_not_count_is_refused_with_its_reason(office: Office) -> None:
    others = [review(office, user) for user in (DANA, VERA, ROBOT, NOBODY)]
    result = listed(office, *others, review(office, OLGA), review(office, OTTO, "DISMISSED"))
    assert (result.exit_code, approvals(office)) == (0, ["olga.yaml", "olga.yaml.sig"])
    for reason in (
        f"user-{DANA} (github {DANA}): self review: dana made the pull request",
        f"user-{VERA} (github {VERA}): vera does not hold the role owner",
        f"user-{ROBOT} (github {ROBOT}): robot is a bot",
        f"user-{NOBODY} (github {NOBODY}): the account belongs to nobody in people/",
        f"user-{OTTO} (github {OTTO}): the review was dismissed",
    ):
        assert f"Refused: {reason}" in result.stderr


@pytest.mark.parametrize(
    "other", [{"commit_id": None}, {"commit_id": "0d" * 20}, {"user": None}, {"state": "COMMENTED"}]
)
def test_where_nothing_counts_nothing_is_written(office: Office, other: dict[str, Any]) -> None:
    result = listed(office, review(office, OLGA) | other)
    assert (result.exit_code, approvals(office)) == (1, [])
    assert "Refused: " in result.stderr


def test_whoever_asked_for_the_move_does_not_review_it_though_another_made_the_pull_request(office: Office) -> None:
    result = imported(office, [review(office, DANA)], "--pr-author", OTTO, "--head", head(office))
    assert (result.exit_code, approvals(office)) == (1, [])
    assert "self review: dana asked for this move" in result.stderr


def test_an_account_that_two_people_claim_is_nobodys(office: Office) -> None:
    person = office.root / "people/otto.yaml"
    person.write_text(person.read_text().replace(f"github: {OTTO}", f"github: {OLGA}"))
    assert "is claimed by olga and otto" in listed(office, review(office, OLGA)).stderr
    assert approvals(office) == []


def test_the_webhook_says_author_and_head_itself(office: Office) -> None:
    request = {"user": {"id": DANA, "login": "dana"}, "head": {"sha": head(office)}}
    webhook = {"action": "submitted", "review": review(office, OLGA, "approved"), "pull_request": request}
    moved = imported(office, webhook, "--head", "0d" * 20)
    assert (moved.exit_code, "stale" in moved.stderr) == (1, True)
    assert imported(office, webhook).exit_code == 0
    assert approvals(office) == ["olga.yaml", "olga.yaml.sig"]


def test_an_approval_on_gitlab_is_taken_over(office: Office) -> None:
    asked = {"id": 99, "author_id": DANA, "action": "approved", "last_commit": {"id": head(office)}}
    where = {"updated_at": "2026-11-17 08:43:43 UTC", "url": "https://gitlab.example/bank/-/merge_requests/1"}
    account = {"id": OLGA, "username": "olga"}
    event = {"object_kind": "merge_request", "user": account, "object_attributes": {**asked, **where}}
    assert imported(office, event, forge="gitlab").exit_code == 0
    assert approvals(office) == ["olga.yaml", "olga.yaml.sig"]


def test_what_was_signed_is_never_replaced(office: Office) -> None:
    assert listed(office, review(office, OLGA)).exit_code == 0
    before = (office.root / STEP / "approvals/olga.yaml").read_bytes()
    again = listed(office, review(office, OLGA, "CHANGES_REQUESTED"))
    assert (again.exit_code, "exists already" in again.stderr) == (1, True)
    assert (office.root / STEP / "approvals/olga.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("by", "message"), [("vera", "belongs to vera, who is no bot"), ("x", "user.signingkey is not set")]
)
def test_only_a_registered_bot_signs(office: Office, by: str, message: str) -> None:
    result = listed(office, review(office, OLGA), by=by)
    assert (result.exit_code, approvals(office)) == (2, [])
    assert message in result.stderr


def test_a_review_of_a_commit_without_the_request_is_no_review_of_it(office: Office) -> None:
    earlier = office.git("rev-parse", "HEAD~1").strip()
    result = imported(office, [review(office, OLGA, commit_id=earlier)], "--pr-author", DANA, "--head", earlier)
    assert (result.exit_code, approvals(office)) == (2, [])
    assert "does not hold the request that waits" in result.stderr


def test_a_review_of_other_content_under_the_same_request_is_no_review_of_it(office: Office) -> None:
    landed = head(office)
    office.git("checkout", "-q", "-b", "side")
    card = office.root / f"models/{MODEL}/versions/1.0.0/card.yaml"
    card.write_bytes(card.read_bytes() + b"# as the reviewer saw it\n")
    shown = office.commit()
    office.git("checkout", "-q", "main")
    assert head(office) == landed
    result = imported(office, [review(office, OLGA, commit_id=shown)], "--pr-author", DANA, "--head", shown)
    assert (result.exit_code, approvals(office)) == (2, [])
    assert "what the request asks about" in result.stderr


@pytest.mark.parametrize(
    ("document", "options", "message"),
    [
        ("[\n{]", (), "payload.json:2:2: is no JSON"),
        ("{}", (), "neither GitHub's list of reviews nor a pull_request_review"),
        (None, ("--head", "0d" * 20), "does not say who made the pull request"),
        (None, ("--pr-author", "3"), "does not say which commit is the head"),
        (None, ("--pr-author", "3", "--head", "main"), "write the full commit id"),
    ],
)
def test_what_cannot_be_judged_stops_the_command(
    office: Office, document: str | None, options: tuple[str, ...], message: str
) -> None:
    result = imported(office, document or [review(office, OLGA)], *options)
    assert (result.exit_code, approvals(office)) == (2, [])
    assert message in " ".join(result.stderr.replace("│", "").split())


def test_where_policy_asks_for_keys_the_command_says_that_reviews_do_not_count(office: Office) -> None:
    policy = office.root / "policy.yaml"
    policy.write_text(policy.read_text().replace("assurance: platform", "assurance: signed"))
    shutil.rmtree(office.root / f"models/{MODEL}/versions/1.0.0/transitions")
    shutil.rmtree(office.folder / ".git")
    office.git("init", "-q", "-b", "main")
    office.commit("Start")
    assert office.by("dana", "request", MODEL, "1.0.0", "--to", "review").exit_code == 0
    office.commit()
    assert "reviews do not count" in listed(office, review(office, OLGA)).stderr
