"""What the records show about controls, counted and sorted for pages; worked out only for those that are drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from accredit.assess import ModelAssessment, VersionAssessment
from accredit.domain.control_status import ROLL_UP, ControlStatus, EvidenceRow, Status, roll_up
from accredit.domain.framework import Framework
from accredit.findings import Location
from accredit.frameworks.evaluate import is_stale
from accredit.site.pages.catalogue import Catalogue


@dataclass(frozen=True)
class Tally:
    """The controls of one framework for one model, counted."""

    framework_id: str
    framework: Framework
    statuses: tuple[ControlStatus, ...]

    @cached_property
    def counts(self) -> Counter[Status]:
        """Status to the number of controls that have it."""
        return Counter(s.status for s in self.statuses)

    @property
    def applicable(self) -> int:
        """How many controls apply, or may."""
        return len(self.statuses) - self.counts["not_applicable"]

    @property
    def state(self) -> Status:
        """The gravest status of them all."""
        return roll_up(self.counts)

    @cached_property
    def early(self) -> tuple[ControlStatus, ...]:
        """Those that apply, or may, and are not yet in force."""
        return tuple(s for s in self.statuses if s.not_yet_in_force and s.status != "not_applicable")

    @property
    def first_day(self) -> date | None:
        """The day on which the next of them comes into force."""
        return min((s.in_force_from for s in self.early if s.in_force_from), default=None)

    @cached_property
    def listed(self) -> tuple[ControlStatus, ...]:
        """Those to show one by one, gravest first; not those that the recorded facts rule out by themselves."""
        found = [s for s in self.statuses if s.status != "not_applicable" or s.determination is not None]
        return tuple(sorted(found, key=lambda s: ROLL_UP.index(s.status)))

    @property
    def ruled_out(self) -> tuple[ControlStatus, ...]:
        """Those that the recorded facts rule out."""
        return tuple(s for s in self.statuses if s.status == "not_applicable" and s.determination is None)

    def with_status(self, status: Status) -> tuple[ControlStatus, ...]:
        """Those with one status."""
        return tuple(s for s in self.statuses if s.status == status)


@dataclass(frozen=True)
class ModelControls:
    """The controls of every framework for one version, or for a model that has none."""

    catalogue: Catalogue
    model: ModelAssessment
    version: VersionAssessment | None

    @cached_property
    def tallies(self) -> tuple[Tally, ...]:
        """One a framework, in the order of policy."""
        found: dict[str, list[ControlStatus]] = {}
        for status in self.catalogue.controls(self.model.model.id, self.version):
            found.setdefault(status.of.framework_id, []).append(status)
        return tuple(Tally(name, every[0].of.framework, tuple(every)) for name, every in found.items())

    @cached_property
    def by_framework(self) -> Mapping[str, Tally]:
        """Framework id to its controls."""
        return {t.framework_id: t for t in self.tallies}

    @property
    def reaching(self) -> tuple[Tally, ...]:
        """The frameworks of which some control applies, or may, or was decided not to."""
        return tuple(t for t in self.tallies if t.listed)

    @property
    def beyond(self) -> tuple[Tally, ...]:
        """The frameworks that the recorded facts rule out as a whole."""
        return tuple(t for t in self.tallies if not t.listed)

    @property
    def state(self) -> Status:
        """The gravest status of all."""
        return roll_up(t.state for t in self.tallies)

    @property
    def counts(self) -> Counter[Status]:
        """Status to the number of controls that have it, over all frameworks."""
        return sum((t.counts for t in self.tallies), Counter())

    def every(self, status: Status) -> tuple[ControlStatus, ...]:
        """The controls of all frameworks with a status."""
        return tuple(s for t in self.tallies for s in t.with_status(status))

    @property
    def missing_facts(self) -> tuple[tuple[str, int], ...]:
        """Facts that nobody recorded, with the number of controls that wait for each; the most wanted first."""
        counts = Counter(fact for t in self.tallies for s in t.statuses for fact in s.missing_facts)
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def place(self, at: Location | None) -> Location | None:
        """A place with its line."""
        return self.catalogue.assessment.locate(at) if at is not None else None


@dataclass(frozen=True)
class Compliance:
    """The frameworks that policy reports on, with every model under them."""

    catalogue: Catalogue

    @property
    def frameworks(self) -> Mapping[str, Framework]:
        """By id, in the order of policy."""
        return self.catalogue.frameworks

    @cached_property
    def models(self) -> tuple[ModelControls, ...]:
        """Every model with its current version, those in production first and then by name."""
        return tuple(sorted(self._by_id.values(), key=lambda c: c.version is None or c.version.stage != "production"))

    @cached_property
    def _by_id(self) -> Mapping[str, ModelControls]:
        current = self.catalogue.assessment.current
        return {m.model.id: ModelControls(self.catalogue, m, current(m.model.id)) for m in self.catalogue.models}

    @property
    def counts(self) -> Counter[Status]:
        """Status to the number of controls that have it, over all models and frameworks."""
        return sum((m.counts for m in self.models), Counter())

    def of(self, model: ModelAssessment) -> ModelControls:
        """One model with its current version."""
        return self._by_id[model.model.id]

    @property
    def enforced(self) -> tuple[str, ...]:
        """Ids of the frameworks whose controls gates ask for."""
        policy = self.catalogue.policy
        return policy.catalogue.enforce if policy else ()

    def is_stale(self, framework: Framework) -> bool:
        """Whether a catalogue was checked longer ago than policy allows."""
        policy = self.catalogue.policy
        return policy is not None and is_stale(framework, policy, self.catalogue.as_of)

    @cached_property
    def reaching(self) -> tuple[str, ...]:
        """Ids of the frameworks of which some control concerns some model."""
        return tuple(n for n in self.frameworks if any(m.by_framework[n].listed for m in self.models))


def lacking(status: ControlStatus) -> tuple[EvidenceRow, ...]:
    """The evidence that is missing, or that somebody must look at where none is missing."""
    missing = tuple(r for r in status.rows if r.state == "missing")
    return missing or tuple(r for r in status.rows if r.state in ("open", "not_applicable"))
