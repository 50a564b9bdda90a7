"""Which obligations apply, what evidence is present and what a person must judge: by model, framework and control."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from accredit.domain.control_status import CatalogueControl, ControlStatus
from accredit.domain.framework import FormerControl, Framework
from accredit.findings import Location
from accredit.site import urls
from accredit.site.page import Page
from accredit.site.pages import annex
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.controls import Compliance, ModelControls
from accredit.site.pages.keys import Keys, digest_of

MOST = 250
"""Models in the matrix, those in production first. Each has a page of its own."""
MOST_PER_CONTROL = 25
"""Models listed under a control."""


@dataclass(frozen=True)
class FrameworkView:
    """One framework with what the records show about each of its controls."""

    compliance: Compliance
    id: str
    framework: Framework

    @property
    def is_stale(self) -> bool:
        """Whether it was checked longer ago than policy allows."""
        return self.compliance.is_stale(self.framework)

    @cached_property
    def models(self) -> tuple[ModelControls, ...]:
        """The models that some control concerns."""
        return tuple(m for m in self.compliance.models if m.by_framework[self.id].listed)

    @property
    def others(self) -> tuple[ModelControls, ...]:
        """The models that the recorded facts rule out as a whole."""
        return tuple(m for m in self.compliance.models if not m.by_framework[self.id].listed)

    @cached_property
    def controls(self) -> tuple[tuple[CatalogueControl, tuple[ControlStatus, ...]], ...]:
        """Each control with its status for each model that the framework concerns."""
        context = self.compliance.catalogue.assessment.context
        known = context.catalogue.controls[self.id] if context else ()
        found: dict[str, list[ControlStatus]] = {control.id: [] for control in known}
        for model in self.models[:MOST_PER_CONTROL]:
            for status in model.by_framework[self.id].statuses:
                found[status.of.id].append(status)
        return tuple((control, tuple(found[control.id])) for control in known)

    def place(self, at: Location | None) -> Location | None:
        """A place with its line."""
        return self.compliance.catalogue.assessment.locate(at) if at is not None else None

    @property
    def hidden(self) -> int:
        """Models that are not listed under the controls."""
        return max(0, len(self.models) - MOST_PER_CONTROL)

    @property
    def former(self) -> tuple[tuple[str, FormerControl], ...]:
        """Older ids, in the order of the catalogue."""
        return tuple(self.framework.former.items())

    @property
    def summary(self) -> str:
        """What the search knows of it: older names too, because people look for them."""
        once = ", ".join(dict.fromkeys(former.citation for former in self.framework.former.values()))
        return f"{self.framework.title}. {'Once ' + once + '. ' if once else ''}{self.framework.citation}."


def pages(catalogue: Catalogue, keys: Keys) -> Iterator[Page]:
    """The overview, a page a framework, and the pages of each model; none where policy reports on no framework."""
    compliance = Compliance(catalogue)
    if compliance.frameworks:
        yield _overview(compliance, keys)
        for name, framework in compliance.frameworks.items():
            yield _framework(FrameworkView(compliance, name, framework), keys)
    data = keys.below("datasets/")
    for model in catalogue.models:
        key = digest_of([keys.model(model, list(model.versions.values())), data])
        if compliance.frameworks:
            yield _model(compliance.of(model), compliance, key)
        yield from annex.pages(model, catalogue, key)


def _overview(compliance: Compliance, keys: Keys) -> Page:
    return Page(
        url=urls.COMPLIANCE,
        title="Compliance",
        template="compliance.html",
        data={"catalogue": compliance.catalogue, "compliance": compliance, "most": MOST},
        summary="Which obligations apply to which model, what evidence is recorded and what is missing.",
        nav=("Compliance",),
        key=keys.everything,
        toc=(("matrix", "Models and frameworks"), ("frameworks", "Frameworks"), ("words", "What the words mean")),
    )


def _framework(view: FrameworkView, keys: Keys) -> Page:
    return Page(
        url=urls.framework_url(view.id),
        title=view.framework.name,
        template="framework.html",
        data={"catalogue": view.compliance.catalogue, "view": view, "framework": view.framework},
        summary=view.summary,
        nav=("Compliance", view.framework.name),
        key=keys.everything,
        toc=(
            ("models", "Models"),
            ("controls", "Controls"),
            *([("former", "Older texts")] if view.former else []),
            *([("timeline", "Dates")] if view.framework.timeline else []),
        ),
    )


def _model(view: ModelControls, compliance: Compliance, key: str) -> Page:
    record = view.model.model.record
    return Page(
        url=urls.model_compliance_url(view.model.model.id),
        title=f"{record.name}: compliance",
        template="model_compliance.html",
        data={
            "catalogue": compliance.catalogue,
            "compliance": compliance,
            "view": view,
            "model": record,
            "has_annex": annex.is_asked(view.model),
        },
        summary=f"Which obligations apply to {record.name}, what evidence is recorded and what is missing.",
        key=key,
        toc=(("missing", "Missing"), ("judgement", "To be judged"), ("controls", "All controls")),
    )
