"""APR: those who approved were allowed to, had no part in the work, and are who they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from accredit.domain.lifecycle import Step
from accredit.domain.registry import ModelVersion
from accredit.domain.separation import NOT_ACHIEVED
from accredit.domain.signoff import Approval
from accredit.domain.verification import Flaw, at_least
from accredit.rules.context import Context
from accredit.rules.decisive import (
    NOBODY_ASKED,
    Objection,
    approval_path,
    approving,
    decisive,
    doubted,
    request_path,
    rules_behind,
    signoffs,
)
from accredit.rules.rule import Verdict, at, concedes, fails, not_applicable, passes, rule, unknown

_UNAUTHORISED = (Flaw.NO_ROLE, Flaw.UNKNOWN_PERSON, Flaw.REVOKED_KEY, Flaw.TAINTED)
_INVOLVED = (Flaw.REQUESTER, Flaw.TRAINER, Flaw.CONTRIBUTOR)
_UNIDENTIFIED = (Flaw.BAD_SIGNATURE, Flaw.OTHER_SIGNER, Flaw.SHARED_KEY, Flaw.TOO_WEAK)


@rule("APR102", "Approvers were authorised at signing time", severity="blocker", gate="production", waivable=False)
def authorised(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Approvers were authorised at signing time.

    What it checks:
        Whoever approved is a person, worked here and held the role on the day of the signature, and policy asks for
        the role. With a history, the day is that of the landing, and the key was neither revoked nor compromised by
        then; an approval that history refused carries no move, and is reported while the request waits. Without one,
        the day is the one that the file states.

    Why it matters:
        A signature by somebody who was not in the role is a signature by nobody.

    Example:
        An approval of 2026-09-01 as validator by somebody who became a validator on 2026-10-01.

    How to fix:
        Let somebody approve who holds the role. Give a role before it is used, with `accredit change`.

    References:
        NIST SP 800-53 AC-3 and AC-2; ISO/IEC 42001 clause 5.3.
    """
    step = decisive(version, context)
    if step is None:
        yield not_applicable(NOBODY_ASKED)
    elif context.verification is not None:
        found = doubted(version, step, context, _UNAUTHORISED)
        yield from _reported(found, "Let somebody approve who may.", "whoever approved was allowed to")
    else:
        found = _without_role(version, step, context)
        yield from _reported(found, "Let somebody approve who holds the role.", "whoever approved held the role")


def _without_role(version: ModelVersion, step: Step, context: Context) -> Iterator[Objection]:
    move, rules = step.move, rules_behind(version, step, context)
    for name, approval in approving(step):
        path, who, role = approval_path(version, step, name), approval.reviewer, approval.role
        person, day = context.registry.people.get(who), approval.time.date()
        if person is None or person.kind == "bot":
            yield Objection(path, "reviewer", f"`{who}` is no person, and cannot approve")
        elif role not in person.roles_on(day):
            yield Objection(path, "role", f"{person.name} did not hold the role {role} on {day}")
        elif rules is not None and not any(role in s.role for s in rules.sign):
            yield Objection(path, "role", f"policy asks no {role} to sign {move}")


