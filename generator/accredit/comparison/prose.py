"""A card as text, section by section, and what differs between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from accredit.comparison.sheet import Entry
from accredit.domain.card import Card
from accredit.policies.words import spaced

_TOKEN = re.compile(r"\n[ \t\r]*\n[ \t\r\n]*|\n(?=[ \t]*(?:[-*+#|>]|[0-9]+\.))|[^ \t\r\n]+")
"""A break between paragraphs or items, or a word. How lines are wrapped is no difference."""
MOST = 250_000
"""Words of one text times words of the other up to which they are compared: more takes too long to be worth it."""


class Part(NamedTuple):
    """A piece of two texts told as one."""

    kind: Literal["same", "removed", "added"]
    text: str


def sections(card: Card | None) -> tuple[Entry, ...]:
    """The sections of a card that are written, in their order."""
    if card is None:
        return ()
    values = card.model_dump(mode="json", exclude_none=True)
    found = ((_label(name), "\n".join(_lines(value))) for name, value in values.items())
    return tuple(Entry(name, text) for name, text in found if text)


def _lines(value: object, label: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _lines(inner, f"{label}, {spaced(name)}" if label else _label(name))
    elif isinstance(value, list):
        for item in value:
            yield from _lines(item, label)
    else:
        said = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
        yield f"\n{label}: {said}" if label else said


def _label(name: str) -> str:
    return spaced(name).capitalize()


def words(text: str) -> tuple[str, ...]:
    """The words of a text, and its breaks as line ends."""
    return tuple(_word(match[0]) for match in _TOKEN.finditer(text))


def _word(token: str) -> str:
    return token if token.strip(" \t\r\n") else "\n\n" if token.count("\n") > 1 else "\n"


def parts(before: str, after: str) -> tuple[Part, ...]:
    """Two texts as one, with what was removed and what was added; empty where the words are the same."""
    old, new = words(before), words(after)
    if old == new:
        return ()
    start = _common(zip(old, new, strict=False))
    end = _common(zip(old[start:][::-1], new[start:][::-1], strict=False))
    middle = old[start : len(old) - end], new[start : len(new) - end]
    found = [("same", old[:start]), *_changed(*middle), ("same", old[len(old) - end :])]
    return tuple(Part(kind, _joined(tokens)) for kind, tokens in found if tokens)


def _common(pairs: Iterable[tuple[str, str]]) -> int:
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def _changed(
    old: Sequence[str], new: Sequence[str]
) -> Iterator[tuple[Literal["same", "removed", "added"], Sequence[str]]]:
    if len(old) * len(new) > MOST:
        yield from (("removed", old), ("added", new))
        return
    for kind, i, k, j, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", old[i:k]
        else:
            yield from (("removed", old[i:k]), ("added", new[j:m]))


def _joined(tokens: Sequence[str]) -> str:
    return re.sub(" ?(\n+) ?", r"\1", " ".join(tokens))
