"""What must stay known: legal holds with what they cover, and incidents until they are closed.

A pull request can take a file away, or make it be about something else. What it said goes on to count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from accredit.domain.dataset import Dataset
from accredit.domain.incident import Incident
from accredit.domain.paths import EntryPath, parse_path
from accredit.domain.stored import Record
from accredit.domain.verification import Breach, Flaw, Place
from accredit.domain.waiver import Hold
from accredit.history.attestation import Attestations
from accredit.history.landing import Change
from accredit.history.state import State
from accredit.history.trail import signed_path, subject_of

_SCOPED = ("dataset", "record")


@dataclass
class Keeping:
    """What custody remembers from landing to landing."""

    holds: dict[str, Hold] = field(default_factory=dict)
    incidents: dict[str, Incident] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)


class Custody:
    """The holds and incidents as they were before a landing: what a landing takes away is judged by those."""

    def __init__(self, state: State, attestations: Attestations, keeping: Keeping | None = None) -> None:
        self._state = state
        self._attestations = attestations
        self._keeping = keeping or Keeping()
        self._erased = self._keeping.erased

    @property
    def holds(self) -> Mapping[str, Hold]:
        """Every legal hold by its id, as it must be taken to be."""
        return {_id(path): hold for path, hold in self._keeping.holds.items()}

    @property
    def incidents(self) -> Mapping[str, Incident]:
        """Every incident by its id, as it must be taken to be."""
        return {_id(path): incident for path, incident in self._keeping.incidents.items()}

    def take(self, changes: Iterable[Change], place: Place) -> Iterator[Breach]:
        """What a landing took away from under a hold, or from sight."""
        changed = [*changes]
        known = [(c, e) for c in changed if (e := parse_path(c.path))]
        for change, entry in known:
            if entry.kind == "hold" and self._is_hidden(change.path):
                told = "deleted" if change.is_deleted else "narrowed"
                yield self._breach(entry, place, f"a legal hold was {told} and not released")
            elif entry.kind == "incident" and self._is_hidden(change.path):
                told = "deleted" if change.is_deleted else "made one of another model"
                yield self._breach(entry, place, f"an open incident was {told}", Flaw.OPEN_INCIDENT)
            elif change.is_deleted and (held := self._held(entry)):
                yield self._breach(entry, place, f"the file was removed under the legal hold {held}")
            elif not change.is_deleted and self._newly_erased(entry) and (held := self._held(entry)):
                yield self._breach(entry, place, f"the object was erased under the legal hold {held}")
        self._learn({signed_path(change.path) for change in changed})

    def _learn(self, paths: Iterable[str]) -> None:
        """Takes over what files say. The end of a hold is known once its signature counts, which may land later."""
        for path in paths:
            if not path.startswith(("holds/", "incidents/")):  # reading everything that lands would cost a third more
                continue
            found = self._state.entry(path)
            if isinstance(found, Hold) and not self._is_hidden(path):
                if found.released is None or self._attestations.counts(path):
                    self._keeping.holds[path] = found
            elif isinstance(found, Incident) and not self._is_hidden(path):
                self._keeping.incidents[path] = found

    def _is_hidden(self, path: str) -> bool:
        """Whether a hold or an incident that has no end yet is gone, or says less than it did."""
        found, gone = self._state.entry(path), path not in self._state
        hold, incident = self._keeping.holds.get(path), self._keeping.incidents.get(path)
        if hold is not None and hold.released is None:
            return gone or (isinstance(found, Hold) and found.released is None and _is_narrower(found, hold))
        if incident is not None and incident.closed_at is None:
            return gone or (isinstance(found, Incident) and found.model != incident.model)
        return False

    def _held(self, entry: EntryPath) -> str:
        """The hold that covers what a file is about; empty where there is none."""
        for name, hold in sorted(self.holds.items()):
            scope = hold.datasets if entry.kind == "dataset" else hold.models if entry.model else ()
            if hold.released is None and (entry.model or entry.id) in scope:
                return name
        return ""

    def _newly_erased(self, entry: EntryPath) -> bool:
        if entry.kind not in _SCOPED or not self._is_erased(entry.path):
            self._erased.discard(entry.path)
            return False
        first = entry.path not in self._erased
        self._erased.add(entry.path)
        return first

    def _is_erased(self, path: str) -> bool:
        found = self._state.entry(path)
        return isinstance(found, (Dataset, Record)) and found.tombstone is not None

    def _breach(self, entry: EntryPath, place: Place, message: str, flaw: Flaw = Flaw.UNDER_HOLD) -> Breach:
        return Breach(flaw, entry.path, place, message, subject_of(entry.path))

    def stands(self, breach: Breach) -> bool:
        """Whether what was taken away is still gone."""
        return breach.path not in self._state or self._is_erased(breach.path) or self._is_hidden(breach.path)


def _is_narrower(new: Hold, old: Hold) -> bool:
    covers_less = {*old.models} - {*new.models} or {*old.datasets} - {*new.datasets}
    return bool(covers_less) or new.issued > old.issued


def _id(path: str) -> str:
    return path.partition("/")[2].removesuffix(".yaml")
