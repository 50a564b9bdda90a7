"""Who takes part in a ceremony: people with roles and with throw-away keys, and the policy that they live under."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.support.ssh_forge import Signer

ROLES = {"dana": "developer", "olga": "owner", "otto": "owner", "vera": "validator", "vito": "validator"}
ROLES |= {"rita": "release", "gwen": "governance", "greta": "governance"}
POLICY: dict[str, Any] = {
    "profiles.strict.assurance": "signed",
    "profiles.standard.assurance": "signed",
    "profiles.fast.assurance": "signed",
    "policy.change_approvals": 2,
    "transitions": {
        "staging->review": {"sign": [{"role": ["owner"]}]},
        "review->staging": {"sign": [{"role": ["validator", "owner"]}]},
        "review->production": {"sign": [{"role": ["validator"], "tiers": [1]}, {"role": ["release"]}]},
        "production->production": {"sign": [{"role": ["validator"]}]},
        "production->archived": {"sign": [{"role": ["owner"]}]},
    },
}


@cache
def key_of(name: str) -> Signer:  # noqa: ARG001 - what the cache goes by
    """The throw-away key of a name, made once for a run."""
    return Signer("ssh-ed25519", Ed25519PrivateKey.generate())


@dataclass(frozen=True)
class Member:
    """Somebody with roles and keys, as `people/<id>.yaml` says it."""

    id: str
    roles: tuple[tuple[str, str, str | None], ...]
    keys: tuple[tuple[str, str], ...]
    """Name of the key, and what its revocation says in YAML, or nothing."""
    email: str

    def file(self) -> str:
        """The file of the person."""
        lines = [f"name: {self.id.title()}", f"email: {self.email}", "fictional: true"]
        lines.append("roles:" if self.roles else "roles: []")
        for role, start, end in self.roles:
            lines.append(f"  - {{role: {role}, from: {start}{f', to: {end}' if end else ''}}}")
        lines.append("keys:" if self.keys else "keys: []")
        for key, revoked in self.keys:
            end = f", revoked: {revoked}" if revoked else ""
            lines.append(f'  - {{type: ssh, public: "{key_of(key).public.line}"{end}}}')
        return "\n".join([*lines, ""])


def member(name: str, *roles: str, keys: tuple[str, ...] | None = None, email: str = "") -> Member:
    """Somebody who has held roles since 2024."""
    named = (name,) if keys is None else keys
    held = tuple((role, "2024-01-01", None) for role in roles)
    return Member(name, held, tuple((key, "") for key in named), email or f"{name}@bank.example")
