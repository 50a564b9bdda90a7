"""Numbers that two branches gave to different records: requests, changes, and ends of conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from accredit.domain.paths import EntryPath, parse_path
from accredit.findings import Finding, Location, Severity

_WORDS = {"transition": "request", "change": "change", "closing": "closing"}
_CODES = {"transition": "LIFE101", "change": "POL107", "closing": "APR107"}
"""Kind to the rule that would find the record wanting once both had landed."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A record whose number belongs to another one in the base."""

    path: EntryPath

    @property
    def code(self) -> str:
        """The rule that it breaks."""
        return _CODES[self.path.kind]

    @property
    def subject(self) -> str:
        """`model@version`; empty for a change of people or policy."""
        return f"{self.path.model}@{self.path.version}" if self.path.model else ""

    @property
    def number(self) -> str:
        """The number, as the folder or file has it."""
        return self.path.id or f"{self.path.seq:04}"

    def finding(self, base: str, severity: Severity) -> Finding:
        """What is wrong, and what to do; `base` is the revision as somebody named it."""
        what = _WORDS[self.path.kind]
        message = f"{base} has another {what} {self.number} meanwhile, and one of the two has to take the next number"
        remedy = f"Give this one the next number: `accredit renumber --base {base}`."
        return Finding(Location(self.path.path, 1, 1), self.code, message, remedy, severity, self.subject)


def clashes_of(left: Mapping[str, str], base: Mapping[str, str], head: Mapping[str, str]) -> tuple[Clash, ...]:
    """The records of a change whose number the base has given away since, given the digests of three trees."""
    return tuple(_clashes(left, base, head))


def _clashes(left: Mapping[str, str], base: Mapping[str, str], head: Mapping[str, str]) -> Iterator[Clash]:
    for path in sorted(head):
        if path in left or base.get(path, head[path]) == head[path]:
            continue
        known = parse_path(path)
        if known is not None and known.kind in _CODES:
            yield Clash(known)
