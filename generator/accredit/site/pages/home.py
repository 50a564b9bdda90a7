"""The front page: what is in production, and what needs somebody's attention."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from accredit.assess import VersionAssessment
from accredit.domain.dues import Due
from accredit.domain.evaluation import Metric
from accredit.domain.value import STAGES, Stage
from accredit.findings import Finding, Severity
from accredit.site.page import Page
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.gates import GatesView
from accredit.site.pages.keys import Keys
from accredit.site.pages.signoffs import DecisionView, StepView, steps_of
from accredit.site.pages.stages import in_sentence
from accredit.site.pages.waiting import Waiting, waiting_for

_SHOWN = 12
_NAMED = 5
SOON_DAYS = 90


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

    @cached_property
    def release(self) -> StepView | None:
        """The request by which it came into production, or stays there; None where nobody had to ask."""
        last = self.version.lifecycle.release
        steps = steps_of(self.version, self.catalogue) if last else ()
        return next((s for s in steps if last and s.step.transition.sha256 == last.transition.sha256), None)

    @cached_property
    def approvals(self) -> tuple[DecisionView, ...]:
        """Who let it into production, in order of time."""
        found = self.release
        return tuple(d for d in found.approvals if d.approval and found.binds(d.approval)) if found else ()

    @cached_property
    def assurance(self) -> tuple[str, ...]:
        """The chips of what is known of those approvals, each once."""
        return tuple(dict.fromkeys(d.proof.chip(d.approval.assurance) for d in self.approvals if d.approval))


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
        return waiting_for(self.catalogue)

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
    def dues(self) -> tuple[Due, ...]:
        """What is to be reviewed, renewed or deleted within `SOON_DAYS`, late things too, the next first."""
        end = self.catalogue.as_of + timedelta(days=SOON_DAYS)
        return tuple(d for d in self.catalogue.dues if d.day <= end)

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
        data={
            "catalogue": catalogue,
            "home": HomeView(catalogue),
            "soon": SOON_DAYS,
            "by": catalogue.as_of + timedelta(days=SOON_DAYS),
            "shown": _SHOWN,
            "most": _NAMED,
        },
        summary="What is in production, and what needs attention.",
        nav=("Home",),
        key=keys.everything,
        toc=(
            ("production", f"In {running}"),
            ("ask", "Find out"),
            ("attention", "Needs attention"),
            ("registry", "This registry"),
        ),
    )
