"""What the records show about each control. Pure: the same subject and catalogue give the same answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from accredit.domain.control_status import (
    CatalogueControl,
    ControlStatus,
    EvidenceRow,
    EvidenceState,
    Status,
)
from accredit.domain.determination import Determination
from accredit.domain.framework import Framework, Mode
from accredit.domain.policy import Policy
from accredit.frameworks.determinations import current
from accredit.frameworks.evidence import row_of
from accredit.frameworks.subject import Subject


def evaluate(controls: Iterable[CatalogueControl], subject: Subject) -> tuple[ControlStatus, ...]:
    """The status of each control for a model, in the order given."""
    return tuple(_status(control, subject) for control in controls)


def is_stale(framework: Framework, policy: Policy, as_of: date) -> bool:
    """Whether a catalogue was checked longer ago than policy allows."""
    return (as_of - framework.verified.date).days > policy.catalogue.max_age_days


def _status(of: CatalogueControl, subject: Subject) -> ControlStatus:
    control, facts = of.control, subject.facts
    applies = False if control.disabled else of.condition.holds(facts)
    made = current(subject, of.framework_id, of.id) if applies is not False else None
    rows: tuple[EvidenceRow, ...] = ()
    evidence: EvidenceState = "open"
    if applies is not False:
        every = tuple(row_of(asked, subject, made) for asked in control.evidence.all_of)
        some = tuple(row_of(asked, subject, made) for asked in control.evidence.any_of)
        rows, evidence = (*every, *some), together(every, some)
    return ControlStatus(
        of=of,
        model=subject.model.id,
        version=subject.version.id if subject.version else None,
        as_of=subject.as_of,
        applies=applies,
        missing_facts=() if control.disabled else of.condition.undecided(facts),
        status=status_of(control.assessment, applies, evidence, made[1] if made else None),
        rows=rows,
        in_force_from=control.first_day(facts),
        stale=is_stale(of.framework, subject.policy, subject.as_of),
        determination=made,
    )


def together(every: tuple[EvidenceRow, ...], some: tuple[EvidenceRow, ...]) -> EvidenceState:
    """What all of the first rows and one of the second come to.

    A rule that asks nothing of the model is no evidence, and leaves it to a person whether the duty is kept.
    """
    states = {row.state for row in every}
    if some:
        found = {row.state for row in some}
        states.add(next((s for s in ("present", "open", "not_applicable") if s in found), "missing"))
    if "missing" in states:
        return "missing"
    return "present" if states == {"present"} else "open"


def status_of(mode: Mode, applies: bool | None, evidence: EvidenceState, made: Determination | None) -> Status:  # noqa: FBT001 - a truth value
    """The status of a control.

    Args:
        mode: Who decides: checks, checks and a person, or a person.
        applies: Whether the recorded facts make it apply; None where one that decides is missing.
        evidence: What its evidence comes to.
        made: The determination that counts, if there is one. It also settles what missing facts leave open.
    """
    if applies is False or (made is not None and made.result == "not_applicable"):
        return "not_applicable"
    if applies is None and made is None:
        return "needs_judgement"
    if evidence == "missing" or (made is not None and made.result == "not_met"):
        return "not_met"
    if mode == "automated" and evidence == "present":
        return "met"
    return "needs_judgement" if made is None else "met"
