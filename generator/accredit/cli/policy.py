"""`accredit policy`: what the policy asks, in words, and what a change of it would do."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accredit.cli.check import AsOf, day
from accredit.cli.output import deliver
from accredit.cli.place import registry_at
from accredit.cli.start import Registry
from accredit.cli.workspace import moment, opened
from accredit.domain.policy import Policy
from accredit.errors import GitError, UsageError
from accredit.loading.folder import Folder
from accredit.loading.schema import read_entry

if TYPE_CHECKING:
    from accredit.signing.workspace import Workspace

policy = typer.Typer(
    help="Tell the policy in words, and what a change of it would do.",
    no_args_is_help=True,
    rich_markup_mode=None,
    epilog="Example: accredit policy explain --for credit-risk",
)


class PolicyFormat(StrEnum):
    """What to write."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


Format = Annotated[PolicyFormat, typer.Option("--format", "-f", help="What to write.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file, not to stdout.")]


@policy.command(epilog="Example: accredit policy explain --for credit-risk")
def explain(
    *,
    model: Annotated[
        str,
        typer.Option("--for", metavar="MODEL", show_default=False, help="Only what is asked of this model, and why."),
    ] = "",
    format_: Format = PolicyFormat.TEXT,
    output: Output = None,
    as_of: AsOf = None,
    registry: Registry = None,
) -> None:
    """Tell the policy in plain language, whole or for one model."""
    from accredit.policies.demands import demands  # noqa: PLC0415 - only this command needs it
    from accredit.policies.telling import chapters  # noqa: PLC0415
    from accredit.reports import policy as report  # noqa: PLC0415

    workspace = _workspace(registry_at(registry), as_of)
    found = chapters(workspace.policy)
    if model:
        known = workspace.loaded.registry.models
        if model not in known:
            names = ", ".join(known) or "none"
            raise UsageError(f"there is no model {model} that can be read", f"Known models: {names}.")
        found = demands(known[model], workspace.context)
    title = f"What policy asks of {model}" if model else "What policy asks"
    if format_ is PolicyFormat.JSON:
        deliver(report.chapters_json(found, model), output)
    elif format_ is PolicyFormat.MARKDOWN:
        deliver(report.chapters_markdown(title, found), output)
    else:
        deliver(report.chapters_text(found), output)


@policy.command(epilog="Example: accredit policy diff main --format markdown")
def diff(
    base: Annotated[
        str, typer.Argument(metavar="BASE", help="The policy before: a revision of git, a policy.yaml or its folder.")
    ],
    *,
    format_: Format = PolicyFormat.TEXT,
    output: Output = None,
    as_of: AsOf = None,
    registry: Registry = None,
) -> None:
    """Show what changed in the policy, and which models and versions come to another result by it."""
    from accredit.policies.change import policy_change  # noqa: PLC0415 - only this command needs it
    from accredit.reports import policy as report  # noqa: PLC0415

    root = registry_at(registry)
    before = _policy_of(base, root)
    workspace = opened(root)
    _ = workspace.policy  # says so where it cannot be read
    change = policy_change(workspace.loaded, before, day(as_of), workspace.verification)
    make = {"text": report.change_text, "markdown": report.change_markdown, "json": report.change_json}
    deliver(make[format_.value](change, base), output)


def _workspace(root: Path, as_of: str | None) -> Workspace:
    from accredit.loading.tree import load  # noqa: PLC0415
    from accredit.signing.workspace import Workspace  # noqa: PLC0415

    return Workspace(load(Folder(root)), moment(as_of))


def _policy_of(base: str, root: Path) -> Policy:
    """The policy in a file or folder of that name; otherwise in that revision of the registry's clone."""
    path = Path(base)
    if path.is_dir() and not (path / "policy.yaml").is_file():
        path = path / "registry"
    if path.is_dir():
        path = path / "policy.yaml"
    if path.is_file():
        return _parsed(Folder(path.parent).read(path.name), base)
    from accredit.history.tree import GitTree  # noqa: PLC0415 - loads git
    from accredit.signing.clone import clone_of  # noqa: PLC0415

    try:
        clone = clone_of(root, base)
    except GitError as error:
        raise UsageError(
            f"{base} is no file, no folder with a policy.yaml, and no revision: {error}",
            "Name a revision such as main or HEAD~1, or a policy.yaml.",
        ) from error
    tree = GitTree(clone.repository, clone.commit, clone.folder)
    try:
        if not any(file.path == "policy.yaml" for file in tree.files()):
            raise UsageError(f"{base} holds no policy.yaml", "Name a revision that has one.")
        return _parsed(tree.read("policy.yaml"), base)
    finally:
        tree.close()


def _parsed(content: bytes, base: str) -> Policy:
    found, findings = read_entry("policy", "policy.yaml", content)
    if not isinstance(found, Policy):
        first = findings[0]
        raise UsageError(f"the policy of {base} cannot be read: {first.location} {first.message}", first.help)
    return found
