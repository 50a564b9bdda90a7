"""Pages to HTML bodies: one Jinja environment in which everything is escaped unless it is marked as safe."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, pass_context
from jinja2.runtime import Context

from accredit.assess import Assessment
from accredit.errors import RenderError
from accredit.site import pages as site_pages
from accredit.site.diagrams import Diagrams, Neighbourhood
from accredit.site.markdown import markdown, markdown_line
from accredit.site.page import Page
from accredit.site.urls import relative

TEMPLATES = Path(__file__).parent / "templates"
ASSETS = "assets/accredit/"
"""Where the site's own style sheets, scripts and pictures stand in the site."""


class Renderer:
    """Draws the bodies of pages of one assessment.

    Templates have `page`, `assessment` and `registry`, and beside what the pages themselves bring:

    - `url(target)`: relative link from the page to a place of the site, given as in `accredit.site.urls`
    - `asset(name)`: relative link to a file of `site/assets`
    - `diagram(node, ...)`: the lineage around nodes: `svg`, `nodes`, `edges`, `hidden`
    - filters `markdown` and `markdown_line`: Markdown of the registry as safe HTML
    - filter `external`: a link that leaves the site
    """

    def __init__(self, assessment: Assessment, diagrams: Diagrams, *, directory_urls: bool = True) -> None:
        self._assessment = assessment
        self._diagrams = diagrams
        self._directory_urls = directory_urls

    def body(self, page: Page) -> str:
        """The body of a page with placeholders where diagrams go, which may still be in the making."""
        try:
            return (
                environment()
                .get_template(page.template)
                .render(
                    page.data,
                    page=page,
                    assessment=self._assessment,
                    registry=self._assessment.registry,
                    _diagrams=self._diagrams,
                    _directory_urls=self._directory_urls,
                )
            )
        except TemplateError as error:
            raise RenderError(f"page `{page.url}` could not be drawn: {error}") from error

    def warm_up(self) -> None:
        """Compiles all templates, so that no copy of this process has to."""
        for name in environment().list_templates():
            environment().get_template(name)

    def filled(self, page: Page, body: str) -> str:
        """The body with its diagrams."""
        return self._diagrams.fill(body, lambda target: link(page, target, directory_urls=self._directory_urls))


def render(page: Page, assessment: Assessment, diagrams: Diagrams) -> str:
    """The finished body of one page."""
    renderer = Renderer(assessment, diagrams)
    return renderer.filled(page, renderer.body(page))


def link(page: Page, target: str, *, directory_urls: bool = True) -> str:
    """Relative link from a page to a place of the site, which may end in `#anchor`. Never leaves the site."""
    return relative(page.root, target, directory_urls=directory_urls)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The Jinja environment of all pages."""
    jinja = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    jinja.filters.update(markdown=markdown, markdown_line=markdown_line, external=_external)
    jinja.globals.update(url=_url, asset=_asset, diagram=_diagram)
    jinja.filters.update(_brought("FILTERS"))
    jinja.globals.update(_brought("GLOBALS"))
    return jinja


def _brought(name: str) -> Mapping[str, object]:
    """What the pages themselves add to the environment."""
    found: Mapping[str, object] = getattr(site_pages, name, {})
    return found


@pass_context
def _url(context: Context, target: str) -> str:
    return link(context["page"], target, directory_urls=context["_directory_urls"])


@pass_context
def _asset(context: Context, name: str) -> str:
    return f"{context['page'].root}{ASSETS}{quote(name)}"


@pass_context
def _diagram(context: Context, *nodes: str) -> Neighbourhood:
    diagrams: Diagrams = context["_diagrams"]
    return diagrams.neighbourhood(
        nodes, lambda url: link(context["page"], url, directory_urls=context["_directory_urls"])
    )


def _external(url: str | None) -> str:
    """A link that leaves the site, if it is an ordinary one; otherwise one that leads nowhere."""
    return url if url and re.match(r"(?:https?://|mailto:)[^\s<>\"'\x00-\x20]+\Z", url) else "#"
