"""On which day what had landed. A commit says itself when it was made, and the day of a landing never goes back."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accredit.errors import GitError
from accredit.history.repository import Repository, full_id

_LIST = ("--first-parent", "--reverse", "--no-commit-header", "--format=tformat:%H %ct")


@dataclass(frozen=True)
class Timeline:
    """The landings of a history, oldest first, each with its day."""

    commits: tuple[str, ...]
    days: tuple[dt.date, ...]

    @classmethod
    def of(cls, repository: Repository, tip: str) -> Timeline:
        """The landings up to a tip, given by its full id."""
        told = repository.git.run("rev-list", *_LIST, "--end-of-options", full_id(tip)).output.decode("ascii")
        commits: list[str] = []
        days: list[dt.date] = []
        for line in told.splitlines():
            commit, _, seconds = line.partition(" ")
            said = _day(seconds)
            days.append(max(said, days[-1]) if days else said)
            commits.append(commit)
        return cls(tuple(commits), tuple(days))

    def by(self, day: dt.date) -> str:
        """The last commit that had landed by the end of a day; empty where none had."""
        found = bisect_right(self.days, day)
        return self.commits[found - 1] if found else ""

    def by_each(self, days: Iterable[dt.date]) -> Mapping[dt.date, str]:
        """Day to the last commit that had landed by its end, for the days by which one had."""
        return {day: commit for day in days if (commit := self.by(day))}

    def day_of(self, commit: str) -> dt.date:
        """The day of a landing.

        Raises:
            GitError: where the commit is none of this history.
        """
        if commit not in self.commits:
            raise GitError(f"{commit[:12]} is no landing of this history", "Name a commit on the main line.")
        return self.days[self.commits.index(commit)]


def _day(seconds: str) -> dt.date:
    try:
        return dt.datetime.fromtimestamp(int(seconds), dt.UTC).date()
    except (ValueError, OverflowError, OSError):
        return dt.date.min
