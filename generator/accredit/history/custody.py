"""What a legal hold keeps in the registry: files about a held model or dataset that were removed, or told erased."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from accredit.domain.dataset import Dataset
from accredit.domain.paths import EntryPath, parse_path
from accredit.domain.stored import Record
from accredit.domain.verification import Breach, Flaw, Place
from accredit.domain.waiver import Hold
from accredit.history.landing import Change
from accredit.history.state import State
from accredit.history.trail import subject_of

_SCOPED = ("dataset", "record")


@dataclass
class Keeping:
    """What custody remembers from landing to landing."""

    holds: dict[str, Hold] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)


class Custody:
    """The holds as they were before a landing: what a landing takes away is judged by those."""

    def __init__(self, state: State, keeping: Keeping | None = None) -> None:
        keeping = keeping or Keeping()
        self._state = state
        self._holds = keeping.holds
        self._erased = keeping.erased

    def take(self, changes: Iterable[Change], place: Place) -> Iterator[Breach]:
        """What a landing took away from under a hold."""
        known = [(c, e) for c in changes if (e := parse_path(c.path))]
        for change, entry in known:
            if change.is_deleted and entry.kind == "hold" and (hold := self._holds.get(change.path)):
                if hold.released is None:
                    yield self._breach(entry, place, "a legal hold was deleted and not released")
            elif change.is_deleted and (held := self._held(entry)):
                yield self._breach(entry, place, f"the file was removed under the legal hold {held}")
            elif not change.is_deleted and self._newly_erased(entry) and (held := self._held(entry)):
                yield self._breach(entry, place, f"the object was erased under the legal hold {held}")
        self._learn(known)

    def _learn(self, known: Iterable[tuple[Change, EntryPath]]) -> None:
        for change, entry in known:
            if entry.kind == "hold":
                hold = self._state.entry(change.path)
                if isinstance(hold, Hold):
                    self._holds[change.path] = hold

    def _held(self, entry: EntryPath) -> str:
        """The hold that covers what a file is about; empty where there is none."""
        for path, hold in sorted(self._holds.items()):
            scope = hold.datasets if entry.kind == "dataset" else hold.models if entry.model else ()
            if hold.released is None and (entry.model or entry.id) in scope:
                return path.removeprefix("holds/").removesuffix(".yaml")
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

    def _breach(self, entry: EntryPath, place: Place, message: str) -> Breach:
        return Breach(Flaw.UNDER_HOLD, entry.path, place, message, subject_of(entry.path))

    def stands(self, breach: Breach) -> bool:
        """Whether what was taken away is still gone."""
        return breach.path not in self._state or self._is_erased(breach.path)
