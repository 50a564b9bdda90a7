"""What controls are asked of: a model, one version of it, and everything that may be evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from accredit.domain.control_status import RuleOutcome
from accredit.domain.dataset import Dataset
from accredit.domain.lifecycle import Lifecycle
from accredit.domain.policy import Policy
from accredit.domain.predicate import Facts
from accredit.domain.registry import ModelVersion, RegisteredModel, Registry
from accredit.domain.schedule import Kept, schedule_of
from accredit.domain.signoff import Assurance
from accredit.domain.verification import Verification


@dataclass(frozen=True)
class Subject:
    """One model on a day, judged by one version; a model without versions has none."""

    registry: Registry
    policy: Policy
    as_of: date
    model: RegisteredModel
    version: ModelVersion | None
    lifecycle: Lifecycle
    facts: Facts
    datasets: Mapping[str, Dataset]
    """Everything that the version was made from, near and far."""
    outcomes: Mapping[str, RuleOutcome]
    """Rule code to how it came out for the version; the rules on controls themselves are not among them."""
    verification: Verification | None = None
    """What history proves; None where only the files are known."""
    assurance: Assurance = "declared"
    """How sure policy wants to be of who decided."""

    @cached_property
    def schedule(self) -> tuple[Kept, ...]:
        """Every record of the version with how long it is kept."""
        if self.version is None:
            return ()
        return schedule_of(self.version, self.registry, self.policy, self.facts, self.lifecycle, self.as_of)
