"""What a rule may know beside its subject: the registry, the policy, the day, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from accredit.domain.classification import effective_profile, effective_tier, facts_of
from accredit.domain.lifecycle import Lifecycle, lifecycle_of
from accredit.domain.lineage import Lineage, Upstream, lineage_of, upstreams_of
from accredit.domain.policy import Policy
from accredit.domain.predicate import Facts
from accredit.domain.registry import ModelVersion, RegisteredModel, Registry
from accredit.domain.value import ProfileId, Stage

T = TypeVar("T")


@dataclass(frozen=True)
class Standing:
    """How a model stands under the policy."""

    facts: Facts
    tier: int
    profile: ProfileId


@dataclass(frozen=True)
class Context:
    """Everything is derived from the registry, its policy and the day of the assessment."""

    registry: Registry
    policy: Policy
    as_of: date

    @cached_property
    def standings(self) -> Mapping[str, Standing]:
        """Model id to its standing."""
        return {m.id: self._standing(m) for m in self.registry.models.values()}

    def _standing(self, model: RegisteredModel) -> Standing:
        facts = facts_of(model, self.registry)
        tier = effective_tier(model, self.policy, facts)
        return Standing({**facts, "tier": tier}, tier, effective_profile(model, self.policy, facts))

    @cached_property
    def lifecycles(self) -> Mapping[str, Lifecycle]:
        """`model@version` to its lifecycle."""
        found = {}
        for version in self.registry.versions():
            standing = self.standings[version.model_id]
            found[version.key] = lifecycle_of(version, self.policy, standing.tier, standing.facts)
        return found

    @cached_property
    def waivers_in_force(self) -> Mapping[tuple[str, str, str], str]:
        """Rule, model and version to the id of the first waiver that covers them on the day."""
        found: dict[tuple[str, str, str], str] = {}
        for name, waiver in self.registry.waivers.items():
            if waiver.is_in_force_on(self.as_of):
                found.setdefault((waiver.rule, waiver.model, waiver.version), name)
        return found

    @cached_property
    def lineage(self) -> Lineage:
        """The lineage of the whole registry."""
        return lineage_of(self.registry)

    @cached_property
    def upstreams(self) -> Mapping[str, Upstream]:
        """`model@version` to all that the version was made from."""
        return upstreams_of(self.registry, self.lineage)

    @cached_property
    def columns_in_use(self) -> Mapping[str, frozenset[str]]:
        """Dataset id to the names of features, and of the columns behind them, that share an origin with the data."""
        used: dict[str, set[str]] = {}
        for name, features in self.registry.features.items():
            columns = {c for f in features.features for c in (f.name, *f.from_columns)}
            for node in self.lineage.upstream(f"features:{name}"):
                used.setdefault(node, set()).update(columns)
        found = {}
        for name in self.registry.datasets:
            node = f"dataset:{name}"
            found[name] = frozenset().union(*(used.get(n, ()) for n in (node, *self.lineage.upstream(node))))
        return found

    def upstream(self, version: ModelVersion) -> Upstream:
        """All datasets and feature sets that the version was made from, near and far."""
        return self.upstreams[version.key]

    @cached_property
    def _derived(self) -> dict[tuple[str, str], Any]:
        return {}

    def once(self, what: str, of: str, derive: Callable[[], T]) -> T:
        """What follows from the registry about a subject, derived for the first rule that asks and kept for the next.

        `derive` must depend on nothing but this context and the subject that `of` names.
        """
        found: T
        if (what, of) not in self._derived:
            self._derived[what, of] = derive()
        found = self._derived[what, of]
        return found

    def standing(self, subject: ModelVersion | RegisteredModel) -> Standing:
        """Facts, tier and profile of a model, or of the model of a version."""
        return self.standings[subject.model_id if isinstance(subject, ModelVersion) else subject.id]

    def stage(self, version: ModelVersion) -> Stage:
        """The stage that the version is in."""
        return self.lifecycles[version.key].stage

    def model(self, version: ModelVersion) -> RegisteredModel:
        """The model that the version belongs to."""
        return self.registry.models[version.model_id]

    def champion(self, version: ModelVersion) -> ModelVersion | None:
        """The version in production that this one would replace: the latest to get there, not the version itself."""
        others = [v for v in self.model(version).versions.values() if v.id != version.id]
        running = [v for v in others if self.stage(v) == "production"]
        return max(running, key=lambda v: str(self.lifecycles[v.key].since), default=None)

    @cached_property
    def role_holders(self) -> Mapping[str, frozenset[str]]:
        """Role to the ids of the people, bots left out, who hold it on the day."""
        holders: dict[str, set[str]] = {}
        for person_id, person in self.registry.people.items():
            for role in person.roles_on(self.as_of) if person.kind == "person" else ():
                holders.setdefault(role, set()).add(person_id)
        return {role: frozenset(people) for role, people in holders.items()}

    def is_active(self, person: str | None) -> bool:
        """Whether somebody is registered, a person and not a bot, and works here on the day."""
        found = self.registry.people.get(person or "")
        return found is not None and found.kind == "person" and found.is_active_on(self.as_of)
