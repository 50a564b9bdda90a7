"""`accredit person`: who joins, and which keys count."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from accredit.cli.console import say
from accredit.cli.output import replace_file
from accredit.cli.place import registry_at, shown_from_here
from accredit.cli.scaffold.write import write_new
from accredit.cli.start import Registry
from accredit.cli.workspace import now
from accredit.domain.paths import parse_path, person_path
from accredit.errors import UsageError

person = typer.Typer(
    help="Add people, and change the keys with which they sign.",
    no_args_is_help=True,
    rich_markup_mode=None,
    epilog="Example: accredit person rotate ada --key ~/.ssh/id_new.pub",
)
PersonId = Annotated[str, typer.Argument(metavar="ID", help="The person's id, as in ada.")]
PublicKey = Annotated[Path, typer.Option("--key", metavar="FILE", help="The public key: SSH, or armoured OpenPGP.")]


@person.command(epilog="Example: accredit person add ada --name 'Ada Lovelace' --role validator --key ~/.ssh/id.pub")
def add(  # noqa: PLR0913 - one parameter an option
    person_id: PersonId,
    *,
    name: Annotated[str, typer.Option(metavar="TEXT", help="Full name.")],
    key: PublicKey,
    email: Annotated[str, typer.Option(metavar="ADDRESS", help="Work address, as in commits.")] = "",
    role: Annotated[list[str] | None, typer.Option(metavar="ROLE", help="A role from today on. Repeatable.")] = None,
    registry: Registry = None,
) -> None:
    """Add a person with a key and roles."""
    from accredit.signing.person_file import with_key  # noqa: PLC0415 - loads cryptography
    from accredit.signing.record import draft  # noqa: PLC0415

    root, path, today = registry_at(registry), _path(person_id), now().date()
    fields: dict[str, object] = {"name": name, "active_from": today}
    fields |= {"email": email} if email else {}
    fields |= {"roles": [{"role": r, "from": today} for r in role]} if role else {}
    text = with_key(path, draft(path, fields).text, _public(key))
    if write_new(root, {path: text}).left:
        raise UsageError(f"{shown_from_here(root)}{path} exists already", "Edit it, or choose another id.")
    _tell(root, path)


@person.command(epilog="Example: accredit person rotate ada --key ~/.ssh/id_new.pub")
def rotate(
    person_id: PersonId,
    *,
    key: PublicKey,
    keep: Annotated[bool, typer.Option("--keep", help="Let the keys of before count on.")] = False,
    registry: Registry = None,
) -> None:
    """Give a person a new key; those of before end where the change lands."""
    from accredit.history.signature import fingerprint  # noqa: PLC0415 - loads cryptography
    from accredit.signing.person_file import person_in, with_key, with_revocation  # noqa: PLC0415

    root, path = registry_at(registry), _path(person_id)
    text = _text(root, path)
    before = [fingerprint(k) for k in person_in(path, text).keys if k.revoked is None]
    text = with_key(path, text, _public(key))
    for old in () if keep else before:
        text = with_revocation(path, text, old, "Replaced by another key", None)
    replace_file(root / path, text)
    _tell(root, path)


@person.command(epilog="Example: accredit person revoke ada SHA256:... --reason 'Laptop lost' --since 2026-11-20")
def revoke(
    person_id: PersonId,
    key: Annotated[str, typer.Argument(metavar="FINGERPRINT", help="The key, as `accredit verify` shows it.")],
    *,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why the key counts no more.")],
    since: Annotated[
        str, typer.Option(metavar="DATE", show_default=False, help="In wrong hands since: what it signed is tainted.")
    ] = "",
    registry: Registry = None,
) -> None:
    """End a key: it counts no more from where the change lands."""
    from accredit.signing.person_file import with_revocation  # noqa: PLC0415 - loads cryptography

    root, path = registry_at(registry), _path(person_id)
    try:
        day = date.fromisoformat(since) if since else None
    except ValueError as error:
        raise UsageError(f"--since {since} is not a date", "Write a date such as 2026-11-23.") from error
    replace_file(root / path, with_revocation(path, _text(root, path), key, reason, day))
    _tell(root, path)


def _path(person_id: str) -> str:
    path = person_path(person_id)
    if parse_path(path) is None:
        raise UsageError(f"{person_id} is no id of a person", "Ids have small letters, digits and hyphens.")
    return path


def _text(root: Path, path: str) -> str:
    from accredit.loading.folder import Folder  # noqa: PLC0415 - small, and only needed to edit

    try:
        return Folder(root).read(path).decode()
    except FileNotFoundError as error:
        raise UsageError(
            f"there is no {shown_from_here(root)}{path}", "Add the person: accredit person add."
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{shown_from_here(root)}{path} is not UTF-8", "See what is wrong: accredit check") from error


def _public(key: Path) -> str:
    """A public key as the registry keeps it: of an SSH key type and key, without the comment."""
    text = key.expanduser().read_text(encoding="utf-8", errors="replace").strip()
    if "PRIVATE KEY" in text:
        raise UsageError(f"{key} is a private key", "Name the public one: it ends in .pub, and nothing else is kept.")
    return text if text.startswith("-----BEGIN PGP") else " ".join(text.split()[:2])


def _tell(root: Path, path: str) -> None:
    from accredit.signing.clone import landed_clone  # noqa: PLC0415 - loads git

    typer.echo(f"wrote {shown_from_here(root)}{path}")
    if landed_clone(root) is None:
        say("Next: git add and commit. The first commit of a registry needs nobody's leave.")
    else:
        say('Next: accredit change --reason "..." and have it approved: people change only by signatures.')
