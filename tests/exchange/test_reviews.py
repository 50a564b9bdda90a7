"""What a forge says of reviews is read as it is; what decides nothing any more is set apart with its reason."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from accredit.errors import UsageError
from accredit.exchange import github_reviews, gitlab_reviews
from accredit.exchange.reviews import Reviews, last_decisions, only_value, parse_payload

HEAD, OLD = "ec" * 20, "0d" * 20
EXAMPLES = os.environ.get("ACCREDIT_OCTOKIT", "")


def review(number: int, state: str, user: int | None = 7, **other: Any) -> dict[str, Any]:
    """A review as GitHub's REST interface lists it, the number being its hour too."""
    login = f"user-{user}"
    account = None if user is None else {"login": login, "id": user, "type": "User", "site_admin": False}
    url = f"https://github.com/bank/registry/pull/12#pullrequestreview-{number}"
    said = {"id": number, "user": account, "body": None, "state": state, "html_url": url, "commit_id": HEAD}
    return {**said, "submitted_at": f"2026-11-17T{number:02}:43:43Z", "author_association": "MEMBER", **other}


def event(action: str, hour: int = 1, user: int = 7, **other: Any) -> dict[str, Any]:
    """A webhook of GitLab about a merge request."""
    asked = {
        "id": 99,
        "iid": 1,
        "author_id": 51,
        "action": action,
        "last_commit": {"id": HEAD},
        "updated_at": f"2026-11-17 {hour:02}:43:43 UTC",
        "url": "https://gitlab.example/bank/registry/-/merge_requests/1",
    }
    account = {"id": user, "username": f"user.{user}", "name": "Somebody"}
    return {"object_kind": "merge_request", "user": account, "object_attributes": {**asked, **other}}


def counted(reviews: Reviews, head: str = HEAD) -> list[tuple[int, str]]:
    """Account and state of what decides."""
    return [(r.user_id, r.state) for r in last_decisions(reviews.reviews, head)[0]]


def reasons(reviews: Reviews, head: str = HEAD) -> list[str]:
    return [r.reason for r in (*reviews.refused, *last_decisions(reviews.reviews, head)[1])]


def test_the_list_of_github_is_read_with_all_that_identifies_a_review() -> None:
    (found,) = github_reviews.read([review(8, "APPROVED")]).reviews
    assert (found.id, found.user_id, found.login, found.state, found.commit) == (8, 7, "user-7", "approved", HEAD)
    for part in ("Review 8 on github", "7 (`user-7`)", "approved", HEAD, "2026-11-17T08:43:43Z", found.url):
        assert part in found.statement


def test_the_webhook_of_github_says_author_and_head_and_writes_states_in_small_letters() -> None:
    request = {"user": {"login": "dana", "id": 3}, "head": {"sha": HEAD}}
    found = github_reviews.read({"action": "submitted", "review": review(8, "approved"), "pull_request": request})
    assert (found.author, found.head, counted(found)) == (3, HEAD, [(7, "approved")])


def test_a_later_decision_supersedes_in_whatever_order_the_list_is() -> None:
    listed = [review(9, "CHANGES_REQUESTED"), review(8, "APPROVED"), review(10, "COMMENTED"), review(7, "APPROVED", 5)]
    found = github_reviews.read(listed)
    assert counted(found) == [(5, "approved"), (7, "changes_requested")]
    assert reasons(found) == ["superseded by a later review of the same account", "a comment decides nothing"]


@pytest.mark.parametrize(
    ("listed", "reason"),
    [
        ([review(8, "DISMISSED")], "dismissed"),
        ([review(8, "APPROVED", commit_id=OLD)], f"stale: it is of {OLD[:12]}"),
        ([review(8, "APPROVED", commit_id=None)], "stale: the forge does not say"),
        ([review(8, "APPROVED", submitted_at=None)], "does not say when"),
        ([review(8, "PENDING", submitted_at=None)], "not submitted"),
        ([review(8, "APPROVED", None)], "names no user"),
        ([review(8, "MERGED")], "malformed: a state"),
        ([review(8, "APPROVED", "7")], "malformed: user.id"),
        ([review(8, "APPROVED", True)], "malformed: user.id"),  # noqa: FBT003 - JSON's true is no number
        ([review(8, "APPROVED", commit_id="main")], "malformed: commit_id"),
        ([review(8, "APPROVED", submitted_at="2026-11-17T08:43:43")], "malformed: submitted_at"),
        ([review(8, "APPROVED", submitted_at="soon")], "malformed: submitted_at"),
        ([review(8, "APPROVED", html_url="javascript:alert(1)")], "malformed: html_url"),
        ([{**review(8, "APPROVED"), "user": {"id": 7, "login": "a`\n- commit"}}], "malformed: user.login"),
        ([None], "malformed"),
        ([[]], "malformed"),
    ],
)
def test_what_does_not_stand_is_refused_with_the_reason(listed: list[Any], reason: str) -> None:
    found = github_reviews.read(listed)
    assert counted(found) == []
    assert reason in reasons(found)[0]


@pytest.mark.parametrize("last", [review(9, "DISMISSED"), review(9, "APPROVED", commit_id=OLD)])
def test_what_was_superseded_does_not_come_back(last: dict[str, Any]) -> None:
    assert counted(github_reviews.read([review(8, "APPROVED"), last])) == []


