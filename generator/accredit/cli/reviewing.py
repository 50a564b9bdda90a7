"""`accredit review import`: reviews on a forge become approvals that a bot signs."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from accredit.cli.console import say
from accredit.cli.place import registry_at
from accredit.cli.sealing import Hand
from accredit.cli.start import Registry
from accredit.cli.workspace import KeyFile, ModelArgument, VersionArgument, opened
from accredit.domain.value import GitCommit
from accredit.errors import UsageError
from accredit.reports.plain import one_line

if TYPE_CHECKING:
    from accredit.domain.registry import ModelVersion
    from accredit.exchange.reviews import Refused, Reviews
    from accredit.signing.workspace import Workspace

review = typer.Typer(
    help="Take over reviews that were given on a forge.",
    no_args_is_help=True,
    rich_markup_mode=None,
    epilog="Example: accredit review import github reviews.json credit-risk 1.0.0 --role validator",
)


@review.callback()
def _group() -> None:
    """Keeps `import` a word of its own, though it is the only command."""


class Forge(StrEnum):
    """Where the reviews come from."""

    GITHUB = "github"
    GITLAB = "gitlab"

    def read(self, document: Any) -> Reviews:
        """The reviews of a payload of this forge."""
        from accredit.exchange import github_reviews, gitlab_reviews  # noqa: PLC0415 - only this command needs them

        return github_reviews.read(document) if self is Forge.GITHUB else gitlab_reviews.read(document)


def _commit(text: str) -> GitCommit:
    if len(text) not in {40, 64} or set(text) - set("0123456789abcdef"):
        raise typer.BadParameter("write the full commit id, 40 or 64 hexadecimal digits")
    return text


@review.command(
    "import",
    epilog="Example: accredit review import github reviews.json credit-risk 1.0.0 --role validator --pr-author 583231",
)
def import_reviews(  # noqa: PLR0913 - one parameter an option
    forge: Annotated[Forge, typer.Argument(help="Where the reviews were given.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What the forge sent, as JSON; - for stdin.")],
    model_id: ModelArgument,
    version_id: VersionArgument,
    *,
    role: Annotated[
        str,
        typer.Option(
            metavar="ROLE",
            show_default=False,
            help="The role in which the reviewers sign. Default: the one of theirs that is missing.",
        ),
    ] = "",
    pr_author: Annotated[
        int | None,
        typer.Option(metavar="ID", min=1, help="Number of the author's account. Default: what the payload says."),
    ] = None,
    head: Annotated[
        str | None,
        typer.Option(metavar="COMMIT", parser=_commit, help="The commit to review. Default: what the payload says."),
    ] = None,
    key: KeyFile = None,
    registry: Registry = None,
) -> None:
    """Turn reviews into approvals of assurance platform, signed by the key of a registered bot."""
    from accredit.exchange.reviewers import Intake, require_shown  # noqa: PLC0415 - loads git
    from accredit.exchange.reviews import last_decisions, only_value, parse_payload  # noqa: PLC0415
    from accredit.history.sshsig import APPROVAL  # noqa: PLC0415 - loads cryptography

    found = forge.read(parse_payload("stdin" if str(file) == "-" else str(file), _content(file)))
    _tell(found.refused)
    if not found.reviews:
        _end(0)
    author = only_value("who made the pull request", "--pr-author", (pr_author, found.author))
    # A webhook is of the head at its time, which another push can have moved since: then --head says so.
    commit = head or only_value("which commit is the head", "--head", (found.head,))
    root = registry_at(registry)
    workspace = opened(root)
    version = workspace.version(model_id, version_id)
    hand = _bot(workspace, key)
    kept, refused = last_decisions(found.reviews, commit)
    _tell(refused)
    if kept:
        require_shown(workspace, version, root, commit)
    drafts, unfit = Intake(root, workspace, version, role, author).drafts(kept)
    _tell(unfit)
    for taken, draft in drafts:
        say(f"Taken over: {taken.who}, {taken.state}")
        hand.write(root, draft, APPROVAL)
    _warn_weak(workspace, version)
    _end(len(drafts))


def _content(file: Path) -> bytes:
    """The payload, and no more of it than is looked at."""
    from accredit.exchange.reviews import MAX_BYTES  # noqa: PLC0415

    if str(file) == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with file.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)


def _bot(workspace: Workspace, key: str | None) -> Hand:
    """The bot whose key signs."""
    people = workspace.loaded.registry.people
    hand = Hand.of(people, "", key, signs=True)
    if people[hand.person].kind != "bot":
        raise UsageError(
            f"the key belongs to {hand.person}, who is no bot",
            "Sign with the key of a bot in people/ (--key); a person signs with `accredit approve`.",
        )
    return hand


def _tell(refused: tuple[Refused, ...]) -> None:
    for one in refused:
        say(f"Refused: {one_line(one.who)}: {one_line(one.reason)}")


def _warn_weak(workspace: Workspace, version: ModelVersion) -> None:
    wanted = workspace.policy.profiles[workspace.context.standing(version).profile].assurance
    if wanted == "signed":
        say(f"Note: policy wants sign-offs of {version.key} that are signed, so reviews do not count.")


def _end(written: int) -> None:
    """Exit code 1 where nothing counted."""
    if not written:
        say("Nothing was written: no review counts.")
        raise typer.Exit(1)
