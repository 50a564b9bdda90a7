"""`accredit renumber`: two branches gave one number to two records, and the later one takes the next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accredit.cli.comment import BaseRevision
from accredit.cli.console import say
from accredit.cli.keeping import user_cache
from accredit.cli.output import replace_file
from accredit.cli.place import registry_at, shown_from_here
from accredit.cli.scaffold.write import make_folders, write_new
from accredit.cli.sealing import Hand
from accredit.cli.start import Registry
from accredit.cli.workspace import By, KeyFile, NoSign, now
from accredit.errors import UsageError

if TYPE_CHECKING:
    from accredit.proposals.renumbering import Repair


def renumber(  # noqa: PLR0913 - one parameter an option
    *,
    base: BaseRevision,
    by: By = "",
    key: KeyFile = None,
    no_sign: NoSign = False,
    drop: Annotated[
        bool, typer.Option("--drop", help="Give up the requests of this change instead, and keep those of the base.")
    ] = False,
    registry: Registry = None,
) -> None:
    """Give requests whose numbers the base has used meanwhile the next ones, and sign them again."""
    from accredit.proposals.fork import fork_of  # noqa: PLC0415 - loads git
    from accredit.proposals.renumbering import repair_of  # noqa: PLC0415

    root = registry_at(registry)
    fork = fork_of(root, base)
    repair = repair_of(fork, root)
    if repair is None:
        typer.echo(f"Nothing to do: no number of this change belongs to another record in {base}.")
        return
    asked = {} if drop else _asked_again(repair, by, key, no_sign=no_sign)
    texts = asked | {path: content.decode() for path, content in repair.moved.items()}
    _write(root, repair, texts)
    _tell(root, repair, texts)


def _asked_again(repair: Repair, by: str, key: str | None, *, no_sign: bool) -> dict[str, str]:
    """Path to text of every request made anew and of its signature."""
    from accredit.history.sshsig import CHANGE, REQUEST  # noqa: PLC0415 - loads cryptography

    texts: dict[str, str] = {}
    for path in repair.asked:
        of_change = path.startswith("changes/")
        people = (repair.base.loaded() if of_change else repair.loaded).registry.people
        hand = Hand.of(people, by, key, signs=of_change or not no_sign)
        texts |= hand.texts(repair.draft(path, hand.person, now(), user_cache()), CHANGE if of_change else REQUEST)
    return texts


def _write(root: Path, repair: Repair, texts: dict[str, str]) -> None:
    """Everything is signed by now. What was never merged gives way to what was; new files replace nothing."""
    try:
        base = {path: content.decode() for path, content in repair.tree.put.items()}
    except UnicodeDecodeError as error:
        raise UsageError("a record of the base is no text", "See what is wrong there: accredit check") from error
    for path, text in base.items():
        make_folders(root, path)
        replace_file(root / path, text)
    for path in sorted(repair.tree.dropped - set(base)):
        (root / path).unlink(missing_ok=True)
    result = write_new(root, texts)
    if result.left:
        raise UsageError(f"{', '.join(result.left)} appeared meanwhile and was left alone", "Look at it first.")


def _tell(root: Path, repair: Repair, texts: dict[str, str]) -> None:
    shown = shown_from_here(root)
    for path in sorted(repair.tree.put):
        typer.echo(f"as in the base {shown}{path}")
    for path in texts:
        typer.echo(f"wrote {shown}{path}")
    for path in repair.void:
        say(f"Gone: {shown}{path} was about the request that is made anew. Ask for it again once this one has landed.")
    say(f"Next: git add --all {shown or '.'} && git commit")
