"""What history proves of sign-offs, as pages show it: level, whether it counts, where it landed, how to check it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from accredit.domain.registry import Registry
from accredit.domain.verification import Breach, Doubt, Place, Signoff, Verification
from accredit.signing.audit import Audit
from accredit.site.pages.catalogue import Catalogue


@dataclass(frozen=True)
class ProofView:
    """One sign-off under history; without a sign-off there is nothing that history knows of it."""

    is_proved: bool
    """Whether history was asked at all."""
    signoff: Signoff | None = None
    commands: tuple[str, ...] = ()
    """Shell that checks the signature with stock tools."""
    is_changed: bool = False
    """Whether the file does not hold what landed."""

    def chip(self, claimed: str = "declared") -> str:
        """The chip of its assurance, given the level that the file claims."""
        if self.signoff is None:
            return "unlanded" if self.is_proved else claimed
        if self.signoff.counts and self.is_changed:
            return "changed"
        return f"proved-{self.signoff.assurance}" if self.signoff.counts else "void"

    @property
    def landed(self) -> Place | None:
        """Where it arrived on the main line."""
        return self.signoff.landed if self.signoff else None

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Why it does not count."""
        return self.signoff.doubts if self.signoff else ()


@dataclass(frozen=True)
class Proofs:
    """What history proves of the sign-offs of one version, or of waivers, determinations and holds."""

    verification: Verification | None
    registry: Registry
    signoffs: Mapping[str, Signoff] = field(default_factory=dict)
    """Path to sign-off of a request or an approval."""

    @classmethod
    def of_version(cls, catalogue: Catalogue, subject: str) -> Proofs:
        """Those of `model@version`."""
        found = {s.path: s for s in catalogue.signoffs.get(subject, ())}
        return cls(catalogue.assessment.verification, catalogue.registry, found)

    @classmethod
    def of_attestations(cls, catalogue: Catalogue) -> Proofs:
        """Those of waivers, determinations and legal holds."""
        proof = catalogue.assessment.verification
        return cls(proof, catalogue.registry, proof.attestations if proof else {})

    @property
    def is_proved(self) -> bool:
        """Whether history was asked."""
        return self.verification is not None

    @cached_property
    def _audit(self) -> Audit | None:
        return Audit(self.verification, self.registry, (), self.verification.folder) if self.verification else None

    def of(self, path: str) -> ProofView:
        """What history proves of a request or an approval."""
        signoff = self.signoffs.get(path)
        if self._audit is None or signoff is None:
            return ProofView(self.is_proved)
        is_changed = self.registry.digests.get(path) != signoff.sha256
        return ProofView(
            is_proved=True, signoff=signoff, commands=self._audit.commands(signoff) or (), is_changed=is_changed
        )

    def of_approval(self, request: str, person: str) -> ProofView:
        """What history proves of a person's decision on the request with a digest."""
        asked = (p for p, s in self.signoffs.items() if s.sha256 == request and p.endswith("/request.yaml"))
        return self.of(f"{next(asked, '').removesuffix('request.yaml')}approvals/{person}.yaml")

    def below(self, folder: str) -> Iterator[str]:
        """Paths of the sign-offs in a folder."""
        return (path for path in self.signoffs if path.startswith(folder))


def breaches_of(verification: Verification | None, registry: Registry, subject: str = "") -> tuple[Breach, ...]:
    """What speaks against the history: with a subject, in it and standing in the registry as a whole; else all of it.

    What stands comes first; what a file did more than once is said once.
    """
    if verification is None:
        return ()
    found = Audit(verification, registry, (), subject=subject).breaches
    wanted = (b for b in found if not subject or b.subject or b.standing)
    return tuple(sorted(wanted, key=lambda b: (not b.standing, -b.landed.position, b.path)))
