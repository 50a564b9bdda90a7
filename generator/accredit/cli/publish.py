"""`accredit build`, `serve` and `stage`: the site that people browse."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from accredit.cli.check import FailOn, RegistryPath, Root, day, fails
from accredit.cli.console import say
from accredit.cli.place import registry_at
from accredit.cli.start import Registry
from accredit.errors import GitError

AsOfSite = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", show_default=False, help="Assess as of this day. Default: mkdocs.yml, else today."
    ),
]


def build(
    path: RegistryPath = None,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Where the site goes.")] = Path("site"),
    as_of: AsOfSite = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 where the check finds errors.")] = False,
    root: Root = "",
) -> None:
    """Check a registry and build its site, whatever the findings."""
    from accredit.site.build import build as build_site  # noqa: PLC0415 - loads MkDocs

    built = build_site(registry_at(path), output, day(as_of) if as_of else None, root=root)
    found = len(built.assessment.findings)
    say(f"{built.pages:,} pages in {built.folder}; {found:,} finding{'' if found == 1 else 's'} on them")
    if strict and built.assessment.unproved:
        raise GitError("sign-offs are not proved, though policy asks for it", built.assessment.unproved)
    if strict and fails(built.assessment.findings, FailOn.ERROR):
        raise typer.Exit(1)


def serve(
    path: RegistryPath = None,
    *,
    address: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", show_default=False, help="Default: mkdocs.yml, else 127.0.0.1:8000."),
    ] = None,
    as_of: AsOfSite = None,
) -> None:
    """Show the site, and again whenever a file changes."""
    from accredit.site.build import serve as serve_site  # noqa: PLC0415 - loads MkDocs

    serve_site(registry_at(path), day(as_of) if as_of else None, address=address)


def stage(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", show_default=False, help="Where the tree goes: absent, empty or staged.")
    ],
    *,
    registry: Registry = None,
    as_of: AsOfSite = None,
    root: Root = "",
) -> None:
    """Write the site as files that other engines build: Zensical, ProperDocs, or MkDocs without this plugin."""
    from accredit.site.build import stage as stage_site  # noqa: PLC0415 - loads MkDocs

    pages = stage_site(registry_at(registry), folder, day(as_of) if as_of else None, root=root)
    say(f"{pages:,} pages in {folder}; build them with `zensical build` or `properdocs build -f mkdocs.yml` there")
