"""`accredit change`: people and policy change only by signatures under those that were in force before."""

from __future__ import annotations

from typing import Annotated

import typer

from accredit.cli.console import say
from accredit.cli.place import registry_at
from accredit.cli.sealing import Hand, confirmed
from accredit.cli.start import Registry
from accredit.cli.workspace import By, KeyFile, people_before, proved
from accredit.errors import UsageError
from accredit.loading.folder import Folder

change = typer.Typer(
    help="Ask that people or policy become what they are in the folder, and sign it.",
    invoke_without_command=True,
    rich_markup_mode=None,
    epilog='Example: accredit change --reason "Vera joins model validation"',
)


@change.callback()
def propose(
    ctx: typer.Context,
    *,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why the change is right.")] = "",
    by: By = "",
    key: KeyFile = None,
    registry: Registry = None,
) -> None:
    """Ask that people or policy become what they are in the folder, and sign it."""
    if ctx.invoked_subcommand is not None:
        return
    from accredit.history.sshsig import CHANGE  # noqa: PLC0415 - loads cryptography
    from accredit.signing.governing import draft_change  # noqa: PLC0415

    root = registry_at(registry)
    if not reason:
        raise UsageError("a change of people or policy needs a reason", 'Say why it is right: --reason "...".')
    workspace = proved(root)
    hand = Hand.of(people_before(root), by, key, signs=True)  # the old key signs for the new one
    hand.write(root, draft_change(workspace, Folder(root), hand.person, reason), CHANGE)
    identity = workspace.policy.policy
    able = workspace.context.role_holders.get(identity.approved_by_role, frozenset()) - {hand.person}
    say(f"Wanted: {identity.change_approvals} with the role {identity.approved_by_role} ({', '.join(sorted(able))})")


@change.command(epilog="Example: accredit change approve 0001")
def approve(  # noqa: PLR0913 - one parameter an option
    seq: Annotated[int, typer.Argument(metavar="NUMBER", help="The change's number, as in 0001.")],
    *,
    reject: Annotated[bool, typer.Option("--reject", help="Reject the change. One rejection stops it.")] = False,
    statement: Annotated[str, typer.Option(metavar="TEXT", help="What you looked at and why you decide so.")] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    by: By = "",
    key: KeyFile = None,
    registry: Registry = None,
) -> None:
    """Show what a change of people or policy is about, and sign your decision on it."""
    from accredit.history.sshsig import APPROVAL  # noqa: PLC0415 - loads cryptography
    from accredit.reports.alteration import report  # noqa: PLC0415
    from accredit.signing.alteration import alterations  # noqa: PLC0415
    from accredit.signing.clone import clone_of  # noqa: PLC0415
    from accredit.signing.governing import change_request, draft_change_approval  # noqa: PLC0415

    root = registry_at(registry)
    workspace = proved(root)
    hand = Hand.of(workspace.loaded.registry.people, by, key, signs=True)
    said = statement or "Looked at the difference in people and policy."
    draft = draft_change_approval(workspace, Folder(root), seq, hand.person, ("reject" if reject else "approve", said))
    asked = change_request(workspace, seq)
    typer.echo(report(asked, alterations(clone_of(root), asked.from_digest, Folder(root))), nl=False)
    if not confirmed(f"{hand.person}: {'reject' if reject else 'approve'} this change?", yes=yes):
        raise typer.Exit(1)
    hand.write(root, draft, APPROVAL)
