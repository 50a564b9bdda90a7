"""Where every model stands: the version in each stage, what is asked, and who is awaited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accredit.domain.registry import ModelVersion
from accredit.domain.value import STAGES, Instant, Stage
from accredit.rules.approval_signers import conceded_of
from accredit.rules.decisive import decisive
from accredit.signing.gating import Awaited, awaited
from accredit.signing.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Row:
    """One version that stands for a stage of its model, or that waits for sign-offs."""

    model: str
    stage: Stage
    version: str
    since: Instant | None
    target: Stage | None
    """The stage that a request asks for; None without one."""
    awaited: tuple[Awaited, ...]
    urgency: str = ""
    """How it stands with emergencies; empty where none is open."""
    conceded: bool = False
    """Whether somebody's approval of their own work counts."""


def rows(workspace: Workspace) -> Iterator[Row]:
    """By model and stage: the version that came there last, and any other that waits for sign-offs."""
    _ = workspace.policy  # without one, nobody knows who has to sign
    for model in workspace.loaded.registry.models.values():
        for stage in STAGES:
            here = [v for v in model.versions.values() if workspace.lifecycle(v).stage == stage]
            last = max(here, key=lambda v: str(workspace.lifecycle(v).since or ""), default=None)
            newest = here[-1] if stage == "staging" and here else last
            yield from (_row(workspace, v, stage) for v in here if v is newest or workspace.lifecycle(v).pending)


def _row(workspace: Workspace, version: ModelVersion, stage: Stage) -> Row:
    lifecycle = workspace.lifecycle(version)
    pending = lifecycle.pending
    target = pending.transition.request.to_stage if pending else None
    wanted = awaited(workspace.context, version, f"{stage}->{target}") if target else ()
    step = decisive(version, workspace.context)
    conceded = step is not None and any(conceded_of(version, step, workspace.context))
    return Row(version.model_id, stage, version.id, lifecycle.since, target, wanted, lifecycle.urgency, conceded)
