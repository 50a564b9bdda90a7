"""The MkDocs plugin `accredit`: the one door to MkDocs.

Pages of a registry join a MkDocs site as generated files. Their bodies are HTML from the start and never pass the
Markdown pipeline; the theme's frame is drawn once for pages that share it. Only documented parts of MkDocs are used.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar, Literal

import jinja2
from jinja2 import Environment
from markupsafe import escape
from mkdocs.config import config_options as option
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import AnchorLink, TableOfContents

from accredit.assess import Assessment
from accredit.errors import AccreditError
from accredit.site.framing import Framing
from accredit.site.navigation import Entry, closest_folder, folders_of, listed, nearest, sections, titles_in
from accredit.site.page import Page
from accredit.site.previews import can_draw
from accredit.site.render import ASSETS
from accredit.site.search import search_text
from accredit.site.site import ASSETS_FOLDER, Site, day_of
from accredit.site.social import Social

log = logging.getLogger("mkdocs.plugins.accredit")

FRAME_TEMPLATE = "accredit-frame.html"
_LAST = -100


class AccreditConfig(Config):  # type: ignore[no-untyped-call]
    """Options of the plugin in `mkdocs.yml`."""

    registry = option.Dir(exists=False, default="registry")
    """The registry's folder, relative to `mkdocs.yml`."""
    as_of = option.Type((str, dt.date), default="")
    """The day of the assessment; empty for today (UTC)."""
    source = option.Type(str, default="")
    """Address under which the registry's files can be read, as on a forge; empty for none."""
    root = option.Type(str, default="")
    """The commit in which the registry must begin, by its full id; empty if nobody wrote it down."""
    fast_frame = option.Type(bool, default=True)
    """Draw the theme's frame once for many pages."""
    content_security_policy = option.Type(bool, default=True)
    """Let nothing run in a browser but the theme's and this program's own scripts."""


