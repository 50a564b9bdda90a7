"""What was in production on an earlier day, and whether it was allowed: by the policy of that day, and by today's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from accredit.assess import VersionAssessment, assess
from accredit.domain.lifecycle import Step
from accredit.domain.paths import version_path
from accredit.domain.policy import Policy
from accredit.domain.verification import Place, Verification
from accredit.loading.tree import Loaded

DEPLOY = "review->production"
"""The move whose gate says whether a version may be in production: Deploy(M)."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Deploy(M) under one policy: what it asked for, and what did not hold."""

    policy: str
    """Version of the policy."""
    held: tuple[str, ...]
    """Codes of the rules that held or did not apply."""
    tolerated: tuple[str, ...]
    """Those that did not hold and closed nothing: waived, or of no weight in the model's profile."""
    blocking: tuple[str, ...]

    @property
    def asked(self) -> int:
        """How many rules the gate asked for."""
        return len(self.held) + len(self.tolerated) + len(self.blocking)

    @property
    def allowed(self) -> bool:
        """Whether nothing stood against it."""
        return not self.blocking


@dataclass(frozen=True, slots=True)
class InProduction:
    """A version that was in production, by whose sign-off, and how it stood."""

    subject: str
    since: dt.datetime | None
    """When it came there, as the last sign-off that was needed claims."""
    landed: Place | None
    """Where that took effect; None where no history was asked."""
    signed_by: tuple[tuple[str, str, str], ...]
    """Person, role and assurance of each approval that carried the move."""
    request: str
    """Path of the request."""
    signed_policy: str
    """SHA-256 of the policy under which the request was signed."""
    then: Judgement
    today: Judgement


@dataclass(frozen=True, slots=True)
class Replay:
    """The registry as it was at the end of a day."""

    day: dt.date
    commit: str
    """The last commit that had landed; empty where no history was asked."""
    policy: str
    """Version of the policy of that day."""
    policy_sha256: str
    versions: tuple[InProduction, ...]


def replayed(
    loaded: Loaded, verification: Verification | None, day: dt.date, today: Policy, commit: str = ""
) -> Replay:
    """What was in production on a day, given the registry and its history as they were then.

    Args:
        loaded: The files as they were.
        verification: What the history up to then proves; None where none was asked.
        day: The day.
        today: The policy that holds now.
        commit: The last commit that had landed.
    """
    then = (verification.policy if verification else None) or loaded.registry.policy
    if then is None:
        return Replay(day, commit, "", "", ())
    old, new = (_assessed(loaded, policy, day, verification) for policy in (then, _in_force_on(day, today)))
    versions = tuple(
        InProduction(key, *_move(key, v, verification), _judged(then, v), _judged(today, new.get(key, v)))
        for key, v in old.items()
    )
    sha256 = loaded.registry.digests.get("policy.yaml", "") if loaded.registry.policy == then else ""
    return Replay(day, commit, then.policy.version, sha256, versions)


def _in_force_on(day: dt.date, policy: Policy) -> Policy:
    """The policy as if it had held on a day already: that it came later is no fault of what was in production."""
    identity = policy.policy
    since = identity.model_copy(update={"effective": min(identity.effective, day)})
    return policy.model_copy(update={"policy": since})


def _assessed(
    loaded: Loaded, policy: Policy, day: dt.date, verification: Verification | None
) -> dict[str, VersionAssessment]:
    """`model@version` to its assessment under a policy, for the versions that were in production."""
    assessment = assess(replace(loaded, registry=replace(loaded.registry, policy=policy)), day, verification)
    versions = (v for model in assessment.models.values() for v in model.versions.values())
    return {v.version.key: v for v in versions if v.stage == "production"}


def _judged(policy: Policy, version: VersionAssessment) -> Judgement:
    gate = version.gates.get(DEPLOY)
    codes, blocking = (gate.codes, gate.blocking) if gate else ((), ())
    held = tuple(c for c in codes if version.results[c].outcome in ("pass", "not_applicable"))
    tolerated = tuple(c for c in codes if c not in held and c not in blocking)
    return Judgement(policy.policy.version, held, tolerated, blocking)


def _move(
    key: str, version: VersionAssessment, verification: Verification | None
) -> tuple[dt.datetime | None, Place | None, tuple[tuple[str, str, str], ...], str, str]:
    """Since when, where it landed, who signed, the request, and the policy under which it was signed."""
    steps = [s for s in version.lifecycle.steps if s.status == "effective"]
    step = next(s for s in reversed(steps) if s.transition.request.to_stage == "production")
    model, _, name = key.partition("@")
    folder = version_path(model, name, f"transitions/{step.transition.request.seq:04}/")
    moves = verification.moves if verification else ()
    landed = next((m.landed for m in moves if (m.subject, m.seq) == (key, step.transition.request.seq)), None)
    signed = tuple(_signed(step, folder, verification))
    return step.at, landed, signed, f"{folder}request.yaml", step.transition.request.policy


def _signed(step: Step, folder: str, verification: Verification | None) -> Iterator[tuple[str, str, str]]:
    for name, approval in sorted(step.transition.approvals.items()):
        signoff = verification.signoffs.get(f"{folder}approvals/{name}.yaml") if verification else None
        yield approval.reviewer, approval.role, signoff.assurance if signoff else "declared"
