"""A registry's site as a whole, whichever engine writes it: its pages, their place in the navigation, their bodies."""

from __future__ import annotations

import gc
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from accredit.assess import Assessment, assess
from accredit.domain.verification import Verification
from accredit.errors import GitError, NotARegistryError, UsageError
from accredit.loading.cache import EntryCache, cache_folder
from accredit.loading.collection import collection_paused
from accredit.loading.folder import Folder
from accredit.loading.tree import load
from accredit.signing.as_of import Replay
from accredit.signing.asking import clone_asked_for
from accredit.site import urls
from accredit.site.bodies import Bodies
from accredit.site.cache import Cache, TemplateCache
from accredit.site.diagrams import Diagrams
from accredit.site.explorer import data_script
from accredit.site.graph import find_engine
from accredit.site.navigation import Entry, navigation
from accredit.site.page import Page
from accredit.site.pages import pages_of
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.stages import in_sentence, stage_names
from accredit.site.published import published
from accredit.site.records import downloads, records
from accredit.site.render import Renderer, environment
from accredit.site.sheets import sheet_files

if TYPE_CHECKING:
    from accredit.signing.clone import Clone

ASSETS_FOLDER = Path(__file__).parent / "assets"


@dataclass(frozen=True)
class Site:
    """All pages of one assessment. Bodies are best asked for in the order of the pages."""

    assessment: Assessment
    pages: tuple[Page, ...]
    navigation: tuple[Entry, ...]
    templates: TemplateCache = field(repr=False)
    """Compiled templates, of the theme too."""
    _bodies: Bodies = field(repr=False)
    _caches: tuple[Cache, Cache] = field(repr=False)
    _catalogue: Catalogue = field(repr=False)
    _directory_urls: bool

    @classmethod
    def open(
        cls, registry: Path, as_of: date, *, source: str = "", directory_urls: bool = True, root: str = ""
    ) -> Site:
        """Loads and assesses a registry, and starts to lay out its diagrams.

        Args:
            registry: The registry's folder.
            as_of: The day of the assessment.
            source: Address under which the registry's files can be read; empty for none.
            directory_urls: Link to folders, not to the `index.html` in each.
            root: The commit in which the registry must begin; empty if nobody wrote it down.
        """
        gc.unfreeze()  # of an earlier site, in a preview
        with collection_paused():
            opened = cls._opened(registry, as_of, source, root, directory_urls=directory_urls)
        gc.freeze()  # what exists now is there to stay; looking for garbage in it takes half of the time
        return opened

    @classmethod
    def _opened(cls, registry: Path, as_of: date, source: str, root: str, *, directory_urls: bool) -> Site:
        assessment, clone, folder = assessed(registry, as_of, root)
        cache = Cache(folder, hashlib.sha256(str(registry.resolve()).encode()).hexdigest()[:16])
        shared = Cache(folder, "templates")
        templates = environment().bytecode_cache = TemplateCache(shared)
        catalogue = Catalogue(assessment, source, _months(clone, assessment, cache, folder))
        named = {stage: in_sentence(name) for stage, name in stage_names(assessment.registry.policy).items()}
        stage = _stages(assessment)
        diagrams = Diagrams(
            assessment.lineage, find_engine(), stage=stage, names=named, statuses=catalogue.statuses, cache=cache
        )
        made = tuple(pages_of(catalogue))
        renderer = Renderer(assessment, diagrams, directory_urls=directory_urls)
        bodies = Bodies(made, renderer, diagrams, cache, f"{source}\0{directory_urls}\0{find_engine()}")
        return cls(assessment, made, navigation(made), templates, bodies, (cache, shared), catalogue, directory_urls)

    def downloads(self, address: str = "") -> dict[str, str]:
        """Files beside the pages that pages may link to: place in the site to content.

        Args:
            address: Where the site will stand; empty where nobody says.
        """
        data = data_script(self.assessment, self._catalogue.statuses, directory_urls=self._directory_urls)
        place = f"{address.rstrip('/')}/" if address else ""
        beside = downloads(self._catalogue, place, directory_urls=self._directory_urls)
        return beside | {urls.LINEAGE_DATA: data}

    def later(self, *, previews: bool = False) -> Iterator[tuple[str, bytes]]:
        """Files that are many, for pages to load as they need them and for other programs: place and content.

        Args:
            previews: Also draw a picture of each model.
        """
        for place, script in sheet_files(self.pages, self._caches[0]):
            yield place, script.encode()
        yield from records(self.pages, self._catalogue, self._caches[0], previews=previews)

    def write_later(self, folder: Path, *, previews: bool = False) -> None:
        """Writes those files into the folder of the finished site, one after the other."""
        for name, content in self.later(previews=previews):
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)

    def body(self, page: Page) -> str:
        """The finished body of a page."""
        return self._bodies.body(page)

    def close(self, *, complete: bool) -> None:
        """Stops the drawing and writes the cache; `complete` says that every page was asked for."""
        self._bodies.close()
        environment().bytecode_cache = None
        own, shared = self._caches
        own.close(drop_unused=complete)
        shared.close(drop_unused=False)


