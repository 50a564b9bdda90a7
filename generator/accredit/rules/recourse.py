"""TRN: what a person can do about one decision."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.paths import model_path
from accredit.domain.prose import is_filled
from accredit.domain.registry import ModelVersion, RegisteredModel
from accredit.rules.card import card_place, no_card
from accredit.rules.context import Context
from accredit.rules.demand import outdated, spared
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule


@rule("TRN102", "Individual reasons can be given", severity="error", gate="production", waivable=True)
def reasons_given(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Individual reasons can be given.

    What it checks:
        Where policy asks for it (`transparency.reasons`), the card says by which method an output is explained
        (`explanation.method`), and `transparency.reasons` of the model records how it was tested that the reasons are
        those of the model, when, and where a sample can be seen. The test is not older than policy allows.

    Why it matters:
        Reasons that do not follow the model comfort people and help nobody to object.

    Example:
        An explanation method in the card, and no test of its fidelity in `model.yaml`.

    How to fix:
        Test the reasons against the model, for instance by removing the inputs that they name, and record it.

    References:
        Regulation B, 12 CFR 1002.9(b)(2); EU AI Act Art. 86; Consumer Credit Directive (EU) 2023/2225 Art. 18.
    """
    demand, path = context.policy.transparency.reasons, model_path(version.model_id)
    spare = spared(demand, version, context, "reasons for single decisions")
    if demand is None or spare:
        yield spare or not_applicable("policy asks for none")
        return
    if version.card is None:
        yield no_card(version)
        return
    reasons = context.model(version).record.transparency.reasons
    faults = []
    if not is_filled(version.card.explanation.method):
        place = card_place(version, "explanation", "method")
        faults.append(fails("the card names no method of explanation", "Write `explanation.method`.", place))
    for name, text in (("fidelity", reasons.fidelity), ("sample", reasons.sample)):
        if not is_filled(text):
            place = at(path, "transparency", "reasons", name)
            faults.append(fails(f"no {name} of the reasons is recorded", f"Record `reasons.{name}`.", place))
    if fault := outdated(reasons.tested, demand, context):
        place = at(path, "transparency", "reasons", "tested")
        faults.append(fails(f"the test of the reasons {fault}", "Test them again, and record the day.", place))
    yield from faults or [passes(f"{reasons.fidelity}, tested on {reasons.tested}; sample: {reasons.sample}")]


@rule(
    "TRN104",
    "A person can contest and reach a human",
    severity="error",
    gate="production",
    waivable=True,
    scope="model",
)
def contestable(model: RegisteredModel, context: Context) -> Iterator[Verdict]:
    """A person can contest and reach a human.

    What it checks:
        Where policy asks for it (`transparency.contest`), the model records the channel, the days within which a
        human answers, and who has the authority to change the outcome.

    Why it matters:
        A channel that leads to somebody who cannot change anything is no remedy.

    Example:
        `contest: {channel: service desk}`, without a time and without anybody who may decide.

    How to fix:
        Name the channel, the service level and the role that may change the outcome.

    References:
        GDPR Art. 22(3); EU AI Act Art. 26(11) and 86; California Code of Regulations title 11 section 7221.
    """
    path, contest = model_path(model.id), model.record.transparency.contest
    if spare := spared(context.policy.transparency.contest, model, context, "a way to contest outcomes"):
        yield spare
    elif contest is None:
        place = at(path, "transparency", "contest")
        yield fails("no way to contest an outcome is recorded", "Record it under `transparency.contest`.", place)
    else:
        given = {
            "channel": is_filled(contest.channel),
            "service_level_days": contest.service_level_days is not None,
            "authority": is_filled(contest.authority),
        }
        missing = [name for name, is_given in given.items() if not is_given]
        for name in missing:
            place = at(path, "transparency", "contest", name)
            yield fails(f"the way to contest an outcome has no `{name}`", f"Record `{name}`.", place)
        if not missing:
            days = contest.service_level_days
            yield passes(f"{contest.channel}; answered within {days} days by {contest.authority}")