class RegistryPage(MkDocsPage):
    """A page whose body is made by us. MkDocs sees its title, its place and one line of text for the search."""

    def __init__(self, source: Page, title: str, file: File, config: MkDocsConfig, day: str) -> None:
        self.source = source
        self.html = ""
        super().__init__(str(escape(title)), file, config)
        self.update_date = day

    def read_source(self, config: MkDocsConfig) -> None:
        """There is no Markdown. The title is given here too: themes pass this one on as it is."""
        self.markdown = ""
        self.meta = {"template": FRAME_TEMPLATE}
        if self.source.url:  # the front page is called after the site
            self.meta["title"] = str(escape(self.source.title))
        if not self.source.searched:
            self.meta["search"] = {"exclude": True}
        if self.source.summary:
            self.meta["description"] = search_text(self.source)

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Until the search has read it, the content is one line."""
        self.content = search_text(self.source)
        links = [AnchorLink(str(escape(heading)), str(escape(anchor)), 2) for anchor, heading in self.source.toc]
        self.toc = TableOfContents(links)


class AccreditPlugin(BasePlugin[AccreditConfig]):  # type: ignore[no-untyped-call]
    """Adds the pages of a registry to a MkDocs site."""

    told: ClassVar[Mapping[str, object]] = {}
    """Options from a command line: they win over those of `mkdocs.yml`, which MkDocs reads anew at each rebuild."""
    site: Site | None = None
    assessment: Assessment | None = None

    def __init__(self) -> None:
        self._live = False
        self.pages: dict[str, RegistryPage] = {}
        self._framing: Framing | None = None
        self._linked: frozenset[str] = frozenset()
        self._folders: frozenset[str] = frozenset()

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Remembers whether this is a preview."""
        self._live = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Adds our style sheets and scripts to every page."""
        self.config.update(self.told)
        own = [f"{ASSETS}{asset.name}" for asset in sorted(ASSETS_FOLDER.iterdir())]
        theirs = [uri for uri in config.extra_css if uri not in own]
        config.extra_css = [*(uri for uri in own if uri.endswith(".css")), *theirs]  # theirs win
        known = {str(script) for script in config.extra_javascript}
        config.extra_javascript += [uri for uri in own if uri.endswith(".js") and uri not in known]
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Adds the registry's pages. A page written by hand may take the place of the front page, and of no other."""
        self._close(complete=False)
        self.pages = {}
        site = self.site = self._opened(config)
        self.assessment = site.assessment
        if site.assessment.unproved:
            log.warning("sign-offs are shown as they are declared: %s", site.assessment.unproved)
        chosen = titles_in(config.nav)
        shown = {entry.page.url: entry.title for entry in listed(site.navigation) if entry.page}
        indexes = {entry.page.url for entry in sections(site.navigation) if entry.page}
        for page in site.pages:
            uri = f"{page.url}index.md"
            if (own := files.get_file_from_path(uri)) is not None:
                if not page.url:
                    continue
                log.warning("'%s' is in the place of a page of the registry and is left out", uri)
                files.remove(own)
            file = File.generated(config, uri, content="", inclusion=InclusionLevel.NOT_IN_NAV)
            if page.url and page.url not in indexes:
                file.dest_uri, file.name = page.file, "page"  # not the index of whatever section it is in
            title = chosen.get(uri) or shown.get(page.url) or page.title
            self.pages[page.url] = RegistryPage(page, title, file, config, site.assessment.as_of.isoformat())
            files.append(file)
        for uri, content in site.downloads(config.site_url or "").items():
            files.append(File.generated(config, uri, content=content))
        _add_assets(files, config)
        return files

    def _opened(self, config: MkDocsConfig) -> Site:
        chosen, links = self.config, config.use_directory_urls
        try:
            day = day_of(chosen.as_of)
            return Site.open(Path(chosen.registry), day, source=chosen.source, directory_urls=links, root=chosen.root)
        except AccreditError as error:
            raise PluginError(f"accredit: {error}. {error.hint}".rstrip()) from error

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Puts our pages before those written by hand; a `nav` in `mkdocs.yml` is taken as it is."""
        if config.nav is None and self.site is not None:
            own_home = [item for item in nav.items if getattr(item, "is_homepage", False)]
            rest = [item for item in nav.items if item not in own_home]
            items = [*own_home, *(i for e in self.site.navigation if (i := self._item(e)) is not None), *rest]
            nav = Navigation(items, _pages_of(items))
            _chain(nav)
        self._linked = frozenset(page.url for page in nav.pages)
        self._folders = folders_of(self._linked)
        places = {page.source.url: page for page in nav.pages if isinstance(page, RegistryPage) and page.source.url}
        for page in self.pages.values():
            above = nearest(page.source.url, places) if page.source.url not in places else None
            if above is not None:
                page.parent = places[above]  # type: ignore[assignment]  # so that the theme marks where we are
        return nav

    def _item(self, entry: Entry) -> Any:
        """A page or section of MkDocs; None for a page whose place a page written by hand has taken."""
        page = self.pages.get(entry.page.url) if entry.page else None
        children = [item for child in entry.children if (item := self._item(child)) is not None]
        if not children:
            return page
        section = Section(str(escape(entry.title)), [page, *children] if page else children)
        for child in section.children:
            child.parent = section
        return section

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Adds the template that only writes out what we made."""
        ours = jinja2.DictLoader({FRAME_TEMPLATE: "{{ page.html }}"})
        env.loader = jinja2.ChoiceLoader([ours, *([env.loader] if env.loader else [])])
        env.bytecode_cache = self.site.templates if self.site is not None else None
        chosen = self.config
        protect = chosen.content_security_policy
        social = Social(config.site_name, config.site_url or "", previews=can_draw())
        self._framing = Framing(env, chosen.fast_frame, protect, self._live, lambda page: social.tags(page.source))
        return env

    @event_priority(_LAST)
    def on_page_context(self, context: Any, *, page: MkDocsPage, config: MkDocsConfig, nav: Navigation) -> Any:
        """Makes the whole page, after the search and all other plugins have had their look."""
        if isinstance(page, RegistryPage) and self.site is not None and self._framing is not None:
            folder = None if page.url in self._linked else closest_folder(page.url, self._folders)
            page.html = self._framing.page(page, self.site.body(page.source), context, folder)
        return context

    def on_post_page(self, output: str, *, page: MkDocsPage, config: MkDocsConfig) -> str:
        """Lets go of what is written."""
        if isinstance(page, RegistryPage):
            page.html = page.content = ""
        return output

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Writes what is too much to hold, and keeps what may be of use to the next build."""
        if self.site is not None:
            self.site.write_later(Path(config.site_dir), previews=bool(config.site_url) and can_draw())
        self._close(complete=True)

    def on_build_error(self, *, error: Exception) -> None:
        """Stops what is still at work."""
        self._close(complete=False)

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        """Watches the registry."""
        server.watch(str(self.config.registry))
        return server

    def _close(self, *, complete: bool) -> None:
        if self.site is not None:
            self.site.close(complete=complete)
        self.site = None


def _add_assets(files: Files, config: MkDocsConfig) -> None:
    for asset in sorted(ASSETS_FOLDER.rglob("*")):
        if asset.is_file():
            uri = f"{ASSETS}{asset.relative_to(ASSETS_FOLDER).as_posix()}"
            files.append(File.generated(config, uri, abs_src_path=str(asset)))


def _pages_of(items: Iterable[Any]) -> list[MkDocsPage]:
    found: list[MkDocsPage] = []
    for item in items:
        if isinstance(item, MkDocsPage):
            found.append(item)
        found += _pages_of(item.children or ())
    return found


def _chain(nav: Navigation) -> None:
    """Links each page to the one before and the one after it."""
    for before, after in pairwise(nav.pages):
        before.next_page, after.previous_page = after, before
