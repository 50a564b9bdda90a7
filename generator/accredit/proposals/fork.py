"""Where a change comes from: the base that it asks to go into, and the commit at which it left it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from accredit.domain.registry import Registry
from accredit.domain.verification import Verification
from accredit.errors import NotARegistryError
from accredit.loading.tree import Loaded
from accredit.signing.clone import Clone, clone_of, landed_clone


@dataclass(frozen=True)
class Fork:
    """Three commits: the tip of the base, the last one that it shares with the change, and that of the change."""

    revision: str
    """The base as somebody named it."""
    base: Clone
    left: Clone
    head: Clone | None
    """None where the registry is in the folder and in no commit yet."""

    @property
    def commits(self) -> tuple[str, ...]:
        """What an answer about the change depends on, besides the files in the folder."""
        return self.base.commit, self.left.commit, self.head.commit if self.head else ""

    def proof(self, cache: Path | None) -> Verification | None:
        """What the history of the base proves with the change merged into it; None where nothing is committed.

        The branch's own commits are no landings: only what they come to is. Where the base never was at the commit
        that both share, as after a branch of a branch, they have to be.
        """
        if self.head is None:
            return None
        if not self.base.repository.is_landing(self.left.commit, self.base.commit) or not self.left.holds_registry():
            return self.head.verification(cache=cache)
        return self.left.verification(cache=cache, proposed=self.head.commit)


@dataclass(frozen=True)
class Side:
    """A registry on one side of a change, with what the history up to there proves."""

    loaded: Loaded
    proof: Verification | None = None

    @property
    def registry(self) -> Registry:
        """The registry."""
        return self.loaded.registry


def fork_of(root: Path, revision: str, begun: str = "") -> Fork:
    """Where the registry in a folder left a base.

    Args:
        root: The registry's folder.
        revision: The base, as in `origin/main`.
        begun: The commit in which the registry must begin; empty if nobody wrote it down.

    Raises:
        GitError: where there is no complete clone, no such revision, or no history in common.
    """
    base = replace(clone_of(root, revision), root=begun)
    head = landed_clone(root)
    tip = head.commit if head else base.repository.resolve("HEAD")
    left = replace(base, commit=base.repository.merge_base(base.commit, tip))
    return Fork(revision, base, left, replace(head, root=begun) if head else None)


def registry_in(clone: Clone) -> Loaded | None:
    """The registry in a commit; None where it holds none."""
    try:
        return clone.loaded()
    except NotARegistryError:
        return None
