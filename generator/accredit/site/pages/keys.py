"""What a page depends on, as one digest: a page whose key is unchanged need not be drawn again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from accredit.assess import ModelAssessment, VersionAssessment
from accredit.rules.rule import Verdict
from accredit.site.neighbourhood import cut
from accredit.site.pages.catalogue import Catalogue

_SHARED = (
    "registry.yaml",
    "policy.yaml",
    "people/",
    "waivers/",
    "holds/",
    "incidents/",
    "frameworks/",
    "determinations/",
)


def digest_of(parts: Iterable[object]) -> str:
    """One digest of many values, by their representations and in their order."""
    state = hashlib.sha256()
    for part in parts:
        state.update(repr(part).encode("utf-8", "surrogatepass") + b"\x00")
    return state.hexdigest()


@dataclass(frozen=True)
class Keys:
    """Page keys of one assessment."""

    catalogue: Catalogue

    @cached_property
    def everything(self) -> str:
        """Changes with any file, any result and the day: for pages that show the whole registry."""
        files = sorted(self.catalogue.registry.digests.items())
        broken = sorted(self.catalogue.registry.broken)
        results = sorted(self._results.items())
        return digest_of([self.catalogue.source, self.catalogue.as_of, files, broken, results, self._history])

    @cached_property
    def _history(self) -> str:
        """Changes with anything that the history proves, and with why it proves nothing."""
        proof = self.catalogue.assessment.verification
        known = [self.catalogue.assessment.unproved]
        if proof is None:
            return digest_of(known)
        ends = [proof.genesis, proof.tip, proof.folder, proof.governance]
        said = sorted(proof.attestations.items())
        return digest_of([*known, *ends, sorted(proof.signoffs.items()), *said, proof.breaches, proof.moves])

    @cached_property
    def shared(self) -> str:
        """Changes with the day and with what every page shows: people, policy, exceptions."""
        files = [f for f in sorted(self.catalogue.registry.digests.items()) if f[0].startswith(_SHARED)]
        proof, unproved = self.catalogue.assessment.verification, self.catalogue.assessment.unproved
        known = [unproved, *([proof.folder, proof.standing_breaches()] if proof else [])]
        return digest_of([self.catalogue.source, self.catalogue.as_of, files, known])

    @cached_property
    def _proofs(self) -> Mapping[str, list[object]]:
        """`model@version` to what history says of it: sign-offs, breaches and moves."""
        found: dict[str, list[object]] = {}
        proof = self.catalogue.assessment.verification
        for subject, signoffs in self.catalogue.signoffs.items():
            found.setdefault(subject, []).append(signoffs)
        for breach in proof.breaches if proof else ():
            found.setdefault(breach.subject, []).append(breach)
        for move in proof.moves if proof else ():
            found.setdefault(move.subject, []).append(move)
        return found

    @cached_property
    def _by_folder(self) -> Mapping[str, list[tuple[str, str]]]:
        """`models/<model>` and `models/<model>/versions/<version>` to the files in it that are not deeper."""
        found: dict[str, list[tuple[str, str]]] = {}
        for path, sha256 in sorted(self.catalogue.registry.digests.items()):
            parts = path.split("/")
            if parts[0] == "models":
                found.setdefault("/".join(parts[:2] if len(parts) == 3 else parts[:4]), []).append((path, sha256))
        return found

    @cached_property
    def _results(self) -> Mapping[str, str]:
        """`model@version` to a digest that changes with any outcome, reason or waiver of it, and with its stage."""
        return {v.version.key: self._digest_of_results(v) for v in self.catalogue.versions()}

    def _digest_of_results(self, version: VersionAssessment) -> str:
        results = [
            (code, r.outcome, r.waiver, [(v.outcome, v.message, v.help, self._file(v)) for v in r.verdicts])
            for code, r in version.results.items()
        ]
        # Times as text, not by their repr, which tells how they were parsed.
        steps = [
            (s.transition.sha256, s.status, s.missing, str(s.at), str(s.until), str(s.review_due))
            for s in version.lifecycle.steps
        ]
        proof, since = self._proofs.get(version.version.key), str(version.lifecycle.since)
        return digest_of([version.lifecycle.stage, since, steps, proof, results, sorted(version.gates)])

    def _file(self, verdict: Verdict) -> tuple[str, str] | None:
        """The file that a verdict points to, with its digest: the line may move though the message stays."""
        if verdict.at is None:
            return None
        return verdict.at.path, self.catalogue.registry.digests.get(verdict.at.path, "")

    def version(self, version: VersionAssessment) -> str:
        """For the page of a version."""
        return self._versions[version.version.key]

    @cached_property
    def _versions(self) -> Mapping[str, str]:
        return {v.version.key: self._digest_of_version(v) for v in self.catalogue.versions()}

    def _digest_of_version(self, version: VersionAssessment) -> str:
        model = version.version.model_id
        folders = (f"models/{model}", f"models/{model}/versions/{version.version.id}")
        files = [self._by_folder.get(folder, []) for folder in folders]
        others = self.catalogue.model_of(version).versions.values()
        siblings = [(v.version.id, v.stage, str(v.lifecycle.since)) for v in others]
        used = {u.dataset for u in version.version.record.datasets} | {
            e.data.dataset for e in version.version.evaluations.values()
        }
        names = [(d, getattr(self.catalogue.registry.datasets.get(d), "name", None)) for d in sorted(used)]
        near = self.lineage(f"version:{version.version.key}")
        return digest_of([self.shared, files, siblings, names, near, self._results[version.version.key]])

    def model(self, model: ModelAssessment, versions: Sequence[VersionAssessment]) -> str:
        """For the page of a model."""
        parts = [self.version(v) for v in versions]
        return digest_of([self.shared, self._by_folder.get(f"models/{model.model.id}", []), model.standing, parts])

    def below(self, folder: str) -> str:
        """Changes with any file in a folder, which ends in a slash."""
        return digest_of((p, self.catalogue.registry.digests[p]) for p in self.catalogue.below(folder))

    def data(self, node: str, path: str, users: Iterable[VersionAssessment]) -> str:
        """For the page of a dataset or feature set."""
        seen = [(v.version.key, v.stage, self.catalogue.model_of(v).model.record.name) for v in users]
        findings = [f for f in self.catalogue.assessment.findings if f.location.path == path]
        file = self.catalogue.registry.digests.get(path)
        return digest_of([self.shared, path, file, seen, self.lineage(node), findings])

    def lineage(self, *nodes: str) -> str:
        """Changes with the diagram around some nodes."""
        part = cut(self.catalogue.assessment.lineage, nodes)
        edges = [(e.source, e.target, e.role, e.digest) for e in part.edges]
        return digest_of([part.nodes, edges, part.more])
