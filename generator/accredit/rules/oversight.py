"""OVR: whether people are in charge."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.operating_criteria import Demand
from accredit.domain.oversight import Overseer
from accredit.domain.paths import model_path
from accredit.domain.prose import is_filled
from accredit.domain.registry import ModelVersion, RegisteredModel
from accredit.rules.card import card_place, no_card
from accredit.rules.context import Context
from accredit.rules.demand import outdated, spared
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule, unknown


@rule("OVR101", "Human oversight plan exists", severity="blocker", gate="production", waivable=False)
def oversight_planned(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Human oversight plan exists.

    What it checks:
        Where policy asks for it (`oversight.plan`), the card fills role, authority, training and workload under
        `human_oversight`, and `oversight.overseers` of the model names an active person who was trained within the
        months that policy allows. Everybody who is named there was.

    Why it matters:
        Somebody who has no authority, no training or no time for it does not oversee anything.

    Example:
        An overseer who left the organisation in spring.

    How to fix:
        Name who answers for the oversight and when they were trained, and write the rest in the card.

    References:
        EU AI Act Art. 14(4) and 26(2).
    """
    demand, path = context.policy.oversight.plan, model_path(version.model_id)
    spare = spared(demand, version, context, "a plan for human oversight")
    if demand is None or spare:
        yield spare or not_applicable("policy asks for none")
        return
    if version.card is None:
        yield no_card(version)
        return
    plan, overseers = version.card.human_oversight, context.model(version).record.oversight.overseers
    faults = []
    for name in ("role", "authority", "training", "workload"):
        if not is_filled(getattr(plan, name)):
            place = card_place(version, "human_oversight", name)
            faults.append(fails(f"the card does not say the {name} of human oversight", "Write it.", place))
    for index, overseer in enumerate(overseers):
        if fault := _unfit(overseer, demand, context):
            place = at(path, "oversight", "overseers", index)
            faults.append(fails(fault, "Name an active person with a recent training.", place))
    if not overseers:
        place = at(path, "oversight", "overseers")
        faults.append(fails("nobody is named who oversees the model", "Name them in `oversight.overseers`.", place))
    yield from faults or [passes(f"overseen by {', '.join(o.person for o in overseers)}")]


def _unfit(overseer: Overseer, demand: Demand, context: Context) -> str:
    if not context.is_active(overseer.person):
        return f"the overseer `{overseer.person}` is no active person"
    fault = outdated(overseer.trained, demand, context)
    return f"the training of {overseer.person} {fault}" if fault else ""


@rule("OVR102", "Stop and fallback were exercised", severity="error", gate="production", waivable=True, scope="model")
def stop_exercised(model: RegisteredModel, context: Context) -> Iterator[Verdict]:
    """Stop and fallback were exercised.

    What it checks:
        Where policy asks for it (`oversight.stop_test`), the latest test of each kind, `stop` and `fallback`, in
        `oversight.stop_tests` passed and is not older than policy allows.

    Why it matters:
        A switch that nobody ever used fails on the day on which it is needed.

    Example:
        A stop tested two years ago, and a fallback never.

    How to fix:
        Stop the model in a drill, work without it, and record what happened.

    References:
        EU AI Act Art. 14(4)(e); NIST AI RMF MANAGE 2.4.
    """
    demand, tests = context.policy.oversight.stop_test, model.record.oversight.stop_tests
    spare = spared(demand, model, context, "tests of stop and fallback")
    if demand is None or spare:
        yield spare or not_applicable("policy asks for none")
        return
    for kind in ("stop", "fallback"):
        done = [(test.date, index) for index, test in enumerate(tests) if test.kind == kind]
        if not done:
            place = at(model_path(model.id), "oversight", "stop_tests")
            yield fails(f"no {kind} test is recorded", "Do it, and record it in `oversight.stop_tests`.", place)
            continue
        last = max(done)[1]
        test, place = tests[last], at(model_path(model.id), "oversight", "stop_tests", last)
        if not test.passed:
            yield fails(f"the {kind} test of {test.date} failed: {test.result}", "Repair it and test again.", place)
        elif fault := outdated(test.date, demand, context):
            yield fails(f"the last {kind} test {fault}", "Test it again.", place)
        else:
            yield passes(f"{kind} tested on {test.date}: {test.result}")


@rule(
    "OVR103",
    "Solely automated significant decisions have a legal basis",
    severity="blocker",
    gate="production",
    waivable=False,
    scope="model",
)
def sole_automation_based(model: RegisteredModel, context: Context) -> Iterator[Verdict]:
    """Solely automated significant decisions have a legal basis.

    What it checks:
        A model whose decisions have a significant effect on people and are made without a person
        (`decision: {effect: significant, automation: solely}`) records under `oversight.sole_automation` the basis,
        its reference, the safeguards, and a registered person who confirmed it while working here.

    Why it matters:
        Such decisions are forbidden unless law, contract or consent allows them and people can get a human.

    Example:
        `decision: {effect: significant, automation: solely}` without a basis.

    How to fix:
        Let counsel confirm the basis and the safeguards, or put a person into the decision.

    References:
        GDPR Art. 22; California Code of Regulations title 11 section 7200.
    """
    path, decision, record = model_path(model.id), model.record.decision, model.record.oversight.sole_automation
    if decision.automation not in (None, "solely") or decision.effect not in (None, "significant"):
        yield not_applicable(f"the effect is {decision.effect}, the automation {decision.automation}")
    elif decision.automation is None or decision.effect is None:
        yield unknown("effect or automation is not recorded", "Record both.", at(path, "decision"))
    elif record is None:
        remedy = "Record it under `oversight.sole_automation`."
        yield fails("no person decides, and no legal basis for that is recorded", remedy, at(path, "decision"))
    elif not is_filled(record.reference) or not is_filled(record.safeguards):
        place = at(path, "oversight", "sole_automation")
        yield fails("the legal basis has no reference or no safeguards", "Write both.", place)
    elif (person := context.registry.people.get(record.confirmed_by)) is None or not person.is_active_on(record.date):
        place = at(path, "oversight", "sole_automation", "confirmed_by")
        message = f"`{record.confirmed_by}`, who confirmed the basis, did not work here on {record.date}"
        yield fails(message, "Let somebody confirm it who does.", place)
    else:
        yield passes(f"{record.basis}: {record.reference}, confirmed by {record.confirmed_by} on {record.date}")