@pytest.mark.parametrize("read", [github_reviews.read, gitlab_reviews.read])
@pytest.mark.parametrize(
    "document",
    [None, 1, "x", {}, {"review": {}}, {"review": {}, "pull_request": {}}, {"approved_by": 1}, {"object_kind": "push"}],
)
def test_what_is_no_payload_is_an_error_with_a_hint(read: Any, document: Any) -> None:
    with pytest.raises(UsageError) as caught:
        read(document)
    assert caught.value.hint


@pytest.mark.parametrize("action", ["approved", "approval"])
def test_the_webhook_of_gitlab_is_an_approval_of_its_last_commit(action: str) -> None:
    found = gitlab_reviews.read(event(action))
    assert (found.author, found.head, counted(found)) == (51, HEAD, [(7, "approved")])
    assert "2026-11-17T01:43:43Z" in found.reviews[0].statement


def test_an_approval_that_was_withdrawn_on_gitlab_does_not_count() -> None:
    found = gitlab_reviews.read([event("approved", 1), event("unapproved", 2), event("approval", 1, 8), event("open")])
    assert counted(found) == [(8, "approved")]


def test_an_approval_before_another_push_is_stale() -> None:
    found = gitlab_reviews.read([event("approved", last_commit={"id": OLD}), event("update", 2)])
    assert found.head == HEAD
    assert f"stale: it is of {OLD[:12]}, and the head is {HEAD[:12]}" in reasons(found)


def test_webhooks_of_several_merge_requests_are_not_mixed() -> None:
    with pytest.raises(UsageError, match="several"):
        gitlab_reviews.read([event("approved"), event("approved", id=100)])


def test_the_list_of_gitlab_tells_no_commit_so_nothing_in_it_counts() -> None:
    people = [{"user": {"id": 1, "username": "root"}}, {"user": None}, {"user": 3}]
    found = gitlab_reviews.read({"id": 5, "approved_by": people})
    assert [r.who for r in found.refused] == ["root (gitlab 1)", "approval 2", "approval 3"]
    assert ["which commit" in r.reason for r in found.refused] == [True, False, False]
    assert found.reviews == ()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'[\n {"id": 1,}\n]', "reviews.json:2:11: is no JSON"),
        (b'[\n "\xff"]', "reviews.json:2:3: is not UTF-8"),
        (b"", "reviews.json:1:1: is no JSON"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"id": 1, "id": 2}', "a name twice"),
        (b"[NaN]", "NaN is no number"),
        (b"9" * 5000, "is no JSON that counts"),
    ],
    ids=["comma", "bytes", "empty", "deep", "twins", "nan", "digits"],
)
def test_broken_json_is_named_with_its_place(content: bytes, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_payload("reviews.json", content)
    assert message in str(caught.value)


def test_payload_and_option_must_not_differ() -> None:
    assert only_value("the author", "--pr-author", (None, 3)) == only_value("the author", "--pr-author", (3, 3)) == 3
    with pytest.raises(UsageError, match="differ on the author: 3 and 4"):
        only_value("the author", "--pr-author", (3, 4))
    with pytest.raises(UsageError, match="does not say the author"):
        only_value("the author", "--pr-author", (None, None))


@pytest.mark.skipif(not EXAMPLES, reason="ACCREDIT_OCTOKIT names no folder with @octokit's packages unpacked")
def test_githubs_own_webhook_examples_are_read() -> None:
    files = sorted(Path(EXAMPLES).glob("**/*webhooks-examples/*/index.json"))
    assert files
    for file in files:
        known = {entry["name"]: entry["examples"] for entry in json.loads(file.read_bytes())}
        for example in known["pull_request_review"]:
            found = github_reviews.read(example)
            assert (found.refused, len(found.reviews)) == ((), 1)
            assert found.head == example["pull_request"]["head"]["sha"]
            assert found.author == found.reviews[0].user_id
            assert counted(found, found.head) == []  # comments, and one that was dismissed
            approval = {**example, "review": {**example["review"], "state": "approved"}}
            assert counted(github_reviews.read(approval), found.head) == [(found.author, "approved")]


@pytest.mark.skipif(not EXAMPLES, reason="ACCREDIT_OCTOKIT names no folder with @octokit's packages unpacked")
def test_githubs_own_rest_examples_are_read() -> None:
    (file,) = Path(EXAMPLES).glob("**/*openapi/generated/api.github.com.json")
    examples = json.loads(file.read_bytes())["components"]["examples"]
    commit = "ecdd80bb57125d7ba9641ffaa4d7d2c19d3f3091"
    assert counted(github_reviews.read(examples["pull-request-review-items"]["value"]), commit) == [(1, "approved")]
    single = {name: [examples[f"pull-request-review{name}"]["value"]] for name in ("", "-3", "-4", "-5")}
    states = {name: counted(github_reviews.read(listed), commit) for name, listed in single.items()}
    assert states == {
        "": [(1, "changes_requested")],
        "-3": [],
        "-4": [(1, "approved")],
        "-5": [(1, "changes_requested")],
    }
