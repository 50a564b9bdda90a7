"""What is wrong, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum


class Severity(IntEnum):
    """How grave a finding is. `BLOCKER` stops a deployment whatever the profile."""

    WARNING = 1
    ERROR = 2
    BLOCKER = 3

    @property
    def label(self) -> str:
        """The word for it, in lower case."""
        return _LABELS[self]


_LABELS = {severity: severity.name.lower() for severity in Severity}  # asked for every result of every version

Route = tuple[str | int, ...]
"""Keys and indexes from a file's root to a value."""


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file of the registry. Line and column count from 1; 0 means the file as a whole."""

    path: str
    line: int = 0
    column: int = 0
    route: Route = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong. Findings sort by place."""

    location: Location
    code: str
    message: str
    help: str
    severity: Severity = Severity.ERROR
    subject: str = ""
    """`model@version`, `model`, or empty for the registry as a whole."""
    related: tuple[Location, ...] = ()
