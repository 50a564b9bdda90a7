"""The frame of the theme around a body: drawn once for many pages, with marks where each page's own text goes.

Drawing the theme's template for every page costs more than drawing the body. Nothing here knows MkDocs: HTML in, HTML
out. A frame that does not show its marks just as expected is none, and the pages are then drawn one by one.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

_MARK = "accredit\N{MIDDLE DOT}mark\N{MIDDLE DOT}"
TITLE, DESCRIPTION = f"{_MARK}title", f"{_MARK}description"
SOCIAL = f"<!--{_MARK}social-->"
BODY = f"<h1>{_MARK}body</h1>"
"""With a heading, as bodies have one: the theme adds the title to a page that has none."""
CANONICAL = "https://accredit.invalid/mark-canonical/"
PLACE = "accredit-mark-place"
"""Where the page lies. A frame that shows it cannot be filled."""
ANCHORS = ("accredit-mark-1", "accredit-mark-2")
HEADINGS = (f"{_MARK}heading-1", f"{_MARK}heading-2")
_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<content>.*?)</script>", re.DOTALL | re.IGNORECASE)
_HEAD = re.compile(r"<head[^>]*>")
_NO_SKIP = re.compile(r'(<div data-md-component="skip">)\s*(</div>)')


@dataclass(frozen=True, slots=True)
class Filling:
    """What differs from page to page, all of it HTML already."""

    title: str
    description: str
    canonical: str
    body: str
    toc: Sequence[tuple[str, str]]
    social: str = ""


@dataclass(frozen=True)
class Frame:
    """HTML in pieces: text, and between two of them the name of what goes there."""

    pieces: tuple[str, ...]
    contents: tuple[tuple[str, str], ...]
    """An entry of a table of contents and what stands between two, for each place where there is a table."""

    def fill(self, filling: Filling) -> str:
        """The whole page."""
        first = filling.toc[0][0] if filling.toc else ""
        values = {
            TITLE: filling.title,
            DESCRIPTION: filling.description,
            BODY: filling.body,
            CANONICAL: filling.canonical,
            SOCIAL: filling.social,
            ANCHORS[0]: first,
        }
        for index, (entry, between) in enumerate(self.contents):
            values[_table_mark(index)] = between.join(_entry(entry, *row) for row in filling.toc)
        return "".join(values.get(piece, piece) for piece in self.pieces)


def frame_of(html: str) -> Frame | None:
    """The frame in a page that was drawn with the marks for values; None where they are not found as expected."""
    if html.count(BODY) != 1 or TITLE not in html or PLACE in html:
        return None
    html, contents = _without_tables(html)
    if ANCHORS[1] in html or any(heading in html for heading in HEADINGS):
        return None
    marks = [SOCIAL, TITLE, DESCRIPTION, BODY, CANONICAL, ANCHORS[0], *(_table_mark(i) for i in range(len(contents)))]
    pieces = re.split("|".join(f"({re.escape(mark)})" for mark in marks), html)
    return Frame(tuple(piece for piece in pieces if piece), contents)


def _table_mark(index: int) -> str:
    return f"{_MARK}table-{index}\N{MIDDLE DOT}"


def _entry(entry: str, anchor: str, heading: str) -> str:
    return entry.replace(ANCHORS[0], anchor).replace(HEADINGS[0], heading)


def _without_tables(html: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Each pair of marked entries is a table of contents: they are cut out, and the form of an entry is kept."""
    contents: list[tuple[str, str]] = []
    while (found := html.find(HEADINGS[0])) >= 0:
        start, end = html.rfind("<li", 0, found), html.find("<li", found)
        entry = html[start:end].rstrip()
        second = entry.replace(ANCHORS[0], ANCHORS[1]).replace(HEADINGS[0], HEADINGS[1])
        if start < 0 or end < 0 or ANCHORS[0] not in entry or not html.startswith(second, end):
            break
        contents.append((entry, html[start + len(entry) : end]))
        html = html[:start] + _table_mark(len(contents) - 1) + html[end + len(second) :]
    return html, tuple(contents)


def inline_scripts(html: str) -> tuple[str, ...]:
    """The scripts that stand in the page itself; blocks of data are none."""
    found = []
    for match in _SCRIPT.finditer(html):
        attributes = match["attributes"].lower()
        if "src=" not in attributes and "application/json" not in attributes:
            found.append(match["content"])
    return tuple(dict.fromkeys(found))


def content_security_policy(scripts: Sequence[str], *, live: bool = False) -> str:
    """The policy for a page whose frame has these scripts: they run, nothing else does.

    Args:
        scripts: Inline scripts of the theme. They are allowed by digest, so that text of a registry never runs.
        live: Allow any inline script, for the preview: the server adds one of its own to each page it sends.
    """
    digests = (base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts)
    allowed = "'unsafe-inline'" if live else " ".join(f"'sha256-{digest}'" for digest in digests)
    return (
        f"default-src 'self'; script-src 'self' {allowed}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "object-src 'none'; frame-src 'none'; base-uri 'self'; form-action 'none'"
    )


def with_policy(html: str, policy: str) -> str:
    """The page with the policy as the first thing in its head."""
    head = _HEAD.search(html)
    if head is None:
        return html
    tag = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return f"{html[: head.end()]}{tag}{html[head.end() :]}"


def for_everybody(html: str) -> str:
    """The page with what its theme leaves out: a name for the search, and on every page a link past the navigation."""
    html = html.replace('role="dialog">', 'role="dialog" aria-label="Search">', 1)
    html, missing = _NO_SKIP.subn(r'\1<a href="#content" class="md-skip">Skip to content</a>\2', html, count=1)
    return html.replace("<article class=", '<article id="content" class=', 1) if missing else html


def with_tags(html: str, tags: str) -> str:
    """The page with tags as the last thing in its head: a browser looks for the encoding near the beginning."""
    return html.replace("</head>", f"{tags}</head>", 1)
