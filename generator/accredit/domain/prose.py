"""Whether prose says anything yet."""

from __future__ import annotations

import re
from functools import lru_cache

_CAPITALS = ("TODO", "TBD", "TBC", "FIXME", "XXX", "PLACEHOLDER")
_PHRASES = (
    *("lorem ipsum", "todo:", "fill in", "fill this in", "coming soon", "to be defined", "to be determined"),
    *("to be written", "not yet defined", "not yet determined", "not yet written"),
)
_EMPTY = re.compile(r"(?i:n\.?/?a\.?|none|nil|unknown|not applicable|see above|\W+)\.?")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@lru_cache(maxsize=4096)
def placeholder(text: str) -> str:
    """The words that stand for a text still to be written, such as `TODO` or a bare `n/a`; empty for real prose."""
    found = next((word for word in _CAPITALS if word in text and re.search(rf"\b{word}\b", text)), "")
    if found:
        return found
    lower = text.lower()
    found = next((phrase for phrase in _PHRASES if phrase in lower), "")
    if found:
        return found
    stripped = text.strip() if len(text) < 40 else ""
    return stripped if _EMPTY.fullmatch(stripped) else ""


def length(text: str) -> int:
    """Characters that a reader sees: comments left out, runs of white space counted as one."""
    if "<!--" in text:
        text = _COMMENT.sub("", text)
    return len(" ".join(text.split())) if "  " in text or "\n" in text or "\t" in text else len(text.strip())


def is_filled(text: str | None) -> bool:
    """Whether there is prose that is more than a placeholder."""
    return text is not None and not placeholder(text) and length(text) > 0
