"""`accredit check`: what is wrong with a registry, where, and what to do about it."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accredit.assess import Assessment, assess
from accredit.cli.console import progress, wants_colour
from accredit.cli.keeping import user_cache
from accredit.cli.output import deliver
from accredit.cli.place import registry_at, shown_from_here
from accredit.cli.recall import Report, recalled
from accredit.errors import GitError, UsageError
from accredit.findings import Severity
from accredit.loading.cache import EntryCache
from accredit.loading.folder import Folder
from accredit.loading.tree import Loaded, load
from accredit.reports import Format, render
from accredit.reports.selection import Selection
from accredit.signing.asking import clone_asked_for

if TYPE_CHECKING:
    from accredit.signing.clone import Clone


class FailOn(StrEnum):
    """The least severity that makes the command fail."""

    WARNING = "warning"
    ERROR = "error"
    BLOCKER = "blocker"
    NEVER = "never"


RegistryPath = Annotated[
    Path | None,
    typer.Argument(
        metavar="PATH", show_default=False, help="The registry's folder or its parent. Default: registry, else here."
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", show_default=False, help="Assess as of this day. Default: today (UTC)."),
]
Codes = list[str] | None
Root = Annotated[
    str, typer.Option("--root", metavar="COMMIT", show_default=False, help="The commit in which it must begin.")
]


def check(  # noqa: PLR0913 - one parameter an option
    path: RegistryPath = None,
    *,
    format_: Annotated[Format, typer.Option("--format", "-f", help="What to write.")] = Format.TEXT,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file, not to stdout.")] = None,
    select: Annotated[
        Codes, typer.Option(metavar="CODES", help="Only these codes or prefixes, as in CARD,FAIR10. Repeatable.")
    ] = None,
    ignore: Annotated[Codes, typer.Option(metavar="CODES", help="Not these codes or prefixes. Repeatable.")] = None,
    fail_on: Annotated[FailOn, typer.Option(help="The least severity that makes the exit code 1.")] = FailOn.ERROR,
    as_of: AsOf = None,
    cache: Annotated[bool, typer.Option(help="Remember what did not change in the user's cache folder.")] = True,
    history: Annotated[bool, typer.Option(help="Prove sign-offs from git where policy asks for it.")] = True,
    begun: Root = "",
) -> None:
    """Check a registry against its schema and its policy."""
    root = registry_at(path)
    selection = Selection.parse(select or [], ignore or [])
    colour = output is None and wants_colour(sys.stdout)
    today, shown, place = day(as_of), shown_from_here(root), user_cache() if cache else None
    kept = EntryCache(place) if place else None

    clone = _clone(root, begun) if history else None

    def answer() -> Report:
        loaded = _load(root, kept)
        found = selection.of(assess(loaded, today, clone.verification(cache=place) if clone else None))
        return Report(render(format_, found, shown, colour=colour), fails(found, fail_on), loaded.snapshot)

    commit = clone.commit if clone else ""
    question = (format_.value, selection, fail_on.value, today.isoformat(), shown, colour, commit, begun)
    report = recalled(root, question, answer, kept)
    deliver(report.text, output)
    if report.failed:
        raise typer.Exit(1)


def _clone(root: Path, begun: str) -> Clone | None:
    """The clone whose history is asked, if policy asks for it."""
    try:
        return clone_asked_for(root, begun)
    except GitError as error:
        raise GitError(str(error), f"{error.hint} Or leave history out: --no-history.") from error


def _load(root: Path, cache: EntryCache | None) -> Loaded:
    """The registry in a folder, with a progress bar where it takes a while."""
    with progress("Reading the registry") as show:
        return load(Folder(root), show, cache)


def day(text: str | None) -> date:
    """The day that was asked for, or today. The clock is read here and nowhere else."""
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--as-of {text} is not a date", "Write a date such as 2026-11-23.") from error


def fails(assessment: Assessment, fail_on: FailOn) -> bool:
    """Whether a finding is at or above the threshold."""
    if fail_on is FailOn.NEVER:
        return False
    return any(f.severity >= Severity[fail_on.name] for f in assessment.findings)
