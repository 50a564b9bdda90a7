"""APR: enough people approved, nobody refused, and the approval has not run out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from accredit.domain.calendar import months_after
from accredit.domain.lifecycle import Step, missing_signatures
from accredit.domain.registry import ModelVersion
from accredit.rules.approval_signers import sound
from accredit.rules.context import Context
from accredit.rules.decisive import (
    NOBODY_ASKED,
    approval_path,
    approved,
    approving,
    decisive,
    excused,
    request_path,
    rules_behind,
)
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule


@rule("APR101", "Quorum of required roles", severity="blocker", gate="production", waivable=False)
def quorum(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Quorum of required roles.

    What it checks:
        Everybody whose signature policy asks for under `transitions` approved the request, one person for one role,
        and as many different people as policy says. Approvals that APR102 or APR103 object to do not count. For a
        version in production that is the request that brought it there, otherwise the request that waits or the last
        move that was made.

    Why it matters:
        Each role looks at something that the others do not. A move that skips one was looked at by nobody there.

    Example:
        Validator and risk officer approved, and no release manager did.

    How to fix:
        Ask those who are named to look at the request and decide: `accredit approve`.

    References:
        SR 26-2 on governance and effective challenge; NIST SP 800-53 AC-3(2) on dual authorisation.
    """
    step = decisive(version, context)
    if step is None:
        yield not_applicable(NOBODY_ASKED)
        return
    request = step.transition.request
    move = f"{request.from_stage}->{request.to_stage}"
    missing = _missing(version, step, context)
    if missing:
        message = f"request {request.seq:04}, {move}, still needs {', '.join(missing)}"
        yield fails(message, _whom(missing, step, context), at(request_path(version, step)))
    else:
        people = [a.reviewer for _, a in approving(step)]
        yield passes(f"{move} is signed by {', '.join(people)}" if people else f"policy asks no signature for {move}")


def _missing(version: ModelVersion, step: Step, context: Context) -> tuple[str, ...]:
    """The signatures that the request needs beside those that nothing speaks against."""
    standing, approvals = context.standing(version), sound(version, step, context)
    if context.verification is not None and len(approvals) == len([*approving(step)]):
        return step.missing  # as history judged it, under the policy of that day
    rules = rules_behind(version, step, context)
    return step.missing if rules is None else missing_signatures(rules, approvals, standing.tier, standing.facts)


def _whom(missing: tuple[str, ...], step: Step, context: Context) -> str:
    roles = {role for signature in missing for role in signature.split(" or ")}
    signed = {a.reviewer for _, a in approving(step)}
    people = sorted({p for role in roles for p in context.role_holders.get(role, ())} - signed)
    return f"Ask those in the roles to decide: {', '.join(people)}." if people else "Ask those in the roles to decide."


@rule("APR105", "Approval has not expired", severity="blocker", gate="production", waivable=True)
def unexpired(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Approval has not expired.

    What it checks:
        The last move into production, or the last revalidation there, took effect no more than
        `approval_valid_months` of the model's tier ago, or ended within the `approvals.expiry.grace_days` of the
        policy. An emergency move is no approval, and renews none. The reason of a pass says when the end is within one
        of the `approvals.expiry.warn_days`.

    Why it matters:
        People approve what they know on the day. Data, law and use move on, and an approval without an end is looked
        at by nobody again.

    Example:
        A version that came into production on 2025-02-02, where policy lets an approval hold for 12 months.

    How to fix:
        Request a revalidation, which is a move from production to production, or take the version out of use.

    References:
        SR 26-2 on periodic review; ISO/IEC 42001 clause 9.1.
    """
    step, months = approved(version, context), _tier_months(version, context)
    if why := excused(version, context):
        yield not_applicable(why)
    elif step is None or step.at is None:
        yield not_applicable("the version is not in production")
    elif months is None:
        yield not_applicable(f"policy sets no end to approvals in tier {context.standing(version).tier}")
    else:
        end = months_after(step.at.date(), months)
        left = (end - context.as_of).days
        expiry = context.policy.approvals.expiry
        near = min((d for d in expiry.warn_days if left <= d), default=None)
        if 0 < -left <= expiry.grace_days:
            last = end + timedelta(days=expiry.grace_days)
            yield passes(f"the approval held until {end} and counts until {last}: request a revalidation")
        elif left < 0:
            message = f"the approval of {step.at.date()} held for {months} months, until {end}"
            yield fails(message, "Request a revalidation, or take it out of use.", at(request_path(version, step)))
        else:
            soon = f", which is within {near} days: request a revalidation" if near else ""
            yield passes(f"the approval holds until {end}{soon}")


def _tier_months(version: ModelVersion, context: Context) -> int | None:
    tier = context.policy.tiers.get(str(context.standing(version).tier))  # type: ignore[call-overload]
    return tier.approval_valid_months if tier else None


@rule("APR106", "No standing rejection", severity="blocker", gate="production", waivable=False)
def unrejected(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """No standing rejection.

    What it checks:
        The last decision on a request for production, or on a revalidation there, is not a rejection. A rejection
        stands until another move takes effect, such as the way back to staging, or until everybody who rejected, or
        somebody in the same role, approves a new request.

    Why it matters:
        Whoever says no must not be outvoted by asking again and leaving them out.

    Example:
        The risk officer rejects request 0002, and nothing has happened since.

    How to fix:
        Answer what the rejection says, and request the move anew.

    References:
        SR 26-2 on effective challenge; NIST AI RMF GOVERN 3.2.
    """
    steps = context.lifecycles[version.key].steps
    if not steps:
        yield not_applicable(NOBODY_ASKED)
        return
    standing = _standing_rejections(steps)
    for step, person in standing:
        message = f"{person} rejected request {step.transition.request.seq:04}"
        place = at(approval_path(version, step, person), "decision")
        yield fails(message, "Answer what the rejection says, and request the move anew.", place)
    if not standing:
        yield passes("nobody's rejection stands")


def _standing_rejections(steps: tuple[Step, ...]) -> list[tuple[Step, str]]:
    """The rejections, step and file, that nothing has answered."""
    standing: list[tuple[Step, str, str]] = []
    for step in steps:
        decisions = step.transition.approvals.items()
        if step.status == "effective":
            standing = []
        elif step.transition.request.to_stage == "production" and step.status != "broken":
            roles = {a.role for _, a in approving(step)}
            standing = [(s, person, role) for s, person, role in standing if role not in roles]
            standing += [(step, person, a.role) for person, a in sorted(decisions) if a.decision == "reject"]
    return [(step, person) for step, person, _ in standing]
