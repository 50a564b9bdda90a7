"""What went wrong in use: what happened, who sees it through, what was done and who was told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from accredit.domain.incident import Incident
from accredit.rules.incidents import Owed, owed_reports
from accredit.site import urls
from accredit.site.page import Page
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.keys import Keys


@dataclass(frozen=True)
class IncidentView:
    """One incident with the reports that it calls for."""

    catalogue: Catalogue
    id: str
    incident: Incident

    @property
    def is_open(self) -> bool:
        """Whether it is not closed."""
        return self.incident.closed_at is None

    @cached_property
    def reports(self) -> tuple[tuple[Owed, str], ...]:
        """Each report that policy asks for, or may ask for, with the chip that says how it stands."""
        known, policy = self.catalogue.assessment.models.get(self.incident.model), self.catalogue.policy
        owed = owed_reports(self.incident, policy, known.standing.facts) if known and policy else ()
        return tuple((o, self._chip(o)) for o in owed)

    def _chip(self, owed: Owed) -> str:
        if owed.is_open:
            late = owed.deadline.date() < self.catalogue.as_of
            return "unknown" if owed.is_owed is None else "late" if late else "in-hand"
        return "late" if owed.report and owed.report.reported_at and owed.report.reported_at > owed.deadline else "done"

    @property
    def overdue(self) -> tuple[bool, ...]:
        """For each action, whether its last day has passed and it is not done."""
        day = self.catalogue.as_of
        return tuple(a.done is None and a.due is not None and a.due < day for a in self.incident.actions)


def incidents_of(catalogue: Catalogue, model: str = "", version: str = "") -> tuple[IncidentView, ...]:
    """The incidents, open ones first and then the latest; of one model, or of one version of it, where it is named."""
    known = catalogue.registry.incidents
    names = catalogue.registry.incidents_of.get(model, ()) if model else known
    views = (IncidentView(catalogue, name, known[name]) for name in names)
    found = [v for v in views if not version or version in (v.incident.versions or (version,))]
    return tuple(sorted(found, key=lambda v: (not v.is_open, -v.incident.detected_at.timestamp(), v.id)))


def pages(catalogue: Catalogue, keys: Keys) -> Iterator[Page]:
    """The page of incidents."""
    found = incidents_of(catalogue)
    still_open = sum(view.is_open for view in found)
    yield Page(
        url=urls.INCIDENTS,
        title="Incidents",
        template="incidents.html",
        data={"catalogue": catalogue, "incidents": found, "still_open": still_open},
        summary=f"{len(found)} recorded incidents, {still_open} of them open: what happened, and who was told.",
        nav=("Compliance", "Incidents"),
        key=keys.everything,
        toc=tuple((f"incident-{view.id}", view.incident.title) for view in found),
    )
