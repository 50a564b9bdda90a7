"""`accredit incident`: records what went wrong, and says by when it is to be reported."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Annotated

import typer

from accredit.cli.console import say
from accredit.cli.place import registry_at, shown_from_here
from accredit.cli.scaffold.write import write_new
from accredit.cli.start import Registry
from accredit.cli.workspace import By, ModelArgument, as_written
from accredit.errors import UsageError
from accredit.reports.plain import one_line


def incident(  # noqa: PLR0913 - one parameter an option
    model_id: ModelArgument,
    *,
    kind: Annotated[
        str,
        typer.Option(
            metavar="KIND", help="death, harm, discrimination, data_breach, security, outage, drift or other."
        ),
    ],
    severity: Annotated[str, typer.Option(metavar="LEVEL", help="minor, serious or widespread.")],
    title: Annotated[str, typer.Option(metavar="TEXT", help="What happened, in a line.")],
    description: Annotated[str, typer.Option(metavar="TEXT", help="What happened, to whom, and how it was found.")],
    version: Annotated[
        list[str] | None, typer.Option(metavar="VERSION", help="A version concerned. Repeatable. Default: all.")
    ] = None,
    detected: Annotated[
        str, typer.Option(metavar="TIME", show_default=False, help="When somebody noticed it (UTC). Default: now.")
    ] = "",
    owner: Annotated[
        str, typer.Option(metavar="PERSON", show_default=False, help="Who sees it through. Default: the model's owner.")
    ] = "",
    name: Annotated[
        str, typer.Option("--id", metavar="ID", show_default=False, help="Default: of model and day.")
    ] = "",
    by: By = "",
    registry: Registry = None,
) -> None:
    """Record an incident; the deadlines to report it follow from the policy."""
    from accredit.cli.sealing import Hand  # noqa: PLC0415 - loads cryptography
    from accredit.signing.incident_file import Happened, draft_incident, reports_of  # noqa: PLC0415

    root = registry_at(registry)
    workspace = as_written(root)
    finder = Hand.of(workspace.loaded.registry.people, by, None, signs=not by).person
    happened = Happened(model_id, version or (), kind, severity, title, description, owner, finder, _moment(detected))
    proposed = draft_incident(workspace, happened, name)
    shown = f"{shown_from_here(root)}{proposed.path}"
    if os.path.lexists(root / proposed.path) or write_new(root, {proposed.path: proposed.text}).left:
        raise UsageError(f"{shown} exists already", "Choose another id.")
    typer.echo(f"wrote {shown}")
    for owed in reports_of(proposed, workspace):
        source = f" ({owed.rules.source})" if owed.rules.source else ""
        asks = "Report it" if owed.is_owed else "Find out whether to report it"
        say(one_line(f"{asks} to {owed.rules.to} by {owed.deadline:%Y-%m-%d %H:%M} UTC{source}: {owed.duty}"))
    say(f"Next: git add {shown} && git commit")


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--detected {text} is not a time", "Write one such as 2026-11-23T10:00.") from error
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
