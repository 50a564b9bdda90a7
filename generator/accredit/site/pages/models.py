"""The index of models, and a page for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from accredit.assess import ModelAssessment, VersionAssessment
from accredit.domain.classification import derived_tier
from accredit.domain.policy import TierPolicy
from accredit.domain.value import STAGES
from accredit.findings import Finding
from accredit.policies.conditions import in_words
from accredit.site import urls
from accredit.site.charts.chart import Chart
from accredit.site.page import Page
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.home import VersionRow
from accredit.site.pages.keys import Keys
from accredit.site.pages.signoffs import stages_over_time
from accredit.site.pages.trends import lead_times, trends
from accredit.site.pages.version import VersionView
from accredit.site.pages.version import page as version_page


@dataclass(frozen=True)
class ModelView:
    """One model, in a list or on its own page."""

    catalogue: Catalogue
    model: ModelAssessment

    @property
    def id(self) -> str:
        """Id of the model."""
        return self.model.model.id

    @cached_property
    def versions(self) -> tuple[VersionRow, ...]:
        """Its versions, newest first."""
        return tuple(VersionRow(self.catalogue, v) for v in reversed(list(self.model.versions.values())))

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """The stages that its versions are in, from production down."""
        known = {v.stage for v in self.model.versions.values()}
        return tuple(s for s in ("production", "review", "staging", "archived") if s in known)

    @cached_property
    def leading(self) -> VersionRow | None:
        """The version nearest to production; the newest of several."""
        rank = {s: i for i, s in enumerate(("production", "review", "staging", "archived"))}
        return min(self.versions, key=lambda r: rank[r.version.stage], default=None)

    @cached_property
    def tier(self) -> TierPolicy | None:
        """What policy says about the model's tier."""
        policy = self.catalogue.policy
        return policy.tiers.get(str(self.model.standing.tier)) if policy else None  # type: ignore[call-overload]

    @cached_property
    def tier_reason(self) -> str:
        """The condition of policy by which the tier was derived, or what else decided."""
        recorded = self.model.model.record.risk
        policy = self.catalogue.policy
        derived = derived_tier(policy, self.model.standing.facts) if policy else None
        if recorded.tier_override:
            return f"set by an override: {recorded.tier_override.reason}"
        if derived is None:
            return "a fact that decides the tier is not recorded, and unknown is not low"
        if derived != self.model.standing.tier:
            return f"as recorded; policy derives tier {derived}"
        when = self.tier.when if self.tier else None
        return f"because {in_words(when)}" if when else "because no condition of a higher tier holds"

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Findings about the model and all its versions, gravest first."""
        found = [*self.catalogue.findings.get(self.id, ())]
        for row in self.versions:
            found += self.catalogue.findings.get(row.version.version.key, ())
        return tuple(sorted(found, key=lambda f: -f.severity))

    @cached_property
    def chart(self) -> Chart:
        """When which version was in which stage."""
        return stages_over_time(tuple(r.version for r in self.versions), self.catalogue)

    @cached_property
    def trends(self) -> tuple[Chart, ...]:
        """How its numbers went from version to version."""
        return trends(self.model, self.catalogue)

    @cached_property
    def lead_times(self) -> Chart | None:
        """How long approvals took."""
        return lead_times(self.model)

    @cached_property
    def drifts(self) -> tuple[tuple[VersionAssessment, tuple[Chart, ...]], ...]:
        """What monitoring saw of the versions in production, newest first."""
        running = [r.version for r in self.versions if r.version.stage == "production"]
        found = ((v, VersionView(self.catalogue, v).monitored) for v in running)
        return tuple((v, charts) for v, charts in found if charts)

    @property
    def focus(self) -> tuple[str, ...]:
        """The nodes around which the model's lineage is drawn: what runs, else what is nearest to it."""
        running = tuple(f"version:{r.version.version.key}" for r in self.versions if r.version.stage == "production")
        return running[:3] or ((f"version:{self.leading.version.version.key}",) if self.leading else ())


def pages(catalogue: Catalogue, keys: Keys) -> Iterator[Page]:
    """The index, then every model followed by its versions."""
    views = [ModelView(catalogue, m) for m in catalogue.models]
    yield Page(
        url=urls.MODELS,
        title="Models",
        template="models.html",
        data={"catalogue": catalogue, "models": views, "stages": STAGES},
        summary=f"{len(views)} registered models, with their stages, owners and gates.",
        nav=("Models",),
        key=keys.everything,
    )
    for view in views:
        yield _model(view, catalogue, keys)
        for assessed in view.model.versions.values():
            yield version_page(assessed, catalogue, keys)


def _model(view: ModelView, catalogue: Catalogue, keys: Keys) -> Page:
    record = view.model.model.record
    versions: list[VersionAssessment] = list(view.model.versions.values())
    return Page(
        url=urls.model_url(view.id),
        title=record.name,
        template="model.html",
        data={"catalogue": catalogue, "view": view, "model": record},
        summary=record.summary,
        nav=("Models", record.name),
        key=keys.model(view.model, versions),
        toc=(
            ("versions", "Versions"),
            ("risk", "Risk"),
            ("lineage", "Lineage"),
            ("findings", "Findings"),
            ("sources", "Sources"),
        ),
        diagrams=(view.focus,) if view.focus else (),
    )
