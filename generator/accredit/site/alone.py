"""A page that stands alone as a file: it leads to no other page of the site, loads nothing and needs no script."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

_OUT = re.compile(r"https?://|mailto:")
_LEFT_OUT = frozenset({"form", "script", "button"})


def alone(document: str) -> str:
    """The document with all folds open, without forms and pictures, and with words in place of links that lead nowhere.

    It is taken apart by a parser and not by patterns: an attribute may hold what looks like a tag.
    """
    anchors = _Anchors()
    anchors.feed(document)
    writer = _Writer(frozenset(anchors.found))
    writer.feed(document)
    writer.close()
    return "".join(writer.parts)


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.found.update(value for name, value in attrs if name == "id" and value)


class _Writer(HTMLParser):
    def __init__(self, anchors: frozenset[str]) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self._anchors = anchors
        self._links: list[bool] = []
        self._left_out = 0

    def _write(self, text: str) -> None:
        if not self._left_out:
            self.parts.append(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        raw = self.get_starttag_text() or ""
        if tag in _LEFT_OUT:
            self._left_out += 1
        elif tag == "img":
            self._write(escape(dict(attrs).get("alt") or ""))
        elif tag == "a":
            self._link(dict(attrs), raw)
        elif tag == "details" and "open" not in dict(attrs):
            self._write(f"{raw[:-1]} open>")
        else:
            self._write(raw)

    def _link(self, attributes: dict[str, str | None], raw: str) -> None:
        target = attributes.get("href") or ""
        anchor = target.partition("#")[2]
        leads = bool(_OUT.match(target))
        self._links.append(leads or anchor in self._anchors)
        if leads:
            self._write(raw)
        elif self._links[-1]:
            self._write(f'<a href="#{escape(anchor)}">')

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag != "img":
            self._write(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _LEFT_OUT:
            self._left_out = max(0, self._left_out - 1)
        elif tag != "a" or (self._links.pop() if self._links else False):
            self._write(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._write(data)

    def handle_entityref(self, name: str) -> None:
        self._write(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._write(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self._write(f"<!{decl}>")
