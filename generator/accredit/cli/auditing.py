"""`accredit audit`: everything that happened, as one list; and what was in production on a day."""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accredit.cli.check import day
from accredit.cli.output import deliver
from accredit.cli.place import registry_at
from accredit.cli.start import Registry
from accredit.cli.workspace import as_written, committed, now
from accredit.errors import GitError, UsageError

if TYPE_CHECKING:
    from accredit.domain.event import Event
    from accredit.signing.as_of import Replay
    from accredit.signing.clone import Clone

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class LogFormat(StrEnum):
    """What to write."""

    TEXT = "text"
    NDJSON = "ndjson"
    CSV = "csv"
    JSON = "json"


def audit(
    *,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="DATE|REV",
            show_default=False,
            help="What was in production at the end of a day, or after a commit, and whether it was allowed.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="REV", show_default=False, help="Only what landed after this commit, audited before."
        ),
    ] = None,
    format_: Annotated[LogFormat, typer.Option("--format", "-f", help="What to write.")] = LogFormat.TEXT,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file, not to stdout.")] = None,
    registry: Registry = None,
) -> None:
    """List every event of the registry as it was committed last, oldest first; or replay a day."""
    from accredit.domain.events import ndjson  # noqa: PLC0415 - only this command needs it
    from accredit.reports import events as log  # noqa: PLC0415
    from accredit.reports import replay as report  # noqa: PLC0415

    root = registry_at(registry)
    if as_of is not None and since is not None:
        raise UsageError("--as-of replays a day, and --since lists events", "Give one of them.")
    if as_of is not None:
        shown = _replayed(root, as_of)
        write = {"text": report.text, "ndjson": report.ndjson, "csv": report.as_csv, "json": report.as_json}
        deliver(write[format_.value](shown), output)
        return
    make = {"text": log.text, "ndjson": ndjson, "csv": log.as_csv, "json": log.as_json}
    deliver(make[format_.value](_events(root, since)), output)


def _events(root: Path, since: str | None) -> tuple[Event, ...]:
    """Every event, or those that landed after a commit."""
    from accredit.domain.events import events  # noqa: PLC0415 - only this command needs it

    workspace, commit = committed(root, now())
    known = workspace.loaded.registry
    lifecycles = workspace.context.lifecycles if known.policy else {}
    found = events(known, lifecycles, workspace.verification, workspace.today)
    if since is None:
        return found
    first = _position(_clone(root), commit, since)
    return tuple(event for event in found if event.landed is not None and event.landed.position > first)


def _position(clone: Clone, tip: str, revision: str) -> int:
    """How many landings came before the one that was audited."""
    from accredit.history.timeline import Timeline  # noqa: PLC0415 - loads git

    commit, timeline = clone.repository.resolve(revision), Timeline.of(clone.repository, tip)
    timeline.day_of(commit)  # refuses what is no landing: events after it would be anybody's guess
    return timeline.commits.index(commit)


def _clone(root: Path) -> Clone:
    from accredit.signing.clone import landed_clone  # noqa: PLC0415 - loads git

    clone = landed_clone(root)
    if clone is None:
        raise GitError("the registry has no history: nothing of it was committed", "Commit it, or leave out --since.")
    return clone


def _replayed(root: Path, as_of: str) -> Replay:
    """The registry at the end of a day, or after a commit, judged by the policy of then and by today's."""
    from accredit.history.timeline import Timeline  # noqa: PLC0415 - loads git
    from accredit.signing.as_of import replayed  # noqa: PLC0415
    from accredit.signing.clone import is_in_git, landed_clone  # noqa: PLC0415

    clone = landed_clone(root) if is_in_git(root) else None
    if clone is None:
        workspace = as_written(root)
        return replayed(workspace.loaded, None, day(as_of), workspace.policy)
    timeline = Timeline.of(clone.repository, clone.commit)
    if _DATE.fullmatch(as_of):
        when = day(as_of)
        commit = timeline.by(when)
    else:
        commit = clone.repository.resolve(as_of)
        when = timeline.day_of(commit)
    if not commit:
        raise UsageError(f"nothing had landed by {as_of}", f"The history begins on {timeline.days[0]}.")
    today, _ = committed(root, now())
    policy = (today.verification.policy if today.verification else None) or today.policy
    then = replace(clone, commit=commit)
    return replayed(then.loaded(), then.verification(), when, policy, commit)
