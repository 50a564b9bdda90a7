"""The page for programs and their authors: which files there are, what is in them, and what stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from accredit.site import urls
from accredit.site.api.files import resources, schema_of, schema_path
from accredit.site.api.lists import DOCUMENTS
from accredit.site.page import Page
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.form import Part, parts_of
from accredit.site.pages.keys import Keys, digest_of


@dataclass(frozen=True)
class DocumentView:
    """One kind of JSON file, described by its schema."""

    kind: str

    @property
    def path(self) -> str:
        """Shape of the paths of its files."""
        return DOCUMENTS[self.kind][1]

    @property
    def schema(self) -> str:
        """Where the schema stands."""
        return schema_path(self.kind)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The file itself, then each part that it is made of."""
        return parts_of(schema_of(self.kind))


def pages(catalogue: Catalogue, keys: Keys) -> Iterator[Page]:
    """The page about the API."""
    found = resources(catalogue)
    kinds = [DocumentView(kind) for kind in DOCUMENTS]
    yield Page(
        url=urls.API,
        title="For programs",
        template="api.html",
        data={"catalogue": catalogue, "resources": found, "kinds": kinds},
        summary="JSON files, feeds, calendar and badges: where they are, what they hold, and what stays as it is.",
        nav=("Reference", "For programs"),
        key=digest_of([keys.shared, found]),
        toc=(("files", "Files"), ("stays", "What stays as it is"), ("fields", "Fields")),
    )
