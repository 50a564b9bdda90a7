"""`accredit init` and `accredit new`: scaffolds that pass the check except for what a person must write."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from accredit.cli.adopting import adopt, place_in_repository, tell
from accredit.cli.check import day
from accredit.cli.console import say
from accredit.cli.place import registry_at, shown_from_here
from accredit.cli.scaffold import templates
from accredit.cli.scaffold.ci.files import Forge
from accredit.cli.scaffold.write import write_new
from accredit.domain.paths import is_companion, is_signature, parse_path
from accredit.domain.policy import Policy
from accredit.errors import UsageError
from accredit.loading.folder import Folder
from accredit.loading.schema import read_entry

new = typer.Typer(
    help="Add an entry from a scaffold that names what to write.",
    no_args_is_help=True,
    rich_markup_mode=None,
    epilog="Example: accredit new model credit-risk",
)
Registry = Annotated[
    Path | None,
    typer.Option("--registry", metavar="PATH", show_default=False, help="The registry. Default: registry, else here."),
]
ModelArgument = Annotated[str, typer.Argument(metavar="MODEL", help="The model's id, as in credit-risk.")]
VersionArgument = Annotated[str, typer.Argument(metavar="VERSION", help="The version, as in 1.0.0.")]


def init(
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="PATH",
            show_default=False,
            help="The folder to start it in. Default: registry, or here if it is one.",
        ),
    ] = None,
    registry_id: Annotated[
        str, typer.Option("--id", metavar="UUID", show_default=False, help="The registry's id. Default: a new one.")
    ] = "",
    ci: Annotated[
        Forge | None,
        typer.Option(
            "--ci",
            show_default=False,
            help="Also write its pipelines, code owners and settings of tools, around a registry that is there too.",
        ),
    ] = None,
) -> None:
    """Start a registry, with a policy to make your own. No file that is there is changed."""
    path = path or (Path() if Path("registry.yaml").is_file() else Path("registry"))
    place = place_in_repository(path) if ci else None
    _refuse_foreign(path)
    tell(path, write_new(path, templates.registry_files(_uuid(registry_id))))
    if ci and place:
        adopt(path, place, ci)
    say("Next: write what is marked TODO, then `accredit new person ID` and `accredit new model ID`.")


@new.command(epilog="Example: accredit new model credit-risk")
def model(
    model_id: Annotated[str, typer.Argument(metavar="ID", help="Its id: small letters, digits and hyphens.")],
    registry: Registry = None,
) -> None:
    """Add a model: its purpose, owner and risk."""
    root = registry_at(registry)
    _add(root, templates.model_files(model_id, _screening(root), day(None)))


@new.command(epilog="Example: accredit new version credit-risk 1.0.0")
def version(model_id: ModelArgument, version_id: VersionArgument, registry: Registry = None) -> None:
    """Add a version of a model: what was built, and its card."""
    root = registry_at(registry)
    texts = templates.version_files(model_id, version_id)
    _require(root, templates.model_files(model_id, (), day(None)), f"accredit new model {model_id}")
    _add(root, texts)


@new.command(epilog="Example: accredit new dataset loans-2026")
def dataset(
    dataset_id: Annotated[str, typer.Argument(metavar="ID", help="Its id: small letters, digits and hyphens.")],
    registry: Registry = None,
) -> None:
    """Add a dataset: where it comes from and whether it may be used."""
    _add(registry_at(registry), templates.dataset_files(dataset_id))


@new.command(epilog="Example: accredit new person ada")
def person(
    person_id: Annotated[str, typer.Argument(metavar="ID", help="Their id: small letters, digits and hyphens.")],
    registry: Registry = None,
) -> None:
    """Add a person: roles, and the key that they sign with."""
    _add(registry_at(registry), templates.person_files(person_id, day(None)))


@new.command(epilog="Example: accredit new evaluation credit-risk 1.0.0 holdout")
def evaluation(
    model_id: ModelArgument,
    version_id: VersionArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The run's name, as in holdout.")],
    registry: Registry = None,
) -> None:
    """Add an evaluation of a version: the numbers of one run."""
    root = registry_at(registry)
    texts = templates.evaluation_files(model_id, version_id, name)
    _require(root, templates.version_files(model_id, version_id), f"accredit new version {model_id} {version_id}")
    _add(root, texts)


def _uuid(text: str) -> str:
    try:
        return str(uuid.UUID(text) if text else uuid.uuid4())
    except ValueError as error:
        raise UsageError(f"--id {text} is not a UUID", "Leave it out, and a new one is made.") from error


def _refuse_foreign(path: Path) -> None:
    """A folder that holds other things would be full of findings: everything in a registry has its place."""
    if path.exists() and not path.is_dir():
        raise UsageError(f"{path} is not a folder", "Name a folder, or one that does not exist yet.")
    names = (f.path for f in Folder(path).files()) if path.is_dir() else ()
    foreign = next((n for n in names if not (parse_path(n) or is_companion(n) or is_signature(n))), None)
    if foreign is not None:
        raise UsageError(
            f"{path} holds {foreign}, which has no place in a registry",
            f"Start the registry in a folder of its own, as in `accredit init {path / 'registry'}`.",
        )


def _screening(root: Path) -> tuple[str, ...]:
    """The practices that the registry's policy asks about; none without a policy that can be read."""
    if not (root / "policy.yaml").is_file():
        return ()
    policy, _ = read_entry("policy", "policy.yaml", Folder(root).read("policy.yaml"))
    return policy.risk.screening if isinstance(policy, Policy) else ()


def _require(root: Path, paths: Iterable[str], command: str) -> None:
    _refuse_misnamed(paths)
    first = next(iter(paths))
    if not os.path.lexists(root / first):
        raise UsageError(f"there is no {shown_from_here(root)}{first}", f"Run `{command}` first.")


def _refuse_misnamed(paths: Iterable[str]) -> None:
    for path in paths:
        if parse_path(path) is None:
            raise UsageError(
                f"{path} has no place in a registry: an id is not well formed",
                "Ids have small letters, digits and hyphens, and start with a letter; versions look like 1.0.0.",
            )


def _add(root: Path, texts: dict[str, str]) -> None:
    _refuse_misnamed(texts)
    for path in texts:
        if os.path.lexists(root / path):
            raise UsageError(f"{shown_from_here(root)}{path} exists already", "Edit it, or choose another id.")
    tell(root, write_new(root, texts))
