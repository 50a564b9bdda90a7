"""The registry's history, replayed landing by landing from its genesis: the one judge of sign-offs.

Trees are compared, never commits, so a merge, a squash and a rebase of the same files are the same landing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from accredit.domain.registry import RegistryIdentity
from accredit.domain.verification import Breach, Flaw, Place, Verification
from accredit.errors import GitError
from accredit.history.chain import Demands, day_of
from accredit.history.court import Court
from accredit.history.custody import Custody
from accredit.history.genesis import anchor_faults
from accredit.history.governance import Proposal, digest_of, governs, read_governance
from accredit.history.judge import Bench
from accredit.history.landing import Change, Landing
from accredit.history.objects import Objects
from accredit.history.repository import Repository
from accredit.history.state import State
from accredit.history.subject import Subject
from accredit.history.trail import Trail, subject_of
from accredit.history.walk import landings

_TOLERANCE = dt.timedelta(days=1)
"""A rebase leaves times out of order, but not by days."""
_AHEAD = 120
"""Changes of landings that are read ahead."""


def verify(
    repository: Repository, tip: str, root: str = "", *, pin: str | None = None, checkpoint: str | None = None
) -> Verification:
    """What the history up to a commit proves about the registry in a folder of it.

    Args:
        repository: A complete clone.
        tip: The full id of a commit.
        root: The registry's folder; empty for the top.
        pin: The full id of the commit in which the auditor knows the registry to begin. Only whoever pins it accepts
            that a registry was made anew, with another id, in the place of an older one.
        checkpoint: The full id of a tip that was audited before.

    Raises:
        GitError: where the repository cannot be read, or no registry begins in its history.
    """
    replay: _Replay | None = None
    with Objects(repository.git) as objects:
        state = State(objects)
        for landing in _foreseen(landings(repository, tip, root), state):
            state.apply(landing.changes)
            registry = _id(state)
            if registry and (replay is None or (landing.commit == pin and registry != replay.registry)):
                replay = _Replay(state, Court(repository, root, Trail(state)), registry, landing)
            elif replay is not None:
                replay.take(landing, landing.changes)
        if replay is None:
            raise GitError(
                "no registry begins in this history: registry.yaml never landed",
                "Commit registry.yaml, or name the folder of the registry.",
            )
        faults = anchor_faults(repository, tip, replay.began, pin, checkpoint)
        anchors = (Breach(Flaw(f.kind), "registry.yaml", replay.place, f.message) for f in faults)
        return replace(replay.verification(tuple(anchors)), folder=root)


def _foreseen(landings: Iterable[Landing], state: State) -> Iterator[Landing]:
    """The landings, their files read some landings ahead. Few changes are held at a time, however many there are."""
    ahead: list[Landing] = []
    held = 0
    for landing in landings:
        ahead.append(landing)
        held += len(landing.changes)
        if held >= _AHEAD:
            state.foresee(change for known in ahead for change in known.changes)
            yield from ahead
            ahead, held = [], 0
    state.foresee(change for known in ahead for change in known.changes)
    yield from ahead


class _Replay:
    """Everything known after some landings."""

    def __init__(self, state: State, court: Court, registry: str, began: Landing) -> None:
        self.registry = registry
        self.began = began
        self.place = Place(began.position, began.commit, began.committer_time)
        self._state = state
        self._court = court
        self._trail = court.trail
        self._custody = Custody(state)
        self._governance = read_governance(state)
        self._demands = Demands()
        self._used: set[str] = set()
        self._day = dt.date.min
        self._latest: dt.datetime | None = None
        self._breaches: list[Breach] = []
        there = [Change(p, "", "", "000000", "100644") for p in state.below("")]
        self.take(began, [*there, *(Change(p, "", "", "000000", "120000") for p in sorted(state.odd))])

    def take(self, landing: Landing, changes: Iterable[Change]) -> None:
        """Takes in the next landing, whose changes the state has."""
        self.place = Place(landing.position, landing.commit, landing.committer_time)
        self._tell_time()
        self._breaches += self._trail.take(changes, self.place)
        self._breaches += self._custody.take(changes, self.place)
        paths = [change.path for change in changes]
        if "registry.yaml" in paths and _id(self._state) != self.registry:
            self._breach(Flaw.OTHER_REGISTRY, "registry.yaml", f"the registry is not {self.registry} any more")
        if any(governs(p) or p.startswith("changes/") for p in paths):
            self._govern(changed=any(governs(p) for p in paths))
        for subject, touched in self._subjects(paths):
            self._court.sit(self._bench(subject), touched, landing)
            bound = self._court.chain(subject.key).bound
            if bound and subject.content != bound:
                message = "the content changed after it was submitted"
                self._breach(Flaw.CHANGED_CONTENT, subject.folder, message, subject.key)

    def _tell_time(self) -> None:
        """A commit says itself when it was made. The day of a landing never goes back, and a jump is reported."""
        time = self.place.time
        self._day = day_of(self.place, self._day)
        if time is None or (self._latest is not None and time < self._latest - _TOLERANCE):
            said = time.date().isoformat() if time else "no time"
            message = f"the commit says {said}, after one that says {self._day}: roles are judged by the later day"
            self._breach(Flaw.CLOCK, "", message)
        self._latest = max((t for t in (time, self._latest) if t is not None), default=None)

    def _govern(self, *, changed: bool) -> None:
        """A change of people or policy counts only if the governance before it authorised it."""
        if digest_of(self._state) == self._governance.digest:
            return
        old, state = self._governance, self._state
        record, doubts = Proposal(old, state, self._trail, self.registry, self._day, self._used).judged()
        if record:
            self._used.add(record)
            self._governance = read_governance(state)
            self._court.learn(self._governance)
        elif changed:
            why = "; ".join(d.message for d in doubts)
            self._breach(Flaw.UNAUTHORISED, "policy.yaml", f"people or policy changed: {why}")

    def _subjects(self, paths: Iterable[str]) -> Iterator[tuple[Subject, list[str]]]:
        touched: dict[str, list[str]] = {}
        for path in paths:
            if key := subject_of(path):
                touched.setdefault(key, []).append(path)
        for key, found in sorted(touched.items()):
            model, _, version = key.partition("@")
            yield Subject(self._state, model, version), found

    def _bench(self, subject: Subject) -> Bench:
        chain, demand = self._court.chain(subject.key), self._demands.of(subject, self._governance)
        return Bench(subject, chain, self._governance, demand, self.registry, self.place, self._day)

    def _breach(self, flaw: Flaw, path: str, message: str, subject: str = "") -> None:
        self._breaches.append(Breach(flaw, path, self.place, message, subject))

    def verification(self, anchors: tuple[Breach, ...]) -> Verification:
        """What all of it comes to."""
        breaches = (replace(b, standing=self._stands(b)) for b in self._breaches)
        began = Place(self.began.position, self.began.commit, self.began.committer_time)
        return Verification(
            began,
            self.place,
            self._court.signoffs(),
            (*anchors, *breaches, *self._unapproved()),
            tuple(self._court.moves),
            self._court.lifecycles(),
            self._governance.policy,
            self._governance.digest,
            self._trail.chronicle.arrivals,
            tuple(self._trail.chronicle.turns),
            frozenset(self._used),
        )

    def _stands(self, breach: Breach) -> bool:
        """Whether what must not be is so at the tip."""
        match breach.flaw:
            case Flaw.UNAUTHORISED:
                return digest_of(self._state) != self._governance.digest
            case Flaw.OTHER_REGISTRY:
                return _id(self._state) != self.registry
            case Flaw.CLOCK:
                return False
            case Flaw.CHANGED_CONTENT:
                return self._court.chain(breach.subject).bound not in ("", self._content(breach.subject))
            case Flaw.UNDER_HOLD:
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


def _id(state: State) -> str:
    """The registry's id; empty while there is none that can be read."""
    identity = state.entry("registry.yaml")
    return identity.id if isinstance(identity, RegistryIdentity) else ""
