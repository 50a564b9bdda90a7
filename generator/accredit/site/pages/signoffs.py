"""Requests and approvals as a story: who asked for what, who signed, and what is still missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from accredit.assess import VersionAssessment
from accredit.domain.lifecycle import Step
from accredit.domain.paths import version_path
from accredit.domain.signoff import Approval, Request
from accredit.domain.value import Stage
from accredit.site.charts.chart import Chart
from accredit.site.charts.timeline import Span, timeline
from accredit.site.pages.catalogue import Catalogue


@dataclass(frozen=True)
class StepView:
    """One transition with its approvals in order of time."""

    version: VersionAssessment
    step: Step
    policy_sha256: str

    @property
    def request(self) -> Request:
        """What was asked."""
        return self.step.transition.request

    @property
    def path(self) -> str:
        """The request's file."""
        seq = f"transitions/{self.request.seq:04}/request.yaml"
        return version_path(self.version.version.model_id, self.version.version.id, seq)

    @cached_property
    def approvals(self) -> tuple[Approval, ...]:
        """Decisions of reviewers, oldest first; those that name other bytes than this request come last."""
        found = self.step.transition.approvals.values()
        return tuple(sorted(found, key=lambda a: (not self.binds(a), a.time, a.reviewer)))

    def binds(self, approval: Approval) -> bool:
        """Whether an approval names the digest of this request."""
        return approval.request == self.step.transition.sha256

    @property
    def content_is_current(self) -> bool:
        """Whether the version still has the content that was signed."""
        return self.request.content == self.version.version.content


def steps_of(version: VersionAssessment, catalogue: Catalogue) -> tuple[StepView, ...]:
    """The transitions of a version, newest first."""
    policy = catalogue.registry.digests.get("policy.yaml", "")
    return tuple(StepView(version, step, policy) for step in reversed(version.lifecycle.steps))


def waiting_roles(step: Step) -> tuple[tuple[str, ...], ...]:
    """Alternatives of role ids for each signature that a step still needs."""
    return tuple(tuple(missing.split(" or ")) for missing in step.missing)


def stages_over_time(versions: tuple[VersionAssessment, ...], as_of: date) -> Chart:
    """When each version was in which stage, by the claimed times of the sign-offs."""
    spans = [span for version in versions for span in _spans(version, as_of)]
    return timeline("Stages over time", tuple(spans), "By the times that sign-offs claim.")


def _spans(version: VersionAssessment, as_of: date) -> list[Span]:
    trained = version.version.record.trained
    steps = [s for s in version.lifecycle.steps if s.status == "effective" and s.at is not None]
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