class Assessed(NamedTuple):
    """A registry as the site shows it, with its clone and the folder for what is kept, where there are such."""

    assessment: Assessment
    clone: Clone | None
    cache: Path | None


def assessed(registry: Path, as_of: date, root: str = "") -> Assessed:
    """Loads and assesses a registry, with its history where policy asks for it, as it may be published."""
    if not registry.is_dir():
        raise NotARegistryError(f"there is no folder {registry}", "Name the folder that holds registry.yaml.")
    folder = _cache_folder(registry)
    loaded = load(Folder(registry), cache=EntryCache(folder) if folder else None)
    clone, verification, unproved = _history(registry, root, folder)
    return Assessed(published(replace(assess(loaded, as_of, verification), unproved=unproved)), clone, folder)


def _history(registry: Path, root: str, cache: Path | None) -> tuple[Clone | None, Verification | None, str]:
    """The clone and what its history proves, where `accredit check` would ask it; or why it cannot be asked."""
    try:
        clone = clone_asked_for(registry, root)
        return clone, (clone.verification(cache=cache) if clone else None), ""
    except GitError as error:
        return None, None, f"{error}. {error.hint}".rstrip()


def _months(clone: Clone | None, assessment: Assessment, cache: Cache, folder: Path | None) -> tuple[Replay, ...]:
    """The last month ends, as far as the history is known."""
    if clone is None or assessment.verification is None:
        return ()
    from accredit.site.replays import replays  # noqa: PLC0415 - loads git

    return replays(clone, assessment.verification, assessment.as_of, cache, folder)


def _cache_folder(registry: Path) -> Path | None:
    """Where to keep what was made; None for an account without a home, or within the registry itself."""
    try:
        folder = cache_folder(os.environ, Path("~").expanduser())
    except RuntimeError:
        return None
    return None if folder.resolve().is_relative_to(registry.resolve()) else folder


def _stages(assessment: Assessment) -> Callable[[str], str]:
    """From a node of the lineage to the stage of the version that it is; empty for other nodes."""
    found = {
        f"version:{model.model.id}@{version_id}": str(version.stage)
        for model in assessment.models.values()
        for version_id, version in model.versions.items()
    }
    return lambda node: found.get(node, "")


def day_of(told: object) -> date:
    """The day that is meant: a date, the text of one, or today (UTC) for the empty text."""
    if isinstance(told, datetime):
        return told.date()
    if isinstance(told, date):
        return told
    try:
        return date.fromisoformat(str(told)) if told else datetime.now(UTC).date()
    except ValueError as error:
        raise UsageError(f"as_of: {told} is not a date", "Write a date such as 2026-11-23.") from error
