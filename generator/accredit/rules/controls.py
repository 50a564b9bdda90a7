"""CTL: what the enforced frameworks ask for. POL104: whether the catalogue of controls is current."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.control_status import ControlStatus
from accredit.domain.paths import model_path
from accredit.domain.registry import Registry
from accredit.frameworks.determinations import concerns, faults_of
from accredit.frameworks.evaluate import is_stale
from accredit.rules.context import Context
from accredit.rules.control_subject import VersionResults, enforced, subject_of
from accredit.rules.rule import Verdict, at, fails, inconclusive, not_applicable, passes, rule, unknown

_NONE = "policy enforces no framework"


@rule(
    "CTL101",
    "Every applicable control has evidence",
    severity="error",
    gate="production",
    waivable=True,
    scope="controls",
)
def evidence_present(subject: VersionResults, context: Context) -> Iterator[Verdict]:
    """Every applicable control has evidence.

    What it checks:
        Every control of the frameworks in `catalogue.enforce` that applies on the recorded facts and is in force has
        its evidence; with `catalogue.enforce_early`, also one that is not in force yet. A control whose missing
        evidence is all covered by waivers counts as having it. One that a person must judge, and nobody has, leaves
        the question open. Controls of which it is unknown whether they apply are the business of CTL102.

    Why it matters:
        A duty that nobody holds against the records is noticed when somebody else does so.

    Example:
        HIPAA-312-A for a model with health data and no security review.

    How to fix:
        `accredit controls MODEL VERSION` lists what is missing. Record it, or let somebody decide with
        `accredit determine`.

    References:
        GDPR Art. 5(2); EU AI Act Art. 17; ISO/IEC 42001:2023 Annex A; NIST AI RMF GOVERN 1.1.
    """
    if not context.policy.catalogue.enforce:
        yield not_applicable(_NONE)
        return
    asked = [s for s in enforced(subject, context) if not _is_unsettled(s)]
    met = [s for s in asked if s.status == "met" or s.is_covered]
    for status in asked:
        if status not in met:
            yield _lacking(status)
    if len(met) == len(asked):
        yield passes(f"evidence is present for all {len(asked)} controls that apply and are enforced")


def _lacking(status: ControlStatus) -> Verdict:
    name, place = f"{status.of.id} {status.of.control.title}", at(model_path(status.model))
    missing = next((r for r in status.rows if r.state == "missing"), None)
    if status.status == "not_met" and missing is not None:
        message = f"{name}: evidence is missing: {missing.kind} {missing.name}: {missing.detail}"
        return fails(message, "Record it; `accredit controls` lists all of it.", missing.at or place)
    if status.status == "not_met":
        return fails(f"{name}: a person decided that it is not met", "Do what was found missing.", place)
    message = f"{name}: needs human judgement"
    return inconclusive(message, f"Let somebody decide: `accredit determine ... {status.of.id}`.", place)


@rule("CTL102", "Applicability is known", severity="error", gate="production", waivable=True, scope="controls")
def applicability_known(subject: VersionResults, context: Context) -> Iterator[Verdict]:
    """Applicability is known.

    What it checks:
        Every fact is recorded that decides whether a control of the frameworks in `catalogue.enforce` applies, unless
        a determination in force settles it. Facts about the organisation stand in `organisation` of the policy, facts
        about the data in the datasets, all others in `model.yaml`.

    Why it matters:
        What nobody recorded is unknown. If it counted as no, the surest way around a duty would be to record nothing.

    Example:
        `regions: [EU]` and no `risk.ai_act.role`.

    How to fix:
        Record the fact that the finding names.

    References:
        EU AI Act Art. 6; GDPR Art. 24; NIST AI RMF MAP 1.1.
    """
    if not context.policy.catalogue.enforce:
        yield not_applicable(_NONE)
        return
    waiting: dict[str, list[str]] = {}
    for status in enforced(subject, context):
        for fact in status.missing_facts if _is_unsettled(status) else ():
            waiting.setdefault(fact, []).append(status.of.id)
    for fact, controls in waiting.items():
        few = ", ".join(controls[:3]) + (f" and {len(controls) - 3} more" if len(controls) > 3 else "")
        message = f"the fact `{fact}` is not recorded, so nobody knows whether {few} applies"
        path, where = _home_of(fact, context.model(subject.version).id)
        yield unknown(message, f"Record it in {where}.", at(path))
    if not waiting:
        yield passes("every fact is recorded that decides whether an enforced control applies")


def _is_unsettled(status: ControlStatus) -> bool:
    return bool(status.missing_facts) and status.determination is None


def _home_of(fact: str, model: str) -> tuple[str, str]:
    if fact.startswith("organisation."):
        return "policy.yaml", "`organisation` of `policy.yaml`"
    return model_path(model), "the datasets of the version" if fact.startswith("data.") else "`model.yaml`"


@rule(
    "CTL103", "Human determinations are fresh", severity="warning", gate="production", waivable=True, scope="controls"
)
def determinations_fresh(subject: VersionResults, context: Context) -> Iterator[Verdict]:
    """Human determinations are fresh.

    What it checks:
        Every determination on the version about a framework that policy reports on or enforces counts, or a later one
        on the same control does. It counts from its date to its end, at most `catalogue.determination_days`; its
        `subject_digest` is that of the version as it is; it gives a reason; whoever decided is a person, held the role
        on that day and did not train the version; and that a control does not apply is decided in a role of
        `catalogue.exempt_by`. Where sign-offs are proved from the history and the model's profile asks for more than
        names, whoever decided signed the file as it is.

    Why it matters:
        A judgement is about what was looked at. It says nothing about what came after.

    Example:
        A determination made before the card was changed.

    How to fix:
        Look again, and decide anew with `accredit determine`.

    References:
        ISO/IEC 42001:2023 clause 9.3 on review; EU AI Act Art. 9 on going through risks again.
    """
    found = dict(_determinations(subject, context))
    if not found:
        yield not_applicable("nobody has decided on a control for this version")
        return
    stale = [verdict for verdict in found.values() if verdict is not None]
    yield from stale or [passes(f"all {len(found)} determinations on this version count")]


def _determinations(subject: VersionResults, context: Context) -> Iterator[tuple[str, Verdict | None]]:
    """Each determination that is the last on its control, by id, with what is wrong with it."""
    version, reported = subject.version, context.policy.catalogue.reported
    made = context.registry.determinations.items()
    own = [(name, d) for name, d in made if d.framework in reported and concerns(d, version)]
    last = {(d.framework, d.control): name for name, d in sorted(own, key=lambda item: (item[1].date, item[0]))}
    if not last:
        return
    asked = subject_of(context.model(version), version, {}, context)
    for name in sorted(last.values()):
        determination, path = context.registry.determinations[name], f"determinations/{name}.yaml"
        fault = next(faults_of(name, determination, asked), None)
        if fault is not None:
            yield name, fails(f"{determination.control}: {fault.message}", fault.help, at(path, *fault.route))
        elif determination.expires < context.as_of:
            message = f"{determination.control}: the determination ended on {determination.expires}"
            yield name, fails(message, "Look again, and decide anew.", at(path, "expires"))
        elif determination.date > context.as_of:
            message = f"{determination.control}: the determination is of {determination.date}, which has not come yet"
            yield name, fails(message, "Correct the date.", at(path, "date"))
        else:
            yield name, None


@rule("POL104", "Catalogue is current", severity="warning", gate="always", waivable=True, scope="registry")
def catalogue_current(registry: Registry, context: Context) -> Iterator[Verdict]:  # noqa: ARG001 - every rule's form
    """Catalogue is current.

    What it checks:
        Every framework in `catalogue.frameworks` and `catalogue.enforce` was held against its source at most
        `catalogue.max_age_days` ago.

    Why it matters:
        Law changes faster than programs. A control that was right last year may ask for too little or too much today.

    Example:
        `max_age_days: 180` and a catalogue verified a year ago.

    How to fix:
        Install a newer accredit, or check the framework yourself and record it with the day in `frameworks/`.

    References:
        ISO/IEC 42001:2023 clause 4.1 on the context of the organisation; NIST AI RMF GOVERN 1.1.
    """
    criteria = context.policy.catalogue
    known = {n: context.catalogue.frameworks[n] for n in criteria.reported if n in context.catalogue.frameworks}
    if not known:
        yield not_applicable("policy reports on no framework")
        return
    stale = {n: f for n, f in known.items() if is_stale(f, context.policy, context.as_of)}
    for name, framework in stale.items():
        age = (context.as_of - framework.verified.date).days
        section = "frameworks" if name in criteria.frameworks else "enforce"
        route = ("catalogue", section, getattr(criteria, section).index(name))
        message = f"{name} was last verified {age} days ago, on {framework.verified.date}"
        remedy = f"Check it again; policy allows {criteria.max_age_days} days."
        yield fails(message, remedy, at("policy.yaml", *route))
    if not stale:
        yield passes(f"all {len(known)} frameworks were verified within {criteria.max_age_days} days")
