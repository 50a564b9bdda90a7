"""`accredit close`: a condition of an approval is met."""

from __future__ import annotations

from typing import Annotated

import typer

from accredit.cli.check import day
from accredit.cli.place import registry_at
from accredit.cli.sealing import Hand
from accredit.cli.start import Registry
from accredit.cli.workspace import By, KeyFile, ModelArgument, NoSign, VersionArgument, opened


def close(  # noqa: PLR0913 - one parameter an option
    model_id: ModelArgument,
    version_id: VersionArgument,
    *,
    evidence: Annotated[str, typer.Option(metavar="TEXT", help="Where it shows that the condition is met.")],
    condition: Annotated[
        int, typer.Option(metavar="N", min=1, help="Which of the conditions of the approval, counted from 1.")
    ] = 1,
    of: Annotated[
        str, typer.Option(metavar="PERSON", show_default=False, help="Whose condition, where several made some.")
    ] = "",
    closed: Annotated[
        str | None, typer.Option(metavar="DATE", show_default=False, help="When it was done. Default: today.")
    ] = None,
    by: By = "",
    key: KeyFile = None,
    no_sign: NoSign = False,
    registry: Registry = None,
) -> None:
    """Say that a condition of an approval is met, and sign it; the approval stays as it is."""
    from accredit.history.sshsig import CLOSING  # noqa: PLC0415 - loads cryptography
    from accredit.signing.closing import draft_closing  # noqa: PLC0415

    root = registry_at(registry)
    workspace = opened(root)
    version = workspace.version(model_id, version_id)
    hand = Hand.of(workspace.loaded.registry.people, by, key, signs=not no_sign)
    draft = draft_closing(workspace, version, hand.person, of, condition, day(closed), evidence)
    hand.write(root, draft, CLOSING)
