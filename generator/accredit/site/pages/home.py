"""The front page: what is in production, and what needs somebody's attention."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from accredit.assess import VersionAssessment
from accredit.domain.evaluation import Metric
from accredit.domain.value import STAGES, Stage
from accredit.findings import Finding, Severity
from accredit.site.page import Page
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.exceptions import WaiverView
from accredit.site.pages.gates import GatesView
from accredit.site.pages.keys import Keys
from accredit.site.pages.signoffs import StepView, steps_of, waiting_roles
from accredit.site.pages.stages import in_sentence

_SHOWN = 12
SOON_DAYS = 30


def key_metric(version: VersionAssessment, catalogue: Catalogue) -> Metric | None:
    """The metric that policy calls primary for the task, from the version's first evaluation on unseen data."""
    task = catalogue.registry.models[version.version.model_id].record.task
    criteria = catalogue.policy.performance.tasks.get(task) if catalogue.policy else None
    unseen = [e for e in version.version.evaluations.values() if e.data.split not in ("training", "validation")]
    for evaluation in unseen or version.version.evaluations.values():
        overall = [m for m in evaluation.metrics if not m.slice]
        primary = [m for m in overall if criteria and m.type == criteria.primary]
        if found := primary or overall:
            return found[0]
    return None


@dataclass(frozen=True)
class VersionRow:
    """A version in a list, with what a reader asks first."""

    catalogue: Catalogue
    version: VersionAssessment

    @cached_property
    def gates(self) -> GatesView:
        """Its gates."""
        return GatesView(self.catalogue, self.version)

    @cached_property
    def metric(self) -> Metric | None:
        """Its key metric."""
        return key_metric(self.version, self.catalogue)


@dataclass(frozen=True)
class Waiting:
    """A request that waits for sign-offs."""

    version: VersionAssessment
    step: StepView
    roles: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class HomeView:
    """The front page."""

    catalogue: Catalogue

    @cached_property
    def production(self) -> tuple[VersionRow, ...]:
        """The versions in production, by model."""
        return tuple(VersionRow(self.catalogue, v) for v in self.catalogue.production)

    @cached_property
    def failing(self) -> tuple[VersionRow, ...]:
        """Versions in production whose gate no longer holds."""
        return tuple(row for row in self.production if row.gates.gate and not row.gates.gate.is_open)

    @cached_property
    def urgent(self) -> tuple[VersionRow, ...]:
        """Versions in production with an emergency that nobody has reviewed."""
        return tuple(row for row in self.production if row.version.lifecycle.emergencies)

    @cached_property
    def waiting(self) -> tuple[Waiting, ...]:
        """Requests that wait for somebody, oldest first."""
        found = [
            Waiting(version, step, waiting_roles(step.step))
            for version in self.catalogue.versions()
            for step in steps_of(version, self.catalogue)
            if step.step.status == "pending"
        ]
        return tuple(sorted(found, key=lambda w: (w.step.request.requested_at, w.version.version.key)))

    @cached_property
    def blocked(self) -> tuple[VersionRow, ...]:
        """Versions on their way to production that the rules stop."""
        rows = (VersionRow(self.catalogue, v) for v in self.catalogue.versions() if v.stage in ("staging", "review"))
        return tuple(r for r in rows if r.gates.gate and not r.gates.gate.is_open)

    @property
    def leaning(self) -> int:
        """How many versions in production hold a gate only by waiver."""
        return sum(1 for row in self.production if row.gates.waived_codes)

    @cached_property
    def expiring(self) -> tuple[WaiverView, ...]:
        """Waivers that cover something now and end within `SOON_DAYS`, the next to end first."""
        found = (WaiverView(self.catalogue, i, w) for i, w in self.catalogue.registry.waivers.items())
        soon = [v for v in found if v.in_force and v.covered and v.days_left <= SOON_DAYS]
        return tuple(sorted(soon, key=lambda v: (v.days_left, v.id)))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The gravest findings."""
        return tuple(sorted(self.catalogue.assessment.findings, key=lambda f: -f.severity))[:_SHOWN]

    @cached_property
    def severities(self) -> tuple[tuple[str, int], ...]:
        """Severity to the number of findings, gravest first."""
        known = [f.severity for f in self.catalogue.assessment.findings]
        return tuple((s.label, known.count(s)) for s in sorted(Severity, reverse=True))

    @cached_property
    def stages(self) -> tuple[tuple[Stage, int], ...]:
        """Stage to the number of versions in it."""
        known = [v.stage for v in self.catalogue.versions()]
        return tuple((s, known.count(s)) for s in STAGES)

    @cached_property
    def version_count(self) -> int:
        """How many versions there are."""
        return sum(1 for _ in self.catalogue.versions())


def pages(catalogue: Catalogue, keys: Keys) -> Iterator[Page]:
    """The front page."""
    identity, running = catalogue.registry.identity, in_sentence(catalogue.stage_name("production"))
    yield Page(
        url="",
        title=identity.name if identity else "Model registry",
        template="home.html",
        data={"catalogue": catalogue, "home": HomeView(catalogue)},
        summary="What is in production, and what needs attention.",
        nav=("Home",),
        key=keys.everything,
        toc=(("production", f"In {running}"), ("attention", "Needs attention"), ("registry", "This registry")),
    )
