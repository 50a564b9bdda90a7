"""Exceptions before they are written: a waiver that would count, a legal hold, and the end of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from accredit.domain.registry import ModelVersion
from accredit.domain.waiver import Hold, HoldRelease, Waiver
from accredit.errors import UsageError
from accredit.loading.schema import read_entry
from accredit.rules import all_rules
from accredit.rules.context import Context
from accredit.rules.waiver_validity import Fault, faults_of
from accredit.signing.record import Draft, draft, fields_of
from accredit.signing.workspace import Workspace

LEGAL = "legal"
"""The role that places and releases holds, where policy defines it; otherwise anybody active does."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a waiver shall say, as far as it does not follow from the registry and the day."""

    rule: str
    reason: str
    risk: str
    ticket: str
    requested_by: str
    accepted_by: str
    accepted_as: str
    expires: dt.date
    controls: tuple[tuple[str, str], ...]
    """What is done instead, and where it shows."""


def draft_waiver(workspace: Workspace, version: ModelVersion, wanted: Wanted, name: str = "") -> Draft:
    """A waiver from today on, by its id or by one made of model, version and rule. Whether it counts is not asked.

    Raises:
        UsageError: where its values have no place in a waiver.
    """
    earlier = _earlier(workspace, version, wanted.rule)
    made = "-".join([version.key.replace("@", "-"), wanted.rule, *([str(earlier + 1)] if earlier else [])])
    controls = [{"control": c, "evidence": e, "checked": workspace.today} for c, e in wanted.controls]
    fields: dict[str, object] = {
        "registry": workspace.registry_id,
        "rule": wanted.rule,
        "model": version.model_id,
        "version": version.id,
        "reason": wanted.reason,
        "risk": wanted.risk,
        "ticket": wanted.ticket,
        "requested_by": wanted.requested_by,
        "accepted_by": wanted.accepted_by,
        "accepted_as": wanted.accepted_as,
        "granted": workspace.today,
        "expires": wanted.expires,
    }
    fields |= {"renewals": earlier} if earlier else {}
    return draft(
        f"waivers/{name or made.lower().replace('+', '-')}.yaml", {**fields, "compensating_controls": controls}
    )


def _earlier(workspace: Workspace, version: ModelVersion, rule: str) -> int:
    waivers = workspace.loaded.registry.waivers
    return sum(waivers[name].rule == rule for name in workspace.context.waivers.get(version.key, ()))


def waiver_faults(workspace: Workspace, version: ModelVersion, proposed: Draft) -> tuple[Fault, ...]:
    """Why a waiver would cover nothing if it were written: the faults that the rules on waivers would find."""
    all_rules()
    name = proposed.path.removeprefix("waivers/").removesuffix(".yaml")
    waiver, registry = _waiver(proposed), workspace.loaded.registry
    extended = replace(registry, waivers={**registry.waivers, name: waiver})
    context = Context(extended, workspace.policy, workspace.today)
    return (*_ended(waiver, workspace.today), *_nobody(waiver, workspace), *faults_of(name, version, context))


def is_needless(workspace: Workspace, version: ModelVersion, rule: str) -> bool:
    """Whether a rule holds for a version today, so that a waiver has nothing to cover."""
    found = workspace.assessed(version).results.get(rule)
    return found is not None and found.outcome in ("pass", "not_applicable")


def _waiver(proposed: Draft) -> Waiver:
    value, _ = read_entry("waiver", proposed.path, proposed.text.encode())
    if not isinstance(value, Waiver):
        raise UsageError(f"{proposed.path} is no waiver")
    return value


def _ended(waiver: Waiver, today: dt.date) -> Iterator[Fault]:
    if waiver.expires < today:
        yield Fault("WVR103", f"it would have ended on {waiver.expires}", "Name a last day to come.", ("expires",))


def _nobody(waiver: Waiver, workspace: Workspace) -> Iterator[Fault]:
    if waiver.requested_by not in workspace.loaded.registry.people:
        message = f"`{waiver.requested_by}` is nobody registered, and cannot ask for it"
        yield Fault("REF002", message, "Name a person.", ("requested_by",))


def draft_hold(
    workspace: Workspace, name: str, by: str, reason: str, scope: tuple[Sequence[str], Sequence[str]]
) -> Draft:
    """A legal hold from today on, over models and datasets.

    Raises:
        UsageError: where it covers nothing, or something that does not exist, or this person cannot place it.
    """
    registry, (models, datasets) = workspace.loaded.registry, scope
    if not (models or datasets):
        raise UsageError("a hold covers models or datasets", "Name them: --model ID, --dataset ID.")
    unknown = [m for m in models if m not in registry.models] + [d for d in datasets if d not in registry.datasets]
    if unknown:
        raise UsageError(f"{' and '.join(unknown)} cannot be found", "Name models and datasets of the registry.")
    _require_legal(workspace, by)
    fields: dict[str, object] = {"registry": workspace.registry_id, "reason": reason}
    fields |= {"models": tuple(models)} if models else {}
    fields |= {"datasets": tuple(datasets)} if datasets else {}
    return draft(f"holds/{name}.yaml", {**fields, "issued_by": by, "issued": workspace.today})


def with_release(workspace: Workspace, path: str, text: str, by: str, reason: str) -> str:
    """The file of a hold that ends today. Every byte that was there stays.

    Raises:
        UsageError: where the hold has ended, or this person cannot end it.
    """
    hold = _hold(path, text)
    if hold.released is not None:
        raise UsageError(f"{path} was released on {hold.released.date}", "A hold ends once.")
    _require_legal(workspace, by)
    if workspace.loaded.registry.behind(hold.issued_by) == by:
        raise UsageError(f"{by} placed this hold and cannot release it", "A second legal person has to.")
    release = HoldRelease(by=by, date=workspace.today, reason=reason)
    entry = fields_of({"released": {"by": by, "date": workspace.today, "reason": reason}})
    edited = f"{text}{'' if text.endswith(chr(10)) else chr(10)}{entry}"
    value, findings = read_entry("hold", path, edited.encode())
    if value != hold.model_copy(update={"released": release}):
        why = findings[0].message if findings else "it would say something else"
        raise UsageError(f"the release cannot be added to {path}: {why}", "Write `released` by hand.")
    return edited


def _hold(path: str, text: str) -> Hold:
    value, findings = read_entry("hold", path, text.encode())
    if not isinstance(value, Hold):
        raise UsageError(f"{path} cannot be read: {findings[0].message}", findings[0].help)
    return value


def _require_legal(workspace: Workspace, person: str) -> None:
    if not workspace.context.is_active(person):
        raise UsageError(f"{person} is nobody who works here", "Name a person of people/ who is active.")
    holders = workspace.context.role_holders.get(LEGAL, frozenset())
    if LEGAL in workspace.policy.roles and person not in holders:
        able = ", ".join(sorted(holders)) or "nobody does"
        raise UsageError(f"{person} does not hold the role {LEGAL}", f"Who does: {able}.")
