"""Markdown for forges, out of text whose author may be hostile, and no longer than a forge takes.

All text of a registry stands in code spans: there a forge neither mentions people nor links issues, addresses or
commits, and reads no markup, emoji or command. What could end the span or its table cell is written in another way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from accredit.reports.plain import one_line

_WIDTH = 160
_ENDS = str.maketrans({"`": "'", "|": "\\x7c"})
"""A pipe ends a cell even inside of code, and parsers differ in how they read a backslash before it."""


def code(text: object, most: int = _WIDTH) -> str:
    """Any text as a code span, cut where it is long."""
    said = one_line(" ".join(str(text).split())).translate(_ENDS)
    if not said:
        return "(empty)"
    return f"`{said if len(said) <= most else f'{said[: most - 3]}...'}`"


def codes(texts: Sequence[object], most: int = 5) -> str:
    """Some texts as code spans, and how many more there are."""
    shown = ", ".join(code(text) for text in texts[:most])
    return f"{shown} and {len(texts) - most:,} more" if len(texts) > most else shown


def row(*cells: str) -> str:
    """A row of a table."""
    return f"| {' | '.join(cells)} |"


def table(*titles: str) -> tuple[str, ...]:
    """The head of a table."""
    return row(*titles), row(*("---" for _ in titles))


@dataclass(frozen=True)
class Section:
    """A part of a document: a title, lines that lead in, and items, of which the last may be left out."""

    title: str
    items: tuple[str, ...]
    head: tuple[str, ...] = ()
    see: str = ""
    """The command that tells what was left out."""
    shown: int | None = None
    """How many items are shown; None for all."""
    fold: int | None = None
    """How many items may stand open; more are folded until a reader opens them. None for any number."""

    @property
    def text(self) -> str:
        """The section as far as it is shown."""
        shown = self.items if self.shown is None else self.items[: self.shown]
        lines = ["", f"### {self.title}", ""]
        folds = self.fold is not None and len(self.items) > self.fold
        lines += [f"<details><summary>{len(self.items):,} of them</summary>", ""] if folds else []
        lines += [*(self.head if shown else ()), *shown]
        if left := len(self.items) - len(shown):
            where = f": see `{self.see}`" if self.see else ""
            lines += ["", f"_{left:,} of {len(self.items):,} left out here{where}._"]
        lines += ["", "</details>"] if folds else []
        return "\n".join(lines) + "\n"


def fitted(head: str, sections: Sequence[Section], limit: int) -> str:
    """A document of at most so many bytes. The head is always whole; each section gets a fair share of the rest.

    Args:
        head: What comes first. It has to fit.
        sections: What follows; those without items are left out.
        limit: Bytes in UTF-8, which no forge counts more strictly.
    """
    told = [s for s in sections if s.items]
    frames = [replace(s, items=(*s.items, ""), shown=0) for s in told]
    room = limit - _size(head) - sum(_size(f.text) + sum(_size(line) + 1 for line in f.head) for f in frames)
    needs = [sum(_size(item) + 1 for item in s.items) for s in told]
    shares = _shares(needs, max(room, 0))
    kept = (replace(s, shown=_fitting(s.items, share)) for s, share in zip(told, shares, strict=True))
    return head + "".join(s.text for s in kept)


def _shares(needs: Sequence[int], room: int) -> list[int]:
    """Room for each: what it needs where that is little, and equal parts of the rest for those that need more."""
    shares = [0] * len(needs)
    left = len(needs)
    for place in sorted(range(len(needs)), key=lambda i: (needs[i], i)):
        shares[place] = min(needs[place], room // left)
        room -= shares[place]
        left -= 1
    return shares


def _fitting(items: Sequence[str], room: int) -> int:
    """How many of the first items take up no more than so many bytes."""
    for count, item in enumerate(items):
        room -= _size(item) + 1
        if room < 0:
            return count
    return len(items)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))
