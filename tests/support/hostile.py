"""Text that somebody might write to make a page do what they want, and a reader that sees whether it does."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

HOSTILE = (
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</svg><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    '<x>, URL="javascript:alert(1)"] evil [label=<y>',
    '"]; n99 [label="evil',
    "\\N \\G \\L \\E \\",
    "{{ 7 * 191 }}{% for x in y %}",
    "<!--lineage 0--> <!-- -->",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62;",
    "]]><svg onload=alert(1)>",
    "顧客の信用リスクを予測するモデルの第三版を評価するためのデータ",
    "`${alert(1)}` [x](javascript:alert(1)) ![x](https://evil.example/x.png)",
)
_ACTIVE = {"iframe", "object", "embed", "base", "applet", "frame", "portal", "foreignobject", "animate", "set"}
_LINKS = {"href", "src", "xlink:href", "action", "formaction", "data", "poster", "srcset", "background", "ping"}
_OUTWARD = re.compile(r"[\x00-\x20]*([A-Za-z][A-Za-z0-9+.\x00-\x20-]*):")


class Reader(HTMLParser):
    """Reads a page as a browser would, and notes what could run or load from elsewhere."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.offences: list[str] = []
        self.texts: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.policy = ""
        self._script: dict[str, str | None] | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "meta" and values.get("http-equiv", "") == "Content-Security-Policy":
            self.policy = values["content"] or ""
        elif tag == "meta" and "http-equiv" in values:
            self.offences.append(f"meta {values}")
        if tag in _ACTIVE:
            self.offences.append(tag)
        self._script = values if tag == "script" else None
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on"):
            self.offences.append(f"{tag} {name}={value}")
        if name == "id":
            self.ids.append(value)
        if name in _LINKS:
            self.links.append(value)
            scheme = _OUTWARD.match(value)
            allowed = {"http", "https", "mailto"} if tag == "a" else set()
            if scheme and scheme[1].lower() not in allowed:
                self.offences.append(f"{tag} {name}={value}")
            if tag != "a" and value.startswith("//"):
                self.offences.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        if self._script is None:
            self.texts.append(data)
        elif self._script.get("type") != "application/json" and "src" not in self._script:
            digest = base64.b64encode(hashlib.sha256(data.encode()).digest()).decode()
            if f"'sha256-{digest}'" not in self.policy or "alert(1)" in data:
                self.offences.append(f"script {data[:80]}")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._script = None

    @property
    def text(self) -> str:
        """All text outside of scripts."""
        return "".join(self.texts)
