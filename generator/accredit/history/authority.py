"""People and policy that are in force at one point of the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from accredit.domain.person import Person
from accredit.domain.policy import Policy


@dataclass(frozen=True)
class Governance:
    """People and policy that were in force, with the digest of their files."""

    digest: str
    policy: Policy | None
    policy_sha256: str
    people: Mapping[str, Person] = field(default_factory=dict)
    shared_keys: frozenset[str] = frozenset()
    """Fingerprints that more than one person claims: nobody can sign with these."""

    def holds_role(self, person: str, role: str, day: dt.date) -> bool:
        """Whether somebody who works here holds a role on a day; bots never do."""
        found = self.people.get(person)
        return found is not None and found.kind == "person" and role in found.roles_on(day)

    def behind(self, person: str) -> str:
        """The person who answers: for a bot the one who is responsible for it, otherwise the person."""
        found = self.people.get(person)
        return found.responsible or person if found is not None and found.kind == "bot" else person
