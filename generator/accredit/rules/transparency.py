"""TRN: what the people affected are told."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.operating_criteria import Demand
from accredit.domain.paths import model_path
from accredit.domain.prose import is_filled
from accredit.domain.registry import RegisteredModel
from accredit.domain.transparency import Disclosure
from accredit.rules.context import Context
from accredit.rules.demand import outdated, spared
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule, unknown


@rule("TRN101", "Affected people are informed", severity="error", gate="production", waivable=True, scope="model")
def people_informed(model: RegisteredModel, context: Context) -> Iterator[Verdict]:
    """Affected people are informed.

    What it checks:
        Where policy asks for it (`transparency.notice`), `model.yaml` records a notice with its id, the channel by
        which it reaches people, its date and its languages. Every notice that is recorded is complete.

    Why it matters:
        Nobody can object to a decision that they do not know a model had a part in.

    Example:
        `transparency: {notices: [{id: PN-7, channel: website, date: 2026-01-31, languages: []}]}`.

    How to fix:
        Give the notice, and record it under `transparency.notices`.

    References:
        GDPR Art. 13(2)(f) and 14(2)(g); EU AI Act Art. 26(7) and (11); FCRA section 615.
    """
    path, notices = model_path(model.id), model.record.transparency.notices
    if spare := spared(context.policy.transparency.notice, model, context, "notice to affected people"):
        yield spare
        return
    if not notices:
        message = "no notice to the people affected is recorded"
        yield fails(message, "Record it under `transparency.notices`.", at(path, "transparency", "notices"))
        return
    faults = 0
    for index, notice in enumerate(notices):
        fields = {"id": is_filled(notice.id), "channel": is_filled(notice.channel), "languages": notice.languages}
        for name in (name for name, given in fields.items() if not given):
            faults += 1
            place = at(path, "transparency", "notices", index, name)
            yield fails(f"the notice {notice.id} has no {name}", f"Record its `{name}`.", place)
    if not faults:
        yield passes("; ".join(f"{n.id} by {n.channel}, in {', '.join(n.languages)}" for n in notices))


@rule(
    "TRN103",
    "AI interaction or synthetic content is disclosed",
    severity="error",
    gate="production",
    waivable=True,
    scope="model",
)
def disclosed(model: RegisteredModel, context: Context) -> Iterator[Verdict]:
    """AI interaction or synthetic content is disclosed.

    What it checks:
        Where policy asks for it (`transparency.disclosure`), a model with `interacts_with_people: true` records in
        `transparency.disclosures` how people are told, and one with `generates_content: true` how its content is
        marked. Each disclosure says how that was tested, and the test is not older than policy allows. Whether a
        model does either must be recorded.

    Why it matters:
        People answer a person and a machine differently, and trust a photograph more than a drawing.

    Example:
        `transparency: {generates_content: true}` without a disclosure about content.

    How to fix:
        Show the words or mark the content, test it, and record both.

    References:
        EU AI Act Art. 50(1) and (2).
    """
    record, path = model.record.transparency, model_path(model.id)
    demand = context.policy.transparency.disclosure
    spare = spared(demand, model, context, "disclosure of interaction and made content")
    if demand is None or spare:
        yield spare or not_applicable("policy asks for none")
        return
    asked = 0
    for about, field, does in (
        ("interaction", "interacts_with_people", record.interacts_with_people),
        ("content", "generates_content", record.generates_content),
    ):
        if does is not False:
            asked += 1
        if does is None:
            yield unknown(f"`{field}` is not recorded", f"Record `{field}`.", at(path, "transparency", field))
        elif does:
            known = [(i, d) for i, d in enumerate(record.disclosures) if d.about == about]
            yield from (_disclosure(d, i, path, demand, context) for i, d in known)
            if not known:
                message = f"`{field}` is true, and no disclosure about {about} is recorded"
                remedy = "Record how people are told under `transparency.disclosures`."
                yield fails(message, remedy, at(path, "transparency", field))
    if not asked:
        yield not_applicable("people do not deal with the system itself, and it makes no content")


def _disclosure(disclosure: Disclosure, index: int, path: str, demand: Demand, context: Context) -> Verdict:
    place = at(path, "transparency", "disclosures", index)
    if not is_filled(disclosure.how) or not is_filled(disclosure.test):
        message = f"the disclosure about {disclosure.about} does not say how it is made and how that was tested"
        return fails(message, "Write `how` and `test`.", place)
    if fault := outdated(disclosure.tested, demand, context):
        return fails(f"the test of the disclosure about {disclosure.about} {fault}", "Test it again.", place)
    return passes(f"the disclosure about {disclosure.about} was tested on {disclosure.tested}")


@rule(
    "TRN105", "Required registrations are referenced", severity="error", gate="production", waivable=True, scope="model"
)
def registered(model: RegisteredModel, context: Context) -> Iterator[Verdict]:
    """Required registrations are referenced.

    What it checks:
        For every public register in which policy wants such a model (`transparency.registers`), the model records
        under `transparency.registrations` the id of its entry, or the reason why there is none.

    Why it matters:
        A public register is where somebody outside looks first.

    Example:
        A high-risk model of a provider in the EU without `registrations: {eu-database: ...}`.

    How to fix:
        Register the model and record the id. Where no entry is due, let counsel say why.

    References:
        EU AI Act Art. 49 and 71.
    """
    path, asked = model_path(model.id), 0
    for name, demand in context.policy.transparency.registers.items():
        spare = spared(demand, model, context, f"an entry in the register {name}")
        if spare and spare.outcome == "not_applicable":
            continue
        asked += 1
        entry = model.record.transparency.registrations.get(name)
        if spare:
            yield spare
        elif entry is None:
            message = f"no entry in the register {name} is recorded"
            remedy = f"Record its id, or the reason for none, under `transparency.registrations.{name}`."
            yield fails(message, remedy, at(path, "transparency", "registrations"))
        elif not is_filled(entry.id) and not is_filled(entry.reason):
            place = at(path, "transparency", "registrations", name)
            yield fails(f"the entry in the register {name} has neither id nor reason", "Record one of them.", place)
        else:
            yield passes(f"{name}: {entry.id or entry.reason}")
    if not asked:
        yield not_applicable("policy wants a model with these facts in no register")
