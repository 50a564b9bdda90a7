"""MON: what went wrong in use, and who is told in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from accredit.domain.incident import Incident, IncidentReport
from accredit.domain.operating_criteria import ReportingDuty
from accredit.domain.paths import model_path
from accredit.domain.policy import Policy
from accredit.domain.predicate import Facts
from accredit.domain.prose import is_filled
from accredit.domain.registry import RegisteredModel
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule, unknown


class Owed(NamedTuple):
    """A report that an incident calls for under the policy."""

    duty: str
    rules: ReportingDuty
    deadline: datetime
    is_owed: bool | None
    """None where an unrecorded fact decides."""
    report: IncidentReport | None

    @property
    def is_open(self) -> bool:
        """Whether the report is still to be made, or a decision that none is owed."""
        done = self.report is not None and (self.report.reported_at is not None or is_filled(self.report.not_due))
        return self.is_owed is not False and not done


def owed_reports(incident: Incident, policy: Policy, facts: Facts) -> Iterator[Owed]:
    """The reports that policy asks for, or may ask for, because of an incident of a model with these facts."""
    for name, duty in policy.incidents.duties.items():
        owes = incident.owes(duty, facts)
        if owes is not False:
            yield Owed(name, duty, incident.deadline(duty), owes, incident.reports.get(name))


def incident_path(name: str) -> str:
    """Path of an incident."""
    return f"incidents/{name}.yaml"


@rule(
    "MON104",
    "Incidents have owner and reporting deadline",
    severity="blocker",
    gate="production",
    waivable=False,
    scope="model",
)
def incidents_handled(model: RegisteredModel, context: Context) -> Iterator[Verdict]:
    """Incidents have owner and reporting deadline.

    What it checks:
        Every incident of the model that is still open has an active owner, and a closed one its root cause. For every
        duty to report under which policy puts such an incident (`incidents.duties`), a report was made, or somebody
        registered decided that none is owed and why, or the deadline has not passed. The deadline is the detection
        plus the hours of the duty. A report that was late stays visible and closes no gate. An action that is not
        done by its last day fails.

    Why it matters:
        Deadlines to authorities are counted in hours. They pass while people still discuss whose incident it is.

    Example:
        A serious incident of 1 October, to be reported within 15 days, and no report on 20 October.

    How to fix:
        Report it, and record `reported_at` with the reference. See `accredit doctor` for what is due next.

    References:
        EU AI Act Art. 73; GDPR Art. 33; NIST AI RMF MANAGE 4.3.
    """
    registry = context.registry
    found = {name: registry.incidents[name] for name in registry.incidents_of.get(model.id, ())}
    if not found:
        yield not_applicable(f"no incident of {model.id} is recorded")
        return
    verdicts = [v for name, incident in found.items() for v in _judged(name, incident, context)]
    yield from verdicts
    if not any(v.outcome != "pass" for v in verdicts):
        still_open = sum(i.closed_at is None for i in found.values())
        yield passes(f"incidents recorded: {len(found)}, still open: {still_open}; nothing is overdue")


def _judged(name: str, incident: Incident, context: Context) -> Iterator[Verdict]:
    path = incident_path(name)
    if incident.closed_at is None and not context.is_active(incident.owner):
        message = f"the owner `{incident.owner}` of the open incident {name} is no active person"
        yield fails(message, "Name somebody who works here.", at(path, "owner"))
    if incident.closed_at is not None and not is_filled(incident.root_cause):
        message = f"the incident {name} is closed without a root cause"
        yield fails(message, "Write `root_cause`.", at(path, "closed_at"))
    for index, action in enumerate(incident.actions):
        if action.done is None and action.due is not None and action.due < context.as_of:
            message = f"an action about {name} was to be done by {action.due}"
            yield fails(message, "Do it, and record `done`.", at(path, "actions", index))
    for owed in owed_reports(incident, context.policy, context.standings[incident.model].facts):
        yield from _reported(name, owed, context)
    for duty in sorted(set(incident.reports) - set(context.policy.incidents.duties)):
        message = f"`{duty}` is no duty of the policy"
        yield fails(message, "Name one of `incidents.duties`.", at(path, "reports", duty))


def _reported(name: str, owed: Owed, context: Context) -> Iterator[Verdict]:
    path, report, by = incident_path(name), owed.report, f"{owed.deadline:%Y-%m-%d %H:%M}"
    if owed.is_open:
        if owed.is_owed is None:
            message = f"whether {name} is to be reported to {owed.rules.to} cannot be told from the recorded facts"
            model = model_path(context.registry.incidents[name].model)
            yield unknown(message, "Record the facts that policy asks about.", at(model))
        elif owed.deadline.date() < context.as_of:
            message = f"{name} was to be reported to {owed.rules.to} by {by}"
            yield fails(message, f"Report it, and record it under `reports.{owed.duty}`.", at(path, "detected_at"))
        else:
            yield passes(f"{name} is to be reported to {owed.rules.to} by {by}")
    elif report and report.reported_at is None and report.decided_by not in context.registry.people:
        message = f"nobody registered decided that {name} need not be reported to {owed.rules.to}"
        yield fails(message, "Name who decided it in `decided_by`.", at(path, "reports", owed.duty))
    elif report and report.reported_at:
        late = "in time" if report.reported_at <= owed.deadline else f"late, it was due by {by}"
        yield passes(f"{name} was reported to {owed.rules.to} on {report.reported_at:%Y-%m-%d %H:%M}, {late}")
    elif report:
        yield passes(f"{name} need not be reported to {owed.rules.to}: {report.not_due}")
