"""`accredit retention`: what is kept until when and why, what falls due, and whether stored objects are there."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accredit.cli.console import say
from accredit.cli.output import deliver, replace_file
from accredit.cli.place import registry_at, shown_from_here
from accredit.cli.start import Registry
from accredit.cli.workspace import By, ModelArgument, moment, opened, people_before
from accredit.errors import UsageError
from accredit.reports.plain import one_line

if TYPE_CHECKING:
    from datetime import date

    from accredit.domain.registry import ModelVersion
    from accredit.signing.storage_checks import Round
    from accredit.signing.workspace import Workspace
    from accredit.storage.look import Stores

retention = typer.Typer(
    help="What is kept until when and why, what falls due, and whether stored objects are there. Nothing is deleted.",
    no_args_is_help=True,
    rich_markup_mode=None,
    epilog="Example: accredit retention due --within 90d",
)
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", show_default=False, help="The day. Default: today (UTC).")
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file, not to stdout.")]
OneModel = Annotated[str, typer.Argument(metavar="MODEL", show_default=False, help="Only versions of this model.")]
OneVersion = Annotated[str, typer.Argument(metavar="VERSION", show_default=False, help="Only this version.")]


class Form(StrEnum):
    """What to write."""

    TEXT = "text"
    JSON = "json"


class DueForm(StrEnum):
    """What to write."""

    TEXT = "text"
    JSON = "json"
    ICS = "ics"


@retention.command(epilog="Example: accredit retention schedule credit-risk 1.0.0")
def schedule(  # noqa: PLR0913 - one parameter an option
    model_id: ModelArgument,
    version_id: OneVersion = "",
    *,
    format_: Annotated[Form, typer.Option("--format", "-f", help="What to write.")] = Form.TEXT,
    output: Output = None,
    as_of: AsOf = None,
    registry: Registry = None,
) -> None:
    """Show how long each record of a model is kept, and why."""
    from accredit.reports import retention as report  # noqa: PLC0415 - only these commands need it

    workspace = opened(registry_at(registry), moment(as_of))
    kept = {v.id: workspace.agenda.schedule(v) for v in _versions(workspace, model_id, version_id)}
    if format_ is Form.JSON:
        deliver(report.schedule_json(k for every in kept.values() for k in every), output)
    else:
        parts = (f"{model_id}@{name}\n{report.schedule_text(every)}" for name, every in kept.items())
        deliver("\n".join(parts), output)


@retention.command(epilog="Example: accredit retention due --within 1y --format ics -o due.ics")
def due(
    *,
    within: Annotated[str, typer.Option(metavar="TIME", help="How far to look: days, weeks, months or years.")] = "90d",
    format_: Annotated[DueForm, typer.Option("--format", "-f", help="What to write.")] = DueForm.TEXT,
    output: Output = None,
    as_of: AsOf = None,
    registry: Registry = None,
) -> None:
    """Say what is late, what falls due, and what people must decide."""
    from accredit.domain.icalendar import calendar  # noqa: PLC0415 - only this command needs it
    from accredit.reports import retention as report  # noqa: PLC0415

    workspace = opened(registry_at(registry), moment(as_of))
    last = _until(workspace.today, within)
    dues = [d for d in workspace.agenda.dues() if d.day <= last]
    if format_ is DueForm.ICS:
        name = workspace.loaded.registry.identity.name if workspace.loaded.registry.identity else "accredit"
        deliver(calendar(dues, name, workspace.registry_id, workspace.today), output)
        return
    make = report.due_json if format_ is DueForm.JSON else report.due_text
    deliver(make(dues, _decisions(workspace), workspace.today, last), output)


@retention.command(epilog="Example: accredit retention verify --root . --remote --by training-bot")
def verify(  # noqa: PLR0913 - one parameter an option
    model_id: OneModel = "",
    version_id: OneVersion = "",
    *,
    root: Annotated[
        Path | None,
        typer.Option(metavar="DIR", show_default=False, help="The folder whose files may be read, for file: and dvc:."),
    ] = None,
    remote: Annotated[bool, typer.Option("--remote", help="Ask buckets and web servers too.")] = False,
    only: Annotated[
        list[str] | None, typer.Option(metavar="HOST", help="Ask only this host or bucket. Repeatable.")
    ] = None,
    by: By = "",
    registry: Registry = None,
) -> None:
    """Look at stored objects, and write what was found into `verifications/`; nothing is ever deleted."""
    from accredit.cli.sealing import Hand  # noqa: PLC0415 - loads cryptography
    from accredit.reports.tool import VERSION  # noqa: PLC0415
    from accredit.signing.storage_checks import rounds, written  # noqa: PLC0415

    place = registry_at(registry)
    workspace = opened(place)
    who = Hand.of(people_before(place), by, None, signs=not by).person
    stores = _stores(root, frozenset(only or ()), remote=remote)
    faults = skipped = 0
    for one in rounds(workspace, stores, _versions(workspace, model_id, version_id)):
        _tell(one)
        faults, skipped = faults + len(one.faults), skipped + len(one.seen) - len(one.found)
        if one.found:
            proposed = written(one, workspace.now, who, VERSION)
            _replace(place, proposed.path, proposed.text)
    if skipped:
        say(f"{skipped} objects were not looked at.")
    if faults:
        raise typer.Exit(1)


def _stores(root: Path | None, only: frozenset[str], *, remote: bool) -> Stores:
    from accredit.storage.local import Room  # noqa: PLC0415 - only this command looks at stores
    from accredit.storage.look import Stores  # noqa: PLC0415
    from accredit.storage.remote import Reach, Remote  # noqa: PLC0415

    if root is not None and not root.is_dir():
        raise UsageError(f"there is no folder {root}", "Name the folder whose files may be read.")
    return Stores(Room(root) if root else None, Remote(Reach(only)) if remote else None)


def _versions(workspace: Workspace, model: str, version: str) -> tuple[ModelVersion, ...]:
    """The versions that are meant: one, all of a model, or all."""
    if version:
        return (workspace.version(model, version),)
    known = workspace.loaded.registry
    if model and model not in known.models:
        raise UsageError(f"there is no model {model} that can be read", f"Known models: {', '.join(known.models)}.")
    return tuple(known.models[model].versions.values()) if model else tuple(known.versions())


def _until(day: date, within: str) -> date:
    from accredit.domain.calendar import months_after  # noqa: PLC0415

    found = re.fullmatch(r"([0-9]{1,4})([dwmy])", within)
    if found is None:
        raise UsageError(f"--within {within} is no time", "Write days, weeks, months or years, as in 90d, 6m or 1y.")
    count = int(found[1])
    if found[2] in "my":
        return months_after(day, count * (12 if found[2] == "y" else 1))
    return day + timedelta(count * (7 if found[2] == "w" else 1))


def _decisions(workspace: Workspace) -> list[tuple[str, str]]:
    """What only people can settle: minimum against maximum, and data that stayed past its maximum."""
    found: dict[tuple[str, str], None] = {}
    for model in workspace.assessment.models.values():
        for version in model.versions.values():
            for code in ("POL105", "RET105"):
                verdicts = version.results[code].verdicts
                found |= {(v.message, v.help): None for v in verdicts if v.outcome in ("inconclusive", "fail")}
    return list(found)


def _tell(one: Round) -> None:
    from accredit.domain.address import without_secrets  # noqa: PLC0415

    for seen in one.seen:
        pointer = seen.pointer
        result = f"{seen.found.result} ({seen.found.method})" if seen.found else "not looked at"
        reason = f": {seen.reason}" if seen.reason else ""
        shown = f"{one.version.key}  {pointer.record}  {pointer.name}  {without_secrets(pointer.uri or '')}"
        typer.echo(one_line(f"{shown}  {result}{reason}"))


def _replace(root: Path, path: str, text: str) -> None:
    from accredit.cli.scaffold.write import make_folders  # noqa: PLC0415 - only this command writes

    make_folders(root, path)
    replace_file(root / path, text)
    say(f"wrote {shown_from_here(root)}{path}")
