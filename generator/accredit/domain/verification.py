"""What history proves about sign-offs: who signed what, when it landed, and what does not count and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from accredit.domain.lifecycle import Lifecycle
from accredit.domain.policy import Policy
from accredit.domain.signoff import Assurance

ASSURANCES: tuple[Assurance, ...] = ("declared", "commit", "platform", "signed")
"""Weakest first."""


class Flaw(StrEnum):
    """Why a request, an approval or a landing does not count."""

    UNREADABLE = "unreadable"
    OTHER_REGISTRY = "other-registry"
    MISPLACED = "misplaced"
    OTHER_CONTENT = "other-content"
    OTHER_CONTEXT = "other-context"
    OTHER_POLICY = "other-policy"
    OTHER_REQUEST = "other-request"
    UNKNOWN_PERSON = "unknown-person"
    NO_ROLE = "no-role"
    BAD_SIGNATURE = "bad-signature"
    OTHER_SIGNER = "other-signer"
    REVOKED_KEY = "revoked-key"
    SHARED_KEY = "shared-key"
    TAINTED = "tainted"
    UNDER_HOLD = "under-hold"
    TOO_WEAK = "too-weak"
    REQUESTER = "requester"
    TRAINER = "trainer"
    CONTRIBUTOR = "contributor"
    REWRITTEN = "rewritten"
    CHANGED_CONTENT = "changed-content"
    UNAUTHORISED = "unauthorised-governance"
    SMUGGLED = "smuggled"
    OUT_OF_ORDER = "out-of-order"
    NOT_ALLOWED = "not-allowed"
    NEVER_RELEASED = "never-in-production"
    OTHER_ARTIFACT = "other-artifact"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    OPEN_INCIDENT = "open-incident"
    CLOCK = "clock"
    OTHER_ROOT = "other-root"
    CHECKPOINT_LOST = "checkpoint-lost"


@dataclass(frozen=True, slots=True)
class Place:
    """A landing: how many came before it, its commit, and the commit's own word about its time (UTC)."""

    position: int
    commit: str
    time: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason why something does not count."""

    flaw: Flaw
    message: str


@dataclass(frozen=True, slots=True)
class Signoff:
    """A request or an approval as history shows it. It counts if nothing speaks against it."""

    path: str
    sha256: str
    person: str
    role: str
    decision: str
    """`request`, or the decision of an approval."""
    landed: Place
    assurance: Assurance
    key: str = ""
    """Fingerprint of the key that made the signature; empty without one."""
    doubts: tuple[Doubt, ...] = ()
    conceded: tuple[Doubt, ...] = ()
    """What would speak against it, had policy not given up the separation of duties for a small team."""

    @property
    def counts(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.doubts


@dataclass(frozen=True, slots=True)
class Breach:
    """Something in the history that must not be. `standing` while it is so at the tip."""

    flaw: Flaw
    path: str
    landed: Place
    message: str
    subject: str = ""
    """`model@version`, or empty for the registry."""
    standing: bool = True


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that became of people or policy at a landing, authorised or not."""

    action: str
    """`added`, `changed`, `removed`, `key added`, `key revoked`, and so on."""
    path: str
    landed: Place
    key: str = ""
    """Fingerprint of the key that it is about."""


@dataclass(frozen=True, slots=True)
class Move:
    """A step that took effect: which request of which version, and the landing that completed it."""

    subject: str
    seq: int
    source: str
    target: str
    landed: Place


@dataclass(frozen=True)
class Verification:
    """The history of a registry, replayed from its genesis to a tip."""

    genesis: Place
    tip: Place
    signoffs: Mapping[str, Signoff] = field(default_factory=dict)
    """Path of the request or approval to what it proves."""
    breaches: tuple[Breach, ...] = ()
    moves: tuple[Move, ...] = ()
    lifecycles: Mapping[str, Lifecycle] = field(default_factory=dict)
    """`model@version` to its steps, each judged under the policy that was authorised when it landed."""
    policy: Policy | None = None
    """The last authorised policy."""
    governance: str = ""
    """Digest of people and policy as they were last authorised."""
    arrivals: Mapping[str, Place] = field(default_factory=dict)
    """Path of every entry that ever was to where it landed first."""
    turns: tuple[Turn, ...] = ()
    """What became of people and policy."""
    adopted: frozenset[str] = frozenset()
    """Digests of the change records that authorised a change of people or policy."""
    folder: str = ""
    """The registry's folder in the repository, with slashes; empty for its top."""
    authorisations: tuple[Signoff, ...] = ()
    """Who asked for each change of people or policy that was authorised and who decided on it, in order."""
    attestations: Mapping[str, Signoff] = field(default_factory=dict)
    """Path of a waiver, determination or hold that is there to what it proves about the person whom it names."""

    def against(self, path: str, sha256: str | None, wanted: Assurance) -> str:
        """What speaks against an attestation; empty where it is proved as well as policy wants it.

        Args:
            path: Where it lies.
            sha256: The digest of the file as it is.
            wanted: The assurance that policy asks for.
        """
        found = self.attestations.get(path)
        if wanted == "declared":
            return ""
        if found is None or found.sha256 != sha256:
            return "it has not landed as it is"
        weak = not at_least(found.assurance, wanted)
        too_weak = f"it is {found.assurance}, and policy asks for {wanted}" if weak else ""
        return "; ".join(d.message for d in found.doubts) or too_weak

    def standing_breaches(self, subject: str = "") -> tuple[Breach, ...]:
        """What still speaks against the registry as a whole, or against one version."""
        return tuple(b for b in self.breaches if b.standing and b.subject == subject)


def at_least(assurance: Assurance, wanted: Assurance) -> bool:
    """Whether an assurance level reaches another."""
    return ASSURANCES.index(assurance) >= ASSURANCES.index(wanted)
