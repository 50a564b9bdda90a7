"""MON: the plan for the time in use, changes approved in advance, and what is stored of predictions."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.paths import model_path, version_path
from accredit.domain.prose import is_filled
from accredit.domain.registry import ModelVersion, RegisteredModel
from accredit.domain.surveillance import ChangeInPlan, ChangePlan
from accredit.rules.context import Context
from accredit.rules.demand import outdated, spared
from accredit.rules.monitoring import deployed
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule, unknown


@rule("MON105", "Post-market or in-use plan exists", severity="error", gate="production", waivable=True, scope="model")
def in_use_planned(model: RegisteredModel, context: Context) -> Iterator[Verdict]:
    """Post-market or in-use plan exists.

    What it checks:
        Where policy asks for it (`monitoring.in_use_plan`), `monitoring.in_use_plan` of the model references a plan,
        not older than policy allows, and says for each of the required contents where in the plan it stands.

    Why it matters:
        What users, complaints and other systems know about a model reaches its owner only if somebody collects it.

    Example:
        A plan without `complaints`, where policy lists it.

    How to fix:
        Complete the plan, and record where each of the contents stands.

    References:
        EU AI Act Art. 72(3); FDA guiding principles for good machine learning practice, number 10.
    """
    demand, path = context.policy.monitoring.in_use_plan, model_path(model.id)
    plan = model.record.monitoring.in_use_plan
    spare = spared(demand, model, context, "a plan for the time in use")
    if demand is None or spare:
        yield spare or not_applicable("policy asks for none")
        return
    if plan is None:
        place = at(path, "monitoring", "in_use_plan")
        yield fails("no plan for the time in use is recorded", "Record it under `monitoring.in_use_plan`.", place)
        return
    missing = [name for name in demand.contents if not is_filled(plan.contents.get(name))]
    for name in missing:
        place = at(path, "monitoring", "in_use_plan", "contents")
        yield fails(f"the plan for the time in use has no `{name}`", "Record where in the plan it stands.", place)
    if fault := outdated(plan.date, demand, context):
        yield fails(f"the plan for the time in use {fault}", "Renew it.", at(path, "monitoring", "in_use_plan", "date"))
    elif not missing:
        yield passes(f"{plan.reference} of {plan.date}")


@rule("MON106", "Change stays inside the pre-approved envelope", severity="error", gate="production", waivable=True)
def change_in_plan(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Change stays inside the pre-approved envelope.

    What it checks:
        A model with a change plan (`monitoring.change_plan`) has two kinds of new versions. One within the plan cites
        in `change_in_plan` of `version.yaml` the item and the result of its test, which passed; the evaluation that it
        names is recorded, and its card lists no material change. One beyond the plan lists a material change, and is
        reviewed as a new model would be. The first version, and a model without such a plan, are reviewed in full.

    Why it matters:
        A plan approved in advance saves the review of each retraining, and holds only for changes that it describes.

    Example:
        A retraining on new months that cites `monthly-retraining`, and whose test failed.

    How to fix:
        Cite the item and its test, or list the material change and ask for a full review.

    References:
        FDA guidance on predetermined change control plans; EU AI Act Art. 43(4).
    """
    model = context.model(version)
    plan, cited = model.record.monitoring.change_plan, version.record.change_in_plan
    path = version_path(version.model_id, version.id)
    material = version.card is not None and any(c.material for c in version.card.changes)
    if plan is None and cited is None:
        yield not_applicable("the model has no change plan, so every version is reviewed in full")
    elif plan is None or cited is None:
        if cited is not None:
            message = f"the version cites `{cited.item}`, and the model has no change plan"
            yield fails(message, "Record the plan, or remove the citation.", at(path, "change_in_plan"))
        elif version.id == next(iter(model.versions)):
            yield not_applicable("the model's first version is reviewed in full")
        elif material:
            yield passes("a material change is listed, which is reviewed in full and needs no plan")
        else:
            message = "the version cites no item of the change plan and lists no material change"
            yield unknown(message, "Cite the item and its test in `change_in_plan`.", at(path, "summary"))
    else:
        faults = list(_beyond(version, cited, plan, material=material))
        yield from (fails(text, "Correct it, or ask for a full review.", at(path, *where)) for text, *where in faults)
        if not faults:
            yield passes(f"{cited.item} of {plan.reference}: {cited.result}")


def _beyond(
    version: ModelVersion, cited: ChangeInPlan, plan: ChangePlan, *, material: bool
) -> Iterator[tuple[str, ...]]:
    if cited.item not in {item.id for item in plan.items}:
        known = ", ".join(item.id for item in plan.items) or "none"
        yield f"the change plan has no item `{cited.item}`; it has {known}", "change_in_plan", "item"
    if not cited.passed:
        yield f"the test of `{cited.item}` was not passed: {cited.result}", "change_in_plan", "passed"
    if cited.evaluation is not None and cited.evaluation not in version.evaluations:
        yield f"there is no evaluation `{cited.evaluation}` of the version", "change_in_plan", "evaluation"
    if material:
        yield "the card lists a material change, which no plan approves in advance", "change_in_plan"


@rule("MON107", "Runtime logging is on and kept", severity="error", gate="production", waivable=True)
def logging_on(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Runtime logging is on and kept.

    What it checks:
        Where policy asks for it (`monitoring.logging`), `monitoring.logging` of the model says what is stored of each
        prediction, where, and for how many months, which are no fewer than policy asks for. It was on when the first
        deployment of the version that still runs began. `decisions/` has the manifests of what was stored.

    Why it matters:
        Without the log nobody can tell afterwards what was decided about whom, or by which version.

    Example:
        `logging: {records: [score], where: bucket, months: 3, since: 2026-01-01}`, where policy asks for 6 months.

    How to fix:
        Switch it on, keep it long enough, and record it.

    References:
        EU AI Act Art. 12, 19(1) and 26(6), the latter two with six months; HIPAA Security Rule, 45 CFR 164.312(b).
    """
    demand, place = context.policy.monitoring.logging, at(model_path(version.model_id), "monitoring", "logging")
    log = context.model(version).record.monitoring.logging
    spare = spared(demand, version, context, "logging of predictions")
    if demand is None or spare:
        yield spare or not_applicable("policy asks for none")
        return
    if log is None:
        yield fails("it is not recorded that predictions are stored", "Record it under `monitoring.logging`.", place)
        return
    faults = []
    if not log.records or not is_filled(log.where):
        faults.append("it is not recorded what is stored of a prediction, and where")
    if log.months < demand.min_months:
        faults.append(f"predictions are kept for {log.months} months; policy asks for {demand.min_months}")
    started = min((d.deployed_at.date() for _, d in deployed(version, context)), default=None)
    if started is not None and log.since > started:
        faults.append(f"logging is on since {log.since}, and the version runs since {started}")
    yield from (fails(fault, "Correct the logging, then its record.", place) for fault in faults)
    if not faults:
        yield passes(f"{', '.join(log.records)} in {log.where}, kept for {log.months} months")
