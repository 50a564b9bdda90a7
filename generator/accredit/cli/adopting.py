"""What lies around a registry in its repository: pipelines, code owners and settings (`accredit init --ci`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from accredit.cli.check import day
from accredit.cli.console import say
from accredit.cli.output import deliver
from accredit.cli.place import registry_at, shown_from_here
from accredit.cli.scaffold import templates
from accredit.cli.scaffold.ci.files import Forge, pipeline_files
from accredit.cli.scaffold.ci.owners import code_owners
from accredit.cli.scaffold.write import Written, write_new
from accredit.errors import UsageError
from accredit.loading.folder import Folder
from accredit.loading.tree import load

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a registry is in its repository."""

    top: Path
    folder: str
    """With slashes; plain enough to stand in YAML, in a shell and in a pattern."""


def place_in_repository(registry: Path) -> Place:
    """The place of a registry, whether it is there already or not. Without a repository, the current folder is its top.

    Raises:
        UsageError: where it is the top itself, which has no room for other files, or its name is not plain.
    """
    full = registry.resolve()
    top = next((folder for folder in (full, *full.parents) if (folder / ".git").exists()), Path.cwd().resolve())
    folder = full.relative_to(top).as_posix() if full.is_relative_to(top) else ""
    if not _PLAIN.fullmatch(folder):
        raise UsageError(
            f"{registry} is no folder below the top of a repository with a plain name",
            "Pipelines lie beside it: start the registry in a folder, as in `accredit init registry --ci github`.",
        )
    return Place(top, folder)


def adopt(registry: Path, place: Place, forge: Forge) -> None:
    """Writes what a forge needs beside a registry, and leaves alone what is there."""
    texts = {**pipeline_files(forge, place.folder), forge.owners: _owners(registry, place, forge)}
    tell(place.top, write_new(place.top, texts))


def tell(root: Path, result: Written) -> None:
    """Says of each file whether it was written or left alone."""
    for what, paths in (("wrote", result.written), ("left alone", result.left)):
        # The schemas are many and nobody edits them, so their folder is named once.
        shown = dict.fromkeys(templates.SCHEMAS if p.startswith(templates.SCHEMAS) else p for p in paths)
        for path in shown:
            typer.echo(f"{what} {shown_from_here(root)}{path}")


def codeowners(
    forge: Annotated[Forge, typer.Argument(help="Where the repository is.")],
    registry: Annotated[
        Path | None,
        typer.Option(
            "--registry", metavar="PATH", show_default=False, help="The registry. Default: registry, else here."
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file, not to stdout.")] = None,
) -> None:
    """Print CODEOWNERS: whom the forge asks to look at which path, as policy and people say it."""
    root = registry_at(registry)
    deliver(_owners(root, place_in_repository(root), forge), output)
    if output is not None:
        say(f"wrote {output}")


def _owners(root: Path, place: Place, forge: Forge) -> str:
    registry = load(Folder(root)).registry
    if registry.policy is None:
        raise UsageError(f"{shown_from_here(root)}policy.yaml cannot be read", "Run `accredit check`.")
    return code_owners(registry.policy, registry.people, place.folder, forge, day(None))
