"""The page of a version: may it be deployed, why, how well it works, for whom, and who signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from accredit.assess import VersionAssessment
from accredit.comparison.baseline import baselines
from accredit.domain.criteria import MetricThreshold, TaskCriteria
from accredit.domain.operation import Monitoring
from accredit.domain.paths import model_path, version_path
from accredit.domain.registry import ModelVersion
from accredit.domain.verification import Breach
from accredit.site import urls
from accredit.site.charts.chart import Chart
from accredit.site.page import Page
from accredit.site.pages.card import Section, sections
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.drift import drift
from accredit.site.pages.evaluation import EvaluationView
from accredit.site.pages.fairness import FairnessView, fairness_views
from accredit.site.pages.gates import GatesView
from accredit.site.pages.incidents import IncidentView, incidents_of
from accredit.site.pages.keys import Keys
from accredit.site.pages.proofs import breaches_of
from accredit.site.pages.prose import Resolve, resolver
from accredit.site.pages.signoffs import StepView, steps_of

_TOC = (
    ("deploy", "Can it be deployed?"),
    ("evaluations", "Evaluations"),
    ("fairness", "Fairness"),
    ("card", "Model card"),
    ("gates", "Gates"),
    ("signoff", "Sign-off"),
    ("operation", "Operation"),
    ("build", "How it was built"),
    ("lineage", "Lineage"),
    ("sources", "Sources"),
)


@dataclass(frozen=True)
class VersionView:
    """Everything that the page of a version shows. Nothing is computed before it is asked for."""

    catalogue: Catalogue
    assessed: VersionAssessment

    @property
    def version(self) -> ModelVersion:
        """The version."""
        return self.assessed.version

    @cached_property
    def gates(self) -> GatesView:
        """The verdict and the table of gates."""
        return GatesView(self.catalogue, self.assessed)

    @cached_property
    def baselines(self) -> tuple[VersionAssessment, ...]:
        """The versions to compare it with: the one before, and the one in production."""
        return baselines(self.catalogue.assessment, self.assessed)

    @property
    def conceded(self) -> tuple[str, ...]:
        """What to say about approvals of their own work by a small team."""
        return tuple(v.message for v in self.assessed.results["APR103"].verdicts if v.conceded)

    @cached_property
    def resolve(self) -> Resolve:
        """Answers references to numbers in prose."""
        return resolver(self.catalogue, self.version)

    @cached_property
    def card(self) -> tuple[Section, ...]:
        """The sections of the card."""
        standing = self.catalogue.model_of(self.assessed).standing
        policy = self.catalogue.policy
        required = policy.card.sections.get(standing.profile, ()) if policy else ()
        return sections(self.version.card, required)

    @cached_property
    def _criteria(self) -> TaskCriteria | None:
        policy = self.catalogue.policy
        return (
            policy.performance.tasks.get(self.catalogue.model_of(self.assessed).model.record.task) if policy else None
        )

    @cached_property
    def _thresholds(self) -> dict[str, MetricThreshold]:
        facts = self.catalogue.model_of(self.assessed).standing.facts
        found = dict(self._criteria.thresholds) if self._criteria else {}
        for override in self.catalogue.policy.performance.overrides if self.catalogue.policy else ():
            if override.when.holds(facts):
                found |= override.thresholds
        return found

    @cached_property
    def evaluations(self) -> tuple[EvaluationView, ...]:
        """Its evaluations, newest first."""
        found = sorted(self.version.evaluations.items(), key=lambda item: (-item[1].at.timestamp(), item[0]))
        least = self.catalogue.policy.fairness.publish_min_n if self.catalogue.policy else 0
        return tuple(EvaluationView(i, e, self.version, self._criteria, self._thresholds, least) for i, e in found)

    @cached_property
    def fairness(self) -> tuple[FairnessView, ...]:
        """Group comparisons of all evaluations, one view an attribute."""
        return fairness_views(self.catalogue, self.assessed)

    @cached_property
    def steps(self) -> tuple[StepView, ...]:
        """Its transitions, newest first."""
        return steps_of(self.assessed, self.catalogue)

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """What speaks against its history."""
        return breaches_of(self.catalogue.assessment.verification, self.catalogue.registry, self.version.key)

    @property
    def incidents(self) -> tuple[IncidentView, ...]:
        """Incidents that concern the version."""
        return incidents_of(self.catalogue, self.version.model_id, self.version.id)

    @cached_property
    def monitoring(self) -> tuple[tuple[str, Monitoring], ...]:
        """Snapshots from production, newest first."""
        return tuple(
            sorted(self.version.monitoring.items(), key=lambda item: (item[1].observed_at, item[0]), reverse=True)
        )

    @cached_property
    def monitored(self) -> tuple[Chart, ...]:
        """One plot a metric that monitoring reported more than once."""
        evaluated = self.evaluations[0].evaluation.metrics if self.evaluations else ()
        return drift(self.version, self._thresholds, evaluated)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The files that the page was made from."""
        folder = version_path(self.version.model_id, self.version.id, "")
        own = sorted(p for p in self._names() if not p.startswith("transitions/"))
        return (model_path(self.version.model_id), *(folder + p for p in own))

    def _names(self) -> Iterator[str]:
        yield "version.yaml"
        if self.version.card:
            yield "card.yaml"
        for kind in ("evaluations", "validations", "monitoring", "deployments", "decisions"):
            yield from (f"{kind}/{name}.yaml" for name in getattr(self.version, kind))


def page(assessed: VersionAssessment, catalogue: Catalogue, keys: Keys) -> Page:
    """The page of one version."""
    model = catalogue.registry.models[assessed.version.model_id].record
    key = assessed.version.key
    return Page(
        url=urls.version_url(key),
        title=f"{model.name} {assessed.version.id}",
        template="version.html",
        data={"catalogue": catalogue, "view": VersionView(catalogue, assessed), "model": model},
        summary=assessed.version.record.summary,
        key=keys.version(assessed),
        toc=_TOC,
        diagrams=((f"version:{key}",),),
    )
