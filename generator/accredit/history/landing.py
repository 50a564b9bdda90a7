"""What arrived on the main line: one landing for each first-parent commit, however it was merged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple


class Mark(NamedTuple):
    """A place in the history: how many landings came before, and the commit's id."""

    position: int
    commit: str


class Change(NamedTuple):
    """A file that differs from the landing before. An id of zeros and the mode 000000 say that there is none.

    Modes are git's: 100644 and 100755 plain files, 120000 a symbolic link, 160000 a submodule.
    """

    path: str
    old_oid: str
    new_oid: str
    old_mode: str
    new_mode: str

    @property
    def is_added(self) -> bool:
        """Whether there was no file before."""
        return self.old_mode == "000000"

    @property
    def is_deleted(self) -> bool:
        """Whether there is no file now."""
        return self.new_mode == "000000"

    @property
    def is_plain(self) -> bool:
        """Whether it is a plain file now."""
        return self.new_mode in ("100644", "100755")


@dataclass(frozen=True, slots=True)
class Landing:
    """A first-parent commit with what it changed below the registry's root, compared with its first parent.

    Names and times are the commit's own words: anybody can write anything there. Times are UTC, None where they are no
    time.
    """

    position: int
    commit: str
    tree: str
    parents: tuple[str, ...]
    author_name: str
    author_email: str
    author_time: dt.datetime | None
    committer_time: dt.datetime | None
    changes: tuple[Change, ...]

    @property
    def mark(self) -> Mark:
        """Its place in the history."""
        return Mark(self.position, self.commit)
