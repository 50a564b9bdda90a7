"""What there is of the evidence that a control asks for: one function for each of the five forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from accredit.domain.control_status import EvidenceRow, EvidenceState
from accredit.domain.determination import Determination
from accredit.domain.field_path import values_at
from accredit.domain.framework import Evidence, EvidenceKind
from accredit.domain.paths import dataset_path, model_path, version_path
from accredit.domain.prose import is_filled
from accredit.domain.reach import Document
from accredit.domain.retention import FROM_OPERATION
from accredit.domain.schedule import Kept
from accredit.findings import Location
from accredit.frameworks.subject import Subject

Made = tuple[str, Determination] | None


def row_of(asked: Evidence, subject: Subject, made: Made) -> EvidenceRow:
    """What there is of one piece of evidence.

    Args:
        asked: What the control asks for.
        subject: The model and version.
        made: The determination about the control that counts, if there is one.
    """
    if asked.kind == "attestation":
        return _attested(asked, subject.as_of, made)
    return _FORMS[asked.kind](asked, subject)


def _row(asked: Evidence, state: EvidenceState, detail: str, at: Location | None = None) -> EvidenceRow:
    return EvidenceRow(asked.kind, asked.name, state, detail, at)


def _rule(asked: Evidence, subject: Subject) -> EvidenceRow:
    found = subject.outcomes.get(asked.name)
    if found is None:
        why = "there is no version to look at" if subject.version is None else "this program has no such rule"
        return _row(asked, "missing", why)
    states: Mapping[str, EvidenceState] = {
        "pass": "present",
        "not_applicable": "not_applicable",
        "inconclusive": "open",
    }
    state = states.get(found.outcome, "missing")
    return EvidenceRow("rule", asked.name, state, found.message, found.at, found.waiver)


def _field(asked: Evidence, subject: Subject) -> EvidenceRow:
    root, *steps = asked.name.split(".")
    files = list(_files(root, subject))
    found = [
        (Location(path, route=route), value) for path, entry in files for route, value in values_at(entry, tuple(steps))
    ]
    for place, value in found:
        if not _is_filled(value):
            return _row(asked, "missing", "nothing is written there", place)
    if not found:
        return _row(asked, "missing", "it is not recorded", Location(files[0][0]) if files else None)
    place, value = found[0]
    return _row(asked, "present", _shown(value), place)


def _files(root: str, subject: Subject) -> Iterator[tuple[str, object]]:
    """The files of a kind that speak of the subject, by path."""
    if root == "policy":
        yield "policy.yaml", subject.policy
    elif root == "model":
        yield model_path(subject.model.id), subject.model.record
    elif root == "dataset":
        yield from ((dataset_path(name), dataset) for name, dataset in subject.datasets.items())
    elif (version := subject.version) is not None:
        entries: Mapping[str, Mapping[str, object]] = {
            "version": {"version.yaml": version.record},
            "card": {"card.yaml": version.card} if version.card else {},
            "evaluation": {f"evaluations/{n}.yaml": e for n, e in version.evaluations.items()},
            "monitoring": {f"monitoring/{n}.yaml": m for n, m in version.monitoring.items()},
        }
        yield from ((version_path(version.model_id, version.id, n), e) for n, e in entries[root].items())


def _is_filled(value: object) -> bool:
    return is_filled(value) if isinstance(value, str) else value is not None and value not in ((), {})


def _shown(value: object) -> str:
    text = "yes" if value is True else "no" if value is False else " ".join(str(value).split())
    plain = isinstance(value, (str, bool, int, float, date))
    return "recorded" if not plain else text if len(text) <= 80 else f"{text[:77]}..."


def _record(asked: Evidence, subject: Subject) -> EvidenceRow:
    problems = []
    for document, place in _documents(subject):
        if document.kind == asked.name:
            problem = _unfit(document, asked, subject)
            if problem is None:
                return _row(asked, "present", f"{document.reference}, of {document.date}", place)
            problems.append((problem, place))
    if problems:
        return _row(asked, "missing", *problems[0])
    return _row(asked, "missing", "no such document is recorded", Location(model_path(subject.model.id)))


def _documents(subject: Subject) -> Iterator[tuple[Document, Location]]:
    path, record = model_path(subject.model.id), subject.model.record
    for index, document in enumerate(record.documents):
        yield document, Location(path, route=("documents", index))
    for index, made in enumerate(record.risk.impact_assessments):
        fields = made.model_dump(exclude={"kind"}, exclude_unset=True)
        place = Location(path, route=("risk", "impact_assessments", index))
        for kind in (made.kind.replace("_", "-"), "impact-assessment"):
            yield Document.model_validate({**fields, "kind": kind}), place
    for index, document in enumerate(subject.policy.organisation.documents):
        yield document, Location("policy.yaml", route=("organisation", "documents", index))


def _unfit(document: Document, asked: Evidence, subject: Subject) -> str | None:
    """Why a document does not count; None for one that does."""
    age = (subject.as_of - document.date).days
    if document.approved_by not in subject.registry.people:
        return f"{document.reference} is approved by nobody who is registered"
    if age < 0:
        return f"{document.reference} is dated {document.date}, which has not come yet"
    if asked.max_age_days is not None and age > asked.max_age_days:
        return f"{document.reference} is {age} days old, and {asked.max_age_days} are allowed"
    if subject.version and document.covers_versions and subject.version.id not in document.covers_versions:
        return f"{document.reference} does not cover version {subject.version.id}"
    return None


def _attested(asked: Evidence, today: date, made: Made) -> EvidenceRow:
    if made is None or made[1].role != asked.by_role:
        return _row(asked, "open", f"nobody with the role {asked.by_role} has vouched for it")
    name, determination = made
    place = Location(f"determinations/{name}.yaml", route=("result",))
    age = (today - determination.date).days
    if asked.max_age_days is not None and age > asked.max_age_days:
        return _row(asked, "open", f"it was vouched for {age} days ago, and {asked.max_age_days} are allowed", place)
    state: EvidenceState = "missing" if determination.result == "not_met" else "present"
    return _row(asked, state, f"{determination.by} as {asked.by_role}, {determination.date}", place)


def _retention(asked: Evidence, subject: Subject) -> EvidenceRow:
    kept = [k for k in subject.schedule if k.pointer.record == asked.retention]
    if not kept:
        early = asked.retention in FROM_OPERATION and subject.lifecycle.stage != "production"
        return _row(asked, "not_applicable" if early else "missing", "no record of this class is known")
    short = [k for k in kept if not _is_long_enough(k, asked, same_clock=True)]
    if not short:
        return _row(asked, "present", f"{len(kept)} kept for {asked.months} months or more", _place(kept[0]))
    if all(_is_long_enough(k, asked, same_clock=False) for k in short):
        detail = f"kept for {asked.months} months or more, but not counted from {asked.clock}"
        return _row(asked, "open", detail, _place(short[0]))
    return _row(asked, "missing", f"policy keeps it for less than {asked.months} months", Location("policy.yaml"))


def _is_long_enough(kept: Kept, asked: Evidence, *, same_clock: bool) -> bool:
    terms = (t for t in kept.terms if not same_clock or t.clock == asked.clock)
    return any(t.months >= (asked.months or 0) for t in terms)


def _place(kept: Kept) -> Location:
    return Location(kept.pointer.path, route=kept.pointer.route)


_FORMS: Mapping[EvidenceKind, Callable[[Evidence, Subject], EvidenceRow]] = {
    "rule": _rule,
    "field": _field,
    "record": _record,
    "retention": _retention,
}
