"""What is wrong with a waiver. The rules on waivers report it, and a waiver with a fault covers nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from accredit.domain.calendar import is_after
from accredit.domain.prose import is_filled
from accredit.domain.registry import ModelVersion
from accredit.domain.waiver import Waiver
from accredit.findings import Route
from accredit.rules.context import Context
from accredit.rules.rule import RULES, Rule, matches

VALIDITY = ("WVR101", "WVR102", "WVR103", "WVR104", "WVR105")
"""The rules that a waiver must keep to cover anything."""


class Fault(NamedTuple):
    """Why a waiver does not count: the rule that says so, the message, the remedy, and the field."""

    code: str
    message: str
    help: str
    route: Route


def covers(version: ModelVersion, context: Context) -> Mapping[str, str]:
    """Code of a rule to the waiver that accepts that it does not hold: one in force on the day, without any fault."""
    found: dict[str, str] = {}
    for name in context.waivers.get(version.key, ()):
        waiver = context.registry.waivers[name]
        if waiver.is_in_force_on(context.as_of) and not faults_of(name, version, context):
            found.setdefault(waiver.rule, name)
    return found


def faults_of(name: str, version: ModelVersion, context: Context) -> tuple[Fault, ...]:
    """Everything that is wrong with a waiver for a version. That it has ended is no fault."""
    return context.once("faults of a waiver", name, lambda: tuple(_faults(name, version, context)))


def _faults(name: str, version: ModelVersion, context: Context) -> Iterator[Fault]:
    waiver = context.registry.waivers[name]
    yield from _unwritten(waiver)
    rule = RULES.get(waiver.rule)
    if rule is not None:
        yield from _acceptance(waiver, rule, version, context)
        yield from _signature(name, waiver, version, context)
        yield from _term(name, waiver, rule, version, context)
    yield from _controls(waiver, context)
    if rule is None:
        yield Fault("WVR105", f"`{waiver.rule}` is no rule, so nothing is waived", "Name a rule.", ("rule",))
    else:
        yield from _waivable(waiver, rule, version, context)


def _unwritten(waiver: Waiver) -> Iterator[Fault]:
    for field, text in (("reason", waiver.reason), ("risk", waiver.risk), ("ticket", waiver.ticket)):
        if not is_filled(text):
            yield Fault("WVR101", f"`{field}` says nothing yet", f"Write the {field}.", (field,))


def _acceptance(waiver: Waiver, rule: Rule, version: ModelVersion, context: Context) -> Iterator[Fault]:
    grave = rule.severity.label
    allowed = context.policy.waivers.accept_by.get(grave, ())  # type: ignore[call-overload]
    who, role = waiver.accepted_by, waiver.accepted_as
    wanted = " or ".join(allowed) or "nobody"
    if role not in allowed:
        message = f"the role {role} may not accept that a rule of severity {grave} does not hold; {wanted} may"
        yield Fault("WVR102", message, f"Let {wanted} accept it.", ("accepted_as",))
    person = context.registry.people.get(who)
    if person is None or person.kind == "bot":
        yield Fault("WVR102", f"`{who}` is no person, and cannot accept a risk", "Name a person.", ("accepted_by",))
    elif role not in person.roles_on(waiver.granted):
        message = f"{person.name} did not hold the role {role} on {waiver.granted}"
        yield Fault("WVR102", message, "Let somebody accept it who holds the role.", ("accepted_by",))
    for part in _interests(waiver, version, context):
        message = f"`{who}` accepts the risk and {part}"
        yield Fault("WVR102", message, "Let somebody accept it who has no part in the version.", ("accepted_by",))


def _signature(name: str, waiver: Waiver, version: ModelVersion, context: Context) -> Iterator[Fault]:
    """What history says against its signature, where the profile asks for more than names."""
    path, wanted = f"waivers/{name}.yaml", context.policy.profiles[context.standing(version).profile].assurance
    proof = context.verification
    if proof and (why := proof.against(path, context.registry.digests.get(path), wanted)):
        message = f"that {waiver.accepted_by} accepts the risk is not proved: {why}"
        yield Fault("WVR102", message, f"Let {waiver.accepted_by} sign it: `accredit sign {path}`.", ("accepted_by",))


def _interests(waiver: Waiver, version: ModelVersion, context: Context) -> Iterator[str]:
    """What the person who accepts has to do with the version. A bot's deeds are those of who answers for it."""
    registry, trained = context.registry, version.record.trained
    if waiver.accepted_by == context.model(version).record.owner:
        yield "owns the model"
    if trained and waiver.accepted_by == registry.behind(trained.by):
        yield "trained the version"
    if waiver.accepted_by == registry.behind(waiver.requested_by):
        yield "asked for the waiver"


def _term(name: str, waiver: Waiver, rule: Rule, version: ModelVersion, context: Context) -> Iterator[Fault]:
    limits, grave = context.policy.waivers, rule.severity.label
    longest = limits.max_days.get(grave, 0)  # type: ignore[call-overload]
    days = (waiver.expires - waiver.granted).days + 1
    if days > longest:
        message = f"the term is {days} days, and policy allows {longest} for a rule of severity {grave}"
        yield Fault("WVR103", message, "Shorten it, and make the rule hold by then.", ("expires",))
    waivers = context.registry.waivers
    same = [n for n in context.waivers[version.key] if waivers[n].rule == waiver.rule]
    renewals = max(waiver.renewals, same.index(name))
    allowed = limits.max_renewals.get(grave, 0)  # type: ignore[call-overload]
    if renewals > allowed:
        message = f"this is renewal {renewals}, and policy allows {allowed} for a rule of severity {grave}"
        field = "renewals" if waiver.renewals == renewals else "granted"
        yield Fault("WVR103", message, "Make the rule hold, or take the version out of use.", (field,))


def _controls(waiver: Waiver, context: Context) -> Iterator[Fault]:
    wanted, found = context.policy.waivers.min_controls, len(waiver.compensating_controls)
    if found < wanted:
        few = f"{found} compensating controls are recorded, and policy asks for {wanted}"
        message = few if found else "nothing is done instead while the rule does not hold"
        yield Fault("WVR104", message, "Record a compensating control.", ("compensating_controls",))
    for index, control in enumerate(waiver.compensating_controls):
        route = ("compensating_controls", index)
        for field, text in (("control", control.control), ("evidence", control.evidence)):
            if not is_filled(text):
                message = f"`{field}` of compensating control {index + 1} says nothing yet"
                yield Fault("WVR104", message, "Say what is done and where it shows.", (*route, field))
        if is_after(control.checked, context.as_of):
            message = f"compensating control {index + 1} is checked on {control.checked}, which has not come yet"
            yield Fault("WVR104", message, "Write the day on which it was last looked at.", (*route, "checked"))


def _waivable(waiver: Waiver, rule: Rule, version: ModelVersion, context: Context) -> Iterator[Fault]:
    profile = context.standing(version).profile
    if not rule.waivable:
        why = "cannot be waived"
    elif matches(rule.code, context.policy.waivers.never):
        why = "may not be waived under this policy"
    elif not context.policy.profiles[profile].waivers:
        why = f"may not be waived under the profile {profile}"
    else:
        return
    yield Fault("WVR105", f"{waiver.rule} {why}", "Make the rule hold, or take the version out of use.", ("rule",))
