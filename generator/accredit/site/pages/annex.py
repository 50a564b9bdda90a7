"""The technical documentation of a high-risk system in the order of EU AI Act Annex IV, from what is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from accredit.assess import ModelAssessment
from accredit.domain.card import DocumentPointer
from accredit.domain.model import Model
from accredit.site import urls
from accredit.site.page import Page
from accredit.site.pages.card import ALL_SECTIONS, Section, sections
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.evaluation import metric_name
from accredit.site.pages.incidents import incidents_of
from accredit.site.pages.prose import Resolve, reading, resolver
from accredit.site.pages.version import VersionView
from accredit.site.pages.words import plural, spaced

HIGH = ("high_annex_iii", "high_annex_i")
TOPICS = (
    "What the system is and what it is for",
    "How it was made, and from what",
    "How it works, where it fails and who watches it",
    "Why these metrics fit",
    "How its risks are managed",
    "What has changed",
    "Standards that were applied",
    "EU declaration",
    "How it is followed in use",
)
"""The nine points, in words of our own."""


@dataclass(frozen=True)
class Piece:
    """One thing that a point asks for: a section of the card, or lines; neither where nothing is recorded."""

    title: str
    lines: tuple[str, ...] = ()
    section: Section | None = None
    anchor: str = ""
    """Where it stands on the page of the version; empty for a place of its own."""
    home: str = ""
    """The file in which it would be recorded, below the version's folder or, after a slash, below the model's."""

    @property
    def is_recorded(self) -> bool:
        """Whether there is anything."""
        return bool(self.lines) or (self.section is not None and self.section.is_written)


@dataclass(frozen=True)
class Point:
    """One of the nine points with what there is of it."""

    number: int
    pieces: tuple[Piece, ...]
    pointers: tuple[DocumentPointer, ...]
    """Where the card says that it is documented."""

    @property
    def topic(self) -> str:
        """What it is about."""
        return TOPICS[self.number - 1]

    @property
    def missing(self) -> tuple[Piece, ...]:
        """What is not recorded."""
        return tuple(p for p in self.pieces if not p.is_recorded)

    @property
    def state(self) -> str:
        """The chip that says whether everything is there."""
        if not self.missing:
            return "evidence-present"
        if len(self.missing) < len(self.pieces):
            return "evidence-partly"
        return "evidence-reason" if any(p.reason for p in self.pointers) else "evidence-missing"


@dataclass(frozen=True)
class AnnexView:
    """The nine points for one version."""

    catalogue: Catalogue
    view: VersionView

    @cached_property
    def resolve(self) -> Resolve:
        """Answers references to numbers in prose."""
        return resolver(self.catalogue, self.view.version)

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """All nine, in order."""
        index = self.view.version.card.technical_documentation if self.view.version.card else ()
        makers = (
            self._general, self._making, self._working, self._metrics, self._risks, self._changes, self._standards,
            self._declaration, self._in_use,
        )  # fmt: skip
        return tuple(
            Point(number, tuple(make()), tuple(p for p in index if p.point == str(number)))
            for number, make in enumerate(makers, start=1)
        )

    @cached_property
    def _card(self) -> dict[str, Section]:
        return {s.id.removeprefix("card-"): s for s in sections(self.view.version.card, ALL_SECTIONS)}

    def _written(self, *names: str) -> Iterator[Piece]:
        for name in names:
            section = self._card[name]
            yield Piece(section.title, section=section, anchor=section.id if section.is_written else "card")

    @property
    def _model(self) -> Model:
        return self.catalogue.model_of(self.view.assessed).model.record

    def _general(self) -> Iterator[Piece]:
        v, model = self.view.version.record, self._model
        yield Piece("Name and version", (f"{model.name} {v.version}: {v.summary}",))
        yield from self._written("intended_use", "instructions")
        packages = (f"{v.library.name} {v.library.version}",) if v.library else ()
        count = len(v.environment.packages) if v.environment else 0
        yield Piece("Software it needs", (*packages, *((plural(count, "package"),) if count else ())), anchor="build")
        forms = (f"{n}: {d.environment}, {d.strategy}" for n, d in sorted(self.view.version.deployments.items()))
        yield Piece("Forms in which it is put to use", tuple(forms), anchor="operation", home="deployments/")

    def _making(self) -> Iterator[Piece]:
        v, model = self.view.version.record, self._model
        yield from self._written("design", "training_data")
        data = (f"{self._name(u.dataset)}, for {u.role}" for u in v.datasets)
        yield Piece("Data", tuple(data), anchor="build")
        settings = f"{plural(len(v.hyperparameters), 'setting')} of the training" if v.hyperparameters else ""
        commit = f"code at commit {v.code.commit}" if v.code and v.code.commit else ""
        yield Piece("Training", tuple(t for t in (commit, settings) if t), anchor="build")
        yield from self._written("human_oversight")
        plan = model.monitoring.change_plan
        lines = (f"{plan.reference}, {plan.date}", *(f"{i.id}: {i.test}" for i in plan.items)) if plan else ()
        yield Piece("Changes settled in advance", lines, anchor="operation", home="/model.yaml")
        yield Piece("Validation and testing", tuple(self._evaluations()), anchor="evaluations", home="evaluations/")
        review = model.security
        said = (f"{review.reference or 'review'}, {review.date}",) if review else ()
        yield Piece("Security", said, anchor="operation", home="/model.yaml")

    def _name(self, dataset: str) -> str:
        known = self.catalogue.registry.datasets.get(dataset)
        return known.name if known else dataset

    def _evaluations(self) -> Iterator[str]:
        for found in self.view.evaluations:
            shown = [f"{metric_name(m.type)} {reading(m)}" for m in found.evaluation.metrics if not m.slice][:3]
            yield f"{found.evaluation.name}: {', '.join(shown)}"

    def _working(self) -> Iterator[Piece]:
        yield from self._written("limitations", "fairness")
        groups = (" and ".join(spaced(a) for a in f.comparison.attributes) for f in self.view.fairness)
        yield Piece("Groups compared", tuple(dict.fromkeys(groups)), anchor="fairness", home="evaluations/")
        yield from self._written("human_oversight")

    def _metrics(self) -> Iterator[Piece]:
        yield from self._written("performance", "evaluation_data")

    def _risks(self) -> Iterator[Piece]:
        lines = (
            f"{spaced(r.id).capitalize()}: likelihood {r.likelihood}, impact {r.impact}"
            + (f", what remains is {r.residual.level}" if r.residual else "")
            for r in self._model.risk.risks
        )
        yield Piece("Risks", tuple(lines), home="/model.yaml")
        yield from self._written("ethical_considerations")

    def _changes(self) -> Iterator[Piece]:
        yield from self._written("changes")
        moves = (
            f"{s.request.from_stage} to {s.request.to_stage}, {s.step.at.date()}"
            for s in reversed(self.view.steps)
            if s.step.at is not None and s.status == "effective"
        )
        yield Piece("Moves that people signed", tuple(moves), anchor="signoff", home="transitions/")

    def _standards(self) -> Iterator[Piece]:
        yield Piece("Standards, or what was done instead", self._pointed("7"), anchor="card", home="card.yaml")

    def _declaration(self) -> Iterator[Piece]:
        yield Piece("Declaration", (*self._documents("eu-declaration"), *self._pointed("8")), home="/model.yaml")

    def _in_use(self) -> Iterator[Piece]:
        plan = self._model.monitoring.in_use_plan
        lines = (f"{plan.reference}, {plan.date}",) if plan else ()
        yield Piece("Plan for following it in use", lines, anchor="operation", home="/model.yaml")
        yield from self._written("monitoring_plan")
        seen = [name for name, _ in self.view.monitoring]
        reports = (f"{plural(len(seen), 'report')}, the latest {seen[0]}",) if seen else ()
        yield Piece("Reports", reports, anchor="operation", home="monitoring/")
        incidents = incidents_of(self.catalogue, self.view.version.model_id, self.view.version.id)
        yield Piece("Incidents", tuple(i.incident.title for i in incidents) or ("none is recorded",))

    def _pointed(self, point: str) -> tuple[str, ...]:
        card = self.view.version.card
        found: Iterable[DocumentPointer] = card.technical_documentation if card else ()
        return tuple(text for p in found if p.point == point and (text := p.path or p.uri))

    def _documents(self, kind: str) -> Iterator[str]:
        return (f"{d.reference}, {d.date}" for d in self._model.documents if d.kind == kind)


def is_asked(model: ModelAssessment) -> bool:
    """Whether a model is recorded as high-risk."""
    return model.model.record.risk.ai_act.risk in HIGH


def pages(model: ModelAssessment, catalogue: Catalogue, key: str) -> Iterator[Page]:
    """The page of a model that is recorded as high-risk and has a version."""
    current = catalogue.assessment.current(model.model.id)
    if not is_asked(model) or current is None:
        return
    record = model.model.record
    yield Page(
        url=urls.annex_url(model.model.id),
        title=f"{record.name}: technical documentation",
        template="annex.html",
        data={
            "catalogue": catalogue,
            "view": AnnexView(catalogue, VersionView(catalogue, current)),
            "model": record,
            "v": current.version,
        },
        summary=f"Technical documentation of {record.name} in the order of EU AI Act Annex IV, and what is missing.",
        key=key,
        toc=tuple((f"point-{n}", f"{n}. {topic}") for n, topic in enumerate(TOPICS, start=1)),
    )
