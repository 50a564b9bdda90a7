"""A registry's history, replayed landing by landing from its genesis: the one judge of sign-offs.

Trees are compared, never commits, so a merge, a squash and a rebase of the same files are the same landing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from accredit.domain.registry import RegistryIdentity
from accredit.domain.verification import Breach, Flaw, Place, Verification
from accredit.history.attestation import Attestations
from accredit.history.chain import Demands, day_of
from accredit.history.court import Court
from accredit.history.custody import Custody
from accredit.history.governance import Proposal, digest_of, governs, read_governance
from accredit.history.judge import Bench
from accredit.history.landing import Change, Landing
from accredit.history.memory import Memory
from accredit.history.repository import Repository
from accredit.history.state import State
from accredit.history.subject import Subject
from accredit.history.trail import Trail, subject_of

_TOLERANCE = dt.timedelta(days=1)
"""A rebase leaves times out of order, but not by days."""


class Replay:
    """Everything known after some landings.

    Args:
        repository: Where the landings are.
        root: The registry's folder in it.
        state: Its files at the last landing.
        memory: What was known then.
    """

    def __init__(self, repository: Repository, root: str, state: State, memory: Memory) -> None:
        self.memory = memory
        self._state = state
        self._trail = Trail(state, memory.trace)
        self._court = Court(repository, root, self._trail, memory.docket)
        self._demands = Demands()
        self._attestations = Attestations(state, self._demands, self._court.docket.compromised, memory.ledger)
        self._custody = Custody(state, self._attestations, memory.keeping)

    @classmethod
    def begun(cls, repository: Repository, root: str, state: State, landing: Landing) -> Replay:
        """The replay after the landing in which a registry begins. All files that are there arrive in it."""
        place = Place(landing.position, landing.commit, landing.committer_time)
        memory = Memory(registry_of(state), place, place, read_governance(state), state.files)
        replay = cls(repository, root, state, memory)
        there = [Change(p, "", "", "000000", "100644") for p in state.below("")]
        replay.take(landing, [*there, *(Change(p, "", "", "000000", "120000") for p in sorted(state.odd))])
        return replay

    @property
    def place(self) -> Place:
        """The last landing that was taken in."""
        return self.memory.place

    def land(self, landing: Landing) -> None:
        """Takes in a landing whose changes the state does not have yet."""
        self._state.apply(landing.changes)
        self.take(landing, landing.changes)

    def take(self, landing: Landing, changes: Iterable[Change]) -> None:
        """Takes in the next landing, whose changes the state has."""
        self.memory.place = Place(landing.position, landing.commit, landing.committer_time)
        self._tell_time()
        self.memory.breaches += self._trail.take(changes, self.place)
        paths = [change.path for change in changes]
        if "registry.yaml" in paths and registry_of(self._state) != self.memory.registry:
            self._breach(Flaw.OTHER_REGISTRY, "registry.yaml", f"the registry is not {self.memory.registry} any more")
        if any(governs(p) or p.startswith("changes/") for p in paths):
            self._govern([p for p in paths if governs(p)])
        known = self.memory
        self._attestations.take(paths, known.governance, known.registry, self.place, known.day)
        known.breaches += self._custody.take(changes, self.place)
        for subject, touched in self._subjects(paths):
            self._court.sit(self._bench(subject), touched, landing)
            bound = self._court.chain(subject.key).bound
            if bound and subject.content != bound:
                message = "the content changed after it was submitted"
                self._breach(Flaw.CHANGED_CONTENT, subject.folder, message, subject.key)

    def _tell_time(self) -> None:
        """A commit says itself when it was made. The day of a landing never goes back, and a jump is reported."""
        time = self.place.time
        self.memory.day = day_of(self.place, self.memory.day)
        if time is None or (self.memory.latest is not None and time < self.memory.latest - _TOLERANCE):
            said = time.date().isoformat() if time else "no time"
            judged = "roles are judged by the later day"
            self._breach(Flaw.CLOCK, "", f"the commit says {said}, after one that says {self.memory.day}: {judged}")
        self.memory.latest = max((t for t in (time, self.memory.latest) if t is not None), default=None)

    def _govern(self, changed: list[str]) -> None:
        """A change of people or policy counts only if the governance before it authorised it."""
        if digest_of(self._state) == self.memory.governance.digest:
            return
        old, state = self.memory.governance, self._state
        known = self.memory
        proposal = Proposal(old, state, self._trail, known.registry, known.day, known.used)
        record, doubts = proposal.judged()
        if record:
            self.memory.used.add(record)
            self.memory.authorisations += proposal.signoffs(record)
            self.memory.governance = read_governance(state)
            self._court.learn(self.memory.governance)
        elif changed:
            why = "; ".join(d.message for d in doubts)
            self._breach(Flaw.UNAUTHORISED, changed[0], f"people or policy changed: {why}")

    def _subjects(self, paths: Iterable[str]) -> Iterator[tuple[Subject, list[str]]]:
        touched: dict[str, list[str]] = {}
        for path in paths:
            if key := subject_of(path):
                touched.setdefault(key, []).append(path)
        for key, found in sorted(touched.items()):
            model, _, version = key.partition("@")
            yield Subject(self._state, model, version), found

    def _bench(self, subject: Subject) -> Bench:
        chain, demand = self._court.chain(subject.key), self._demands.of(subject, self.memory.governance)
        known = self.memory
        return Bench(subject, chain, self._custody, known.governance, demand, known.registry, self.place, known.day)

    def _breach(self, flaw: Flaw, path: str, message: str, subject: str = "") -> None:
        self.memory.breaches.append(Breach(flaw, path, self.place, message, subject))

    def verification(self, anchors: tuple[Breach, ...]) -> Verification:
        """What all of it comes to."""
        breaches = (replace(b, standing=self._stands(b)) for b in self.memory.breaches)
        return Verification(
            self.memory.genesis,
            self.place,
            self._court.signoffs(),
            (*anchors, *breaches, *self._unapproved(), *self._attestations.unreleased(self.place)),
            tuple(self._court.moves),
            self._court.lifecycles(),
            self.memory.governance.policy,
            self.memory.governance.digest,
            self._trail.chronicle.arrivals,
            tuple(self._trail.chronicle.turns),
            frozenset(self.memory.used),
            authorisations=tuple(self.memory.authorisations),
            attestations=self._attestations.signoffs(),
        )

    def _stands(self, breach: Breach) -> bool:
        """Whether what must not be is so at the tip."""
        match breach.flaw:
            case Flaw.UNAUTHORISED:
                return digest_of(self._state) != self.memory.governance.digest
            case Flaw.OTHER_REGISTRY:
                return registry_of(self._state) != self.memory.registry
            case Flaw.CLOCK:
                return False
            case Flaw.CHANGED_CONTENT:
                return self._court.chain(breach.subject).bound not in ("", self._content(breach.subject))
            case Flaw.UNDER_HOLD | Flaw.OPEN_INCIDENT:
                return self._custody.stands(breach)
            case _:
                return self._trail.stands(breach)

    def _unapproved(self) -> Iterator[Breach]:
        """Versions that hold content at the tip whose revalidation was asked for, and not yet approved."""
        for key, chain in self._court.chains():
            if chain.lifecycle.pending and chain.approved and self._content(key) != chain.approved:
                message = f"the content is not the one that was approved for {chain.lifecycle.stage}"
                yield Breach(
                    Flaw.CHANGED_CONTENT, "", self.place, f"{message}: its revalidation is not signed off", key
                )

    def _content(self, key: str) -> str:
        model, _, version = key.partition("@")
        return Subject(self._state, model, version).content


def registry_of(state: State) -> str:
    """The registry's id; empty while there is none that can be read."""
    identity = state.entry("registry.yaml")
    return identity.id if isinstance(identity, RegistryIdentity) else ""
