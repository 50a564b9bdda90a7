"""`accredit verify`, `gate`, `status` and `history`: what is proved, and what is still missing."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from accredit.cli.keeping import user_cache
from accredit.cli.output import deliver
from accredit.cli.place import registry_at
from accredit.cli.signing import To
from accredit.cli.start import Registry
from accredit.cli.workspace import ModelArgument, VersionArgument, committed, moment, now, opened
from accredit.errors import NotARegistryError, UsageError


class Shape(StrEnum):
    """What to write."""

    TEXT = "text"
    JSON = "json"


Form = Annotated[Shape, typer.Option("--format", "-f", help="What to write.")]
Began = Annotated[
    str, typer.Option("--root", metavar="COMMIT", show_default=False, help="The commit in which it must begin.")
]
Checkpoint = Annotated[str, typer.Option(metavar="COMMIT", show_default=False, help="A tip verified earlier.")]


def verify(  # noqa: PLR0913 - one parameter an option
    model_id: Annotated[
        str, typer.Argument(metavar="MODEL", show_default=False, help="Only a version of this model.")
    ] = "",
    version_id: Annotated[
        str, typer.Argument(metavar="VERSION", show_default=False, help="The version, as in 1.0.0.")
    ] = "",
    *,
    path: Annotated[
        Path | None,
        typer.Option("--path", "--registry", metavar="PATH", show_default=False, help="The registry, or a bare clone."),
    ] = None,
    rev: Annotated[str, typer.Option(metavar="REV", help="Up to this commit.")] = "HEAD",
    root: Began = "",
    checkpoint: Checkpoint = "",
    cache: Annotated[bool, typer.Option(help="Go on from what this user's earlier runs proved.")] = True,
    format_: Form = Shape.TEXT,
) -> None:
    """Prove from the clone alone who signed what, and whether it counts."""
    from accredit.reports import verification as report  # noqa: PLC0415 - loads cryptography
    from accredit.signing.audit import Audit  # noqa: PLC0415
    from accredit.signing.clone import bare_clone, clone_of  # noqa: PLC0415 - loads git

    try:
        clone = clone_of(registry_at(path), rev)
    except NotARegistryError:
        if path is None or not (path / "objects").is_dir():
            raise
        clone = bare_clone(path, rev)
    found = clone.verification(root, checkpoint, user_cache() if cache else None)
    registry = clone.loaded().registry
    if bool(model_id) != bool(version_id):
        raise UsageError("a version is named by model and version", f"As in accredit verify {model_id} 1.0.0.")
    if model_id and (model_id not in registry.models or version_id not in registry.models[model_id].versions):
        raise UsageError(f"there is no {model_id}@{version_id} that can be read", "See `accredit status`.")
    subject = f"{model_id}@{version_id}" if model_id else ""
    audit = Audit(found, registry, clone.repository.notices, clone.folder, subject)
    deliver(report.as_json(audit) if format_ is Shape.JSON else report.text(audit), None)
    if not audit.is_clean:
        raise typer.Exit(1)


def gate(  # noqa: PLR0913 - one parameter an option
    model_id: ModelArgument,
    version_id: VersionArgument,
    *,
    to: To,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", show_default=False, help="Judge as of this day.")
    ] = None,
    root: Began = "",
    checkpoint: Checkpoint = "",
    format_: Form = Shape.TEXT,
    registry: Registry = None,
) -> None:
    """Answer a deploy pipeline: exit code 0 if the version may be in the stage, 1 if not."""
    from accredit.reports import gate as report  # noqa: PLC0415 - only this command needs it
    from accredit.signing.gating import deployability  # noqa: PLC0415

    at = moment(as_of)
    workspace, commit = committed(registry_at(registry), at, root, checkpoint)
    found = deployability(workspace, workspace.version(model_id, version_id), to.stage)
    as_json = format_ is Shape.JSON
    deliver(report.as_json(found, at.date().isoformat(), commit) if as_json else report.text(found), None)
    if not found.is_deployable:
        raise typer.Exit(1)


def status(*, format_: Form = Shape.TEXT, registry: Registry = None) -> None:
    """Show which version is in which stage, what is asked, and who is awaited."""
    from accredit.reports import status as report  # noqa: PLC0415 - only this command needs it
    from accredit.signing.board import rows  # noqa: PLC0415

    workspace = opened(registry_at(registry))
    found, proof = tuple(rows(workspace)), workspace.verification
    standing = sum(breach.standing for breach in proof.breaches) if proof else 0
    make = report.as_json if format_ is Shape.JSON else report.text
    deliver(make(found, verified=proof is not None, standing=standing), None)


def history(model_id: ModelArgument, *, format_: Form = Shape.TEXT, registry: Registry = None) -> None:
    """Show the moves and sign-offs of a model's versions in order."""
    from accredit.reports import story  # noqa: PLC0415 - only this command needs it

    workspace, _ = committed(registry_at(registry), now())
    models = workspace.loaded.registry.models
    if model_id not in models:
        raise UsageError(
            f"there is no model {model_id} that can be read", f"Known models: {', '.join(models) or 'none'}."
        )
    make = story.as_json if format_ is Shape.JSON else story.text
    deliver(make(workspace, models[model_id]), None)
