"""`accredit audit`: everything that happened, as one list."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from accredit.cli.check import day
from accredit.cli.output import deliver
from accredit.cli.place import registry_at
from accredit.cli.start import Registry
from accredit.cli.workspace import committed, now


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
        typer.Option("--as-of", metavar="DATE", show_default=False, help="Only what landed or was by this day."),
    ] = None,
    format_: Annotated[LogFormat, typer.Option("--format", "-f", help="What to write.")] = LogFormat.TEXT,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file, not to stdout.")] = None,
    registry: Registry = None,
) -> None:
    """List every event of the registry as it was committed last, oldest first."""
    from accredit.domain.events import events, ndjson  # noqa: PLC0415 - only this command needs it
    from accredit.reports import events as report  # noqa: PLC0415

    workspace, _ = committed(registry_at(registry), now())
    known = workspace.loaded.registry
    lifecycles = workspace.context.lifecycles if known.policy else {}
    found = events(known, lifecycles, workspace.verification)
    if as_of is not None:
        last = day(as_of)
        found = tuple(event for event in found if event.at.date() <= last)
    make = {"text": report.text, "ndjson": ndjson, "csv": report.as_csv, "json": report.as_json}
    deliver(make[format_.value](found), output)
