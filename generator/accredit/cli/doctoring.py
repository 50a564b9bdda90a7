"""`accredit doctor`: what stops sign-off here, and what will soon."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from accredit.cli.keeping import user_cache
from accredit.cli.output import deliver
from accredit.cli.place import registry_at, shown_from_here
from accredit.cli.verifying import Form, Shape
from accredit.cli.workspace import moment


def doctor(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="PATH", show_default=False, help="The registry. Default: registry, else here."),
    ] = None,
    *,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", show_default=False, help="Look as of this day.")
    ] = None,
    format_: Form = Shape.TEXT,
) -> None:
    """Say what ails the clone, the people and the deadlines, and what to do; exit code 1 if it stops something."""
    from accredit.reports import ailments as report  # noqa: PLC0415 - only this command needs it
    from accredit.signing.doctor import diagnosis  # noqa: PLC0415 - loads git

    root = registry_at(path)
    found = diagnosis(root, moment(as_of), user_cache())
    make = report.as_json if format_ is Shape.JSON else report.text
    deliver(make(found, shown_from_here(root)), None)
    if any(ailment.grave for ailment in found):
        raise typer.Exit(1)
