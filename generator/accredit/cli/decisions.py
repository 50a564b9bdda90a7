"""`accredit decisions`: the manifests of stored prediction logs."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from accredit.cli.console import say
from accredit.cli.place import registry_at, shown_from_here
from accredit.cli.scaffold.write import write_new
from accredit.cli.start import Registry
from accredit.cli.workspace import as_written
from accredit.domain.paths import version_path
from accredit.errors import UsageError
from accredit.reports.plain import one_line

decisions = typer.Typer(
    help="Record what stored prediction logs hold, in counts.",
    no_args_is_help=True,
    rich_markup_mode=None,
    epilog="Example: accredit decisions record october.csv.gz --model credit-risk --version 1.0.0 "
    "--period-from 2026-10-01 --period-to 2026-10-31 --favourable approved",
)


class Known(StrEnum):
    """How the groups of people are known."""

    SELF_REPORTED = "self_reported"
    OBSERVED = "observed"
    RECORDED = "recorded"


_RECORD = (
    "Example: accredit decisions record october.csv.gz --model credit-risk --version 1.0.0 --period-from 2026-10-01 "
    "--period-to 2026-10-31 --favourable approved --columns outcome=decision,gender=sex"
)


@decisions.command(epilog=_RECORD)
def record(  # noqa: PLR0913 - one parameter an option
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The log: .csv, .jsonl, both also .gz, or .parquet.")],
    *,
    model: Annotated[str, typer.Option(metavar="MODEL", help="The model's id.")],
    version: Annotated[str, typer.Option(metavar="VERSION", help="The version that decided.")],
    period_from: Annotated[str, typer.Option(metavar="DATE", help="First day of the period.")],
    period_to: Annotated[str, typer.Option(metavar="DATE", help="Last day of the period.")],
    uri: Annotated[
        str, typer.Option(metavar="URI", show_default=False, help="Where the log is kept. Default: the file's name.")
    ] = "",
    columns: Annotated[
        str,
        typer.Option(
            metavar="WHAT=COLUMN,...",
            show_default=False,
            help="Columns with other names: of outcome, of reasons, and of attributes whose groups policy fixes.",
        ),
    ] = "",
    favourable: Annotated[
        str, typer.Option(metavar="VALUE", show_default=False, help="The outcome that is good for the person.")
    ] = "",
    source: Annotated[Known, typer.Option(help="How the groups of people are known.")] = Known.RECORDED,
    registry: Registry = None,
) -> None:
    """Read a prediction log once and write its manifest: digest, counts, share with reasons, outcomes per group."""
    from accredit.exchange.decision_manifest import Request, manifest, period_name  # noqa: PLC0415
    from accredit.signing.record import draft  # noqa: PLC0415

    root = registry_at(registry)
    workspace = as_written(root)
    found = workspace.version(model, version)
    first, last = _day(period_from, "--period-from"), _day(period_to, "--period-to")
    if last < first:
        raise UsageError(f"the period ends on {last}, before it begins on {first}", "Exchange them.")
    request = Request(file, first, last, uri, _mapping(columns), favourable, source.value)
    fields, tally = manifest(request, workspace.policy)
    path = version_path(found.model_id, found.id, f"decisions/{period_name(first, last)}.yaml")
    proposed = draft(path, fields)
    if favourable and tally.records and not tally.favourable_records:
        say(one_line(f"warning: no decision has the outcome {favourable}"))
    if write_new(root, {proposed.path: proposed.text}).left:
        raise UsageError(f"{shown_from_here(root)}{path} exists already", "A period is recorded once; remove it first.")
    typer.echo(f"wrote {shown_from_here(root)}{path}")
    say(f"{tally.records:,} decisions. The log itself stays where it is; keep it as long as policy says.")


def _mapping(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in filter(None, text.split(",")):
        what, is_pair, column = part.partition("=")
        if not is_pair or not what or not column or what in found:
            raise UsageError(f"--columns {part} is not WHAT=COLUMN", "As in --columns outcome=decision,gender=sex.")
        found[what] = column
    return found


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text} is not a date", "Write a date such as 2026-10-31.") from error
