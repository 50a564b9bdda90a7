"""Whether prose says anything yet."""

from __future__ import annotations

import re

_PLACEHOLDER = re.compile(
    r"\b(?:TODO|TBD|TBC|FIXME|XXX|PLACEHOLDER)\b"
    r"|\b(?i:lorem ipsum|(?:to be|not yet) (?:defined|determined|written|done)"
    r"|fill (?:this|me) in|coming soon|todo:)"
)
_EMPTY = re.compile(r"(?i:n\.?/?a\.?|none|nil|unknown|not applicable|see above|\W+)\.?")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def placeholder(text: str) -> str:
    """The words that stand for a text still to be written, such as `TODO` or a bare `n/a`; empty for real prose."""
    if found := _PLACEHOLDER.search(text):
        return found[0]
    stripped = text.strip() if len(text) < 40 else ""
    return stripped if _EMPTY.fullmatch(stripped) else ""


def length(text: str) -> int:
    """Characters that a reader sees: comments left out, runs of white space counted as one."""
    return len(" ".join((_COMMENT.sub("", text) if "<!--" in text else text).split()))


def is_filled(text: str | None) -> bool:
    """Whether there is prose that is more than a placeholder."""
    return text is not None and not placeholder(text) and length(text) > 0
