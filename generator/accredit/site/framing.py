"""Puts bodies into the theme's frame, one drawing of the theme for all pages that share it where that can be proved."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Environment

from accredit.site import frame
from accredit.site.frame import Filling, Frame

log = logging.getLogger("mkdocs.plugins.accredit")
THEME_TEMPLATE = "main.html"


@dataclass
class Framing:
    """Draws pages in a theme.

    Attributes:
        theme: The Jinja environment of the theme.
        fast: Draw a frame once and fill it. The first page of each frame is drawn in full as well: should the two
            differ, as with a theme that shows more of a page than we know of, no frame is used at all.
        protect: Add a Content-Security-Policy.
        live: Allow the script of a preview server in it.
        social: Tags for the head of a page.
    """

    theme: Environment
    fast: bool = True
    protect: bool = True
    live: bool = False
    social: Callable[[Any], str] = lambda _page: ""
    _frames: dict[object, Frame] = field(default_factory=dict)

    def page(self, page: Any, body: str, context: Mapping[str, object], folder: str | None) -> str:
        """The whole page.

        Args:
            page: The page as the theme knows it: title, meta, toc and so on.
            body: The body.
            context: What the theme's template is given.
            folder: The closest folder above the page that a link in the frame may lead to; None for a page that is
                in the navigation, and so has a frame of its own.
        """
        if not self.fast or folder is None or "<h1" not in body:
            return self._drawn(page, body, context, self.social(page))
        key = (folder, page.url.count("/"), id(page.parent), bool(list(page.toc)), "description" in page.meta)
        social = self.social(page)
        filling = _filling(page, body, social)
        if key in self._frames:
            return self._frames[key].fill(filling)
        drawn = self._drawn(page, body, context, social)
        found = frame.frame_of(
            self._drawn(_stand_in(page, folder), frame.BODY, context, frame.SOCIAL if social else "")
        )
        if found is None or found.fill(filling) != drawn:
            log.info("the theme's frame differs from page to page, so every page is drawn in full")
            self.fast = False
        else:
            self._frames[key] = found
        return drawn

    def _drawn(self, page: Any, body: str, context: Mapping[str, object], social: str) -> str:
        page.content = body
        html = self.theme.get_template(THEME_TEMPLATE).render({**context, "page": page})
        html = frame.with_tags(frame.for_everybody(html), social)
        if not self.protect:
            return html
        scripts = frame.inline_scripts(html.replace(body, "", 1))  # what stands in a body is never allowed to run
        return frame.with_policy(html, frame.content_security_policy(scripts, live=self.live))


def _filling(page: Any, body: str, social: str) -> Filling:
    toc = [(item.id, item.title) for item in page.toc]
    return Filling(
        page.meta.get("title", ""), page.meta.get("description", ""), page.canonical_url or "", body, toc, social
    )


def _stand_in(page: Any, folder: str) -> Any:
    """The page with marks for values. It lies as deep in the same folder, so that links from it are the same."""
    marked = copy.copy(page)
    marked.file = copy.copy(page.file)
    *parents, last = page.url[len(folder) :].split("/")
    marked.file.url = folder + "".join(f"{frame.PLACE}/" for _ in parents) + last
    marked.file.src_uri = marked.file.dest_uri = frame.PLACE
    marked.title = frame.TITLE
    marked.meta = {**page.meta, "title": frame.TITLE}
    if "description" in page.meta:
        marked.meta["description"] = frame.DESCRIPTION
    marked.canonical_url = frame.CANONICAL if page.canonical_url else None
    marked.abs_url = frame.PLACE if page.abs_url else None
    first = list(page.toc)[:1]
    marked.toc = type(page.toc)([_marked(item, i) for item in first for i in range(2)])
    return marked


def _marked(item: Any, index: int) -> Any:
    marked = copy.copy(item)
    marked.id, marked.title = frame.ANCHORS[index], frame.HEADINGS[index]
    return marked
