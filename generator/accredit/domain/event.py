"""One event of the audit log, whatever it is about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, get_args

from accredit.domain.verification import Place

EventKind = Literal[
    "registration",
    "training",
    "evaluation",
    "validation",
    "request",
    "decision",
    "move",
    "deployment",
    "monitoring",
    "incident",
    "change",
    "waiver",
    "hold",
    "breach",
]
KINDS: tuple[EventKind, ...] = get_args(EventKind)
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. Times are what a file or a commit claims; the position is what history proves."""

    kind: EventKind
    action: str
    """What was done, in a word or two: `trained`, `approve`, `took effect`."""
    subject: str
    """`model@version`, a model, or empty for the registry as a whole."""
    time: dt.datetime | None
    """When the file says that it was."""
    actor: str = ""
    """Id of a person; empty where nobody in particular acted."""
    detail: str = ""
    path: str = ""
    landed: Place | None = None
    """Where it arrived in the history, as far as that was replayed."""
    assurance: str = ""
    """Of a sign-off: its level, or what its file claims where no history was asked."""
    counts: bool | None = None
    """Of a sign-off: whether history lets it count; None where no history was asked."""

    @property
    def model(self) -> str:
        """Id of the model; empty for the registry as a whole."""
        return self.subject.partition("@")[0]

    @property
    def at(self) -> dt.datetime:
        """The time to sort by: that of the landing, else the claimed one."""
        return (self.landed.time if self.landed else None) or self.time or _NEVER


def start_of(day: dt.date) -> dt.datetime:
    """The first moment of a day (UTC)."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
