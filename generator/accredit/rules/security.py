"""SEC: whether somebody looked at the security of the system around a model."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.paths import model_path
from accredit.domain.prose import is_filled
from accredit.domain.registry import RegisteredModel
from accredit.rules.context import Context
from accredit.rules.demand import outdated, spared
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule

_PARTS = ("access_control", "encryption", "logging", "threats")


@rule("SEC101", "Security review record exists", severity="error", gate="production", waivable=True, scope="model")
def security_reviewed(model: RegisteredModel, context: Context) -> Iterator[Verdict]:
    """Security review record exists.

    What it checks:
        Where policy asks for it (`security.review`), `security` in `model.yaml` records a review of access control,
        encryption, logging and threats, by a registered person, not older than policy allows.

    Why it matters:
        A model that anybody may call, copy or retrain with crafted rows is not the model that was approved.

    Example:
        A review that says nothing about poisoned or crafted inputs.

    How to fix:
        Review the four points and record what was found, with the day and the reviewer.

    References:
        EU AI Act Art. 15(5); NIST AI RMF MEASURE 2.7; HIPAA Security Rule, 45 CFR 164.312.
    """
    demand, path, review = context.policy.security.review, model_path(model.id), model.record.security
    spare = spared(demand, model, context, "security review")
    if demand is None or spare:
        yield spare or not_applicable("policy asks for none")
        return
    if review is None:
        yield fails("no security review is recorded", "Record it under `security`.", at(path, "security"))
        return
    faults = [
        fails(
            f"the security review says nothing about {name.replace('_', ' ')}", "Write it.", at(path, "security", name)
        )
        for name in _PARTS
        if not is_filled(getattr(review, name))
    ]
    person = context.registry.people.get(review.reviewer)
    if person is None or person.kind == "bot" or not person.is_active_on(review.date):
        message = f"the reviewer `{review.reviewer}` was nobody who worked here on {review.date}"
        faults.append(fails(message, "Name who reviewed it.", at(path, "security", "reviewer")))
    if fault := outdated(review.date, demand, context):
        faults.append(fails(f"the security review {fault}", "Review it again.", at(path, "security", "date")))
    yield from faults or [passes(f"reviewed by {review.reviewer} on {review.date}")]
