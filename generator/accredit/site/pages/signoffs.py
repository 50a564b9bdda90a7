"""Requests and approvals as a story: who asked for what, who signed, and what is still missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from accredit.assess import VersionAssessment
from accredit.domain.lifecycle import Step
from accredit.domain.paths import version_path
from accredit.domain.signoff import Approval, Request
from accredit.domain.value import Stage
from accredit.site.charts.chart import Chart
from accredit.site.charts.timeline import Mark, Span, timeline
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.proofs import Proofs, ProofView
from accredit.site.pages.stages import in_sentence

_EMERGENCIES = {"suspend": "suspension", "rollback": "emergency rollback", "deploy": "emergency deploy"}
"""What an emergency is called, by its kind."""


@dataclass(frozen=True)
class DecisionView:
    """A reviewer's decision: what the file says, and what history proves of it."""

    path: str
    approval: Approval | None
    """None for a file that is gone or cannot be read."""
    proof: ProofView


@dataclass(frozen=True)
class StepView:
    """One transition with its approvals in order of time."""

    version: VersionAssessment
    step: Step
    path: str
    """The request's file."""
    proofs: Proofs
    status: str
    policy_sha256: str

    @property
    def request(self) -> Request:
        """What was asked."""
        return self.step.transition.request

    @property
    def seq(self) -> int:
        """The number of the folder, whatever the request says."""
        return int(self.path.split("/")[5])

    @property
    def proof(self) -> ProofView:
        """What history proves of the request."""
        return self.proofs.of(self.path)

    @cached_property
    def approvals(self) -> tuple[DecisionView, ...]:
        """Decisions of reviewers, oldest first; those that name other bytes than this request come last."""
        folder = f"{self.path.removesuffix('request.yaml')}approvals/"
        landed = {f"{folder}{who}.yaml": a for who, a in self.step.transition.approvals.items()}
        filed = {f"{folder}{who}.yaml": a for who, a in self._filed.items()}
        proofs = {path: self.proofs.of(path) for path in sorted({*landed, *filed, *self.proofs.below(folder)})}
        kept = landed | {p: a for p, a in filed.items() if p not in landed and not proofs[p].is_changed}
        found = [DecisionView(path, kept.get(path), proof) for path, proof in proofs.items()]
        return tuple(sorted(found, key=lambda d: (not self.binds(d.approval), _time(d.approval), d.path)))

    @cached_property
    def _filed(self) -> Mapping[str, Approval]:
        """Approvals as the files have them: history leaves out of a step those that do not count.

        A file may have been changed since it landed, so what a step holds goes before it.
        """
        sha256 = self.step.transition.sha256
        filed = next((t for t in self.version.version.transitions if t.sha256 == sha256), self.step.transition)
        return filed.approvals

    def binds(self, approval: Approval | None) -> bool:
        """Whether an approval names the digest of this request."""
        return approval is not None and approval.request == self.step.transition.sha256

    @property
    def content_is_current(self) -> bool:
        """Whether the version still has the content that was signed."""
        return self.request.content == self.version.version.content


def _time(approval: Approval | None) -> float:
    return approval.time.timestamp() if approval else 0.0


def steps_of(version: VersionAssessment, catalogue: Catalogue) -> tuple[StepView, ...]:
    """The transitions of a version, newest first; those that are not committed yet come before all others."""
    policy = catalogue.registry.digests.get("policy.yaml", "")
    proofs = Proofs.of_version(catalogue, version.version.key)
    places = _requests(version, catalogue, proofs)
    steps = [(step, str(step.status)) for step in version.lifecycle.steps]
    if proofs.is_proved:
        landed = {step.transition.sha256 for step, _ in steps}
        later = (t for t in version.version.transitions if t.sha256 not in landed)
        steps += [(Step(t, "broken"), "unlanded") for t in later]
    found = []
    for step, status in steps:
        at = next((i for i, (_, sha256) in enumerate(places) if sha256 == step.transition.sha256), None)
        if at is not None:
            found.append(StepView(version, step, places.pop(at)[0], proofs, status, policy))
    return tuple(reversed(found))


def _requests(version: VersionAssessment, catalogue: Catalogue, proofs: Proofs) -> list[tuple[str, str]]:
    """Path and digest of every request of a version, in the order of their folders."""
    folder = version_path(version.version.model_id, version.version.id, "transitions/")
    digests = catalogue.registry.digests
    filed = {p: digests[p] for p in catalogue.below(folder) if p.endswith("/request.yaml")}
    landed = {p: s.sha256 for p, s in proofs.signoffs.items() if p.endswith("/request.yaml")}
    return sorted((filed | landed).items())


def stages_over_time(versions: tuple[VersionAssessment, ...], catalogue: Catalogue) -> Chart:
    """When each version was in which stage, by the claimed times of the sign-offs."""
    found = [span for version in versions for span in _spans(version, catalogue.as_of)]
    spans = [replace(span, name=in_sentence(catalogue.stage_name(span.stage))) for span in found]
    marks = tuple(
        Mark(v.version.id, s.at.date(), _EMERGENCIES[s.kind])
        for v in versions
        for s in v.lifecycle.effective
        if s.kind and s.at
    )
    caption = "By the times that sign-offs claim." + (" Diamonds are emergencies." if marks else "")
    return timeline("Stages over time", tuple(spans), caption, marks)


def _spans(version: VersionAssessment, as_of: date) -> list[Span]:
    trained = version.version.record.trained
    steps = [s for s in version.lifecycle.effective if s.at is not None and s.kind != "suspend"]
    first = trained.at.date() if trained else steps[0].at.date() if steps and steps[0].at else None
    if first is None:
        return []
    spans, stage, since = [], _entry(steps), first
    for step in steps:
        day = step.at.date() if step.at else since
        spans.append(Span(version.version.id, stage, since, max(since, day)))
        stage, since = step.transition.request.to_stage, max(since, day)
    return [*spans, Span(version.version.id, stage, since, max(since, as_of))]


def _entry(steps: list[Step]) -> Stage:
    start = steps[0].transition.request.from_stage if steps else "staging"
    return "staging" if start == "none" else start
