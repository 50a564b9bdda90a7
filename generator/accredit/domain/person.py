"""People, their roles and keys: `people/<person>.yaml`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from accredit.domain.value import Date, Line, RoleId, TeamId, Value


class RoleGrant(Value):
    """A role that a person holds for a time."""

    role: RoleId = Field(description="A role that policy.yaml defines.", examples=["validator"])
    start: Date = Field(alias="from", description="First day on which the person holds the role.")
    end: Date | None = Field(None, alias="to", description="Last day; absent while the role is held.")

    def holds_on(self, day: Date) -> bool:
        """Whether the grant covers a day, both ends included."""
        return self.start <= day and (self.end is None or day <= self.end)


class Revocation(Value):
    """The end of a key. It takes effect at the commit in which it lands."""

    reason: Line = Field(description="Why the key no longer counts.")
    compromised_since: Date | None = Field(None, description="Sign-offs made with the key since this day are tainted.")


class Key(Value):
    """A public key with which a person signs."""

    type: Literal["ssh", "openpgp"] = Field(description="Kind of key.")
    public: str = Field(
        min_length=1,
        max_length=20_000,
        description="An OpenSSH public key line, or an armoured OpenPGP public key.",
    )
    revoked: Revocation | None = None


class ForgeAccounts(Value):
    """Accounts on code forges, by numeric id: a login can be renamed and taken by somebody else."""

    github: int | None = Field(None, description="Numeric id of the account on GitHub.")
    gitlab: int | None = Field(None, description="Numeric id of the account on GitLab.")


class Person(Value):
    """Somebody who owns, builds, reviews or operates models, or a bot that acts for such a person.

    Only work identities belong here. Roles are dated, so that a sign-off can be judged by the roles of its day.
    """

    name: Line = Field(description="Full name as colleagues know it.", examples=["Ada Lovelace"])
    kind: Literal["person", "bot"] = Field("person", description="A person, or a bot that acts for one.")
    responsible: str | None = Field(None, description="For a bot: the person who answers for it.")
    email: Line | None = Field(None, description="Work address.", examples=["ada@example.com"])
    title: Line | None = Field(None, description="Position.", examples=["Head of model validation"])
    teams: tuple[TeamId, ...] = ()
    roles: tuple[RoleGrant, ...] = ()
    keys: tuple[Key, ...] = ()
    forge: ForgeAccounts = ForgeAccounts()
    active_from: Date | None = Field(None, description="First working day.")
    active_to: Date | None = Field(None, description="Last working day, for somebody who has left.")
    fictional: bool = Field(False, description="True where the person is made up for a demonstration.")

    def is_active_on(self, day: Date) -> bool:
        """Whether the person works here on a day."""
        started = self.active_from is None or self.active_from <= day
        return started and (self.active_to is None or day <= self.active_to)

    def roles_on(self, day: Date) -> frozenset[str]:
        """The roles held on a day; none for somebody who is not active."""
        if not self.is_active_on(day):
            return frozenset()
        return frozenset(grant.role for grant in self.roles if grant.holds_on(day))
