"""Which determinations count: those of the right person, on this content, in their time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from accredit.domain.determination import Determination
from accredit.domain.prose import is_filled
from accredit.domain.registry import ModelVersion
from accredit.findings import Route
from accredit.frameworks.subject import Subject


class Fault(NamedTuple):
    """Why a determination does not count: message, remedy, and the field."""

    message: str
    help: str
    route: Route


def concerns(made: Determination, version: ModelVersion) -> bool:
    """Whether it speaks of this version: by its id, or where it names none by its content."""
    if made.model != version.model_id:
        return False
    return made.subject_digest == version.content if made.version is None else made.version == version.id


def current(subject: Subject, framework: str, control: str) -> tuple[str, Determination] | None:
    """Id and content of the latest determination about a control that counts; None where there is none."""
    if subject.version is None:
        return None
    found = [
        (name, made)
        for name, made in subject.registry.determinations.items()
        if (made.framework, made.control) == (framework, control)
        and concerns(made, subject.version)
        and made.is_in_force_on(subject.as_of)
        and not any(faults_of(name, made, subject))
    ]
    return max(found, key=lambda item: (item[1].date, item[0]), default=None)


def faults_of(name: str, made: Determination, subject: Subject) -> Iterator[Fault]:
    """Everything for which a determination does not count, apart from its end."""
    version = subject.version
    if version is not None and made.subject_digest != version.content:
        message = "the version has changed since it was decided"
        yield Fault(message, "Look at the version as it is now, and decide anew.", ("subject_digest",))
    if not is_filled(made.reason):
        yield Fault("`reason` says nothing yet", "Write why, and on what evidence.", ("reason",))
    longest = subject.policy.catalogue.determination_days
    if (made.expires - made.date).days > longest:
        message = f"it holds for {(made.expires - made.date).days} days, and policy allows {longest}"
        yield Fault(message, "Let it end sooner.", ("expires",))
    yield from _person(made, subject)
    yield from _signature(f"determinations/{name}.yaml", made, subject)


def _signature(path: str, made: Determination, subject: Subject) -> Iterator[Fault]:
    proof, sha256 = subject.verification, subject.registry.digests.get(path)
    if proof and (why := proof.against(path, sha256, subject.assurance)):
        message = f"that {made.by} decided is not proved: {why}"
        yield Fault(message, f"Let {made.by} sign it: `accredit sign {path}`.", ("by",))


def _person(made: Determination, subject: Subject) -> Iterator[Fault]:
    person = subject.registry.people.get(made.by)
    if person is None or person.kind == "bot":
        yield Fault(f"`{made.by}` is no person, and cannot decide", "Name a person.", ("by",))
    elif made.role not in person.roles_on(made.date):
        message = f"{person.name} did not hold the role {made.role} on {made.date}"
        yield Fault(message, "Let somebody decide who holds the role.", ("by",))
    trained = subject.version.record.trained if subject.version else None
    if trained and made.by == subject.registry.behind(trained.by):
        yield Fault(f"`{made.by}` decides and trained the version", "Let somebody else decide.", ("by",))
    exempt = subject.policy.catalogue.exempt_by
    if made.result == "not_applicable" and made.role not in exempt:
        wanted = " or ".join(exempt) or "nobody"
        message = f"the role {made.role} may not decide that a control does not apply; {wanted} may"
        yield Fault(message, f"Let {wanted} decide.", ("role",))
