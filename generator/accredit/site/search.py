"""What the site's search knows of a page: its title and one line, not its whole text.

The index of whole pages is loaded by every visitor and takes seconds to read at a few thousand pages.
"""

from __future__ import annotations

import json

from markupsafe import escape

from accredit.site.page import Page

MOST_BYTES = 250


def search_text(page: Page) -> str:
    """The line that the index holds, as HTML text."""
    return cut_line(page.summary)


def cut_line(text: str) -> str:
    """The beginning of a text, escaped, that takes at most `MOST_BYTES` in the index, cut between words."""
    words: list[str] = []
    for word in text.split():
        if _size([*words, word]) > MOST_BYTES:
            break
        words.append(word)
    return str(escape(" ".join(words)))


def _size(words: list[str]) -> int:
    return len(json.dumps(str(escape(" ".join(words)))))
