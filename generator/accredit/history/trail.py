"""What a history must never do: rewrite what was signed, or hold files that are nobody's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from accredit.domain.paths import is_companion, is_signature, parse_path, version_path
from accredit.domain.verification import Breach, Flaw, Place
from accredit.history.chronicle import Annals, Chronicle
from accredit.history.landing import Change
from accredit.history.state import State

_GOVERNED = frozenset({"registry.yaml", "policy.yaml", "people", "models", "datasets", "features"}) | frozenset(
    {"changes", "waivers", "holds", "incidents", "frameworks", "determinations"}
)
"""Where the world is closed. In capitals too: some file systems take both for one name."""


@dataclass
class Trace:
    """What a trail remembers from landing to landing."""

    first: dict[str, str] = field(default_factory=dict)
    """Path of a record or signature to git's id of what it was when it first landed."""
    rewritten: set[str] = field(default_factory=set)
    annals: Annals = field(default_factory=Annals)


class Trail:
    """Every record that never changes, with git's id of what it was when it first landed.

    A repository holds one object by an id.
    """

    def __init__(self, state: State, trace: Trace | None = None) -> None:
        self.trace = trace or Trace()
        self._state = state
        self._first = self.trace.first
        self.chronicle = Chronicle(state, self.trace.annals)
        self.rewritten = self.trace.rewritten
        """Records and signatures that were changed or deleted at some time. They do not come to count later."""

    def take(self, changes: Iterable[Change], place: Place) -> Iterator[Breach]:
        """What is wrong with the files of a landing."""
        for change in changes:
            self.chronicle.note(change, place)
            if _is_record(change.path) and (breach := self._keep(change, place)):
                yield breach
            if not change.is_deleted and self._is_smuggled(change.path):
                message = f"{change.path!a} is no file that belongs into a registry"
                yield Breach(Flaw.SMUGGLED, change.path, place, message, subject_of(change.path))

    def _keep(self, change: Change, place: Place) -> Breach | None:
        """Records and their signatures are only ever added. One that returns as it was is no new breach."""
        oid = self._state.oid(change.path)
        if self._first.setdefault(change.path, oid) == oid:
            return None
        self.rewritten.add(change.path)
        message = f"a signed record was {'deleted' if change.is_deleted else 'changed'} after it landed"
        return Breach(Flaw.REWRITTEN, change.path, place, message, subject_of(change.path))

    def is_rewritten(self, record: str) -> bool:
        """Whether a record or one of its signatures did not stay as it landed."""
        return any(f"{record}{end}" in self.rewritten for end in ("", ".sig", ".asc"))

    def stands(self, breach: Breach) -> bool:
        """Whether a breach that was found here is so now."""
        if breach.flaw == Flaw.SMUGGLED:
            return self._is_smuggled(breach.path)
        return self._state.oid(breach.path) != self._first[breach.path]

    def _is_smuggled(self, path: str) -> bool:
        if path.partition("/")[0].lower() not in _GOVERNED:
            return False
        known = parse_path(path) is not None or is_signature(path) or is_companion(path)
        return path in self._state.odd or (path in self._state and not known)


def signed_path(path: str) -> str:
    """The file that a signature signs, or the file itself."""
    return path.removesuffix(".sig").removesuffix(".asc")


def subject_of(path: str) -> str:
    """`model@version` for a path in the folder of a version, if it can be one; empty for others."""
    parts = path.split("/", 4)
    inside = len(parts) == 5 and parts[0] == "models" and parts[2] == "versions"
    return f"{parts[1]}@{parts[3]}" if inside and parse_path(version_path(parts[1], parts[3])) else ""


def _is_record(path: str) -> bool:
    known = parse_path(signed_path(path) if is_signature(path) else path)
    return known is not None and (known.seq > 0 or known.kind == "validation")
