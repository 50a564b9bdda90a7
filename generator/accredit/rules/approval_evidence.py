"""APR: approvals are about exactly this content, and about evidence that was there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from accredit.domain.lifecycle import Step
from accredit.domain.paths import version_path
from accredit.domain.registry import ModelVersion
from accredit.domain.verification import Flaw
from accredit.findings import Location
from accredit.rules.context import Context
from accredit.rules.decisive import NOBODY_ASKED, approval_path, approving, decisive, doubted, request_path
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule

_OTHER = (Flaw.OTHER_CONTENT, Flaw.OTHER_CONTEXT, Flaw.OTHER_REQUEST)


@rule("APR104", "Approval covers exactly this content", severity="blocker", gate="production", waivable=False)
def covers_content(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Approval covers exactly this content.

    What it checks:
        The request binds the digest of the version's content as it is now, and every approval binds the digest of
        that very request.

    Why it matters:
        An approval of something else is no approval. With the digest in it, it cannot be moved to another version or
        kept for a model that changed after it was signed.

    Example:
        An approval that was copied from the request before, whose `request` is the digest of that one.

    How to fix:
        Undo the change, or request the move anew and let it be approved as it is now.

    References:
        EU AI Act Art. 43(4) on substantial modification; SR 26-2 on change control.
    """
    step = decisive(version, context)
    if step is None:
        yield not_applicable(NOBODY_ASKED)
        return
    found = [*_other_content(version, step), *_other_request(version, step, context)]
    yield from found or [passes(f"every approval is about the content {version.content[:12]}")]


def _other_content(version: ModelVersion, step: Step) -> Iterator[Verdict]:
    bound = step.transition.request.content
    if bound != version.content:
        message = f"what was approved is {bound[:12]}, and the content is {version.content[:12]}"
        remedy = "Undo the change, or request the move anew."
        yield fails(message, remedy, at(request_path(version, step), "content"))


def _other_request(version: ModelVersion, step: Step, context: Context) -> Iterator[Verdict]:
    remedy = "Let the request be approved as it is: `accredit approve`."
    if context.verification is not None:
        for objection in doubted(version, step, context, _OTHER):
            yield fails(objection.message, remedy, at(objection.path))
        return
    for name, approval in approving(step):
        if approval.request != step.transition.sha256:
            message = f"{name} approves the request {approval.request[:12]}, not {step.transition.sha256[:12]}"
            yield fails(message, remedy, at(approval_path(version, step, name), "request"))


@rule("APR109", "Evidence existed before the signature", severity="error", gate="production", waivable=False)
def evidence_first(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Evidence existed before the signature.

    What it checks:
        Every evaluation, every bias audit and the review of the card are no later than the first approval of the
        move. Days are compared as days of UTC.

    Why it matters:
        Nobody can have looked at what was not there. Evidence that comes after the decision was made to fit it.

    Example:
        A card that was reviewed on 2026-09-15, and approvals of 2026-09-01.

    How to fix:
        Correct the date that is wrong. If it is right, request a revalidation, so that the evidence is looked at.

    References:
        SR 26-2 on validation before use; EU AI Act Art. 11 on documentation before placing on the market.
    """
    step = decisive(version, context)
    approvals = [*approving(step)] if step else []
    if not approvals:
        yield not_applicable(NOBODY_ASKED if step is None else "nobody has approved yet")
        return
    person, first = min(approvals, key=lambda item: item[1].time)
    late = [(what, when, place) for what, when, place in _evidence(version) if _is_later(when, first.time)]
    for what, when, place in late:
        message = f"{what} is of {_day(when)}, and {person} approved on {_day(first.time)}"
        yield fails(message, "Correct the date that is wrong, or request a revalidation.", place)
    if not late:
        yield passes(f"all evidence was there when {person} approved first")


def _evidence(version: ModelVersion) -> Iterator[tuple[str, date | datetime, Location]]:
    if version.card is not None and version.card.reviewed is not None:
        path = version_path(version.model_id, version.id, "card.yaml")
        yield "the review of the card", version.card.reviewed, at(path, "reviewed")
    for name, evaluation in version.evaluations.items():
        path = version_path(version.model_id, version.id, f"evaluations/{name}.yaml")
        yield f"the evaluation {name}", evaluation.at, at(path, "at")
        if evaluation.audit is not None:
            yield f"the bias audit in {name}", evaluation.audit.date, at(path, "audit", "date")


def _is_later(evidence: date | datetime, approved: datetime) -> bool:
    return evidence > approved if isinstance(evidence, datetime) else evidence > _day(approved)


def _day(when: date | datetime) -> date:
    return when.astimezone(UTC).date() if isinstance(when, datetime) else when
