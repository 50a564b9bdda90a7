"""When each file of a registry arrived, and what became of people and policy since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from accredit.domain.paths import parse_path
from accredit.domain.person import Person
from accredit.domain.verification import Place, Turn
from accredit.history.landing import Change
from accredit.history.signature import fingerprint
from accredit.history.state import State


@dataclass
class Annals:
    """What a chronicle remembers from landing to landing."""

    people: dict[str, Person] = field(default_factory=dict)
    arrivals: dict[str, Place] = field(default_factory=dict)
    """Path of an entry to where it landed first."""
    turns: list[Turn] = field(default_factory=list)


class Chronicle:
    """What an audit log tells beside sign-offs: the first landing of every entry, and each turn of the governance."""

    def __init__(self, state: State, annals: Annals | None = None) -> None:
        annals = annals or Annals()
        self._state = state
        self._people = annals.people
        self.arrivals = annals.arrivals
        self.turns = annals.turns

    def note(self, change: Change, place: Place) -> None:
        """Takes in a file of a landing."""
        entry = parse_path(change.path)
        if entry is None:
            return
        if not change.is_deleted:
            self.arrivals.setdefault(change.path, place)
        if entry.kind == "policy":
            added = self.arrivals.get(change.path) == place
            action = "removed" if change.is_deleted else "adopted" if added else "changed"
            self.turns.append(Turn(action, change.path, place))
        elif entry.kind == "person":
            self.turns += (Turn(action, change.path, place, key) for action, key in self._person(change.path))

    def _person(self, path: str) -> Iterator[tuple[str, str]]:
        """What happened to a person's entry, and to which key."""
        before, now = self._people.pop(path, None), self._state.entry(path)
        if not isinstance(now, Person):
            yield ("removed" if path not in self._state else "unreadable"), ""
            return
        self._people[path] = now
        known = {key.public: key for key in before.keys} if before else {}
        added = [key for key in now.keys if key.public not in known]
        revoked = [k for k in now.keys if k.revoked and k.public in known and not known[k.public].revoked]
        struck = [key for public, key in known.items() if public not in {k.public for k in now.keys}]
        if before is None:
            yield "added", ""
        elif before.model_copy(update={"keys": now.keys}) != now:
            yield "changed", ""
        named = (("key added", added), ("key revoked", revoked), ("key removed", struck))
        yield from ((action, fingerprint(key)) for action, keys in named for key in keys)
