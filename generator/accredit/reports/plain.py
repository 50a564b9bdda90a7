"""Text from a registry, made harmless for a terminal and a log: its author may be hostile."""

from __future__ import annotations

import re

_UNSAFE = re.compile(
    # controls, surrogates, and characters that hide, reorder or end lines
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def one_line(text: str) -> str:
    r"""The text with every line break, control and invisible character written as an escape, as in `\x1b`."""
    return _UNSAFE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape", "surrogatepass").decode("ascii")
