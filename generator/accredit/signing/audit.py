"""What an auditor asks of a clone: every sign-off, what must not be, and what is peculiar about the clone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from accredit.domain.person import Key
from accredit.domain.registry import Registry
from accredit.domain.verification import Breach, Flaw, Signoff, Verification
from accredit.frameworks.determinations import concerns
from accredit.history.by_hand import openpgp_commands, ssh_commands
from accredit.history.keys import parse_line
from accredit.history.repository import Notice
from accredit.history.signature import fingerprint
from accredit.history.sshsig import APPROVAL, ATTESTED, CHANGE, CLOSING, REQUEST


@dataclass(frozen=True)
class Audit:
    """A verified clone, or one version of it."""

    verification: Verification
    registry: Registry
    notices: tuple[Notice, ...]
    folder: str = ""
    """The registry's folder in the repository."""
    subject: str = ""
    """`model@version`, or empty for everything."""

    @property
    def signoffs(self) -> Mapping[str, Signoff]:
        """Path to sign-off, those of the subject, each request before its approvals."""
        model, _, version = self.subject.partition("@")
        folder = f"models/{model}/versions/{version}/" if self.subject else ""
        found = sorted(self.verification.signoffs.items(), key=lambda item: item[0].replace("request.yaml", ""))
        return {path: signoff for path, signoff in found if path.startswith(folder)}

    @property
    def attestations(self) -> Mapping[str, Signoff]:
        """Path to who accepted a waiver, decided on a control or answers for a hold: those about the subject."""
        return {p: s for p, s in self.verification.attestations.items() if not self.subject or self._is_about(p)}

    def _is_about(self, path: str) -> bool:
        folder, _, name = path.removesuffix(".yaml").partition("/")
        waiver, made = self.registry.waivers.get(name), self.registry.determinations.get(name)
        if folder == "waivers":
            return waiver is not None and f"{waiver.model}@{waiver.version}" == self.subject
        model, _, version = self.subject.partition("@")
        if folder != "determinations" or made is None or made.model != model:
            return False
        return concerns(made, self.registry.models[model].versions[version])

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """What must not be or must not have been: in the registry as a whole, and in the subject.

        What a file did more than once is said once, where it began.
        """
        wanted = [b for b in self.verification.breaches if not self.subject or b.subject in ("", self.subject)]
        first: dict[tuple[str, str, str, bool], Breach] = {}
        for breach in wanted:
            first.setdefault((breach.flaw, breach.subject, breach.path, breach.standing), breach)
        return tuple(first.values())

    @property
    def undecided(self) -> tuple[Signoff, ...]:
        """Sign-offs of a version's last request that do not count while it matters.

        Of a move that took effect or was rejected, only keys in wrong hands matter.
        """
        last = {path.split("/transitions/")[0]: path.split("/")[5] for path in sorted(self.verification.signoffs)}
        of_last = [s for p, s in self.signoffs.items() if last[p.split("/transitions/")[0]] == p.split("/")[5]]
        return tuple(s for s in of_last if not s.counts and self._matters(s))

    def _matters(self, signoff: Signoff) -> bool:
        _, model, _, version, _, seq, *_ = signoff.path.split("/")
        steps = self.verification.lifecycles[f"{model}@{version}"].steps
        status = next((s.status for s in steps if s.transition.request.seq == int(seq)), "broken")
        return status in ("pending", "broken") or any(d.flaw == Flaw.TAINTED for d in signoff.doubts)

    @property
    def is_clean(self) -> bool:
        """Whether nothing stands against the history, or against the subject in it."""
        return not (self.undecided or any(b.standing for b in self.breaches))

    @cached_property
    def _signers(self) -> Mapping[str, tuple[str, Key]]:
        """Fingerprint to the person who registered the key, and the key."""
        signers = [(name, key) for name, person in self.registry.people.items() for key in person.keys]
        return {fingerprint(key): (name, key) for name, key in reversed(signers)}

    def commands(self, signoff: Signoff) -> tuple[str, str] | None:
        """The two stock commands that check a signature by hand; None where there is none by a key that is known.

        The key may be that of a bot, which took the decision over from a forge.
        """
        found = self._signers.get(signoff.key) if signoff.key else None
        if found is None:
            return None
        (name, key), path = found, f"{self.folder}/{signoff.path}" if self.folder else signoff.path
        if key.type == "openpgp":
            return openpgp_commands(path=path, signature=f"{path}.asc", person=name, public=key.public)
        public, namespace = parse_line(key.public), _namespace(signoff)
        return ssh_commands(path=path, signature=f"{path}.sig", person=name, key=public, namespace=namespace)


def _namespace(signoff: Signoff) -> str:
    if signoff.decision == "closing":
        return CLOSING
    if signoff.decision in ATTESTED:
        return ATTESTED[signoff.decision]
    if signoff.decision != "request":
        return APPROVAL
    return CHANGE if signoff.path.startswith("changes/") else REQUEST


def signoffs_of(verification: Verification, model: str) -> Iterator[tuple[str, int, tuple[Signoff, ...]]]:
    """Version, number of the request and its sign-offs in the order in which they landed, for a model."""
    found: dict[tuple[str, int], list[Signoff]] = {}
    for path, signoff in verification.signoffs.items():
        parts = path.split("/")
        if parts[:2] == ["models", model]:
            found.setdefault((parts[3], int(parts[5])), []).append(signoff)
    for (version, seq), signoffs in sorted(found.items(), key=lambda i: (i[1][0].landed.position, i[0])):
        yield version, seq, tuple(sorted(signoffs, key=lambda s: (s.landed.position, s.decision != "request", s.path)))
