"""RISK: what is done about the risks of a model."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.calendar import is_after, is_older
from accredit.domain.criteria import ImpactAssessmentRequirement
from accredit.domain.model import ImpactAssessment, Level, Risk
from accredit.domain.paths import model_path
from accredit.domain.prose import is_filled
from accredit.domain.registry import ModelVersion, RegisteredModel
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule, unknown

_RANK: dict[Level, int] = {"low": 1, "medium": 2, "high": 3}


def level_of(risk: Risk) -> Level:
    """Likelihood times impact, each from 1 to 3: up to 2 is low, up to 4 medium, above it high."""
    product = _RANK[risk.likelihood] * _RANK[risk.impact]
    return "low" if product <= 2 else "medium" if product <= 4 else "high"


@rule(
    "RISK105",
    "Risks have mitigation, owner and residual decision",
    severity="error",
    gate="production",
    waivable=True,
    scope="model",
)
def risks_treated(model: RegisteredModel, context: Context) -> Iterator[Verdict]:
    """Risks have mitigation, owner and residual decision.

    What it checks:
        At least one risk is recorded. Every risk whose level is above `risk.appetite` of the policy has a mitigation,
        an active owner, and a residual risk that somebody accepted on a day on which they held a role of
        `risk.accept_residual`. The level is likelihood times impact, low being 1 and high 3: a product of up to 2 is
        low, up to 4 medium, and above it high.

    Why it matters:
        A risk that is only listed is not managed. Somebody must decide that what remains may be lived with.

    Example:
        `{likelihood: medium, impact: high, mitigation: null}` where the appetite is `low`.

    How to fix:
        Write the mitigation and its owner, and let risk accept what remains, with the day.

    References:
        EU AI Act Art. 9; NIST AI RMF MANAGE 1.4.
    """
    path, risks, appetite = model_path(model.id), model.record.risk.risks, context.policy.risk.appetite
    if not risks:
        yield unknown("no risk is recorded", "Record the risks under `risk.risks`.", at(path, "risk", "risks"))
        return
    faults = 0
    for index, risk in enumerate(risks):
        level = level_of(risk)
        if _RANK[level] <= _RANK[appetite]:
            continue
        for name, fault in _untreated(risk, context):
            faults += 1
            message = f"the risk `{risk.id}` is {level}, above the appetite {appetite}, and {fault}"
            yield fails(message, "Record treatment and acceptance.", at(path, "risk", "risks", index, name))
    if not faults:
        yield passes(f"{len(risks)} risks are recorded, and none above {appetite} is left untreated")


def _untreated(risk: Risk, context: Context) -> Iterator[tuple[str, str]]:
    if not is_filled(risk.mitigation):
        yield "mitigation", "has no mitigation"
    if not context.is_active(risk.owner):
        yield "owner", f"its owner `{risk.owner}` is no active person" if risk.owner else "has no owner"
    residual, allowed = risk.residual, context.policy.risk.accept_residual
    if residual is None or residual.accepted_by is None or residual.date is None:
        yield "residual", "nobody accepted what remains, with a date"
        return
    person = context.registry.people.get(residual.accepted_by)
    if is_after(residual.date, context.as_of):
        yield "residual", f"its acceptance lies in the future, on {residual.date}"
    elif person is None or person.kind == "bot" or not person.roles_on(residual.date) & set(allowed):
        wanted = " or ".join(allowed) or "that policy names"
        yield "residual", f"`{residual.accepted_by}` did not hold the role {wanted} on {residual.date}"


@rule(
    "RISK106", "Required impact assessments exist and are fresh", severity="blocker", gate="production", waivable=False
)
def impact_assessed(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Required impact assessments exist and are fresh.

    What it checks:
        For every kind of assessment that policy requires of such a model, one is recorded that covers this version,
        names a registered approver, is within its greatest age, and is not older than the training of a version with
        a material change. A condition on facts that nobody recorded gives `unknown`.

    Why it matters:
        An assessment describes what was known when it was written. It says nothing about a model that changed since.

    Example:
        A data protection impact assessment of 2023-02-01, where policy allows 24 months.

    How to fix:
        Assess again, let it be approved, and record it under `risk.impact_assessments`.

    References:
        GDPR Art. 35; EU AI Act Art. 27; California Code of Regulations title 11 section 7150.
    """
    path = model_path(version.model_id)
    facts = context.standing(version).facts
    asked = 0
    for requirement in context.policy.risk.impact_assessments:
        wanted = requirement.when.holds(facts)
        if wanted is None:
            asked += 1
            message = f"whether a {requirement.kind} is required cannot be told from the recorded facts"
            yield unknown(message, "Record the facts that policy asks about.", at(path, "decision"))
        elif wanted:
            asked += 1
            yield _assessed(requirement, version, context)
    if not asked:
        yield not_applicable("policy requires no impact assessment of a model with these facts")


def _assessed(requirement: ImpactAssessmentRequirement, version: ModelVersion, context: Context) -> Verdict:
    path, kind = model_path(version.model_id), requirement.kind
    recorded = context.model(version).record.risk.impact_assessments
    found = [(i, a) for i, a in enumerate(recorded) if a.kind == kind]
    if not found:
        place = at(path, "risk", "impact_assessments")
        return fails(f"a {kind} is required and none is recorded", f"Record a {kind}.", place)
    faults = [(i, _stale(a, requirement, version, context)) for i, a in found]
    if any(not fault for _, fault in faults):
        return passes(f"a {kind} covers the version")
    index, fault = faults[-1]
    place = at(path, "risk", "impact_assessments", index)
    return fails(f"the {kind} {recorded[index].reference} {fault}", f"Renew the {kind}, and record it.", place)


def _stale(
    assessment: ImpactAssessment, requirement: ImpactAssessmentRequirement, version: ModelVersion, context: Context
) -> str:
    if assessment.approved_by not in context.registry.people:
        return "names no registered approver"
    if assessment.covers_versions and version.id not in assessment.covers_versions:
        return f"covers {', '.join(assessment.covers_versions)} and not {version.id}"
    if is_after(assessment.date, context.as_of):
        return f"lies in the future, on {assessment.date}"
    if is_older(assessment.date, requirement.max_age_months, context.as_of):
        return f"is of {assessment.date}, more than {requirement.max_age_months} months old"
    trained, card = version.record.trained, version.card
    if trained and card and any(c.material for c in card.changes) and assessment.date < trained.at.date():
        return f"is of {assessment.date}, before the materially changed version was trained on {trained.at.date()}"
    return ""
