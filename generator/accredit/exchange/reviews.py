"""Reviews of a pull or merge request as a forge tells of them: what they have in common, and which of them decide."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from accredit.domain.value import GitCommit, Instant
from accredit.errors import UsageError

T = TypeVar("T")
Forge = Literal["github", "gitlab"]
State = Literal["approved", "changes_requested", "commented", "dismissed", "pending"]
MAX_BYTES = 32_000_000
"""A page of a forge has a hundred reviews; nobody has so many that a file of this size is one."""
DECISIVE: tuple[State, ...] = ("approved", "changes_requested")
_SUPERSEDING: tuple[State, ...] = (*DECISIVE, "dismissed")
"""A dismissed review takes the place of earlier ones: what it replaced does not come back."""

Login = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.\[\]-]{1,255}$")]


class Wire(BaseModel):
    """Part of what a forge sends. Its own other fields are passed over."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


def _moment(value: object) -> object:
    """A moment as forges write it: ISO 8601, or GitLab's older `2026-11-23 10:00:00 UTC`."""
    if not isinstance(value, str):
        return value
    moment = datetime.fromisoformat(value.removesuffix(" UTC"))
    if moment.tzinfo is None and not value.endswith(" UTC"):
        raise ValueError("the moment has no UTC offset")
    return moment.replace(tzinfo=moment.tzinfo or UTC)


Moment = Annotated[Instant, BeforeValidator(_moment)]


@dataclass(frozen=True, slots=True)
class Review:
    """One review, with what identifies it at the forge."""

    forge: Forge
    id: int
    """GitHub: of the review. GitLab, where approvals have none: of the merge request."""
    user_id: int
    """Number of the account, which stays when the login changes hands."""
    login: str
    state: State
    commit: GitCommit | None
    """What was reviewed; None where the forge does not know it any more, or does not tell."""
    submitted: datetime | None
    url: str

    @property
    def who(self) -> str:
        """The account, for people."""
        return f"{self.login} ({self.forge} {self.user_id})"

    @property
    def statement(self) -> str:
        """The review in words, for the record that is signed."""
        when = self.submitted.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if self.submitted else "an unknown time"
        return (
            f"Review {self.id} on {self.forge}, taken over and not signed by the reviewer.\n\n"
            f"- account: {self.user_id} (`{self.login}`)\n- state: {self.state}\n- commit: {self.commit}\n"
            f"- submitted: {when}\n- url: <{self.url}>\n"
        )


@dataclass(frozen=True, slots=True)
class Refused:
    """A review that is not taken over, and why."""

    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reviews:
    """What a payload says."""

    reviews: tuple[Review, ...]
    """In the order of the forge, the oldest first."""
    refused: tuple[Refused, ...] = ()
    """What cannot be read as a review."""
    author: int | None = None
    """Account of whoever made the pull request; None where the payload does not say."""
    head: str | None = None
    """The last commit of the pull request; None where the payload does not say."""


def parse_payload(name: str, content: bytes) -> Any:
    """The JSON of a payload.

    Args:
        name: What the file is called in messages.
        content: The bytes.

    Raises:
        UsageError: where they are no JSON (RFC 8259), with line and column.
    """
    if len(content) > MAX_BYTES:
        raise UsageError(f"{name} has more than {MAX_BYTES:,} bytes", "Import the reviews of one pull request.")
    hint = "Save the answer of the forge as it came."
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_without_twins, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise UsageError(f"{name}:{line}:{column}: is not UTF-8", hint) from error
    except json.JSONDecodeError as error:
        raise UsageError(f"{name}:{error.lineno}:{error.colno}: is no JSON: {error.msg}", hint) from error
    except RecursionError as error:
        raise UsageError(f"{name} is nested too deeply", hint) from error
    except ValueError as error:  # a twin, NaN, or a number of thousands of digits
        raise UsageError(f"{name} is no JSON that counts: {error}", hint) from error


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are all different, so that no two readers see different values."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object has a name twice")
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def fault(error: ValidationError) -> str:
    """The first thing that is wrong with part of a payload."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else first["msg"]


def last_decisions(reviews: Iterable[Review], head: str) -> tuple[tuple[Review, ...], tuple[Refused, ...]]:
    """The last review of each account that decides, if it stands and is of the head.

    Comments decide nothing and supersede nothing.

    Args:
        reviews: The reviews, the oldest first.
        head: The commit that was to be reviewed.

    Returns:
        Those that count so far, and all others with the reason.
    """
    ordered = sorted(reviews, key=_submitted)
    last = {r.user_id: r for r in ordered if r.state in _SUPERSEDING}
    reasons = [(r, _against(r, last.get(r.user_id), head)) for r in ordered]
    kept = tuple(r for r, reason in reasons if not reason)
    return kept, tuple(Refused(r.who, reason) for r, reason in reasons if reason)


def _submitted(review: Review) -> float:
    """What has no time keeps its place among those at the end, so that it is not hidden by an earlier decision."""
    return review.submitted.timestamp() if review.submitted else float("inf")


def _against(review: Review, last: Review | None, head: str) -> str:
    """Why a review does not count; empty where nothing is against it."""
    doubts = (
        (review.state == "commented", "a comment decides nothing"),
        (review.state == "pending", "the review is not submitted yet"),
        (review is not last, "superseded by a later review of the same account"),
        (review.state == "dismissed", "the review was dismissed or withdrawn"),
        (review.submitted is None, "the forge does not say when it was submitted"),
        (review.commit is None, "stale: the forge does not say which commit was reviewed"),
        (review.commit != head, f"stale: it is of {(review.commit or '')[:12]}, and the head is {head[:12]}"),
    )
    return next((reason for applies, reason in doubts if applies), "")


def only_value(what: str, option: str, said: Sequence[T | None]) -> T:
    """What the payload and the command line say of the same thing.

    Args:
        what: The thing, for messages.
        option: The option that says it.
        said: What each says; None for nothing.

    Raises:
        UsageError: where neither says it, or they differ.
    """
    found = list(dict.fromkeys(value for value in said if value is not None))
    if not found:
        raise UsageError(f"the payload does not say {what}", f"Name it with {option}.")
    if len(found) > 1:
        raise UsageError(f"{option} and the payload differ on {what}: {found[0]} and {found[1]}", "Correct one.")
    return found[0]
