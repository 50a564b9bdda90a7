"""What changed between versions: a page for each that has another to compare with, and one page for any two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from accredit.assess import VersionAssessment
from accredit.comparison.baseline import baselines
from accredit.comparison.compare import Comparison, Row, Section, compare
from accredit.comparison.reading import sheet_of
from accredit.comparison.sheet import Sheet
from accredit.site import urls
from accredit.site.charts.forest import forest, reach_of
from accredit.site.page import Page
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.keys import Keys, digest_of

MEASURED = ("metrics", "fairness", "slices")
"""Sections with numbers."""
FOLDED = ("slices", "fields")
"""Sections that are long and are opened by whoever wants them."""
RECENT = 64
"""How many sheets are kept at most: a version is compared with its neighbours, one page after the other."""


@dataclass(frozen=True)
class ComparisonView:
    """Two versions side by side."""

    catalogue: Catalogue
    before: VersionAssessment
    after: VersionAssessment

    @cached_property
    def comparison(self) -> Comparison:
        """What differs."""
        return compare(published_sheet(self.catalogue, self.before), published_sheet(self.catalogue, self.after))

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The sections in which something differs."""
        return tuple(s for s in self.comparison.sections if s.rows)

    @property
    def quiet(self) -> tuple[str, ...]:
        """The sections in which nothing does."""
        return tuple(s.title.lower() for s in self.comparison.sections if not s.rows)

    def forest(self, row: Row, section: Section) -> Markup:
        """The difference as a drawing, on the scale of its section."""
        return forest(row.numbers, reach_of(r.numbers for r in section.rows)) if row.numbers else Markup()


def published_sheet(catalogue: Catalogue, version: VersionAssessment) -> Sheet:
    """What is compared of a version, without the counts that policy withholds.

    Raises:
        ValueError: The registry has no policy, and then no version is assessed either.
    """
    context = catalogue.assessment.context
    if context is None:
        raise ValueError("the registry has no policy")
    kept, key = catalogue.sheets, version.version.key
    if key not in kept:
        if len(kept) >= RECENT:
            kept.clear()
        kept[key] = sheet_of(version, context, context.policy.fairness.publish_min_n)
    return kept[key]


def pages(catalogue: Catalogue, keys: Keys) -> Iterator[Page]:
    """The page on which any two versions are chosen, and those of each version against the ones before it."""
    yield _choice(catalogue, keys)
    for version in catalogue.versions():
        for other in baselines(catalogue.assessment, version):
            yield _comparison(other, version, catalogue, keys)


def _comparison(before: VersionAssessment, after: VersionAssessment, catalogue: Catalogue, keys: Keys) -> Page:
    model = catalogue.model_of(after).model.record
    view = ComparisonView(catalogue, before, after)
    return Page(
        url=urls.changes_url(after.version.key, before.version.key),
        title=f"{model.name} {after.version.id} since {before.version.id}",
        template="comparison.html",
        data={"catalogue": catalogue, "view": view, "model": model, "measured": MEASURED, "folded": FOLDED},
        summary=f"What changed between {before.version.id} and {after.version.id} of {model.name}.",
        key=digest_of([keys.version(before), keys.version(after)]),
        searched=False,
    )


def _choice(catalogue: Catalogue, keys: Keys) -> Page:
    models = [
        [m.model.id, m.model.record.name, [[v.version.id, v.stage] for v in reversed(list(m.versions.values()))]]
        for m in catalogue.models
        if m.versions
    ]
    rules = [[code, rule.title, urls.rule_url(rule)] for code, rule in catalogue.assessment.rules.items()]
    return Page(
        url=urls.COMPARE,
        title="Compare two versions",
        template="compare.html",
        data={"catalogue": catalogue, "index": {"models": models, "rules": rules}},
        summary="What differs between any two versions of any models.",
        nav=("Models", "Compare versions"),
        key=digest_of([models, rules, keys.shared]),
    )
