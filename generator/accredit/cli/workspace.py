"""Opens a registry for commands that sign or ask who signed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accredit.cli.console import progress
from accredit.cli.keeping import user_cache
from accredit.domain.person import Person
from accredit.errors import GitError, UsageError
from accredit.loading.folder import Folder
from accredit.loading.tree import load

if TYPE_CHECKING:
    from accredit.signing.workspace import Workspace

ModelArgument = Annotated[str, typer.Argument(metavar="MODEL", help="The model's id, as in credit-risk.")]
VersionArgument = Annotated[str, typer.Argument(metavar="VERSION", help="The version, as in 1.0.0.")]
By = Annotated[
    str, typer.Option(metavar="PERSON", show_default=False, help="Who you are. Default: whose key it is, by people/.")
]
KeyFile = Annotated[
    str | None,
    typer.Option(metavar="FILE", show_default=False, help="The SSH key to sign with. Default: the one git signs with."),
]
NoSign = Annotated[bool, typer.Option("--no-sign", help="Do not sign: the record is no more than declared.")]


def opened(root: Path, at: datetime | None = None) -> Workspace:
    """The registry in a folder, now or at a time; with its history where policy wants more than declared sign-offs."""
    from accredit.signing.asking import clone_asked_for  # noqa: PLC0415 - only commands that sign need it
    from accredit.signing.workspace import Workspace  # noqa: PLC0415

    with progress("Reading the registry") as show:
        loaded = load(Folder(root), show)
    clone = clone_asked_for(root)
    return Workspace(loaded, at or now(), clone.verification(cache=user_cache()) if clone else None)


def proved(root: Path) -> Workspace:
    """The registry in a folder as it is now, with its history wherever there is one."""
    from accredit.signing.clone import landed_clone  # noqa: PLC0415 - loads git
    from accredit.signing.workspace import Workspace  # noqa: PLC0415

    clone = landed_clone(root)
    return Workspace(load(Folder(root)), now(), clone.verification(cache=user_cache()) if clone else None)


def as_written(root: Path) -> Workspace:
    """The registry in a folder as it is now, for what does not depend on who signed."""
    from accredit.signing.workspace import Workspace  # noqa: PLC0415 - only some commands need it

    return Workspace(load(Folder(root)), now())


def people_before(root: Path) -> Mapping[str, Person]:
    """The people as they were committed last; as the folder has them where there is no history."""
    from accredit.signing.clone import landed_clone  # noqa: PLC0415 - loads git

    clone = landed_clone(root)
    return (clone.loaded() if clone else load(Folder(root))).registry.people


def committed(root: Path, at: datetime, begun: str = "", checkpoint: str = "") -> tuple[Workspace, str]:
    """The registry as it was committed last, with its history; as the folder has it where there is none.

    Args:
        root: The registry's folder.
        at: The moment.
        begun: The commit in which it must begin; empty if nobody wrote it down.
        checkpoint: A commit that was verified earlier; empty if there is none.

    Returns:
        The registry, and the commit; empty without one.

    Raises:
        GitError: where there is no history that could begin or lead where somebody says.
    """
    from accredit.signing.clone import landed_clone  # noqa: PLC0415 - loads git
    from accredit.signing.workspace import Workspace  # noqa: PLC0415

    clone = landed_clone(root)
    if clone is not None:
        return Workspace(clone.loaded(), at, clone.verification(begun, checkpoint, user_cache())), clone.commit
    if begun or checkpoint:
        raise GitError("the registry has no history: nothing of it was committed", "Commit it.")
    return Workspace(load(Folder(root)), at), ""


def now() -> datetime:
    """The time. The clock is read here for commands that write it down."""
    return datetime.now(UTC)


def moment(as_of: str | None) -> datetime:
    """The end of the day that was asked for, or now."""
    if as_of is None:
        return now()
    try:
        return datetime.fromisoformat(f"{as_of}T23:59:59+00:00")
    except ValueError as error:
        raise UsageError(f"--as-of {as_of} is not a date", "Write a date such as 2026-11-23.") from error
