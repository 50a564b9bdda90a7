"""`accredit sign`: whoever a waiver, a determination or a hold names signs the file that somebody else wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from accredit.cli.console import say
from accredit.cli.place import registry_at, shown_from_here
from accredit.cli.sealing import Hand, confirmed
from accredit.cli.start import Registry
from accredit.cli.workspace import KeyFile, people_before
from accredit.domain.paths import EntryPath, parse_path
from accredit.errors import UsageError
from accredit.reports.plain import one_line


def sign(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of waivers/, determinations/ or holds/.")],
    *,
    key: KeyFile = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    registry: Registry = None,
) -> None:
    """Sign a waiver, a determination or a legal hold as the person whom it names."""
    from accredit.history.attestation import Attested  # noqa: PLC0415 - loads cryptography
    from accredit.history.sshsig import ATTESTED  # noqa: PLC0415
    from accredit.loading.folder import Folder  # noqa: PLC0415 - only some commands read one file
    from accredit.loading.schema import read_entry  # noqa: PLC0415
    from accredit.signing.record import Draft  # noqa: PLC0415

    root = registry_at(registry)
    known, shown = _known(root, file), one_line(str(file))
    if known is None or known.kind not in ATTESTED:
        remedy = "Requests, approvals and closings are signed by the commands that write them."
        raise UsageError(f"{shown} is no waiver, determination or hold of this registry", remedy)
    try:
        content = Folder(root).read(known.path)
    except FileNotFoundError as error:
        raise UsageError(f"{shown_from_here(root)}{known.path} is not there", "Name a file that is.") from error
    entry, findings = read_entry(known.kind, known.path, content)
    if not isinstance(entry, Attested):
        raise UsageError(f"{shown} cannot be read: {findings[0].message}", findings[0].help)
    if entry.registry is None:
        raise UsageError(f"{shown} names no registry, so a signature would not count", "Add the field `registry`.")
    hand = Hand.of(people_before(root), entry.signer, key, signs=True)
    text = content.decode()
    say("\n".join(one_line(line) for line in text.splitlines()))
    if confirmed(f"Sign this as {entry.signer}?", yes=yes):
        hand.renew(root, Draft(known.path, text), ATTESTED[known.kind])


def _known(root: Path, file: Path) -> EntryPath | None:
    """A file of the registry, named from here or from the registry."""
    top, full = root.resolve(), file.resolve()
    return parse_path(full.relative_to(top).as_posix() if full.is_relative_to(top) else file.as_posix())
