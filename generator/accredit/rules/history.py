"""What the history of a registry must not show: governance that nobody authorised, and records that were rewritten."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.registry import Registry
from accredit.domain.verification import Flaw
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule

_GOVERNANCE = (Flaw.UNAUTHORISED, Flaw.OTHER_REGISTRY)
_REWRITTEN = (Flaw.REWRITTEN, Flaw.SMUGGLED, Flaw.OPEN_INCIDENT, Flaw.OTHER_ROOT, Flaw.CHECKPOINT_LOST)
_NO_HISTORY = "sign-offs are taken as files declare them, without a history"


@rule(
    "POL107",
    "People and policy changed only as authorised",
    severity="blocker",
    gate="always",
    waivable=False,
    scope="registry",
)
def governance_authorised(_registry: Registry, context: Context) -> Iterator[Verdict]:
    """People and policy changed only as authorised.

    What it checks:
        People and policy at the tip of the history are those of its first commit, or follow from them by changes that
        enough people signed, in the role that the policy before the change names (`approved_by_role` and
        `change_approvals`). It applies where sign-offs are proved from the history.

    Why it matters:
        Whoever can change the policy, or give out roles and keys, can approve anything. So this is never the work of
        one person, and never judged by the new rules.

    Example:
        A commit that gives its author the role of a validator, or that lowers what a tier asks for.

    How to fix:
        Undo the change, or have it authorised: `accredit change`, and `accredit change approve` by those who may.

    References:
        SR 26-2 on governance and controls; ISO/IEC 42001 clauses 5.2 and 5.3.
    """
    remedy = "Undo it, or have it authorised (accredit change). `accredit verify` names the commit."
    yield from _standing(context, _GOVERNANCE, remedy, "people and policy are as they were authorised")


@rule("RET108", "History was not rewritten", severity="blocker", gate="always", waivable=False, scope="registry")
def history_kept(_registry: Registry, context: Context) -> Iterator[Verdict]:
    """History was not rewritten.

    What it checks:
        Requests, approvals and their signatures are at the tip of the history as they were when they landed, and the
        registry's folders hold nothing that has no place in them. No open incident was deleted, or made one of another
        model: until it is closed, it stands against a rollback. It applies where sign-offs are proved from the history;
        a shallow clone, which proves nothing, is refused before any rule runs.

    Why it matters:
        A record that can be changed later is no record. The history shows that it was changed, and what it said
        before.

    Example:
        An approval that is deleted, or whose conditions are taken out, after it was merged.

    How to fix:
        Bring the record back as it was: `git checkout <commit before> -- <file>`. To take an approval back, ask for a
        move in the other direction.

    References:
        EU AI Act Art. 12 and 18; ISO/IEC 27001:2022 control 5.33.
    """
    remedy = "Bring the file back as it was when it landed. `accredit verify` names the commit that changed it."
    yield from _standing(context, _REWRITTEN, remedy, "every record is as it was when it landed")


def _standing(context: Context, flaws: tuple[Flaw, ...], remedy: str, otherwise: str) -> Iterator[Verdict]:
    if context.verification is None:
        yield not_applicable(_NO_HISTORY)
        return
    found = [b for b in context.verification.breaches if b.standing and b.flaw in flaws]
    for breach in found:
        yield fails(breach.message, remedy, at(breach.path))
    if not found:
        yield passes(otherwise)