@rule("APR103", "Separation of duties holds", severity="blocker", gate="production", waivable=False)
def duties_separate(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Separation of duties holds.

    What it checks:
        Nobody who approved asked for the move or trained the version, also by a bot they answer for, and, with a
        history, nobody of them committed its content; such an approval carries no move, and is reported while the
        request waits. Where policy lets a small team approve its own work in the model's tier, such an approval
        counts, and the rule still does not hold: it closes no gate, and is shown wherever the sign-off is. Where a
        role is `independent_of` others, its holder did not sign for this version in one of them, and does not own the
        model where `owner` is among them.

    Why it matters:
        Nobody finds the faults in their own work as well as somebody else does.

    Example:
        `trained: {by: dana}` and an approval by dana.

    How to fix:
        Let somebody approve who had no part in the version.

    References:
        NIST SP 800-53 AC-5; SR 26-2 on independence of validation from development.
    """
    step = decisive(version, context)
    if step is None:
        yield not_applicable(NOBODY_ASKED)
        return
    proven = context.verification is not None
    involved = [*(doubted(version, step, context, _INVOLVED) if proven else _involved(version, step, context))]
    conceded = [*conceded_of(version, step, context)]
    found = [o for o in involved if o not in conceded] + [*_dependent(version, step, context)]
    remedy = "Let somebody approve who had no part in the version."
    for own in conceded:
        yield concedes(
            f"{NOT_ACHIEVED}: {own.message}; policy lets a small team do so", remedy, at(own.path, own.field)
        )
    if found or not conceded:
        yield from _reported(found, remedy, "nobody approved their own work")


def conceded_of(version: ModelVersion, step: Step, context: Context) -> Iterator[Objection]:
    """Approvals of their own work by people of a small team, which count because policy says so."""
    if context.verification is not None:
        for signoff in signoffs(version, step, context):
            yield from (Objection(signoff.path, "reviewer", d.message) for d in signoff.conceded if signoff.counts)
    elif context.policy.separation_of_duties.is_given_up(context.standing(version).tier):
        yield from _involved(version, step, context)


def _involved(version: ModelVersion, step: Step, context: Context) -> Iterator[Objection]:
    behind, trained = context.registry.behind, version.record.trained
    for name, approval in approving(step):
        path, who = approval_path(version, step, name), approval.reviewer
        if behind(who) == behind(step.transition.request.requested_by):
            yield Objection(path, "reviewer", f"{who} asked for the move and approved it")
        if trained is not None and behind(who) == behind(trained.by):
            yield Objection(path, "reviewer", f"{who} trained the version and approved it")


def _dependent(version: ModelVersion, step: Step, context: Context) -> Iterator[Objection]:
    """Approvals in a role that must be independent of another that the same person has for this version."""
    steps = [s for s in context.lifecycles[version.key].steps if s.status in ("effective", "pending")]
    signed = [(a.reviewer, a.role) for s in steps for _, a in approving(s)]
    for name, approval in approving(step):
        role = context.policy.roles.get(approval.role)
        others = {r for who, r in signed if who == approval.reviewer}
        if approval.reviewer == context.model(version).record.owner:
            others.add("owner")
        for other in sorted(others & set(role.independent_of if role else ())):
            message = f"{approval.reviewer} signs as {approval.role} and is {other} for this version"
            yield Objection(approval_path(version, step, name), "role", message)


@rule("APR108", "Signer identity is evidenced", severity="error", gate="production", waivable=True)
def identity_evidenced(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Signer identity is evidenced.

    What it checks:
        The request and every approval that counts are at least as sure as `assurance` of the model's profile asks:
        declared in a file, in a commit, in a review on a forge, or signed with a registered key. Without a history
        nothing is more than declared, so that more than that is unknown.

    Why it matters:
        Anybody can write anybody's name into a file.

    Example:
        A profile with `assurance: signed`, and an approval without `<file>.sig` beside it.

    How to fix:
        Sign with `accredit approve`, and check in a clone with its history.

    References:
        NIST SP 800-53 AU-10 on non-repudiation; NIST SP 800-63-4 on assurance levels.
    """
    step, wanted = decisive(version, context), context.policy.profiles[context.standing(version).profile].assurance
    if step is None:
        yield not_applicable(NOBODY_ASKED)
    elif context.verification is not None:
        found = [*doubted(version, step, context, _UNIDENTIFIED)]
        known = {objection.path for objection in found}
        for signoff in signoffs(version, step, context):
            if signoff.path not in known and not at_least(signoff.assurance, wanted):
                message = f"it is {signoff.assurance}, and policy asks for {wanted}"
                found.append(Objection(signoff.path, "", message))
        yield from _reported(found, "Sign it: `accredit approve`.", f"every sign-off is at least {wanted}")
    elif wanted == "declared":
        yield passes("policy takes the word of the files for who signed")
    else:
        message = f"without a history nobody can say who signed, and policy asks for {wanted}"
        yield unknown(message, "Check in a clone with its history.", at(request_path(version, step)))


def sound(version: ModelVersion, step: Step, context: Context) -> dict[str, Approval]:
    """Person to approval, for the approvals that nothing speaks against; a rejection is none."""
    if context.verification is None:
        conceded = [*conceded_of(version, step, context)]
        own = [o for o in _involved(version, step, context) if o not in conceded]
        found = [*_without_role(version, step, context), *own]
    else:
        found = [Objection(s.path, "", "") for s in signoffs(version, step, context) if not s.counts]
    objected = {o.path for o in (*found, *_dependent(version, step, context))}
    return {a.reviewer: a for n, a in approving(step) if approval_path(version, step, n) not in objected}


def _reported(found: Iterable[Objection], remedy: str, otherwise: str) -> Iterator[Verdict]:
    objections = tuple(found)
    yield from (fails(o.message, remedy, at(o.path, *([o.field] if o.field else []))) for o in objections)
    if not objections:
        yield passes(otherwise)
