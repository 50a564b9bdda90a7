"""The assessment with the indexes that pages share. Computed once, whatever the number of pages."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from accredit.assess import Assessment, ModelAssessment, VersionAssessment
from accredit.comparison.sheet import Sheet
from accredit.domain.columns import uses_of_columns
from accredit.domain.control_status import ControlStatus
from accredit.domain.dues import Agenda, Due
from accredit.domain.framework import Framework
from accredit.domain.paths import parse_path
from accredit.domain.policy import Policy
from accredit.domain.registry import Registry
from accredit.domain.value import Stage
from accredit.domain.verification import Signoff
from accredit.findings import Finding, Location
from accredit.gates import Result
from accredit.problems import Status, statuses_of
from accredit.rules.rule import Verdict
from accredit.signing.as_of import Replay

DEPLOY = "review->production"
"""The move whose gate is Deploy(M)."""


@dataclass(frozen=True)
class Catalogue:
    """What every page may know. `source` is the address under which the registry's files can be read, or empty."""

    assessment: Assessment
    source: str = ""
    replays: tuple[Replay, ...] = ()
    """The last month ends, oldest first; none where no history was asked."""

    @property
    def registry(self) -> Registry:
        """The registry."""
        return self.assessment.registry

    @property
    def policy(self) -> Policy | None:
        """The policy, unless it is missing or broken."""
        return self.assessment.registry.policy

    @property
    def id(self) -> str | None:
        """Id of the registry; None where registry.yaml is missing or broken."""
        return self.registry.identity.id if self.registry.identity else None

    def stage_name(self, stage: Stage) -> str:
        """A stage as policy calls it."""
        return self.policy.stages[stage].name if self.policy else stage.capitalize()

    @property
    def as_of(self) -> date:
        """The day of the assessment."""
        return self.assessment.as_of

    @cached_property
    def frameworks(self) -> Mapping[str, Framework]:
        """The catalogues of controls that policy reports on and that are known, by id, in the order of policy."""
        context = self.assessment.context
        if context is None:
            return {}
        known = context.catalogue.frameworks
        return {name: known[name] for name in context.policy.catalogue.reported if name in known}

    @property
    def models(self) -> tuple[ModelAssessment, ...]:
        """Every model, by name."""
        return self._sorted

    @cached_property
    def _sorted(self) -> tuple[ModelAssessment, ...]:
        return tuple(sorted(self.assessment.models.values(), key=lambda m: (m.model.record.name.lower(), m.model.id)))

    def versions(self) -> Iterator[VersionAssessment]:
        """Every version of every model."""
        for model in self.models:
            yield from model.versions.values()

    @cached_property
    def production(self) -> tuple[VersionAssessment, ...]:
        """The versions in production."""
        return tuple(v for v in self.versions() if v.stage == "production")

    def model_of(self, version: VersionAssessment) -> ModelAssessment:
        """The model of a version."""
        return self.assessment.models[version.version.model_id]

    @cached_property
    def findings(self) -> Mapping[str, tuple[Finding, ...]]:
        """Subject to its findings, gravest first."""
        found: dict[str, list[Finding]] = {}
        for finding in self.assessment.findings:
            found.setdefault(finding.subject, []).append(finding)
        return {s: tuple(sorted(f, key=lambda x: -x.severity)) for s, f in found.items()}

    @cached_property
    def _places(self) -> Mapping[tuple[str, str, str], Location]:
        return {(f.code, f.location.path, f.message): f.location for f in self.assessment.findings}

    def place_of(self, code: str, verdict: Verdict) -> Location | None:
        """Where a verdict points to, with its line. Findings know theirs; others are looked up in the file."""
        if verdict.at is None:
            return None
        known = self._places.get((code, verdict.at.path, verdict.message))
        return known or self.assessment.locate(verdict.at)

    @cached_property
    def broken_rules(self) -> Mapping[str, tuple[tuple[VersionAssessment, Result], ...]]:
        """Code of a rule to the versions for which it does not hold."""
        found: dict[str, list[tuple[VersionAssessment, Result]]] = {}
        for version in self.versions():
            for code, result in version.results.items():
                if result.outcome not in ("pass", "not_applicable"):
                    found.setdefault(code, []).append((version, result))
        return {code: tuple(pairs) for code, pairs in found.items()}

    @cached_property
    def waived_by(self) -> Mapping[str, tuple[tuple[VersionAssessment, Result], ...]]:
        """Id of a waiver to the results that it covers."""
        found: dict[str, list[tuple[VersionAssessment, Result]]] = {}
        for pairs in self.broken_rules.values():
            for version, result in pairs:
                if result.waiver:
                    found.setdefault(result.waiver, []).append((version, result))
        return {waiver: tuple(pairs) for waiver, pairs in found.items()}

    @cached_property
    def signoffs(self) -> Mapping[str, tuple[Signoff, ...]]:
        """`model@version` to its sign-offs as history shows them; empty for those on people and policy."""
        found: dict[str, list[Signoff]] = {}
        proof = self.assessment.verification
        for path, signoff in sorted(proof.signoffs.items()) if proof else ():
            entry = parse_path(path)
            found.setdefault(f"{entry.model}@{entry.version}" if entry and entry.model else "", []).append(signoff)
        return {subject: tuple(signoffs) for subject, signoffs in found.items()}

    @cached_property
    def column_uses(self) -> Mapping[tuple[str, str], tuple[tuple[str, str], ...]]:
        """Dataset and column to the features that come from it."""
        return uses_of_columns(self.registry)

    @cached_property
    def agenda(self) -> Agenda | None:
        """What days to come follow from; None without a policy."""
        standings = {name: model.standing for name, model in self.assessment.models.items()}
        lifecycles = self.assessment.lifecycles
        return Agenda(self.registry, self.policy, lifecycles, standings, self.as_of) if self.policy else None

    @cached_property
    def dues(self) -> tuple[Due, ...]:
        """Everything with a day, past ones that are still open too; earliest first."""
        return self.agenda.dues() if self.agenda else ()

    def controls(self, model: str, version: VersionAssessment | None) -> tuple[ControlStatus, ...]:
        """What the records show about each control that policy reports on, for one version or a model without any."""
        key = model, version.version.id if version else None
        if key not in self._controls:
            self._controls[key] = self.assessment.controls(*key)
        return self._controls[key]

    @cached_property
    def _controls(self) -> dict[tuple[str, str | None], tuple[ControlStatus, ...]]:
        return {}

    @cached_property
    def sheets(self) -> dict[str, Sheet]:
        """`model@version` to what is compared of it, for some versions that were asked for lately."""
        return {}

    @cached_property
    def statuses(self) -> Mapping[str, Status]:
        """Node of the lineage to what is wrong with it or upstream of it."""
        return statuses_of(self.assessment)

    @cached_property
    def _paths(self) -> Sequence[str]:
        return sorted(self.registry.digests)

    def below(self, folder: str) -> Sequence[str]:
        """Paths of the files in a folder, which ends in a slash, at any depth."""
        paths = self._paths
        return paths[bisect_left(paths, folder) : bisect_left(paths, f"{folder[:-1]}0")]

    def users_of(self, node: str) -> tuple[VersionAssessment, ...]:
        """The versions that were made from a node of the lineage, near or far."""
        reached = self.assessment.lineage.downstream(node)
        keys = sorted(n.partition(":")[2] for n in reached if n.startswith("version:"))
        return tuple(self.assessment.version(k) for k in keys if self._has(k))

    def _has(self, key: str) -> bool:
        model, _, version = key.partition("@")
        return model in self.assessment.models and version in self.assessment.models[model].versions
