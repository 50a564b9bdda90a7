"""PERF: how a version compares with the one in production, under stress, and as a source of probabilities."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.criteria import CalibrationLimits
from accredit.domain.evaluation import Calibration
from accredit.domain.metric import canonical, loss
from accredit.domain.registry import ModelVersion
from accredit.rules.context import Context
from accredit.rules.evaluations import (
    Evidence,
    digest_of,
    evidence_of,
    is_retired,
    no_criteria,
    no_evidence,
    task_criteria,
)
from accredit.rules.rule import Verdict, fails, not_applicable, passes, rule, unknown

_ECE_ROUNDING = 0.001
"""A recorded calibration error may differ so much from the one of its bins, whose rates are rounded."""


@rule("PERF107", "Not worse than the production version", severity="error", gate="production", waivable=True)
def not_worse(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Not worse than the production version.

    What it checks:
        For every guard metric of the task, the version is worse than the one in production by no more than the policy
        allows, both measured on the same data, which is data with the same digest. The version in production is the
        latest one of the model to get there, other than the version itself. It is unknown where the two have no data
        in common. Without a version in production, and for an archived one, the rule does not apply.

    Why it matters:
        A new version that meets every threshold can still be a step back for the people that it decides about. On
        different data the difference may be one of the data.

    Example:
        `auc` falls from 0.835 to 0.801 on the same test set, and the guard allows 0.02.

    How to fix:
        Improve the version, or evaluate the one in production on the new test set as well.

    References:
        SR 26-2, section V.1.b, on outcomes analysis.
    """
    criteria = task_criteria(version, context)
    champion = context.champion(version)
    if criteria is None or not criteria.guard:
        yield not_applicable(no_criteria(version, context, "guard metrics"))
    elif is_retired(version, context):
        yield not_applicable("the version is archived")
    elif champion is None:
        yield not_applicable("no other version of the model is in production")
    elif not evidence_of(version, context):
        yield no_evidence()
    elif not (pairs := _on_the_same_data(version, champion, context)):
        message = f"no evaluation is on the same data as one of {champion.id}, which is in production"
        place = evidence_of(version, context)[0].place("data")
        yield unknown(message, "Evaluate both versions on data with the same digest.", place)
    else:
        for metric, allowed in criteria.guard.items():
            yield _guarded(canonical(metric), allowed, champion, pairs)


Pairs = list[tuple[Evidence, Evidence]]


def _on_the_same_data(version: ModelVersion, champion: ModelVersion, context: Context) -> Pairs:
    mine, others = evidence_of(version, context), evidence_of(champion, context)
    digests = {id(e): digest_of(e.record, context) for e in (*mine, *others)}
    return [(a, b) for a in mine for b in others if digests[id(a)] is not None and digests[id(a)] == digests[id(b)]]


def _guarded(metric: str, allowed: float, champion: ModelVersion, pairs: Pairs) -> Verdict:
    measured = [(a, b) for a, b in pairs if metric in a.numbers and metric in b.numbers]
    if not measured:
        message = f"{metric} was not measured for this version and for {champion.id}, which is in production"
        return unknown(message, f"Measure {metric} for both on the same data.", pairs[0][0].place())
    worse, mine, other = max(((_loss(metric, a, b), a, b) for a, b in measured), key=lambda c: c[0])
    number, before = mine.numbers[metric], other.numbers[metric].estimate.value
    message = (
        f"{metric} is {number.estimate.value:.4f} and that of {champion.id}, in production, {before:.4f} "
        f"on {mine.record.data.dataset}; it may be worse by {allowed:g}"
    )
    if worse <= allowed + 1e-9:
        return passes(message)
    return fails(message, f"Improve {metric} before it replaces {champion.id}.", mine.place(*number.route))


def _loss(metric: str, mine: Evidence, other: Evidence) -> float:
    return loss(metric, other.numbers[metric].estimate.value, mine.numbers[metric].estimate.value)


