"""One version as one file for an examiner: everything about it, readable without this program or a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from markupsafe import Markup

from accredit.assess import Assessment, VersionAssessment
from accredit.domain.event import Event
from accredit.domain.events import events
from accredit.domain.paths import version_path
from accredit.domain.verification import Verification
from accredit.errors import UsageError
from accredit.site.alone import alone
from accredit.site.diagrams import Diagrams
from accredit.site.graph import find_engine
from accredit.site.page import Page
from accredit.site.pages.about import tool_version
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.controls import Compliance, ModelControls
from accredit.site.pages.exceptions import WaiverView
from accredit.site.pages.models import ModelView
from accredit.site.pages.retention import Line, lines_of
from accredit.site.pages.version import VersionView
from accredit.site.render import Renderer
from accredit.site.site import ASSETS_FOLDER, assessed

TOC = (
    ("deploy", "Can it be deployed?"), ("classification", "Classification"), ("card", "Model card"),
    ("evaluations", "Evaluations"), ("fairness", "Fairness"), ("gates", "Gates"), ("open", "What is open"),
    ("compliance", "Controls"), ("signoff", "Sign-off"), ("trail", "Audit trail"), ("operation", "Operation"),
    ("build", "How it was built"), ("lineage", "Lineage"), ("retention", "Retention"), ("digests", "Digests"),
    ("check", "How to check this"),
)  # fmt: skip
"""Anchor and heading of each part, in order."""


@dataclass(frozen=True)
class Dossier:
    """What the dossier says beyond the page of the version."""

    catalogue: Catalogue
    version: VersionAssessment

    @property
    def subject(self) -> str:
        """`model@version`."""
        return self.version.version.key

    @cached_property
    def model(self) -> ModelView:
        """The model, with how its tier was found."""
        return ModelView(self.catalogue, self.catalogue.model_of(self.version))

    @cached_property
    def compliance(self) -> Compliance:
        """The frameworks that policy reports on."""
        return Compliance(self.catalogue)

    @cached_property
    def controls(self) -> ModelControls:
        """The controls for this version."""
        return ModelControls(self.catalogue, self.catalogue.model_of(self.version), self.version)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What happened to the version and to its model as such, oldest first."""
        known = self.catalogue.assessment
        found = events(known.registry, known.lifecycles, known.verification, known.as_of)
        return tuple(e for e in found if e.subject in (self.subject, self.version.version.model_id))

    @cached_property
    def waivers(self) -> tuple[WaiverView, ...]:
        """Waivers for the version, in force or not."""
        known = sorted(self.catalogue.registry.waivers.items())
        views = (WaiverView(self.catalogue, name, w) for name, w in known if w.model == self.version.version.model_id)
        return tuple(v for v in views if v.waiver.version == self.version.version.id)

    @cached_property
    def retention(self) -> tuple[Line, ...]:
        """Its records with how long they are kept."""
        agenda = self.catalogue.agenda
        return tuple(lines_of(self.version, agenda)) if agenda else ()

    @property
    def digests(self) -> tuple[tuple[str, str], ...]:
        """Every file that the dossier rests on with its SHA-256, by path."""
        version, registry = self.version.version, self.catalogue.registry
        used = {f"datasets/{u.dataset}.yaml" for u in version.record.datasets}
        used |= {f"features/{u.features}.yaml" for u in version.record.features}
        used |= {"registry.yaml", "policy.yaml", f"models/{version.model_id}/model.yaml"}
        used |= {f"waivers/{w.id}.yaml" for w in self.waivers}
        used |= set(self.catalogue.below(version_path(version.model_id, version.id, "")))
        return tuple((path, registry.digests[path]) for path in sorted(used) if path in registry.digests)

    @property
    def proof(self) -> Verification | None:
        """What history proves."""
        return self.catalogue.assessment.verification


def dossier(registry: Path, model: str, version: str, as_of: date, root: str = "") -> str:
    """The dossier as one HTML document that asks for nothing else. The same input gives the same text.

    Args:
        registry: The registry's folder.
        model: Id of the model.
        version: Id of the version.
        as_of: The day of the assessment.
        root: The commit in which the registry must begin; empty if nobody wrote it down.
    """
    assessment = assessed(registry, as_of, root).assessment
    if model not in assessment.models or version not in assessment.models[model].versions:
        raise UsageError(f"there is no {model}@{version} that can be read", "See `accredit status`.")
    return _document(Catalogue(assessment), assessment.models[model].versions[version])


def _document(catalogue: Catalogue, version: VersionAssessment) -> str:
    assessment, record = catalogue.assessment, catalogue.model_of(version).model.record
    page = Page(
        url="",
        title=f"{record.name} {version.version.id}",
        template="dossier.html",
        data={
            "catalogue": catalogue,
            "dossier": Dossier(catalogue, version),
            "view": VersionView(catalogue, version),
            "model": record,
            "styles": _styles(),
            "tool": tool_version(),
        },
        toc=TOC,
    )
    return alone(_drawn(page, assessment, version))


def _drawn(page: Page, assessment: Assessment, version: VersionAssessment) -> str:
    focus = f"version:{version.version.key}"
    stages = {f"version:{key}": str(lifecycle.stage) for key, lifecycle in assessment.lifecycles.items()}
    diagrams = Diagrams(assessment.lineage, find_engine(), stage=lambda node: stages.get(node, ""))
    try:
        diagrams.prepare([(focus,)])
        renderer = Renderer(assessment, diagrams)
        return renderer.filled(page, renderer.body(page))
    finally:
        diagrams.close()


def _styles() -> Mapping[str, Markup]:
    """Our own style sheets, which are to stand in the document."""
    names = {"site": ASSETS_FOLDER / "accredit.css", "print": Path(__file__).parent / "dossier.css"}
    return {name: Markup(path.read_text(encoding="utf-8")) for name, path in names.items()}  # noqa: S704 - our own
