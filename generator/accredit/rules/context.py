"""What a rule may know beside its subject: the registry, the policy, the day, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from accredit.domain.classification import effective_profile, effective_tier, facts_of
from accredit.domain.declared import Circumstances, lifecycle_of
from accredit.domain.lifecycle import Lifecycle, Step
from accredit.domain.lineage import Lineage, Upstream, lineage_of, upstreams_of
from accredit.domain.paths import parse_path
from accredit.domain.policy import Outcome, Policy
from accredit.domain.predicate import Facts
from accredit.domain.registry import ModelVersion, RegisteredModel, Registry
from accredit.domain.urgency import hindrances
from accredit.domain.value import ProfileId, Stage
from accredit.domain.verification import Signoff, Verification
from accredit.frameworks.catalogue import Catalogue, catalogue_of

T = TypeVar("T")


@dataclass(frozen=True)
class Standing:
    """How a model stands under the policy."""

    facts: Facts
    tier: int
    profile: ProfileId


@dataclass(frozen=True)
class VersionOutcomes:
    """A version with the outcome of every rule before waivers: what the rules about its waivers look at."""

    version: ModelVersion
    outcomes: Mapping[str, Outcome]
    """Rule code to outcome; the rules about waivers are not among them."""


@dataclass(frozen=True)
class Context:
    """Everything is derived from the registry, its policy and the day of the assessment."""

    registry: Registry
    policy: Policy
    as_of: date
    verification: Verification | None = None
    """What history proves; None where only the files are known, so that sign-offs are no more than declared."""

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
        """`model@version` to its lifecycle: as history proves it, or without history as the files declare it."""
        if self.verification is not None:
            proven = self.verification.lifecycles
            return {version.key: proven.get(version.key, Lifecycle()) for version in self.registry.versions()}
        found = {}
        for version in self.registry.versions():
            standing, known = self.standings[version.model_id], self.registry
            given = Circumstances(self.policy, standing.tier, standing.facts, known.holds, known.incidents)
            found[version.key] = lifecycle_of(version, given)
        return found

    @cached_property
    def catalogue(self) -> Catalogue:
        """The frameworks that are shipped, with those of the organisation."""
        return catalogue_of(self.registry)

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

    def hindrances(self, version: ModelVersion, step: Step) -> Iterator[tuple[str, str]]:
        """What the files say against an emergency when it was asked for; nothing against an ordinary move."""
        before, request = self.lifecycles[version.key].before(step), step.transition.request
        known, tier, day = self.registry, self.standing(version).tier, request.requested_at.date()
        yield from hindrances(request, before, self.policy, tier, day, known.holds, known.incidents)

    def model(self, version: ModelVersion) -> RegisteredModel:
        """The model that the version belongs to."""
        return self.registry.models[version.model_id]

    def champion(self, version: ModelVersion) -> ModelVersion | None:
        """The version in production that this one would replace: the latest to get there, not the version itself."""
        others = [v for v in self.model(version).versions.values() if v.id != version.id]
        running = [v for v in others if self.stage(v) == "production"]
        return max(running, key=lambda v: str(self.lifecycles[v.key].since), default=None)

    @cached_property
    def roles_held(self) -> Mapping[str, frozenset[str]]:
        """Id of a person, bots left out, to the roles held on the day; nobody who holds none is among them."""
        people = ((i, p.roles_on(self.as_of)) for i, p in self.registry.people.items() if p.kind == "person")
        return {person: roles for person, roles in people if roles}

    @cached_property
    def role_holders(self) -> Mapping[str, frozenset[str]]:
        """Role to the ids of the people, bots left out, who hold it on the day."""
        holders: dict[str, set[str]] = {}
        for person, roles in self.roles_held.items():
            for role in roles:
                holders.setdefault(role, set()).add(person)
        return {role: frozenset(people) for role, people in holders.items()}

    @cached_property
    def waivers(self) -> Mapping[str, tuple[str, ...]]:
        """`model@version` to the ids of its waivers, the first to be granted first."""
        found: dict[str, list[str]] = {}
        for name, waiver in sorted(self.registry.waivers.items(), key=lambda item: (item[1].granted, item[0])):
            found.setdefault(f"{waiver.model}@{waiver.version}", []).append(name)
        return {version: tuple(names) for version, names in found.items()}

    def signoffs_of(self, version: ModelVersion) -> Mapping[str, Signoff]:
        """Path to what history shows of a request, decision or closing of the version; nothing without a history."""
        return self._signoffs.get(version.key, {})

    @cached_property
    def _signoffs(self) -> Mapping[str, Mapping[str, Signoff]]:
        found: dict[str, dict[str, Signoff]] = {}
        for path, signoff in sorted(self.verification.signoffs.items()) if self.verification else ():
            if (entry := parse_path(path)) and entry.version:
                found.setdefault(f"{entry.model}@{entry.version}", {})[path] = signoff
        return found

    def is_active(self, person: str | None) -> bool:
        """Whether somebody is registered, a person and not a bot, and works here on the day."""
        found = self.registry.people.get(person or "")
        return found is not None and found.kind == "person" and found.is_active_on(self.as_of)
