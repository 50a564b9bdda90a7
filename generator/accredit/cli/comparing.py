"""`accredit diff`: what differs between any two versions."""

from __future__ import annotations

from typing import Annotated

import typer

from accredit.cli.output import deliver
from accredit.cli.place import registry_at
from accredit.cli.policy import Format, Output, PolicyFormat
from accredit.cli.start import Registry
from accredit.cli.workspace import opened

_WHAT = "A version as in credit-risk@1.0.0; the model alone means the one in production."


def diff(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help=_WHAT)],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="What to compare with it, said in the same way.")],
    *,
    format_: Format = PolicyFormat.TEXT,
    output: Output = None,
    registry: Registry = None,
) -> None:
    """Show what differs between two versions: numbers with their intervals, groups, gates, data, card and fields."""
    from accredit.comparison.baseline import named  # noqa: PLC0415 - only this command needs it
    from accredit.comparison.compare import compare  # noqa: PLC0415
    from accredit.comparison.reading import sheet_of  # noqa: PLC0415
    from accredit.reports import comparison as report  # noqa: PLC0415

    workspace = opened(registry_at(registry))
    _ = workspace.policy  # says so where it cannot be read
    sheets = (sheet_of(named(workspace.assessment, name), workspace.context) for name in (before, after))
    make = {"text": report.text, "markdown": report.markdown, "json": report.as_json}
    deliver(make[format_.value](compare(*sheets)), output)
