"""People and teams: who holds which role since when, what they own and what they signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from accredit.assess import VersionAssessment
from accredit.domain.person import Person
from accredit.domain.policy import Team
from accredit.domain.signoff import Approval, Request
from accredit.site import urls
from accredit.site.page import Page
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.keys import Keys
from accredit.site.pages.proofs import Proofs, ProofView
from accredit.site.pages.waiting import Waiting, by_person, waiting_for


@dataclass(frozen=True)
class Signed:
    """One decision of a reviewer, with the request that it answers."""

    version: VersionAssessment
    request: Request
    approval: Approval
    binds: bool
    proof: ProofView


@dataclass(frozen=True)
class Deeds:
    """What each person did and owns, indexed once for all."""

    catalogue: Catalogue

    @cached_property
    def waiting(self) -> tuple[Waiting, ...]:
        """Requests that wait for somebody, oldest first."""
        return waiting_for(self.catalogue)

    @cached_property
    def awaited(self) -> Mapping[str, tuple[Waiting, ...]]:
        """Person to the requests that they could sign."""
        return by_person(self.waiting)

    @cached_property
    def signed(self) -> dict[str, list[Signed]]:
        """Person to their decisions, newest first."""
        found: dict[str, list[Signed]] = {}
        for version in self.catalogue.versions():
            proofs = Proofs.of_version(self.catalogue, version.version.key)
            for transition in version.version.transitions:
                for person, approval in transition.approvals.items():
                    binds = approval.request == transition.sha256
                    proof = proofs.of_approval(transition.sha256, person)
                    found.setdefault(person, []).append(Signed(version, transition.request, approval, binds, proof))
        for decisions in found.values():
            decisions.sort(key=lambda s: (_age(s.approval.time), s.version.version.key))
        return found

    @cached_property
    def owned(self) -> dict[str, list[tuple[str, str]]]:
        """Person to the id of each model that they answer for, and as what."""
        found: dict[str, list[tuple[str, str]]] = {}
        for model in self.catalogue.models:
            record = model.model.record
            found.setdefault(record.owner, []).append((model.model.id, "owner"))
            if record.deputy:
                found.setdefault(record.deputy, []).append((model.model.id, "deputy"))
        return found

    @cached_property
    def datasets(self) -> dict[str, list[str]]:
        """Person to the ids of the datasets that they own."""
        found: dict[str, list[str]] = {}
        for name, dataset in sorted(self.catalogue.registry.datasets.items()):
            found.setdefault(dataset.owner, []).append(name)
        return found

    @cached_property
    def trained(self) -> dict[str, list[VersionAssessment]]:
        """Person to the versions that they trained."""
        found: dict[str, list[VersionAssessment]] = {}
        for version in self.catalogue.versions():
            if version.version.record.trained:
                found.setdefault(version.version.record.trained.by, []).append(version)
        return found


def _age(moment: datetime) -> float:
    return -moment.timestamp()


@dataclass(frozen=True)
class PersonView:
    """One person, in a list or on their own page."""

    catalogue: Catalogue
    deeds: Deeds
    id: str

    @property
    def person(self) -> Person:
        """The person's record."""
        return self.catalogue.registry.people[self.id]

    @property
    def is_active(self) -> bool:
        """Whether the person works here on the day of the assessment."""
        return self.person.is_active_on(self.catalogue.as_of)

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles held on that day."""
        return tuple(sorted(self.person.roles_on(self.catalogue.as_of)))

    @property
    def signed(self) -> list[Signed]:
        """Decisions, newest first."""
        return self.deeds.signed.get(self.id, [])

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """Requests that the person could sign, oldest first."""
        return self.deeds.awaited.get(self.id, ())

    @property
    def owned(self) -> list[tuple[str, str]]:
        """Models with what the person is to them."""
        return self.deeds.owned.get(self.id, [])


@dataclass(frozen=True)
class TeamView:
    """One team with its members and models."""

    id: str
    team: Team | None
    members: tuple[str, ...]
    models: tuple[str, ...]


def _teams(catalogue: Catalogue) -> list[TeamView]:
    known = catalogue.policy.teams if catalogue.policy else {}
    names = dict.fromkeys([*known, *sorted(catalogue.registry.teams)])
    models = [(m.model.record.team, m.model.id) for m in catalogue.models]
    return [
        TeamView(t, known.get(t), catalogue.registry.teams.get(t, ()), tuple(m for team, m in models if team == t))
        for t in names
    ]


def pages(catalogue: Catalogue, keys: Keys) -> Iterator[Page]:
    """The index of people and teams, then every person."""
    deeds = Deeds(catalogue)
    views = [PersonView(catalogue, deeds, p) for p in sorted(catalogue.registry.people)]
    yield Page(
        url=urls.PEOPLE,
        title="People and teams",
        template="people.html",
        data={"catalogue": catalogue, "people": views, "teams": _teams(catalogue), "waiting": deeds.waiting},
        summary=f"{len(views)} people, their roles and teams.",
        nav=("People and sign-off", "People and teams"),
        key=keys.everything,
        toc=(("waiting", "Waiting for somebody"), ("people", "People"), ("teams", "Teams")),
    )
    for view in views:
        yield Page(
            url=urls.person_url(view.id),
            title=view.person.name,
            template="person.html",
            data={"catalogue": catalogue, "view": view, "person": view.person, "deeds": deeds},
            summary=view.person.title or "",
            key=keys.everything,
            toc=_PERSON_TOC,
        )


_PERSON_TOC = (
    ("waiting", "Waiting for this person"),
    ("roles", "Roles"),
    ("owns", "Answers for"),
    ("signed", "Signed"),
    ("sources", "Sources"),
)
