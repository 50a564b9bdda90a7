"""What the policy asks of records, in words: approvals, data, retention, audit trail, catalogues and organisation."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.policy import Policy
from accredit.domain.predicate import Facts
from accredit.domain.retention import Overlay
from accredit.domain.revalidation import TRIGGER_WORDS
from accredit.policies.conditions import fact_name, in_words
from accredit.policies.words import listed, plural, spaced


def approvals(policy: Policy) -> Iterator[str]:
    """Conditions of approvals, their end, independent validation, and what calls for another look."""
    conditions, expiry = policy.approvals.conditions, policy.approvals.expiry
    if conditions.max_open is not None:
        yield f"No more than {plural(conditions.max_open, 'condition')} of a move may be open."
    if conditions.max_days is not None:
        yield f"A condition is due within {plural(conditions.max_days, 'day')} of the approval."
    if expiry.warn_days:
        yield f"The end of an approval is announced {listed(sorted(expiry.warn_days, reverse=True))} days before."
    if expiry.grace_days:
        yield f"An approval still counts for {plural(expiry.grace_days, 'day')} after its end."
    if tiers := policy.validation.required_tiers:
        months = policy.validation.max_age_months
        age = f", no older than {plural(months, 'month')}" if months is not None else ""
        yield f"A version in tier {listed(tiers, 'or')} needs an independent validation{age}."
    if triggers := [TRIGGER_WORDS[t] for t in policy.revalidation.triggers if t in TRIGGER_WORDS]:
        days = plural(policy.revalidation.within_days, "day")
        yield f"Within {days} of {listed(triggers, 'or')} it is validated anew."


def data(policy: Policy) -> Iterator[str]:
    """What datasets of which tiers must show."""
    d = policy.data
    for tiers, what in (
        (d.separate_subjects_tiers, "nobody is on both sides of a split"),
        (d.out_of_time_tiers, "there is a test on later data"),
        (d.reidentification_test_tiers, "it was tried to tell from de-identified data who is who"),
    ):
        if tiers:
            yield f"In tier {listed(tiers, 'or')} {what}."


def retention(policy: Policy, facts: Facts | None = None) -> Iterator[str]:
    """How long records are kept. With facts, only the overlays that those do not rule out."""
    r = policy.retention
    for name, kept in r.classes.items():
        yield f"{spaced(name).capitalize()}: must exist in production; kept {kept.words} from {kept.start_words}."
    yield f"What has no time of its own is kept {r.default.words} from {r.default.start_words}."
    for overlay in r.overlays:
        if facts is None or not overlay.when or overlay.when.holds(facts) is not False:
            yield _overlay(overlay, conditions=facts is None)
    yield "The latest end counts. Until its time starts to run, and under a legal hold, a record is kept without end."
    yield "Where data must be kept longer than it may be, people decide."
    if r.mutable_uri == "deny":
        yield "Nothing is kept where it can be overwritten."
    if look := r.verify:
        level = [f"{what} in tier {tier}" for tier, what in sorted(look.level.items())]
        shows = f", and show: {listed(level)}" if level else ""
        yield f"Stored objects are looked at every {plural(look.max_age_days, 'day')}{shows}."


def _overlay(overlay: Overlay, *, conditions: bool) -> str:
    when = f", if {in_words(overlay.when)}" if conditions and overlay.when else ""
    what = spaced(overlay.record).capitalize()
    return f"{what}: kept {overlay.words} from {overlay.start_words} by {overlay.control}{when}."


def audit(policy: Policy) -> Iterator[str]:
    """How far times may be apart."""
    hours = plural(policy.audit.max_clock_skew_hours, "hour")
    yield f"The time that somebody states is no more than {hours} away from that of the commit."


def catalogue(policy: Policy) -> Iterator[str]:
    """Which frameworks are looked at, and who decides where checks cannot."""
    c = policy.catalogue
    if not c.reported:
        return
    yield f"Controls are reported for {listed(c.reported)}."
    if c.enforce:
        early = ", those not yet in force too" if c.enforce_early else ", once they are in force"
        yield f"The gate to production asks for evidence of the controls of {listed(c.enforce)}{early}."
    yield f"A catalogue counts for {plural(c.max_age_days, 'day')} after it was verified."
    yield f"What a person decides on a control counts for {plural(c.determination_days, 'day')} at most."
    yield f"That a control does not apply is decided by {listed(c.exempt_by, 'or') or 'nobody'}."


def organisation(policy: Policy) -> Iterator[str]:
    """What is known about the organisation. What is not told was not recorded, and counts for neither yes nor no."""
    known = policy.organisation
    for name in type(known).model_fields:
        value = getattr(known, name)
        if isinstance(value, bool):
            yield f"{fact_name(f'organisation.{name}')}: {'yes' if value else 'no'}."
        elif name in ("role", "hipaa_role") and value:
            yield f"{fact_name(f'organisation.{name}')}: {listed(map(spaced, value))}."
    if known.revalidation_rationale:
        yield f"Why models are validated anew as often as they are: {known.revalidation_rationale.rstrip('.')}."
    for document in known.documents:
        by = f", approved by {document.approved_by}" if document.approved_by else ""
        yield f"{spaced(document.kind).capitalize()}: {document.reference} of {document.date}{by}."
