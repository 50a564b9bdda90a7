"""`accredit waive` and `accredit hold`: exceptions with an end, and what must not be deleted."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from accredit.cli.console import say
from accredit.cli.place import registry_at, shown_from_here
from accredit.cli.sealing import Hand
from accredit.cli.start import Registry
from accredit.cli.workspace import KeyFile, ModelArgument, NoSign, VersionArgument, as_written
from accredit.domain.paths import parse_path
from accredit.errors import UsageError
from accredit.reports.plain import one_line

hold = typer.Typer(
    help="Legal holds: nothing in their scope may be deleted, expired or erased.",
    no_args_is_help=True,
    rich_markup_mode=None,
    epilog="Example: accredit hold place complaint-7 --reason 'Complaint 7' --by lars --model credit-risk",
)
HoldId = Annotated[str, typer.Argument(metavar="ID", help="The hold's id, as in complaint-7.")]
Counsel = Annotated[str, typer.Option("--by", metavar="PERSON", help="Who does so: a person with the role legal.")]


def waive(  # noqa: PLR0913 - one parameter an option
    model_id: ModelArgument,
    version_id: VersionArgument,
    rule: Annotated[str, typer.Argument(metavar="RULE", help="The rule, by its whole code, as in FAIR103.")],
    *,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why the rule cannot hold yet.")],
    risk: Annotated[str, typer.Option(metavar="TEXT", help="What may go wrong meanwhile.")],
    ticket: Annotated[str, typer.Option(metavar="TEXT", help="Where the work to make it hold is tracked.")],
    until: Annotated[str, typer.Option(metavar="DATE", help="Last day.")],
    accepted_by: Annotated[str, typer.Option(metavar="PERSON", help="Who accepts the risk.")],
    accepted_as: Annotated[str, typer.Option("--as", metavar="ROLE", help="In which role.")],
    control: Annotated[list[str], typer.Option(metavar="TEXT", help="What is done instead. Repeatable.")],
    evidence: Annotated[list[str], typer.Option(metavar="TEXT", help="Where it shows, one for each control.")],
    name: Annotated[
        str, typer.Option("--id", metavar="ID", show_default=False, help="Default: of model, version and rule.")
    ] = "",
    by: Annotated[
        str, typer.Option(metavar="PERSON", show_default=False, help="Who asks for it. Default: whose key it is.")
    ] = "",
    key: KeyFile = None,
    no_sign: NoSign = False,
    registry: Registry = None,
) -> None:
    """Accept for a time that a rule does not hold; refused where it would cover nothing."""
    from accredit.history.sshsig import ATTESTED  # noqa: PLC0415 - loads cryptography
    from accredit.signing.exception_file import Wanted, draft_waiver, is_needless, waiver_faults  # noqa: PLC0415

    if len(control) != len(evidence):
        raise UsageError(f"{len(control)} controls have {len(evidence)} evidences", "Give one --evidence a --control.")
    root = registry_at(registry)
    workspace = as_written(root)
    version = workspace.version(model_id, version_id)
    asker = Hand.of(workspace.loaded.registry.people, by, None, signs=not by).person
    pairs = tuple(zip(control, evidence, strict=True))
    wanted = Wanted(rule, reason, risk, ticket, asker, accepted_by, accepted_as, _last_day(until), pairs)
    proposed = draft_waiver(workspace, version, wanted, name)
    faults = waiver_faults(workspace, version, proposed)
    for fault in faults:
        say(one_line(f"{fault.code} {fault.message}. {fault.help}"))
    if faults:
        raise UsageError("the waiver would cover nothing, so it is not written", f"Correct what {len(faults)} say.")
    if is_needless(workspace, version, rule):
        say(f"Note: {rule} holds for {version.key} today, so the waiver covers nothing, and WVR106 will say so.")
    hand = Hand.named(workspace.loaded.registry.people, accepted_by, key, signs=not no_sign)
    hand.write(root, proposed, ATTESTED["waiver"])


@hold.command(epilog="Example: accredit hold place complaint-7 --reason 'Complaint 7' --by lars --dataset loans-2026")
def place(  # noqa: PLR0913 - one parameter an option
    hold_id: HoldId,
    *,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Reference of the matter.")],
    by: Counsel,
    model: Annotated[list[str] | None, typer.Option(metavar="ID", help="A model to keep. Repeatable.")] = None,
    dataset: Annotated[list[str] | None, typer.Option(metavar="ID", help="A dataset to keep. Repeatable.")] = None,
    key: KeyFile = None,
    no_sign: NoSign = False,
    registry: Registry = None,
) -> None:
    """Place a legal hold on models and datasets."""
    from accredit.history.sshsig import ATTESTED  # noqa: PLC0415 - loads cryptography
    from accredit.signing.exception_file import draft_hold  # noqa: PLC0415 - only these commands need it

    root = registry_at(registry)
    workspace = as_written(root)
    proposed = draft_hold(workspace, _known(hold_id), by, reason, (model or (), dataset or ()))
    hand = Hand.named(workspace.loaded.registry.people, by, key, signs=not no_sign)
    hand.write(root, proposed, ATTESTED["hold"])


@hold.command(epilog="Example: accredit hold release complaint-7 --by lena --reason 'Settled'")
def release(  # noqa: PLR0913 - one parameter an option
    hold_id: HoldId,
    *,
    by: Counsel,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why it ends.")],
    key: KeyFile = None,
    no_sign: NoSign = False,
    registry: Registry = None,
) -> None:
    """End a legal hold, as a second legal person."""
    from accredit.history.sshsig import ATTESTED  # noqa: PLC0415 - loads cryptography
    from accredit.loading.folder import Folder  # noqa: PLC0415 - only this command edits
    from accredit.signing.exception_file import with_release  # noqa: PLC0415
    from accredit.signing.record import Draft  # noqa: PLC0415

    root, path = registry_at(registry), f"holds/{_known(hold_id)}.yaml"
    try:
        text = Folder(root).read(path).decode()
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise UsageError(f"{shown_from_here(root)}{path} is not there or not UTF-8", "See `holds/`.") from error
    workspace = as_written(root)
    edited = Draft(path, with_release(workspace, path, text, by, reason))
    hand = Hand.named(workspace.loaded.registry.people, by, key, signs=not no_sign)
    hand.renew(root, edited, ATTESTED["hold"])


def _known(hold_id: str) -> str:
    if parse_path(f"holds/{hold_id}.yaml") is None:
        raise UsageError(f"{hold_id} is no id of a hold", "Ids have small letters, digits, dots and hyphens.")
    return hold_id


def _last_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--until {text} is not a date", "Write a date such as 2026-11-23.") from error
