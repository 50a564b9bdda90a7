"""`accredit controls`, `frameworks` and `determine`: which obligations apply, and what the records show of them."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from accredit.cli.console import say
from accredit.cli.output import deliver
from accredit.cli.place import registry_at
from accredit.cli.sealing import Hand
from accredit.cli.start import Registry
from accredit.cli.verifying import Form, Shape
from accredit.cli.workspace import By, KeyFile, ModelArgument, NoSign, VersionArgument, as_written, opened
from accredit.errors import UsageError
from accredit.reports.plain import one_line

if TYPE_CHECKING:
    from accredit.signing.workspace import Workspace


class Decision(StrEnum):
    """What somebody decides on a control."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"


def controls(
    model_id: Annotated[str, typer.Argument(metavar="MODEL", show_default=False, help="Only this model.")] = "",
    version_id: Annotated[
        str, typer.Argument(metavar="VERSION", show_default=False, help="This version. Default: the current one.")
    ] = "",
    *,
    framework: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", show_default=False, help="Repeatable. Default: those that policy reports on."),
    ] = None,
    format_: Form = Shape.TEXT,
    registry: Registry = None,
) -> None:
    """List each control with its status and the evidence that was found."""
    from accredit.reports import controls as report  # noqa: PLC0415 - only this command needs it

    workspace = opened(registry_at(registry))
    models = workspace.loaded.registry.models
    if model_id and model_id not in models:
        raise UsageError(
            f"there is no model {model_id} that can be read", f"Known models: {', '.join(models) or 'none'}."
        )
    if version_id:
        workspace.version(model_id, version_id)
    catalogue = workspace.context.catalogue
    for name in framework or ():
        if name not in catalogue.frameworks:
            raise UsageError(f"there is no framework {name}", catalogue.instead_of(name))
    assessment = workspace.assessment
    found = [
        status
        for model in ([model_id] if model_id else models)
        for status in assessment.controls(model, version_id or None, framework)
    ]
    as_json = format_ is Shape.JSON
    make = (
        report.as_json(found, workspace.today, assessment.locate) if as_json else report.text(found, assessment.locate)
    )
    deliver(make, None)


def frameworks(*, format_: Form = Shape.TEXT, registry: Registry = None) -> None:
    """List the catalogues of controls with the day on which each was verified."""
    from accredit.reports.controls import catalogues, catalogues_json  # noqa: PLC0415 - only this command needs it

    workspace = as_written(registry_at(registry))
    criteria = workspace.policy.catalogue
    make = catalogues_json if format_ is Shape.JSON else catalogues
    deliver(make(workspace.context.catalogue.frameworks, criteria.reported, criteria.enforce), None)


def determine(  # noqa: PLR0913 - one parameter an option
    model_id: ModelArgument,
    version_id: VersionArgument,
    control: Annotated[str, typer.Argument(metavar="CONTROL", help="The control's id, as in AIA-14.")],
    *,
    result: Annotated[Decision, typer.Option(help="What was decided.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, and on what evidence.")],
    role: Annotated[str, typer.Option("--as", metavar="ROLE", help="In which role.")],
    until: Annotated[
        str, typer.Option(metavar="DATE", show_default=False, help="Last day. Default: as long as policy allows.")
    ] = "",
    framework: Annotated[
        str, typer.Option(metavar="ID", show_default=False, help="Where several frameworks have the id.")
    ] = "",
    name: Annotated[
        str, typer.Option("--id", metavar="ID", show_default=False, help="Default: of model, version, control, day.")
    ] = "",
    by: By = "",
    key: KeyFile = None,
    no_sign: NoSign = False,
    registry: Registry = None,
) -> None:
    """Decide on a control where checks alone cannot; refused where it would not count."""
    from accredit.history.sshsig import ATTESTED  # noqa: PLC0415 - loads cryptography
    from accredit.signing.determination_file import (  # noqa: PLC0415 - only this command needs it
        Decided,
        control_named,
        determination_faults,
        draft_determination,
    )

    root = registry_at(registry)
    workspace = as_written(root)
    version = workspace.version(model_id, version_id)
    people, signs = workspace.loaded.registry.people, not no_sign
    hand = Hand.named(people, by, key, signs=signs) if by else Hand.of(people, "", key, signs=signs)
    decided = Decided(result.value, reason, hand.person, role, _last_day(until, workspace))
    proposed = draft_determination(workspace, version, control_named(workspace, control, framework), decided, name)
    faults = determination_faults(workspace, version, proposed)
    for fault in faults:
        say(one_line(f"{fault.message}. {fault.help}"))
    if faults:
        raise UsageError("the determination would not count, so it is not written", "Correct what is said above.")
    hand.write(root, proposed, ATTESTED["determination"])


def _last_day(until: str, workspace: Workspace) -> date:
    if not until:
        return workspace.today + timedelta(days=workspace.policy.catalogue.determination_days)
    try:
        return date.fromisoformat(until)
    except ValueError as error:
        raise UsageError(f"--until {until} is not a date", "Write a date such as 2026-11-23.") from error
