"""`accredit check`: what is wrong with a registry, where, and what to do about it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cached_property
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
from accredit.findings import Finding, Severity
from accredit.loading.cache import EntryCache
from accredit.loading.folder import Folder
from accredit.loading.tree import Loaded, load
from accredit.reports import Format, render
from accredit.reports.selection import Selection
from accredit.signing.asking import clone_asked_for

if TYPE_CHECKING:
    from accredit.proposals.baseline import Baseline
    from accredit.proposals.fork import Fork
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
Base = Annotated[
    str,
    typer.Option(
        "--base",
        metavar="REV",
        show_default=False,
        help="Only what changed since this revision, judged by its people and policy, as in origin/main.",
    ),
]
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
    base: Base = "",
) -> None:
    """Check a registry against its schema and its policy; with --base, what a change brings about."""
    root = registry_at(path)
    selection = Selection.parse(select or [], ignore or [])
    colour = output is None and wants_colour(sys.stdout)
    today, shown, place = day(as_of), shown_from_here(root), user_cache() if cache else None
    kept = EntryCache(place) if place else None

    asked = Question(root, today, place, begun, base, history)

    def answer() -> Report:
        loaded = _load(root, kept)
        found, baseline = asked.answer(loaded, selection)
        text = render(format_, found, shown, colour=colour, baseline=baseline)
        return Report(text, fails(baseline.caused if baseline else found.findings, fail_on), loaded.snapshot)

    question = (format_.value, selection, fail_on.value, today.isoformat(), shown, colour, asked.commits, base, begun)
    report = recalled(root, question, answer, kept)
    deliver(report.text, output)
    if report.failed:
        raise typer.Exit(1)


@dataclass(frozen=True)
class Question:
    """What somebody wants to know of a registry in a folder, and the commits on which the answer depends."""

    root: Path
    today: date
    place: Path | None
    """The user's cache folder."""
    begun: str
    base: str
    """The revision that a change is held against; empty to look at everything."""
    history: bool

    @cached_property
    def fork(self) -> Fork | None:
        """Where the change left its base; None without a base."""
        if not self.base:
            return None
        from accredit.proposals.fork import fork_of  # noqa: PLC0415 - loads git

        return fork_of(self.root, self.base, self.begun)

    @cached_property
    def clone(self) -> Clone | None:
        """The clone whose history is asked, if policy asks for it and there is no base."""
        if self.base or not self.history:
            return None
        try:
            return clone_asked_for(self.root, self.begun)
        except GitError as error:
            raise GitError(str(error), f"{error.hint} Or leave history out: --no-history.") from error

    @property
    def commits(self) -> tuple[str, ...]:
        """What the answer depends on besides the files: commits, and whether their history is asked."""
        compared = self.fork.commits if self.fork else ()
        return (*compared, self.clone.commit if self.clone else "", "proved" if self.history else "declared")

    def answer(self, loaded: Loaded, selection: Selection) -> tuple[Assessment, Baseline | None]:
        """What is true, and what became of the findings since the base, as far as selected."""
        if self.fork is None:
            proof = self.clone.verification(cache=self.place) if self.clone else None
            return selection.of(assess(loaded, self.today, proof)), None
        from accredit.proposals.proposal import proposal_of  # noqa: PLC0415 - loads git

        found = proposal_of(self.fork, loaded, self.today, self.place, history=self.history)
        return selection.of(found.now), found.baseline(selection.of)


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


def fails(findings: Iterable[Finding], fail_on: FailOn) -> bool:
    """Whether a finding is at or above the threshold."""
    if fail_on is FailOn.NEVER:
        return False
    return any(f.severity >= Severity[fail_on.name] for f in findings)
