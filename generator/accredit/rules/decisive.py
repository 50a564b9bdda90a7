"""The move that a version's standing rests on, and what history or the files say against its sign-offs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from accredit.domain.lifecycle import Step, rules_of
from accredit.domain.paths import version_path
from accredit.domain.registry import ModelVersion
from accredit.domain.signatures import TransitionPolicy
from accredit.domain.signoff import Approval
from accredit.domain.verification import Flaw, Signoff
from accredit.rules.context import Context

NOBODY_ASKED = "nobody asked for a move of this version yet"


class Objection(NamedTuple):
    """Something against a sign-off: its file, a field of it, and what is wrong."""

    path: str
    field: str
    message: str


def decisive(version: ModelVersion, context: Context) -> Step | None:
    """The move into production for a version there; otherwise the request that waits, or the last move that was made.

    A request to take a version out of production is not what keeps it there.
    """
    if context.stage(version) == "production":
        return into_production(version, context)
    lifecycle = context.lifecycles[version.key]
    effective = [s for s in lifecycle.steps if s.status == "effective"]
    return lifecycle.pending or (effective[-1] if effective else None)


def into_production(version: ModelVersion, context: Context) -> Step | None:
    """The last effective move into production; a revalidation (from production to production) is one.

    An emergency deploy and a rollback are moves, though not an approval that lasts; a suspension is neither.
    """
    moves = [s for s in context.lifecycles[version.key].effective if s.kind != "suspend"]
    return next((s for s in reversed(moves) if s.transition.request.to_stage == "production"), None)


def excused(version: ModelVersion, context: Context) -> str:
    """Why nobody asks how old the approval of a version in production is: an emergency brought it there.

    Its review approves it anew. Empty where that is not so, and of a rollback also once the review is overdue.
    """
    urgent = context.lifecycles[version.key].unreviewed
    if urgent is None or (urgent.kind == "rollback" and urgent.is_overdue(context.as_of)):
        return ""
    return f"an emergency {urgent.kind} brought the version to production, and its review is due on {urgent.review_due}"


def approved(version: ModelVersion, context: Context) -> Step | None:
    """The last ordinary approval for production, of a version there: an emergency renews none."""
    lifecycle = context.lifecycles[version.key]
    return lifecycle.release if lifecycle.stage == "production" else None


def rules_behind(version: ModelVersion, step: Step, context: Context) -> TransitionPolicy | None:
    """Who had to sign a step, under the policy of today; None for a move that is not allowed."""
    before = context.lifecycles[version.key].before(step)
    return rules_of(step.move, step.transition.request.emergency, context.policy, before)


def request_path(version: ModelVersion, step: Step) -> str:
    """Where the request of a step lies."""
    return version_path(version.model_id, version.id, f"transitions/{step.transition.request.seq:04}/request.yaml")


def approval_path(version: ModelVersion, step: Step, person: str) -> str:
    """Where somebody's decision on the request of a step lies."""
    return request_path(version, step).replace("request.yaml", f"approvals/{person}.yaml")


def approving(step: Step) -> Iterator[tuple[str, Approval]]:
    """Name of the file to approval, for those who approved, with conditions or without."""
    return ((n, a) for n, a in sorted(step.transition.approvals.items()) if a.decision != "reject")


def signoffs(version: ModelVersion, step: Step, context: Context) -> Iterator[Signoff]:
    """What history shows of the request and of its approvals; nothing without a history.

    Once the move took effect, only what counted for it is looked at: whatever lands later, or was refused, neither
    carries the move nor harms it.
    """
    if context.verification is None:
        return
    folder = request_path(version, step).removesuffix("request.yaml")
    counted = {approval_path(version, step, person) for person in step.transition.approvals}
    for path, signoff in sorted(context.verification.signoffs.items()):
        waits = step.status == "pending"
        if signoff.decision == "closing":  # which is about a condition, and carries no move
            continue
        if path.startswith(folder) and (waits or path in counted or signoff.decision == "request"):
            yield signoff


def doubted(version: ModelVersion, step: Step, context: Context, flaws: tuple[Flaw, ...]) -> Iterator[Objection]:
    """What history says against the sign-offs of a step, of some kinds."""
    for signoff in signoffs(version, step, context):
        field = "requested_by" if signoff.decision == "request" else "reviewer"
        yield from (Objection(signoff.path, field, d.message) for d in signoff.doubts if d.flaw in flaws)
