"""`accredit dossier`: everything about one version in one file, for whoever examines it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from accredit.cli.check import Root, day
from accredit.cli.console import say
from accredit.cli.output import deliver, replace_file
from accredit.cli.place import registry_at
from accredit.cli.start import Registry
from accredit.cli.workspace import ModelArgument, VersionArgument
from accredit.errors import UsageError


def dossier(  # noqa: PLR0913 - one parameter an option
    model_id: ModelArgument,
    version_id: VersionArgument,
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", show_default=False, help="FILE.html or FILE.pdf. Default: stdout."
        ),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", show_default=False, help="Assess as of this day.")
    ] = None,
    root: Root = "",
    registry: Registry = None,
) -> None:
    """Write one version as one file: card, gates, sign-offs, lineage, audit trail, controls, and how to check it."""
    from accredit.site.dossier import dossier as written  # noqa: PLC0415 - loads the templates
    from accredit.site.pdf import printed  # noqa: PLC0415

    kind = output.suffix.lower() if output else ".html"
    if kind not in (".html", ".htm", ".pdf"):
        raise UsageError(f"{output} is neither HTML nor PDF by its name", "Name a file that ends in .html or .pdf.")
    text = written(registry_at(registry), model_id, version_id, day(as_of), root)
    if output is None:
        deliver(text, None)
        return
    replace_file(output, printed(text) if kind == ".pdf" else text)
    say(f"wrote {output}")
