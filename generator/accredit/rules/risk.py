"""RISK: how a model is classified."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.calendar import is_after
from accredit.domain.model import Screening
from accredit.domain.paths import model_path
from accredit.domain.prose import is_filled
from accredit.domain.regions import in_eu
from accredit.domain.registry import RegisteredModel
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule, unknown


@rule(
    "RISK101", "Prohibited-practice screen is clean", severity="blocker", gate="staging", waivable=False, scope="model"
)
def screen_clean(model: RegisteredModel, context: Context) -> Iterator[Verdict]:
    """Prohibited-practice screen is clean.

    What it checks:
        Every practice that policy lists under `risk.screening` is answered. A `true` answer needs a legal exception
        and the sign-off of somebody in a role of `risk.screening_sign_off`. A risk class `unacceptable` fails.

    Why it matters:
        Some uses of a model are forbidden whatever its quality. The question must be asked before work starts.

    Example:
        `{practice: social-scoring, answer: true}` without `exception`.

    How to fix:
        Answer each question under `risk.screening` in `model.yaml`. Where a practice applies, stop, or record the
        exception and let counsel sign it off.

    References:
        EU AI Act Art. 5(1).
    """
    path, risk = model_path(model.id), model.record.risk
    asked = context.policy.risk.screening
    answered = {s.practice for s in risk.screening if s.answer is not None}
    for practice in asked:
        if practice not in answered:
            remedy = f"Answer `{practice}` with true or false."
            yield fails(f"the screening question `{practice}` is not answered", remedy, at(path, "risk", "screening"))
    for index, screening in enumerate(risk.screening):
        if screening.answer and (fault := _exception_fault(screening, context)):
            remedy = "Do not build it, or record the exception with the sign-off of counsel."
            place = at(path, "risk", "screening", index, "answer")
            yield fails(f"the model does `{screening.practice}`, and {fault}", remedy, place)
    if risk.ai_act.risk == "unacceptable":
        place = at(path, "risk", "ai_act", "risk")
        yield fails("the risk class is `unacceptable`", "Retire the model, or correct its class.", place)
    if asked or risk.screening:
        yield passes(f"{len(answered)} practices are screened")
    else:
        yield not_applicable("policy asks no screening question")


def _exception_fault(screening: Screening, context: Context) -> str:
    allowed = context.policy.risk.screening_sign_off
    person = context.registry.people.get(screening.signed_off_by or "")
    if not is_filled(screening.exception):
        return "no legal exception is cited"
    if screening.signed_off_by is None:
        return "nobody signed the exception off"
    held = {grant.role for grant in person.roles if grant.start <= context.as_of} if person else set()
    if person is None or person.kind == "bot" or not held & set(allowed):
        return f"`{screening.signed_off_by}`, who signed it off, never held the role {' or '.join(allowed)}"
    return ""


@rule(
    "RISK102",
    "AI Act role and risk class are recorded with reasons",
    severity="blocker",
    gate="review",
    waivable=False,
    scope="model",
)
def ai_act_class(model: RegisteredModel, context: Context) -> Iterator[Verdict]:
    """AI Act role and risk class are recorded with reasons.

    What it checks:
        For a model that affects people in the European Union: role, risk class, rationale, assessor and date under
        `risk.ai_act`. The class `unclassified` fails. Member states count by their own code, such as `DE`.

    Why it matters:
        Role and class decide which duties apply. A class without a reason cannot be reviewed by anybody.

    Example:
        `regions: [EU]` with `ai_act: {role: provider, risk: unclassified}`.

    How to fix:
        Let counsel classify the system, and record who did, when and why.

    References:
        EU AI Act Art. 6(1) to (3), Annex I, Annex III and Art. 25.
    """
    path, ai_act, regions = model_path(model.id), model.record.risk.ai_act, model.record.regions
    if not regions:
        yield unknown("the regions are not recorded, so the AI Act may apply", "Record `regions`.", at(path, "regions"))
    elif not in_eu(regions):
        yield not_applicable(f"the people affected live in {', '.join(regions)}, none of it in the EU")
    else:
        filled = {
            "role": ai_act.role is not None,
            "risk": ai_act.risk != "unclassified",
            "rationale": is_filled(ai_act.rationale),
            "assessor": ai_act.assessor in context.registry.people,
            "date": ai_act.date is not None and not is_after(ai_act.date, context.as_of),
        }
        for name in (n for n, known in filled.items() if not known):
            shown = getattr(ai_act, name)
            what = f"`{name}` of the AI Act class is {'not recorded' if shown is None else f'`{shown}`'}"
            yield fails(what, f"Record `risk.ai_act.{name}`.", at(path, "risk", "ai_act", name))
        if all(filled.values()):
            yield passes(f"{ai_act.role}, {ai_act.risk}, assessed by {ai_act.assessor} on {ai_act.date}")


@rule(
    "RISK104", "Annex III exemption claim is documented", severity="error", gate="review", waivable=False, scope="model"
)
def exemption_documented(model: RegisteredModel, context: Context) -> Iterator[Verdict]:
    """Annex III exemption claim is documented.

    What it checks:
        Where `risk.ai_act.derogation` is given: the condition is named, the model does no profiling, the assessment
        is dated, and there is a registration reference or the reason why there is none.

    Why it matters:
        Who claims that a listed system is not high-risk must be able to show the assessment. A system that profiles
        people can never make the claim.

    Example:
        `derogation: {condition: narrow procedural task, profiling: true, assessed: 2026-01-05}`.

    How to fix:
        Complete the claim, or classify the model as `high_annex_iii`.

    References:
        EU AI Act Art. 6(3) and (4), Art. 49(2).
    """
    derogation, path = model.record.risk.ai_act.derogation, model_path(model.id)
    if derogation is None:
        yield not_applicable("no exemption from Annex III is claimed")
        return
    faults = {
        "condition": "names no condition" if not is_filled(derogation.condition) else "",
        "profiling": "is claimed although the model profiles people" if derogation.profiling else "",
        "assessed": f"is assessed in the future, on {derogation.assessed}"
        if is_after(derogation.assessed, context.as_of)
        else "",
        "registration": ""
        if is_filled(derogation.registration)
        else "has neither a registration nor a reason for none",
    }
    for name, fault in faults.items():
        if fault:
            remedy = "Complete the claim, or classify the model as `high_annex_iii`."
            yield fails(f"the exemption {fault}", remedy, at(path, "risk", "ai_act", "derogation", name))
    if not any(faults.values()):
        yield passes(f"the exemption rests on: {derogation.condition}")


@rule("RISK107", "Domain and regions are recorded", severity="blocker", gate="staging", waivable=False, scope="model")
def context_recorded(model: RegisteredModel, context: Context) -> Iterator[Verdict]:  # noqa: ARG001 - every rule's form
    """Domain and regions are recorded.

    What it checks:
        `domain`, `regions`, `decision.effect` and `decision.automation` in `model.yaml` are recorded.

    Why it matters:
        They decide which laws and which parts of the policy apply. What is not recorded cannot rule anything out.

    Example:
        A `model.yaml` without `regions`.

    How to fix:
        Record all four. `none` is a valid answer for effect and automation; silence is not.

    References:
        NIST AI RMF MAP 1.1; EU AI Act Art. 2 and 6.
    """
    record, path = model.record, model_path(model.id)
    known = {
        ("domain",): bool(record.domain),
        ("regions",): bool(record.regions),
        ("decision", "effect"): record.decision.effect is not None,
        ("decision", "automation"): record.decision.automation is not None,
    }
    for route in (r for r, recorded in known.items() if not recorded):
        name = ".".join(route)
        yield fails(f"`{name}` is not recorded", f"Record `{name}` in `model.yaml`.", at(path, *route))
    if all(known.values()):
        yield passes(f"{', '.join(record.domain)} in {', '.join(record.regions)}")
