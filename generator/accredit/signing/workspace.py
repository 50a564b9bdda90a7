"""A registry with everything that a person who signs has to know: its files, its history, and the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from accredit.assess import Assessment, VersionAssessment, assess
from accredit.domain.dues import Agenda
from accredit.domain.lifecycle import Lifecycle
from accredit.domain.policy import Policy
from accredit.domain.registry import ModelVersion
from accredit.domain.verification import Verification
from accredit.errors import PolicyError, UsageError
from accredit.loading.tree import Loaded
from accredit.rules.context import Context


@dataclass(frozen=True)
class Workspace:
    """A registry at a moment, with what its history proves; without it sign-offs are as their files declare them."""

    loaded: Loaded
    now: datetime
    verification: Verification | None = None

    @property
    def today(self) -> date:
        """The day for which rules and roles are looked at."""
        return self.now.date()

    @property
    def policy(self) -> Policy:
        """The policy.

        Raises:
            PolicyError: where there is none that can be read.
        """
        if self.loaded.registry.policy is None:
            raise PolicyError("the registry has no policy that can be read", "See what is wrong: accredit check")
        return self.loaded.registry.policy

    @property
    def registry_id(self) -> str:
        """The registry's id, which every record names."""
        if self.loaded.registry.identity is None:
            raise UsageError("registry.yaml cannot be read", "See what is wrong: accredit check")
        return self.loaded.registry.identity.id

    @cached_property
    def context(self) -> Context:
        """What rules would know."""
        return Context(self.loaded.registry, self.policy, self.today, self.verification)

    @property
    def agenda(self) -> Agenda:
        """What falls due."""
        known = self.context
        return Agenda(self.loaded.registry, self.policy, known.lifecycles, known.standings, self.today)

    @cached_property
    def assessment(self) -> Assessment:
        """The registry under every rule."""
        return assess(self.loaded, self.today, self.verification)

    def version(self, model: str, version: str) -> ModelVersion:
        """A version by its ids.

        Raises:
            UsageError: where there is none, or its record cannot be read.
        """
        found = self.loaded.registry.models.get(model)
        if found is None:
            known = ", ".join(self.loaded.registry.models) or "none"
            raise UsageError(f"there is no model {model} that can be read", f"Known models: {known}.")
        if version not in found.versions:
            known = ", ".join(found.versions) or "none"
            raise UsageError(f"there is no version {version} of {model} that can be read", f"Known versions: {known}.")
        return found.versions[version]

    def assessed(self, version: ModelVersion) -> VersionAssessment:
        """A version under every rule."""
        _ = self.policy  # without one, nothing is assessed
        return self.assessment.version(version.key)

    def lifecycle(self, version: ModelVersion) -> Lifecycle:
        """The steps of a version, as far as they are known to count."""
        return self.context.lifecycles[version.key]

    def unused(self, path: str) -> str:
        """The path of a record that is to be written, if none was there before: another one in its place never counts.

        Raises:
            UsageError: where one landed and was deleted.
        """
        landed = self.verification.arrivals.get(path) if self.verification else None
        if landed is not None and path not in self.loaded.registry.digests:
            remedy = f"Bring it back: git checkout {landed.commit[:12]} -- its file and signature. A record stays."
            raise UsageError(f"{path} landed in {landed.commit[:12]} and was deleted since", remedy)
        return path

    def doubts(self, path: str) -> str:
        """What history says against a record; nothing where it counts or history does not know it."""
        signoff = self.verification.signoffs.get(path) if self.verification else None
        return "; ".join(d.message for d in signoff.doubts) if signoff else ""
