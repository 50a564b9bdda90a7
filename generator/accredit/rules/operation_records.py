"""REG: the people, versions and dates that the records about a model in use name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from accredit.domain.model import Model
from accredit.domain.registry import Registry
from accredit.findings import Route
from accredit.rules.reference import Reference

Happened = tuple[str, date | datetime | None, tuple[str, Route]]


def named_in_model(record: Model, path: str) -> Iterator[Reference]:
    """Everybody named in the sections of `model.yaml` about oversight, security and monitoring."""
    named: list[tuple[str, Route]] = []
    named += [(o.person, ("oversight", "overseers", i, "person")) for i, o in enumerate(record.oversight.overseers)]
    named += [(t.by, ("oversight", "stop_tests", i, "by")) for i, t in enumerate(record.oversight.stop_tests)]
    if sole := record.oversight.sole_automation:
        named.append((sole.confirmed_by, ("oversight", "sole_automation", "confirmed_by")))
    if record.security:
        named.append((record.security.reviewer, ("security", "reviewer")))
    if plan := record.monitoring.change_plan:
        named.append((plan.approved_by, ("monitoring", "change_plan", "approved_by")))
    yield from (Reference("person", person, path, route) for person, route in named)


def named_in_incidents(registry: Registry) -> Iterator[Reference]:
    """Everybody and everything named in incidents."""
    for name, incident in registry.incidents.items():
        path = f"incidents/{name}.yaml"
        yield Reference("model", incident.model, path, ("model",))
        for i, version in enumerate(incident.versions):
            yield Reference("version", f"{incident.model}@{version}", path, ("versions", i))
        people: list[tuple[str | None, Route]] = [
            (incident.owner, ("owner",)),
            (incident.detected_by, ("detected_by",)),
            *((a.owner, ("actions", i, "owner")) for i, a in enumerate(incident.actions)),
            *((r.decided_by, ("reports", duty, "decided_by")) for duty, r in incident.reports.items()),
        ]
        yield from (Reference("person", person, path, route) for person, route in people if person is not None)


def dated_in_model(record: Model, path: str) -> Iterator[Happened]:
    """What the sections of `model.yaml` about a model in use say was done, and when."""
    told, watched = record.transparency, record.oversight
    for i, notice in enumerate(told.notices):
        yield f"the notice {notice.id}", notice.date, (path, ("transparency", "notices", i, "date"))
    yield "the test of the reasons", told.reasons.tested, (path, ("transparency", "reasons", "tested"))
    for i, disclosure in enumerate(told.disclosures):
        yield "the test of the disclosure", disclosure.tested, (path, ("transparency", "disclosures", i, "tested"))
    for i, overseer in enumerate(watched.overseers):
        yield f"the training of {overseer.person}", overseer.trained, (path, ("oversight", "overseers", i, "trained"))
    for i, test in enumerate(watched.stop_tests):
        yield f"the {test.kind} test", test.date, (path, ("oversight", "stop_tests", i, "date"))
    if watched.sole_automation:
        yield "the legal basis", watched.sole_automation.date, (path, ("oversight", "sole_automation", "date"))
    if record.security:
        yield "the security review", record.security.date, (path, ("security", "date"))
    if plan := record.monitoring.in_use_plan:
        yield "the plan for the time in use", plan.date, (path, ("monitoring", "in_use_plan", "date"))
    if change := record.monitoring.change_plan:
        yield "the change plan", change.date, (path, ("monitoring", "change_plan", "date"))


def dated_in_incidents(registry: Registry) -> Iterator[Happened]:
    """What incidents say was done, and when."""
    for name, incident in registry.incidents.items():
        path = f"incidents/{name}.yaml"
        yield "the incident", incident.detected_at, (path, ("detected_at",))
        yield "its end", incident.closed_at, (path, ("closed_at",))
        for i, action in enumerate(incident.actions):
            yield "the action", action.done, (path, ("actions", i, "done"))
        for duty, report in incident.reports.items():
            yield "the report", report.reported_at, (path, ("reports", duty, "reported_at"))
