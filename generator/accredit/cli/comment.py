"""`accredit comment`: what a pull request proposes and what comes of it, for whoever reviews it."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from accredit.cli.check import AsOf, Root, day
from accredit.cli.keeping import user_cache
from accredit.cli.output import deliver
from accredit.cli.place import registry_at, shown_from_here
from accredit.cli.start import Registry
from accredit.errors import UsageError
from accredit.loading.folder import Folder
from accredit.loading.tree import load

_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&+,;=%-]{1,2000}")


class Forge(StrEnum):
    """Where the comment goes, which decides how long it may be."""

    GITHUB = "github"
    GITLAB = "gitlab"


class CommentFormat(StrEnum):
    """What to write."""

    MARKDOWN = "markdown"
    JSON = "json"


BaseRevision = Annotated[
    str,
    typer.Option(
        "--base",
        metavar="REV",
        show_default=False,
        help="The revision to merge into, as in origin/main. Its people and policy judge.",
    ),
]


def comment(  # noqa: PLR0913 - one parameter an option
    *,
    base: BaseRevision,
    preview: Annotated[
        str, typer.Option(metavar="URL", show_default=False, help="Address of the site as it would be.")
    ] = "",
    format_: Annotated[
        CommentFormat, typer.Option("--format", "-f", help="The comment, or the same for a program.")
    ] = CommentFormat.MARKDOWN,
    forge: Annotated[Forge, typer.Option(help="Where it goes: a comment there has a greatest length.")] = Forge.GITHUB,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file, not to stdout.")] = None,
    as_of: AsOf = None,
    history: Annotated[bool, typer.Option(help="Prove sign-offs from git where policy asks for it.")] = True,
    begun: Root = "",
    registry: Registry = None,
) -> None:
    """Write the comment on a pull request: what it proposes, what comes of it, and who must still sign."""
    from accredit.proposals.fork import fork_of  # noqa: PLC0415 - loads git
    from accredit.proposals.proposal import proposal_of  # noqa: PLC0415
    from accredit.reports.comment import LIMITS, report  # noqa: PLC0415

    if preview and not _ADDRESS.fullmatch(preview):
        raise UsageError(f"--preview {preview} is no address of a page", "Write one such as https://example.org/12/.")
    root = registry_at(registry)
    fork = fork_of(root, base, begun)
    found = proposal_of(fork, load(Folder(root)), day(as_of), user_cache(), history=history)
    if format_ is CommentFormat.JSON:
        from accredit.reports.proposal import as_json  # noqa: PLC0415 - only this format needs it

        deliver(as_json(found), output)
        return
    deliver(report(found, shown_from_here(root), preview=preview, limit=LIMITS[forge.value]), output)
