"""When the history of a registry has a say in what is true of it: one answer for the check and for the site."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from accredit.domain.policy import Policy
from accredit.errors import GitError
from accredit.loading.folder import Folder
from accredit.loading.schema import read_entry

if TYPE_CHECKING:
    from accredit.signing.clone import Clone


def clone_asked_for(root: Path, pin: str = "") -> Clone | None:
    """The clone whose history proves sign-offs; None where no policy ever asked for more than what files declare.

    A policy that asked once is not talked out of it by one that lands later: whether that one was let in is what the
    history proves. Where the policy in the folder does not ask, a history that cannot be read proves nothing and stops
    nothing.

    Args:
        root: The registry's folder.
        pin: The commit in which it must begin; empty if nobody wrote it down.

    Raises:
        GitError: where policy asks for a proof and the clone cannot give one.
    """
    from accredit.signing.clone import asks_for_proof, landed_clone  # noqa: PLC0415 - loads git

    policy = _policy(root)
    if policy is None:
        return None
    if asks_for_proof(policy):
        clone = landed_clone(root)
    else:
        try:
            clone = landed_clone(root)
            clone = clone if clone and clone.asked_for_proof() else None
        except GitError:
            return None
    return replace(clone, root=pin) if clone else None


def _policy(root: Path) -> Policy | None:
    """The policy in a folder; None where there is none that can be read, which the check reports."""
    try:
        policy, _ = read_entry("policy", "policy.yaml", Folder(root).read("policy.yaml"))
    except OSError:
        return None
    return policy if isinstance(policy, Policy) else None
