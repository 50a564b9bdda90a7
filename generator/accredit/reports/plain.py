"""Text from a registry, made harmless for a terminal and a log: its author may be hostile."""

from __future__ import annotations

import re

_UNSAFE = re.compile(
    # controls, surrogates, and characters that hide, reorder or end lines
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
    # what build servers take for a command of theirs anywhere in a line, as in `##vso[` and `##teamcity[`
    r"|#(?=#[a-z]*\[)"
)


def one_line(text: str) -> str:
    r"""The text with every line break, control and invisible character written as an escape, as in `\x1b`."""
    return _UNSAFE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
