"""Waivers and legal holds: what was accepted, by whom, until when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from accredit.assess import VersionAssessment
from accredit.domain.waiver import Waiver
from accredit.gates import Result
from accredit.rules.waiver_validity import VALIDITY
from accredit.site import urls
from accredit.site.page import Page
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.keys import Keys
from accredit.site.pages.proofs import Proofs, ProofView


@dataclass(frozen=True)
class WaiverView:
    """One waiver with what it covers now."""

    catalogue: Catalogue
    id: str
    waiver: Waiver

    @property
    def in_force(self) -> bool:
        """Whether it counts on the day of the assessment."""
        return self.waiver.is_in_force_on(self.catalogue.as_of) and not self.faults

    @cached_property
    def faults(self) -> tuple[str, ...]:
        """Why it counts for nothing, though it may have time left."""
        model = self.catalogue.assessment.models.get(self.waiver.model)
        version = model.versions.get(self.waiver.version) if model else None
        found = (v for code in VALIDITY for v in version.results[code].verdicts) if version else ()
        path = f"waivers/{self.id}.yaml"
        return tuple(v.message for v in found if v.outcome == "fail" and v.at is not None and v.at.path == path)

    @property
    def proof(self) -> ProofView:
        """What history proves about who accepted it."""
        return Proofs.of_attestations(self.catalogue).of(f"waivers/{self.id}.yaml")

    @property
    def days_left(self) -> int:
        """Days until it ends; negative once it has."""
        return (self.waiver.expires - self.catalogue.as_of).days

    @property
    def covered(self) -> tuple[tuple[VersionAssessment, Result], ...]:
        """The results that it covers now; none for one that is not needed."""
        return self.catalogue.waived_by.get(self.id, ())


def pages(catalogue: Catalogue, keys: Keys) -> Iterator[Page]:
    """The page of waivers and holds."""
    registry = catalogue.registry
    proofs = Proofs.of_attestations(catalogue)
    views = [WaiverView(catalogue, i, w) for i, w in registry.waivers.items()]
    yield Page(
        url=urls.EXCEPTIONS,
        title="Waivers and holds",
        template="exceptions.html",
        data={
            "catalogue": catalogue,
            "waivers": sorted(views, key=lambda v: (not v.in_force, v.waiver.expires, v.id)),
            "holds": [(i, hold, proofs.of(f"holds/{i}.yaml")) for i, hold in sorted(registry.holds.items())],
        },
        summary="What was accepted although a rule does not hold, by whom and until when; and what must be kept.",
        nav=("People and sign-off", "Waivers and holds"),
        key=keys.everything,
        toc=(("waivers", "Waivers"), ("holds", "Legal holds")),
    )
