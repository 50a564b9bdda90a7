"""What waits for somebody: requests that lack signatures, with who could give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accredit.assess import VersionAssessment
from accredit.signing.gating import Awaited, awaited
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.signoffs import StepView, steps_of


@dataclass(frozen=True)
class Waiting:
    """A request that waits for sign-offs."""

    version: VersionAssessment
    step: StepView
    needs: tuple[Awaited, ...]

    def roles_of(self, person: str) -> tuple[str, ...]:
        """What the person could sign it as: ids of roles, alternatives joined by ` or `."""
        return tuple(need.role for need in self.needs if person in need.people)


def waiting_for(catalogue: Catalogue) -> tuple[Waiting, ...]:
    """Requests that wait for somebody, oldest first."""
    context = catalogue.assessment.context
    found = [
        Waiting(version, step, awaited(context, version.version, step.step.move))
        for version in (catalogue.versions() if context else ())
        if version.lifecycle.pending
        for step in steps_of(version, catalogue)
        if context and step.step.status == "pending"
    ]
    return tuple(sorted(found, key=lambda w: (w.step.request.requested_at, w.version.version.key)))


def by_person(found: tuple[Waiting, ...]) -> Mapping[str, tuple[Waiting, ...]]:
    """Person to the requests that they could sign."""
    people = {person for w in found for need in w.needs for person in need.people}
    return {person: tuple(w for w in found if w.roles_of(person)) for person in people}
