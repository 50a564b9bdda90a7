"""The reviews that GitHub's own description of its API shows are read as what they are."""

from __future__ import annotations

import pytest
from tests.support.github_description import check_against_description, description

from accredit.exchange.github_reviews import read

pytestmark = pytest.mark.skipif(
    description() is None, reason="@octokit/openapi (npm) is in no folder of NODE_PATH, which tests against GitHub need"
)


def test_the_reviews_of_the_description_are_read() -> None:
    known = description()
    assert known
    examples = known["components"]["examples"]
    shown = [e["value"] for name, e in examples.items() if name.startswith("pull-request-review-items")]
    listed = [review for value in shown for review in (value if isinstance(value, list) else [value])]
    states = {r["state"] for r in listed}
    assert "APPROVED" in states
    found = read(listed)
    assert len(found.reviews) + len(found.refused) == len(listed)
    assert {r.user_id for r in found.reviews} == {r["user"]["id"] for r in listed if r["state"] == "APPROVED"}


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ('["GET", "repos/a/b/pulls", {"headd": "x"}]', "[]"),
        ('["GET", "repos/a/b/pulls", {"state": "merged"}]', "[]"),
        ('["GET", "repos/a/b/pulls", {}]', '[{"author": 1}]'),
        ('["POST", "repos/a/b/issues/1/comments", {"text": "x"}]', ""),
        ('["GET", "repos/a/b/pulls/1/approvals", {}]', "[]"),
    ],
)
def test_what_github_does_not_know_is_noticed(tmp_path, asked: str, answer: str) -> None:
    (tmp_path / "gh-asked").write_text(asked)
    (tmp_path / "repos/a/b").mkdir(parents=True)
    (tmp_path / "repos/a/b/pulls.json").write_text(answer)
    with pytest.raises(Exception):  # noqa: B017, PT011 - an assertion, a key or a schema
        check_against_description(tmp_path)
