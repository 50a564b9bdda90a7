"""REG: dates make sense."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from accredit.domain.calendar import is_after
from accredit.domain.paths import dataset_path, model_path, person_path, version_path
from accredit.domain.registry import ModelVersion, RegisteredModel, Registry
from accredit.findings import Location
from accredit.rules.context import Context
from accredit.rules.operation_records import dated_in_incidents, dated_in_model
from accredit.rules.rule import Verdict, at, fails, passes, rule

When = date | datetime | None
Place = tuple[str, tuple[str | int, ...]]
Dated = tuple[str, When, Place]
"""What happened, when, and where that is recorded."""
Ordered = tuple[Dated, Dated]
"""Two things of which the first cannot come after the second."""


@rule("REG005", "Dates are real and ordered", severity="error", gate="always", waivable=False, scope="registry")
def dates_ordered(registry: Registry, context: Context) -> Iterator[Verdict]:
    """Dates are real and ordered.

    What it checks:
        Nothing that is recorded as done lies after the day of the assessment. A version is trained before it is
        evaluated, evaluated before it is submitted, submitted before it is approved, approved before it is deployed
        to production other than in shadow, and deployed before it is archived. Periods end after they begin. Days to
        come, such as the end of a role or of a waiver, may lie in the future.

    Why it matters:
        A record that is older than what it describes was invented or copied. One false date makes every other date
        doubtful.

    Example:
        An evaluation of 2026-03-01 for a version that was trained on 2026-04-01.

    How to fix:
        Correct the date that is wrong; where a file was copied from another version, record again what happened.

    References:
        ISO 8601-1:2019; SR 26-2 on documentation.
    """
    faults = 0
    for what, when, place in _done(registry):
        if when is not None and is_after(when, context.as_of):
            faults += 1
            yield fails(f"{what} is dated {_shown(when)}, after {context.as_of}", "Correct the date.", _at(place))
    for (first, before, place), (second, after, other) in _orders(registry, context):
        if before is not None and after is not None and _later(before, after):
            faults += 1
            message = f"{second} ({_shown(after)}) comes before {first} ({_shown(before)})"
            yield fails(message, "Correct the date that is wrong.", _at(other), _at(place))
    if not faults:
        yield passes("no date lies in the future, and the order of events is possible")


def _at(place: Place) -> Location:
    return at(place[0], *place[1])


def _shown(when: date | datetime) -> str:
    return when.isoformat().replace("+00:00", "Z")


def _later(before: date | datetime, after: date | datetime) -> bool:
    """Whether the first lies after the second; a moment and a day are compared by day, a day of slack for zones."""
    if isinstance(before, datetime) and isinstance(after, datetime):
        return before > after
    return _day(before) > _day(after)


def _day(when: date | datetime) -> date:
    return when.date() if isinstance(when, datetime) else when


def _done(registry: Registry) -> Iterator[Dated]:
    """Everything that is recorded as done."""
    for name, dataset in registry.datasets.items():
        path = dataset_path(name)
        if dataset.source:
            yield "the end of the collection", dataset.source.collected_to, (path, ("source", "collected_to"))
        if dataset.rights:
            yield "the last run of the rights procedure", dataset.rights.last_run, (path, ("rights", "last_run"))
        if dataset.legal_basis and dataset.legal_basis.consent:
            yield "the consent", dataset.legal_basis.consent.obtained, (path, ("legal_basis", "consent", "obtained"))
        if dataset.deidentification:
            yield "the de-identification", dataset.deidentification.date, (path, ("deidentification", "date"))
    for name, waiver in registry.waivers.items():
        yield "the waiver", waiver.granted, (f"waivers/{name}.yaml", ("granted",))
    for name, hold in registry.holds.items():
        yield "the hold", hold.issued, (f"holds/{name}.yaml", ("issued",))
    yield from dated_in_incidents(registry)
    for model in registry.models.values():
        yield from _done_for_model(model)
        for version in model.versions.values():
            yield from _done_for_version(version)


def _done_for_model(model: RegisteredModel) -> Iterator[Dated]:
    path, record = model_path(model.id), model.record
    yield "the owner's confirmation", record.owner_confirmed, (path, ("owner_confirmed",))
    yield "the AI Act class", record.risk.ai_act.date, (path, ("risk", "ai_act", "date"))
    for index, risk in enumerate(record.risk.risks):
        if risk.residual:
            place = (path, ("risk", "risks", index, "residual", "date"))
            yield f"the acceptance of the risk {risk.id}", risk.residual.date, place
    for index, assessment in enumerate(record.risk.impact_assessments):
        yield f"the {assessment.kind}", assessment.date, (path, ("risk", "impact_assessments", index, "date"))
    yield from dated_in_model(record, path)


def _done_for_version(version: ModelVersion) -> Iterator[Dated]:
    folder = version_path(version.model_id, version.id, "")
    if version.record.trained:
        yield "the training", version.record.trained.at, (f"{folder}version.yaml", ("trained", "at"))
    if version.card:
        yield "the review of the card", version.card.reviewed, (f"{folder}card.yaml", ("reviewed",))
    for name, evaluation in version.evaluations.items():
        yield f"the evaluation {name}", evaluation.at, (f"{folder}evaluations/{name}.yaml", ("at",))
        if evaluation.audit:
            yield "the bias audit", evaluation.audit.date, (f"{folder}evaluations/{name}.yaml", ("audit", "date"))
    for name, validation in version.validations.items():
        yield f"the validation {name}", validation.date, (f"{folder}validations/{name}.yaml", ("date",))
    for name, snapshot in version.monitoring.items():
        yield f"the snapshot {name}", snapshot.observed_at, (f"{folder}monitoring/{name}.yaml", ("observed_at",))
    for name, deployment in version.deployments.items():
        yield f"the deployment {name}", deployment.deployed_at, (f"{folder}deployments/{name}.yaml", ("deployed_at",))
    for name, log in version.decisions.items():
        yield f"the end of the log {name}", log.period_to, (f"{folder}decisions/{name}.yaml", ("period_to",))
    yield from _signed_for_version(version, folder)


def _signed_for_version(version: ModelVersion, folder: str) -> Iterator[Dated]:
    for transition in version.transitions:
        step = f"{folder}transitions/{transition.request.seq:04}"
        yield "the request", transition.request.requested_at, (f"{step}/request.yaml", ("requested_at",))
        for person, approval in transition.approvals.items():
            yield f"the decision of {person}", approval.time, (f"{step}/approvals/{person}.yaml", ("time",))
        for name, closing in transition.closings.items():
            yield "the closing of a condition", closing.closed, (f"{step}/closings/{name}.yaml", ("closed",))


def _orders(registry: Registry, context: Context) -> Iterator[Ordered]:
    """Pairs of events that have an order."""
    for name, person in registry.people.items():
        path = person_path(name)
        yield _period(path, person.active_from, person.active_to, ("active_from",), ("active_to",))
        for index, grant in enumerate(person.roles):
            yield _period(path, grant.start, grant.end, ("roles", index, "from"), ("roles", index, "to"))
    for name, dataset in registry.datasets.items():
        if source := dataset.source:
            ends = (source.collected_from, source.collected_to)
            yield _period(dataset_path(name), *ends, ("source", "collected_from"), ("source", "collected_to"))
        if dataset.legal_basis and (consent := dataset.legal_basis.consent):
            route = ("legal_basis", "consent")
            yield _period(
                dataset_path(name), consent.obtained, consent.expires, (*route, "obtained"), (*route, "expires")
            )
    for name, incident in registry.incidents.items():
        ends = (incident.detected_at, incident.closed_at)
        yield _period(f"incidents/{name}.yaml", *ends, ("detected_at",), ("closed_at",))
    for name, waiver in registry.waivers.items():
        yield _period(f"waivers/{name}.yaml", waiver.granted, waiver.expires, ("granted",), ("expires",))
    for version in registry.versions():
        yield from _orders_of_building(version)
        yield from _orders_of_operation(version, context)


def _period(path: str, start: When, end: When, first: tuple[str | int, ...], last: tuple[str | int, ...]) -> Ordered:
    return ("the start", start, (path, first)), ("the end", end, (path, last))


def _orders_of_building(version: ModelVersion) -> Iterator[Ordered]:
    folder = version_path(version.model_id, version.id, "")
    trained = version.record.trained
    training: Dated = ("the training", trained.at if trained else None, (f"{folder}version.yaml", ("trained", "at")))
    evaluations: list[Dated] = []
    for name, evaluation in version.evaluations.items():
        path = f"{folder}evaluations/{name}.yaml"
        evaluations.append((f"the evaluation {name}", evaluation.at, (path, ("at",))))
        yield training, evaluations[-1]
    previous: Dated = training
    for transition in version.transitions:
        step, request = f"{folder}transitions/{transition.request.seq:04}", transition.request
        asked: Dated = (f"request {request.seq:04}", request.requested_at, (f"{step}/request.yaml", ("requested_at",)))
        yield previous, asked
        previous = asked
        if request.content == version.content:
            yield from ((evaluation, asked) for evaluation in evaluations)
        for person, approval in transition.approvals.items():
            yield asked, (f"the decision of {person}", approval.time, (f"{step}/approvals/{person}.yaml", ("time",)))


def _orders_of_operation(version: ModelVersion, context: Context) -> Iterator[Ordered]:
    folder = version_path(version.model_id, version.id, "")
    lifecycle = context.lifecycles[version.key]
    effective = [s for s in lifecycle.steps if s.status == "effective"]
    released = next((s for s in effective if s.transition.request.to_stage == "production"), None)
    for name, deployment in version.deployments.items():
        path = f"{folder}deployments/{name}.yaml"
        deployed: Dated = (f"the deployment {name}", deployment.deployed_at, (path, ("deployed_at",)))
        yield deployed, ("its end", deployment.until, (path, ("until",)))
        if released and deployment.environment == "production" and deployment.strategy != "shadow":
            seq = released.transition.request.seq
            yield (
                ("the approval for production", released.at, (f"{folder}transitions/{seq:04}/request.yaml", ())),
                deployed,
            )
        if lifecycle.stage == "archived" and effective:
            last = effective[-1]
            where = (f"{folder}transitions/{last.transition.request.seq:04}/request.yaml", ("requested_at",))
            yield deployed, ("the archiving", lifecycle.since, where)
    for name, snapshot in version.monitoring.items():
        path = f"{folder}monitoring/{name}.yaml"
        yield _period(path, snapshot.period_from, snapshot.period_to, ("period_from",), ("period_to",))
    for name, log in version.decisions.items():
        path = f"{folder}decisions/{name}.yaml"
        yield _period(path, log.period_from, log.period_to, ("period_from",), ("period_to",))
