"""Reviews as GitHub tells of them: the REST list `GET /pulls/N/reviews`, or the webhook `pull_request_review`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, ValidationError

from accredit.domain.value import GitCommit, Url
from accredit.errors import UsageError
from accredit.exchange.reviews import Login, Moment, Refused, Review, Reviews, State, Wire, fault

_STATES: dict[str, State] = {
    "approved": "approved",
    "changes_requested": "changes_requested",
    "commented": "commented",
    "dismissed": "dismissed",
    "pending": "pending",
}
"""REST writes them in capitals, webhooks in small letters."""
_HINT = "Save the answer of GET /repos/OWNER/REPO/pulls/NUMBER/reviews, or the webhook pull_request_review."


class _User(Wire):
    id: Annotated[int, Field(ge=1)]
    login: Login


class _Review(Wire):
    id: Annotated[int, Field(ge=1)]
    user: _User | None
    state: str
    commit_id: GitCommit | None
    submitted_at: Moment | None = None
    html_url: Url


class _Head(Wire):
    sha: GitCommit


class _PullRequest(Wire):
    user: _User | None
    head: _Head


class _Webhook(Wire):
    pull_request: _PullRequest


def read(document: Any) -> Reviews:
    """The reviews of a payload.

    Raises:
        UsageError: where it is neither the list nor the webhook.
    """
    if isinstance(document, list):
        return _listed(document)
    if not isinstance(document, dict) or not {"review", "pull_request"} <= document.keys():
        raise UsageError("the payload is neither GitHub's list of reviews nor a pull_request_review", _HINT)
    try:
        asked = _Webhook.model_validate(document).pull_request
    except ValidationError as error:
        raise UsageError(f"the payload is malformed at {fault(error)}", _HINT) from error
    found = _listed([document["review"]])
    return Reviews(found.reviews, found.refused, asked.user.id if asked.user else None, asked.head.sha)


def _listed(items: list[Any]) -> Reviews:
    found = [_review(number, item) for number, item in enumerate(items, 1)]
    kept = tuple(r for r in found if isinstance(r, Review))
    return Reviews(kept, tuple(r for r in found if isinstance(r, Refused)))


def _review(number: int, item: Any) -> Review | Refused:
    try:
        wire = _Review.model_validate(item)
    except ValidationError as error:
        return Refused(f"review {number}", f"malformed: {fault(error)}")
    state = _STATES.get(wire.state.lower())
    if wire.user is None:
        return Refused(f"review {wire.id}", "the account is gone: GitHub names no user")
    if state is None:
        return Refused(f"review {wire.id}", "malformed: a state that GitHub does not have")
    return Review(
        "github", wire.id, wire.user.id, wire.user.login, state, wire.commit_id, wire.submitted_at, wire.html_url
    )