@rule("PERF108", "Robustness and security tests exist", severity="error", gate="production", waivable=True)
def robustness_tests(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Robustness and security tests exist.

    What it checks:
        For every test that the policy names for the task and the model's profile, an evaluation on held-out data
        records a test of that `kind` or `name`, and it passed. Where one was run several times, each run must have
        passed.

    Why it matters:
        Inputs in use are noisier, older and sometimes crafted. A model that breaks under small changes will break.

    Example:
        The policy names `shift` for the strict profile, and the evaluation records a test of the kind `noise` only.

    How to fix:
        Run the test and record what was done, the result and whether it passed. Record a failed test as failed.

    References:
        EU AI Act Art. 15(4) and (5); NIST AI RMF MEASURE 2.7.
    """
    criteria = task_criteria(version, context)
    profile = context.standing(version).profile
    wanted = criteria.robustness.get(profile, ()) if criteria else ()
    evidence = evidence_of(version, context)
    if not wanted:
        yield not_applicable(no_criteria(version, context, f"robustness tests in the {profile} profile"))
    elif not evidence:
        yield no_evidence()
    else:
        for name in wanted:
            yield from _tested(name, evidence)


def _tested(name: str, evidence: tuple[Evidence, ...]) -> Iterator[Verdict]:
    runs = [(e, i, t) for e in evidence for i, t in enumerate(e.record.robustness) if name in (t.kind, t.name)]
    for e, index, test in runs:
        if test.passed:
            yield passes(f"{test.name}: {test.result}")
        else:
            place = e.place("robustness", index, "passed")
            yield fails(f"the {name} test `{test.name}` failed: {test.result}", "Make the model robust to it.", place)
    if not runs:
        first = evidence[0]
        recorded = ", ".join(sorted({t.kind for e in evidence for t in e.record.robustness})) or "none"
        place = first.place("robustness") if first.record.robustness else first.place()
        yield fails(f"no {name} test is recorded; recorded are {recorded}", f"Run a {name} test and record it.", place)


@rule("PERF109", "Scores used as probabilities are calibrated", severity="warning", gate="production", waivable=True)
def calibrated(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Scores used as probabilities are calibrated.

    What it checks:
        Where the policy sets calibration limits for the task, an evaluation on held-out data records calibration, its
        expected calibration error (ECE) is within the limit and so is the slope, where it is recorded. The ECE is
        computed from the bins where they are recorded: the mean distance between predicted and observed rate, weighted
        by the people in the bin. A recorded ECE that differs from that of its bins by more than 0.001 fails.

    Why it matters:
        Somebody who reads a score of 0.3 as three in ten decides wrongly if it is one in ten.

    Example:
        Of 5,000 people with a mean score of 0.28, the outcome occurred for 40 %; the ECE of all bins is 0.07 and may
        be 0.05.

    How to fix:
        Recalibrate the scores on data that neither trained nor tests the model, and evaluate again.

    References:
        Van Calster et al. 2019, Calibration: the Achilles heel of predictive analytics.
    """
    criteria = task_criteria(version, context)
    evidence = evidence_of(version, context)
    if criteria is None or criteria.calibration is None:
        yield not_applicable(no_criteria(version, context, "calibration limits"))
    elif not evidence:
        yield no_evidence()
    elif not any(e.record.calibration for e in evidence):
        message = "no calibration is recorded, and the policy sets limits for it"
        yield unknown(message, "Record calibration bins and slope.", evidence[0].place())
    else:
        for e in evidence:
            if e.record.calibration:
                yield from _calibration(e, e.record.calibration, criteria.calibration)


def _calibration(evidence: Evidence, record: Calibration, limits: CalibrationLimits) -> Iterator[Verdict]:
    computed = ece_of(record)
    ece = record.ece if computed is None else computed
    remedy = "Recalibrate the scores and evaluate again."
    faults = []
    if record.ece is not None and computed is not None and abs(record.ece - computed) > _ECE_ROUNDING:
        message = f"the recorded ECE is {record.ece:.4f}, and that of the bins is {computed:.4f}"
        faults.append(fails(message, "Record the numbers of one run.", evidence.place("calibration", "ece")))
    if ece is not None and ece > limits.ece_max:
        message = f"the expected calibration error is {ece:.4f}; at most {limits.ece_max:g} is allowed"
        faults.append(fails(message, remedy, evidence.place("calibration")))
    if record.slope is not None and not limits.slope_min <= record.slope <= limits.slope_max:
        message = f"the slope is {record.slope:.4f}; it must lie between {limits.slope_min:g} and {limits.slope_max:g}"
        faults.append(fails(message, remedy, evidence.place("calibration", "slope")))
    if ece is None and not faults:
        message = "calibration is recorded without bins and without an error"
        faults.append(unknown(message, "Record the bins.", evidence.place("calibration")))
    yield from faults or (passes(f"the expected calibration error is {ece:.4f}, at most {limits.ece_max:g}"),)


def ece_of(record: Calibration) -> float | None:
    """Expected calibration error of the bins, a share (Naeini et al. 2015); None without people in any bin."""
    people = sum(b.n for b in record.bins)
    return sum(b.n * abs(b.predicted - b.observed) for b in record.bins) / people if people else None
