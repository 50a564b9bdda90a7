"""Everything the registry says, indexed: the only input of rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pydantic import Field

from accredit.domain.card import Card
from accredit.domain.dataset import Dataset
from accredit.domain.determination import Determination
from accredit.domain.evaluation import Evaluation
from accredit.domain.features import FeatureSet
from accredit.domain.framework import Framework
from accredit.domain.incident import Incident
from accredit.domain.model import Model
from accredit.domain.operation import Decisions, Deployment, Monitoring
from accredit.domain.person import Person
from accredit.domain.policy import Policy
from accredit.domain.signoff import Approval, ChangeRequest, Closing, Request
from accredit.domain.stored import Record, StorageCheck
from accredit.domain.validation import Validation
from accredit.domain.value import Line, Markdown, Value
from accredit.domain.version import Version
from accredit.domain.waiver import Hold, Waiver


class TrustRoot(Value):
    """What an auditor pins: the first commit and the people who could sign then."""

    commit: Line | None = Field(None, description="The first commit of the registry, as an auditor pins it.")
    admins: tuple[Line, ...] = Field((), description="People who could sign changes of people and policy at the start.")


class RegistryIdentity(Value):
    """`registry.yaml`: which registry this is."""

    format: int = Field(ge=1, le=1, description="Version of the registry format.")
    id: str = Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", description="A UUID, never reused.")
    name: Line = Field(description="Name of the registry, as readers of the site know it.")
    description: Markdown | None = Field(None, description="What the registry covers, in Markdown.")
    notice: Markdown | None = Field(None, description="Shown on every page, for example that people are made up.")
    trust: TrustRoot = TrustRoot()


@dataclass(frozen=True, slots=True)
class Transition:
    """One step of a version's chain: the request, its digest, what reviewers said, and what closed their conditions."""

    request: Request
    sha256: str
    approvals: Mapping[str, Approval] = field(default_factory=dict)
    closings: Mapping[str, Closing] = field(default_factory=dict)


@dataclass(frozen=True)
class ModelVersion:
    """One version with everything recorded about it. Parts that are absent or broken are None or missing."""

    model_id: str
    id: str
    record: Version
    content: str = ""
    """Digest of the version's content, as sign-offs bind it."""
    card: Card | None = None
    evaluations: Mapping[str, Evaluation] = field(default_factory=dict)
    validations: Mapping[str, Validation] = field(default_factory=dict)
    monitoring: Mapping[str, Monitoring] = field(default_factory=dict)
    deployments: Mapping[str, Deployment] = field(default_factory=dict)
    decisions: Mapping[str, Decisions] = field(default_factory=dict)
    records: Mapping[str, Record] = field(default_factory=dict)
    """Class, or class and name joined by a dot, to a record that is kept elsewhere."""
    verifications: Mapping[str, StorageCheck] = field(default_factory=dict)
    transitions: tuple[Transition, ...] = ()

    @property
    def key(self) -> str:
        """`model@version`."""
        return f"{self.model_id}@{self.id}"


@dataclass(frozen=True)
class RegisteredModel:
    """A model with its versions, oldest first."""

    id: str
    record: Model
    versions: Mapping[str, ModelVersion] = field(default_factory=dict)


@dataclass(frozen=True)
class Registry:
    """A registry as loaded. Broken files are absent; their findings lie beside it."""

    identity: RegistryIdentity | None
    policy: Policy | None
    people: Mapping[str, Person] = field(default_factory=dict)
    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    features: Mapping[str, FeatureSet] = field(default_factory=dict)
    models: Mapping[str, RegisteredModel] = field(default_factory=dict)
    waivers: Mapping[str, Waiver] = field(default_factory=dict)
    holds: Mapping[str, Hold] = field(default_factory=dict)
    incidents: Mapping[str, Incident] = field(default_factory=dict)
    frameworks: Mapping[str, Framework] = field(default_factory=dict)
    """Catalogues of the organisation: its own, and what it adds to or replaces in those that are shipped."""
    determinations: Mapping[str, Determination] = field(default_factory=dict)
    changes: Mapping[str, ChangeRequest] = field(default_factory=dict)
    change_approvals: Mapping[str, Mapping[str, Approval]] = field(default_factory=dict)
    """Number of a change, as `changes` has it, to decisions by person."""
    digests: Mapping[str, str] = field(default_factory=dict)
    """Path to SHA-256 of the bytes, for every file of the registry."""
    broken: frozenset[str] = frozenset()
    """Paths of files that exist but could not become an entry."""

    def versions(self) -> Iterator[ModelVersion]:
        """Every version of every model."""
        for model in self.models.values():
            yield from model.versions.values()

    def model_of(self, version: ModelVersion) -> RegisteredModel:
        """The model that a version belongs to."""
        return self.models[version.model_id]

    def behind(self, person: str) -> str:
        """The person who answers: for a bot, the one who is responsible for it; otherwise the person."""
        found = self.people.get(person)
        return found.responsible or person if found is not None and found.kind == "bot" else person

    @cached_property
    def incidents_of(self) -> Mapping[str, tuple[str, ...]]:
        """Model id to the ids of its incidents."""
        found: dict[str, list[str]] = {}
        for name, incident in sorted(self.incidents.items()):
            found.setdefault(incident.model, []).append(name)
        return {model: tuple(names) for model, names in found.items()}

    @cached_property
    def teams(self) -> Mapping[str, tuple[str, ...]]:
        """Team id to the ids of its members."""
        members: dict[str, list[str]] = {}
        for person_id, person in self.people.items():
            for team in person.teams:
                members.setdefault(team, []).append(person_id)
        return {team: tuple(ids) for team, ids in members.items()}
