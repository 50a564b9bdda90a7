"""A registry before and after a change, both as of one day and under the people and policy of the base."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

from accredit.assess import Assessment, assess
from accredit.domain.registry import Registry
from accredit.domain.verification import Flaw
from accredit.history.governance import governs
from accredit.loading.tree import Loaded
from accredit.policies.change import Effect, PolicyChange, compared, version_effects
from accredit.proposals.baseline import Baseline, baseline_of
from accredit.proposals.clash import Clash, clashes_of
from accredit.proposals.fork import Fork, Side, registry_in
from accredit.signing.clone import asks_for_proof

Doing = Literal["added", "changed", "removed"]
SIGN_OFF = "counts only once it is signed for in changes/ (accredit change)"


@dataclass(frozen=True)
class Proposal:
    """What somebody asks to be taken into a base."""

    revision: str
    """The base as somebody named it."""
    commit: str
    """The commit that it means."""
    before: Side | None
    """Where the change left the base; None where there was no registry yet."""
    after: Side
    judge: Registry | None
    """The registry at the tip of the base, whose people and policy judge; None where there is none."""
    as_of: date

    @cached_property
    def touched(self) -> Mapping[str, Doing]:
        """Every file that differs, and what was done to it."""
        old = self.before.registry.digests if self.before else {}
        new = self.after.registry.digests
        both = {path: _doing(old.get(path), new.get(path)) for path in sorted({*old, *new})}
        return {path: doing for path, doing in both.items() if doing is not None}

    @cached_property
    def governance(self) -> tuple[str, ...]:
        """The files among them that govern: people, policy and control catalogues."""
        return tuple(path for path in self.touched if governs(path))

    @property
    def judges_itself(self) -> bool:
        """Whether the base has no policy that can be read, so that the proposal is judged by its own."""
        return self.judge is None or self.judge.policy is None

    @cached_property
    def was(self) -> Assessment | None:
        """The registry before the change; None where there was none."""
        return self._judged(self.before) if self.before else None

    @cached_property
    def now(self) -> Assessment:
        """The registry with the change. What is wrong with people and policy is found in those that are proposed."""
        judged = self._judged(self.after)
        found = [f for f in judged.findings if self.own is None or not governs(f.location.path)]
        found += [f for f in self.own.findings if governs(f.location.path)] if self.own else []
        found += [clash.finding(self.revision, judged.rules[clash.code].severity) for clash in self.clashes]
        return replace(judged, findings=tuple(sorted(set(found))))

    @cached_property
    def own(self) -> Assessment | None:
        """The registry with the change, under the people and policy that it proposes; None where these stay."""
        if not self.governance or self.judges_itself or self.after.registry.policy is None:
            return None
        return assess(self.after.loaded, self.as_of, self.after.proof)

    @cached_property
    def clashes(self) -> tuple[Clash, ...]:
        """Records whose numbers the base has given to others meanwhile."""
        old = self.before.registry.digests if self.before else {}
        return clashes_of(old, self.judge.digests if self.judge else {}, self.after.registry.digests)

    @cached_property
    def blast(self) -> PolicyChange | None:
        """What the proposed people and policy would do; None where they stay, or cannot be read."""
        return compared(self._judged(self.after), self.own) if self.own else None

    @cached_property
    def gates(self) -> tuple[Effect, ...]:
        """Stages and gates that became others, of versions on both sides."""
        if self.was is None:
            return ()
        old, new = self.was, self.now
        both = (key for key in new.lifecycles if key in old.lifecycles)
        effects = (e for key in both for e in version_effects(old.version(key), new.version(key)))
        return tuple(plainly(e) for e in effects if e.what.startswith(("stage", "gate ")))

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be said beside the findings."""
        if self.judges_itself:
            return (f"{self.revision} has no policy to judge by, so this is judged by its own people and policy.",)
        if not self.governance:
            return ()
        if self.authorised_by:
            signed = f"signed for in {' and '.join(self.authorised_by)}"
            return (f"This changes people or policy, {signed}. What is said here goes by those of {self.revision}.",)
        return (f"This changes people or policy, which {SIGN_OFF}. Until then those of {self.revision} judge.",)

    @cached_property
    def authorised_by(self) -> tuple[str, ...]:
        """The proposed change records that authorise what it does to people and policy; none where any of it is not."""
        proof, digests = self.after.proof, self.after.registry.digests
        if proof is None or any(b.flaw == Flaw.UNAUTHORISED for b in proof.standing_breaches()):
            return ()
        return tuple(path for path in self.touched if digests.get(path) in proof.adopted)

    def baseline(self, keep: Callable[[Assessment], Assessment]) -> Baseline:
        """What became of the findings.

        Args:
            keep: Leaves in an assessment the findings that somebody wants to see.
        """
        old = keep(self.was).findings if self.was else ()
        found = baseline_of(old, keep(self.now).findings, frozenset(self.touched))
        return replace(found, revision=self.revision, commit=self.commit, gates=self.gates, notes=self.notes)

    def _judged(self, side: Side) -> Assessment:
        return assess(_under(side.loaded, self.judge), self.as_of, side.proof)


def plainly(effect: Effect) -> Effect:
    """Says of a gate that stays closed that something else closes it too."""
    also = "closed now also by" if effect.before.startswith("closed") else "closed by"
    return replace(effect, after=effect.after.replace("closed, by", also, 1))


def _doing(old: str | None, new: str | None) -> Doing | None:
    if old == new:
        return None
    return "added" if old is None else "removed" if new is None else "changed"


def _under(loaded: Loaded, judge: Registry | None) -> Loaded:
    """A registry with the people and policy of another; its own where the other has no policy."""
    if judge is None or judge.policy is None:
        return loaded
    other = replace(loaded.registry, policy=judge.policy, people=judge.people, frameworks=judge.frameworks)
    return replace(loaded, registry=other)


def proposal_of(fork: Fork, loaded: Loaded, as_of: date, cache: Path | None, *, history: bool = True) -> Proposal:
    """What the registry in a folder proposes to a base.

    Args:
        fork: Where it left the base.
        loaded: The registry as it is in the folder.
        as_of: The day for both sides.
        cache: The user's cache folder, to go on from an earlier replay; None to replay everything.
        history: Whether sign-offs are proved where the base's policy asks for it, or one before it did.
    """
    base = registry_in(fork.base)
    left = base if fork.left.commit == fork.base.commit else registry_in(fork.left)
    judge = base.registry if base else None
    policy = judge.policy if judge else None
    asked = history and (asks_for_proof(policy or loaded.registry.policy) or fork.base.asked_for_proof())
    before = Side(left, fork.left.verification(cache=cache) if asked else None) if left else None
    after = Side(loaded, fork.proof(cache) if asked else None)
    return Proposal(fork.revision, fork.base.commit, before, after, judge, as_of)
