"""Which characters a file may hold: what a reviewer sees must be what the file says."""

from __future__ import annotations

import re
import unicodedata

# Bidirectional controls, zero-width and blank characters, tags, separators, byte order mark, non-characters, controls;
# and a carriage return alone, which overwrites a line on a terminal.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e007f]|\r(?!\n)"
)
_PLAIN = bytes([0x09, 0x0A, *range(0x20, 0x7F)])


def hidden_in(text: str) -> int | None:
    """Index of the first character that is invisible, reorders text or controls a terminal; None where all is plain."""
    found = _HIDDEN.search(text)
    return found.start() if found else None


def is_plain(content: bytes) -> bool:
    """Whether bytes are ASCII that anybody can see. Quick, for the most usual files."""
    return not content.translate(None, _PLAIN)


def describe(character: str) -> str:
    """A character in words: code point and Unicode name."""
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}{f' ({name.lower()})' if name else ''}"


def place(text: str, index: int) -> tuple[int, int]:
    """Line and column of an index, both from 1."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def shown(text: str) -> str:
    """Text of a file for a message: one line, at most 80 characters, nothing that acts on a terminal."""
    line = " ".join(text[:400].split())
    safe = _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", line)
    return f"{safe[:80]}…" if len(safe) > 80 or len(text) > 400 else safe
