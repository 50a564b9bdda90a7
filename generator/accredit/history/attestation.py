"""Who accepted a waiver, decided on a control, or placed or released a legal hold, judged when it lands.

Such a file may change: each text of it is judged anew, and needs a signature of its own. A signed text counts once,
where it landed first, and never again after it was replaced or deleted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from accredit.domain.determination import Determination
from accredit.domain.paths import parse_path
from accredit.domain.signoff import Assurance
from accredit.domain.verification import ASSURANCES, Breach, Doubt, Flaw, Place, Signoff, at_least
from accredit.domain.waiver import Hold, Waiver
from accredit.history.authority import Governance
from accredit.history.chain import Demands
from accredit.history.signature import Signature, check_signature, tainted
from accredit.history.sshsig import ATTESTED
from accredit.history.state import State
from accredit.history.subject import Subject
from accredit.history.trail import signed_path

Attested = Waiver | Determination | Hold


@dataclass
class Ledger:
    """What is remembered of attestations from landing to landing."""

    signoffs: dict[str, Signoff] = field(default_factory=dict)
    days: dict[str, dt.date] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)
    """Digest of a signed text to the path at which it counted first."""
    spent: set[str] = field(default_factory=set)
    """Digests of signed texts that were replaced by another, or deleted."""


class Attestations:
    """Waivers, determinations and holds with what they prove.

    Args:
        state: The registry's files at a landing.
        demands: What policy asks of each model.
        compromised: Fingerprint of a key to the day since which it is in wrong hands.
        ledger: What was known before.
    """

    def __init__(
        self, state: State, demands: Demands, compromised: Mapping[str, dt.date], ledger: Ledger | None = None
    ) -> None:
        self._state = state
        self._demands = demands
        self._compromised = compromised
        self._ledger = ledger or Ledger()

    def take(self, paths: Iterable[str], governance: Governance, registry: str, place: Place, day: dt.date) -> None:
        """Judges those that a landing changed, or whose signature it changed."""
        ledger = self._ledger
        for path in sorted({signed_path(p) for p in paths}):
            known = parse_path(path)
            if known is None or known.kind not in ATTESTED:
                continue
            before, now = ledger.signoffs.pop(path, None), None
            if path in self._state:
                now = ledger.signoffs[path] = self._judged(path, known.kind, governance, registry, place, day)
                ledger.days[path] = day
            if now is not None and _is_proved(now):
                ledger.first.setdefault(now.sha256, path)
            if before is not None and _is_proved(before) and (now is None or _replaces(now, before)):
                ledger.spent.add(before.sha256)

    def counts(self, path: str) -> bool:
        """Whether nothing speaks against the attestation in a file."""
        return path in self._ledger.signoffs and self._tainted(path).counts

    def signoffs(self) -> Mapping[str, Signoff]:
        """Path to every attestation that is there, with what came out about keys later."""
        return {path: self._tainted(path) for path in sorted(self._ledger.signoffs)}

    def unreleased(self, place: Place) -> Iterator[Breach]:
        """Holds that have ended by what their files say, and not by a signature that counts."""
        for path, signoff in self.signoffs().items():
            found = self._state.entry(path)
            if isinstance(found, Hold) and found.released and not signoff.counts:
                why = "; ".join(d.message for d in signoff.doubts)
                yield Breach(Flaw.UNDER_HOLD, path, place, f"the release of a legal hold does not count: {why}")

    def _tainted(self, path: str) -> Signoff:
        return tainted(self._ledger.signoffs[path], self._ledger.days[path], self._compromised)

    def _judged(  # noqa: PLR0913, PLR0917 - what a landing is judged by
        self, path: str, kind: str, governance: Governance, registry: str, place: Place, day: dt.date
    ) -> Signoff:
        entry, sha256 = self._state.entry(path), self._state.sha256(path)
        if not isinstance(entry, Attested):
            doubt = Doubt(Flaw.UNREADABLE, f"the {kind} cannot be read")
            return Signoff(path, sha256, "", "", kind, place, "declared", "", (doubt,))
        signed = check_signature(self._state, path, entry.signer, ATTESTED[kind], governance)
        signoff = Signoff(path, sha256, entry.signer, _role(entry), kind, place, signed.assurance, signed.key)
        wanted = self._wanted(entry, governance)
        if wanted == "declared" and signed == Signature("declared"):
            return signoff
        doubts = [signed.doubt] if signed.doubt else []
        if not signed.doubt and not at_least(signed.assurance, wanted):
            doubts.append(Doubt(Flaw.TOO_WEAK, f"it is {signed.assurance}, and policy asks for {wanted}"))
        doubts += _authority(entry, governance, day)
        doubts += self._replayed(entry, path, sha256, registry) if signed.assurance == "signed" else ()
        return replace(signoff, doubts=tuple(doubts))

    def _wanted(self, entry: Attested, governance: Governance) -> Assurance:
        """A hold protects whoever placed it. That it ends, is proved as well as policy ever asks for."""
        if isinstance(entry, Hold):
            profiles = governance.policy.profiles.values() if governance.policy else ()
            asked = max((ASSURANCES.index(p.assurance) for p in profiles), default=-1)
            return ASSURANCES[asked] if entry.released else "declared"
        demand = self._demands.of(Subject(self._state, entry.model, entry.version or ""), governance)
        return demand.assurance if demand else "signed"

    def _replayed(self, entry: Attested, path: str, sha256: str, registry: str) -> Iterator[Doubt]:
        """A signature that was made for this text, and not for this place."""
        if entry.registry != registry:
            told = f"it is for the registry {entry.registry}" if entry.registry else "it names no registry"
            yield Doubt(Flaw.OTHER_REGISTRY, told)
        if sha256 in self._ledger.spent:
            yield Doubt(Flaw.REWRITTEN, "this text was replaced or deleted before, so it does not come to count again")
        elif (first := self._ledger.first.get(sha256, path)) != path:
            yield Doubt(Flaw.MISPLACED, f"the same text is {first}")


def _is_proved(signoff: Signoff) -> bool:
    return signoff.counts and signoff.assurance == "signed"


def _replaces(now: Signoff, before: Signoff) -> bool:
    return _is_proved(now) and now.sha256 != before.sha256


def _role(entry: Attested) -> str:
    return "" if isinstance(entry, Hold) else entry.accepted_as if isinstance(entry, Waiver) else entry.role


def _authority(entry: Attested, governance: Governance, day: dt.date) -> Iterator[Doubt]:
    """Whether whom it names works here, and holds the role: what a file says about its own day proves nothing."""
    who, role = entry.signer, _role(entry)
    person = governance.people.get(who)
    if person is None or person.kind == "bot" or not person.is_active_on(day):
        yield Doubt(Flaw.UNKNOWN_PERSON, f"{who} is nobody who worked here on {day}")
    elif role and not governance.holds_role(who, role, day):
        yield Doubt(Flaw.NO_ROLE, f"{who} did not hold the role {role} on {day}")
    if isinstance(entry, Hold) and entry.released and governance.behind(entry.issued_by) == who:
        yield Doubt(Flaw.REQUESTER, f"{who} placed the hold, and a second person releases it")
