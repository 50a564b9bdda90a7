"""APR: what was asked for with an approval is done in time."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.calendar import is_after
from accredit.domain.lifecycle import Step
from accredit.domain.prose import is_filled
from accredit.domain.registry import ModelVersion
from accredit.domain.signoff import Approval, Closing, Condition
from accredit.rules.context import Context
from accredit.rules.decisive import NOBODY_ASKED, approval_path, approving, decisive, request_path
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule


@rule("APR107", "Conditions are met on time", severity="blocker", gate="production", waivable=True)
def conditions_met(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Conditions are met on time.

    What it checks:
        Each condition of an approval with conditions is closed with evidence, or not yet due. What closes it is the
        approval itself, or a later record in `closings/` by whoever made the condition or is named as its owner; where
        sign-offs are proved, it has to be signed as they are. Such an approval names at least one condition. No more
        than `approvals.conditions.max_open` of a move are open, and none is due later than
        `approvals.conditions.max_days` after the approval, where policy says so. Where sign-offs are proved from the
        history, an approval counts as it landed.

    Why it matters:
        An approval with a condition that nobody meets was given for another model.

    Example:
        `due: 2026-10-31` without `closed` on 2026-11-23.

    How to fix:
        Do it, and say so: `accredit close MODEL VERSION --condition 1 --evidence TEXT`. The signed approval stays as
        it is.

    References:
        SR 26-2 on conditions of use; NIST SP 800-53 CA-5 on plans of action.
    """
    step = decisive(version, context)
    if step is None:
        yield not_applicable(NOBODY_ASKED)
        return
    faults = looked = 0
    for person, approval in approving(step):
        path = approval_path(version, step, person)
        if approval.decision == "approve-with-conditions" and not approval.conditions:
            faults += 1
            yield fails(f"{person} approved with conditions and names none", "Name them.", at(path, "decision"))
        for index, condition in enumerate(conditions_of(version, step, person, context)):
            looked += 1
            if problem := _unmet(condition, context) or _late(condition, approval, context):
                faults += 1
                message = f"condition {index + 1} of {person} {problem}"
                yield fails(message, "Do it, and say so: `accredit close`.", at(path, "conditions", index))
    opened, most = _open(version, step, context), context.policy.approvals.conditions.max_open
    if most is not None and opened > most:
        faults += 1
        message = f"{opened} conditions are open, and policy allows {most}"
        yield fails(message, "Meet some of them before the move is signed.", at(request_path(version, step)))
    if not faults:
        yield passes(f"{looked} conditions are met or not yet due" if looked else "nobody made a condition")


def conditions_of(version: ModelVersion, step: Step, person: str, context: Context) -> Iterator[Condition]:
    """Conditions of an approval, closed where a later record that counts says so."""
    approval = step.transition.approvals[person]
    digest = context.registry.digests.get(approval_path(version, step, person))
    closings = [c for c in _closings(version, step, context) if c.approval == digest]
    for number, condition in enumerate(approval.conditions, 1):
        allowed = {approval.reviewer, condition.owner}
        closing = next((c for c in closings if c.condition == number and c.by in allowed), None)
        update = {"closed": closing.closed, "evidence": closing.evidence} if closing else {}
        yield condition.model_copy(update=update)


def _closings(version: ModelVersion, step: Step, context: Context) -> Iterator[Closing]:
    """The closings on a request that count: all of them without a history, else those that it lets count."""
    folder, signoffs = request_path(version, step).removesuffix("request.yaml"), context.signoffs_of(version)
    filed = (t.closings for t in version.transitions if t.sha256 == step.transition.sha256)
    for name, closing in sorted(next(filed, {}).items()):
        path = f"{folder}closings/{name}.yaml"
        signoff = signoffs.get(path)
        as_it_landed = signoff and signoff.counts and signoff.sha256 == context.registry.digests.get(path)
        if as_it_landed or context.verification is None:
            yield closing


def _open(version: ModelVersion, step: Step, context: Context) -> int:
    """How many conditions of a step are not closed."""
    found = (c for person, _ in approving(step) for c in conditions_of(version, step, person, context))
    return sum(c.closed is None or is_after(c.closed, context.as_of) for c in found)


def _late(condition: Condition, approval: Approval, context: Context) -> str:
    """What is wrong with the day on which a condition is due; empty where nothing is."""
    days, most = (condition.due - approval.time.date()).days, context.policy.approvals.conditions.max_days
    if most is None or days <= most:
        return ""
    return f"is due on {condition.due}, {days} days after the approval, and policy allows {most}"


def _unmet(condition: Condition, context: Context) -> str:
    """What is wrong with a condition; empty where it is met, or may still be."""
    closed = condition.closed is not None and not is_after(condition.closed, context.as_of)
    if closed and is_filled(condition.evidence):
        return ""
    if closed:
        return f"was closed on {condition.closed} without evidence"
    return f"was due on {condition.due} and is not closed" if condition.due < context.as_of else ""
