"""Approvals as GitLab tells of them: webhooks of a merge request, or the list `GET /merge_requests/N/approvals`.

The list names neither a commit nor, in older releases, a time, so that nothing in it can be held against the head. It
is read all the same, and says for each approval why it does not count.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from accredit.domain.value import GitCommit, Url
from accredit.errors import UsageError
from accredit.exchange.reviews import Login, Moment, Refused, Review, Reviews, State, Wire, fault

_STATES: dict[str, State] = {
    "approved": "approved",  # the last approval that was required
    "approval": "approved",  # one of several
    "unapproved": "dismissed",
    "unapproval": "dismissed",
}
_HINT = "Save the webhook of the merge request (action approved or approval), or several of them as a JSON list."


class _User(Wire):
    id: Annotated[int, Field(ge=1)]
    username: Login


class _Commit(Wire):
    id: GitCommit


class _MergeRequest(Wire):
    id: Annotated[int, Field(ge=1)]
    author_id: Annotated[int, Field(ge=1)]
    action: str = ""
    last_commit: _Commit
    updated_at: Moment
    url: Url


class _Event(Wire):
    object_kind: Literal["merge_request"]
    user: _User | None
    object_attributes: _MergeRequest


class _Approval(Wire):
    user: _User | None
    approved_at: Moment | None = None


class _Approvals(Wire):
    approved_by: list[Any]


def read(document: Any) -> Reviews:
    """The approvals of a payload.

    Raises:
        UsageError: where it is neither a webhook, nor several of one merge request, nor the list.
    """
    if isinstance(document, dict) and "approved_by" in document:
        return _approvals(document)
    events = document if isinstance(document, list) else [document]
    try:
        read_events = [_Event.model_validate(event) for event in events]
    except ValidationError as error:
        raise UsageError(f"the payload is no webhook of a merge request at {fault(error)}", _HINT) from error
    if not read_events:
        return Reviews(())
    asked = {(e.object_attributes.id, e.object_attributes.author_id) for e in read_events}
    if len(asked) > 1:
        raise UsageError("the webhooks are of several merge requests", "Import one merge request at a time.")
    found = [_review(event) for event in read_events]
    newest = max(read_events, key=lambda event: event.object_attributes.updated_at).object_attributes
    refused = tuple(r for r in found if isinstance(r, Refused))
    return Reviews(tuple(r for r in found if isinstance(r, Review)), refused, newest.author_id, newest.last_commit.id)


def _review(event: _Event) -> Review | Refused:
    asked, user = event.object_attributes, event.user
    if user is None:
        return Refused(f"merge request {asked.id}", "the account is gone: GitLab names no user")
    state = _STATES.get(asked.action, "commented")
    return Review("gitlab", asked.id, user.id, user.username, state, asked.last_commit.id, asked.updated_at, asked.url)


def _approvals(document: dict[str, Any]) -> Reviews:
    try:
        items = _Approvals.model_validate(document).approved_by
    except ValidationError as error:
        raise UsageError(f"the payload is malformed at {fault(error)}", _HINT) from error
    return Reviews((), tuple(_unplaced(number, item) for number, item in enumerate(items, 1)))


def _unplaced(number: int, item: Any) -> Refused:
    try:
        user = _Approval.model_validate(item).user
    except ValidationError as error:
        return Refused(f"approval {number}", f"malformed: {fault(error)}")
    if user is None:
        return Refused(f"approval {number}", "the account is gone: GitLab names no user")
    reason = "stale: GitLab's list does not say which commit was approved; import the webhook, which does"
    return Refused(f"{user.username} (gitlab {user.id})", reason)
