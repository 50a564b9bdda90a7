"""`accredit request` and `accredit approve`: a version moves by signed files."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from accredit.cli.console import say
from accredit.cli.place import registry_at
from accredit.cli.sealing import Hand, confirmed
from accredit.cli.start import Registry
from accredit.cli.workspace import By, KeyFile, ModelArgument, NoSign, VersionArgument, now, opened
from accredit.domain.separation import NOT_ACHIEVED
from accredit.domain.value import STAGES, Stage
from accredit.errors import UsageError

if TYPE_CHECKING:
    from accredit.domain.emergency import Emergency
    from accredit.domain.registry import ModelVersion
    from accredit.signing.approval import Decision
    from accredit.signing.workspace import Workspace


class Target(StrEnum):
    """A stage to move to."""

    STAGING = "staging"
    REVIEW = "review"
    PRODUCTION = "production"
    ARCHIVED = "archived"

    @property
    def stage(self) -> Stage:
        """The stage."""
        return next(s for s in STAGES if s == self.value)


class Urgency(StrEnum):
    """An emergency that does not take the ordinary way."""

    SUSPEND = "suspend"
    ROLLBACK = "rollback"
    DEPLOY = "deploy"


To = Annotated[Target, typer.Option("--to", help="The stage to move to.")]


def request(  # noqa: PLR0913 - one parameter an option
    model_id: ModelArgument,
    version_id: VersionArgument,
    *,
    to: Annotated[Target | None, typer.Option("--to", show_default=False, help="The stage to move to.")] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why the move is right.")] = "",
    emergency: Annotated[
        Urgency | None,
        typer.Option(
            show_default=False,
            help="Stop it now; bring back a version that was in production; or deploy it now and review it later.",
        ),
    ] = None,
    incident: Annotated[
        str, typer.Option(metavar="TEXT", help="Reference of the incident, or what happened. For an emergency.")
    ] = "",
    hours: Annotated[
        int | None, typer.Option(metavar="N", min=1, show_default=False, help="How long an emergency deploy holds.")
    ] = None,
    by: By = "",
    key: KeyFile = None,
    no_sign: NoSign = False,
    registry: Registry = None,
) -> None:
    """Ask that a version moves to a stage, and sign it."""
    from accredit.history.sshsig import REQUEST  # noqa: PLC0415 - loads cryptography
    from accredit.signing.gating import awaited  # noqa: PLC0415
    from accredit.signing.transition import draft_request  # noqa: PLC0415

    root = registry_at(registry)
    workspace = opened(root)
    version = workspace.version(model_id, version_id)
    target, urgent = _wish(to, emergency, incident, hours, workspace)
    hand = Hand.of(workspace.loaded.registry.people, by, key, signs=not no_sign)
    draft = draft_request(workspace, version, target, hand.person, reason, urgent)
    hand.write(root, draft, REQUEST)
    _warn_unsigned(workspace, version, no_sign=no_sign)
    missing = awaited(workspace.context, version, f"{workspace.lifecycle(version).stage}->{target}", urgent)
    if not missing:
        say("Wanted: nobody else. It takes effect where it lands on the main branch.")
    for wanted in missing:
        people = ", ".join(p for p in wanted.people if p != hand.person)
        say(f"Wanted: {wanted.role}{f' ({people})' if people else ', which nobody else holds'}")


def _wish(
    to: Target | None, kind: Urgency | None, incident: str, hours: int | None, workspace: Workspace
) -> tuple[Stage, Emergency | None]:
    """What is asked for: a stage, or an emergency, which is always about production."""
    from accredit.domain.emergency import Emergency  # noqa: PLC0415 - only this command needs it

    if kind is None:
        if to is None or incident or hours:
            raise UsageError("there is no --to", "Name a stage, as in --to review, or an --emergency with --incident.")
        return to.stage, None
    if to not in (None, Target.PRODUCTION) or not incident.strip() or (hours and kind is not Urgency.DEPLOY):
        example = f'--emergency {kind.value} --incident "INC-1: what happened"'
        raise UsageError("an emergency is about production, and has an incident; only a deploy has --hours", example)
    deploy = workspace.policy.emergency.deploy
    most = deploy.max_hours if deploy else 1
    fields = {"kind": kind.value, "incident": incident.strip()}
    timed = {"hours": hours or most} if kind is Urgency.DEPLOY else {}
    return "production", Emergency.model_validate(fields | timed)


def approve(  # noqa: PLR0913 - one parameter an option
    model_id: ModelArgument,
    version_id: VersionArgument,
    *,
    role: Annotated[str, typer.Option(metavar="ROLE", help="In which role. Default: the one that is missing.")] = "",
    reject: Annotated[bool, typer.Option("--reject", help="Reject the move. One rejection stops it.")] = False,
    condition: Annotated[
        list[str] | None, typer.Option(metavar="TEXT", help="What must still be done. Repeatable, each with --due.")
    ] = None,
    due: Annotated[list[str] | None, typer.Option(metavar="DATE", help="Last day of a condition. Repeatable.")] = None,
    statement: Annotated[str, typer.Option(metavar="TEXT", help="What you looked at and why you decide so.")] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    by: By = "",
    key: KeyFile = None,
    no_sign: NoSign = False,
    registry: Registry = None,
) -> None:
    """Show what a move is about, and sign your decision on it."""
    from accredit.history.sshsig import APPROVAL  # noqa: PLC0415 - loads cryptography
    from accredit.signing.approval import draft_approval, own_part  # noqa: PLC0415

    root = registry_at(registry)
    decision = _decision(statement, list(zip(condition or [], _days(due or []), strict=False)), reject=reject)
    if len(condition or []) != len(due or []):
        raise UsageError("each --condition needs a --due", 'As in --condition "Retrain" --due 2027-01-31.')
    workspace = opened(root)
    version = workspace.version(model_id, version_id)
    hand = Hand.of(workspace.loaded.registry.people, by, key, signs=not no_sign)
    decision = decision.declared() if no_sign else decision
    draft = draft_approval(workspace, version, hand.person, role, decision)
    if not reject and (part := own_part(workspace, version, hand.person)):
        say(f"Note: {NOT_ACHIEVED}: {part}. The sign-off counts, and whoever reads it is told.")
    _show(workspace, version)
    if not confirmed(f"{hand.person}: {decision.kind} this move?", yes=yes):
        raise typer.Exit(1)
    hand.write(root, draft, APPROVAL)
    _warn_unsigned(workspace, version, no_sign=no_sign)


def _show(workspace: Workspace, version: ModelVersion) -> None:
    """What the reviewer decides on: shown before anything is signed."""
    from accredit.reports.review import report  # noqa: PLC0415 - only this command needs it

    typer.echo(report(workspace, version))


def _decision(statement: str, conditions: list[tuple[str, date]], *, reject: bool) -> Decision:
    from accredit.signing.approval import DEFAULT_STATEMENT, Decision  # noqa: PLC0415 - loads the rules

    if reject and conditions:
        raise UsageError("a rejection has no conditions", "Leave out --reject or --condition.")
    said = statement or DEFAULT_STATEMENT
    if reject:
        return Decision("reject", (), said)
    return Decision("approve-with-conditions" if conditions else "approve", conditions, said)


def _days(texts: list[str]) -> list[date]:
    today = now().date()
    try:
        days = [date.fromisoformat(text) for text in texts]
    except ValueError as error:
        raise UsageError("--due is not a date", "Write a date such as 2027-01-31.") from error
    if any(day < today for day in days):
        raise UsageError("--due is in the past", "Write a day that is still to come.")
    return days


def _warn_unsigned(workspace: Workspace, version: ModelVersion, *, no_sign: bool) -> None:
    wanted = workspace.policy.profiles[workspace.context.standing(version).profile].assurance
    if no_sign and wanted != "declared":
        say(f"Note: policy wants sign-offs of {version.key} that are {wanted}, so this one will not count.")
