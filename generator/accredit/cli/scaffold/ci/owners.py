"""CODEOWNERS: whom a forge asks to look at which path, as policy and people say it.

A forge names people by login or by address. A login can be renamed and taken by somebody else, so people are named by
the address that is on their account (https://docs.github.com/articles/about-code-owners).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from accredit.cli.scaffold.ci.files import Forge
from accredit.domain.person import Person
from accredit.domain.policy import Policy

_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_HEAD = """\
# Who is asked to look at what, as policy.yaml and people/ say it. Written by `accredit codeowners`: write it again when
# they change. It asks for eyes, and proves nothing: what counts is signed. The last line that matches a path holds.
"""


@dataclass(frozen=True, slots=True)
class Ownership:
    """Paths of the repository and the roles whose holders own them."""

    patterns: tuple[str, ...]
    roles: tuple[str, ...]


def ownerships(policy: Policy, registry: str, forge: Forge) -> tuple[Ownership, ...]:
    """What has owners: sign-offs those who give them, what stands as a name in a file those whom it concerns.

    The policy, the people and what runs with a token belong to those who govern, who may look at the others too.

    Args:
        policy: The policy, which says who signs what.
        registry: The registry's folder in the repository.
        forge: Where the repository is; who governs also owns what runs there with a token.
    """
    governing, stop = (policy.policy.approved_by_role,), policy.emergency.suspend
    places = ("registry.yaml", "policy.yaml", "people/", "changes/", "frameworks/", ".gitattributes")
    return (
        Ownership((f"/{registry}/models/*/versions/*/transitions/",), _signing(policy)),
        Ownership((f"/{registry}/waivers/",), _sorted(r for roles in policy.waivers.accept_by.values() for r in roles)),
        Ownership(
            (f"/{registry}/determinations/", f"/{registry}/holds/"), _sorted((*policy.catalogue.exempt_by, *governing))
        ),
        Ownership((f"/{registry}/incidents/",), _sorted((*(stop.role if stop else ()), *governing))),
        Ownership((*(f"/{registry}/{place}" for place in places), *forge.pipelines), governing),
    )


def code_owners(policy: Policy, people: Mapping[str, Person], registry: str, forge: Forge, today: date) -> str:
    """The text of CODEOWNERS. A path without an owner stands as a comment, because without one anybody may own it."""
    lines = [_HEAD]
    for ownership in ownerships(policy, registry, forge):
        roles = [role for role in ownership.roles if role in policy.roles]
        holders = {i: p for i, p in people.items() if p.kind == "person" and p.roles_on(today) & {*roles}}
        addresses = {i: address for i, p in holders.items() if (address := _address(p, forge))}
        lines.append(f"\n# {', '.join(roles) or 'no role'}: {', '.join(sorted(holders)) or 'nobody yet'}\n")
        if missing := sorted(holders.keys() - addresses.keys()):
            lines.append(f"# Not named, for want of an `email` or a `forge.{forge.value}`: {', '.join(missing)}\n")
        owners = " ".join(dict.fromkeys(addresses[i] for i in sorted(addresses)))
        lines += [f"{pattern} {owners}\n" if owners else f"# {pattern}\n" for pattern in ownership.patterns]
    return "".join(lines)


def _address(person: Person, forge: Forge) -> str:
    """The address by which the forge knows somebody; empty without an account or an address that is plain."""
    known = getattr(person.forge, forge.value) is not None and _ADDRESS.fullmatch(person.email or "")
    return person.email or "" if known else ""


def _signing(policy: Policy) -> tuple[str, ...]:
    """Every role that signs a move, also one that cannot wait."""
    urgent = policy.emergency
    asked = [s for move in policy.transitions.values() for s in move.sign]
    asked += [s for rules in (urgent.suspend, urgent.rollback, urgent.deploy) if rules for s in rules.rules().sign]
    return _sorted(role for signature in asked for role in signature.role)


def _sorted(roles: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*roles}))
