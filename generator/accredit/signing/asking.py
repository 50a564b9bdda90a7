"""When the history of a registry has a say in what is true of it: one answer for the check and for the site."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from accredit.domain.policy import Policy
from accredit.loading.folder import Folder
from accredit.loading.schema import read_entry

if TYPE_CHECKING:
    from accredit.signing.clone import Clone


def clone_asked_for(root: Path, pin: str = "") -> Clone | None:
    """The clone whose history proves sign-offs; None where policy is content with what files declare, or has none.

    No git is run, and nothing of git is loaded, before policy asks for it.

    Args:
        root: The registry's folder.
        pin: The commit in which it must begin; empty if nobody wrote it down.

    Raises:
        GitError: where policy asks for a proof and the clone cannot give one.
    """
    if not (root / "policy.yaml").is_file():
        return None
    try:
        policy, _ = read_entry("policy", "policy.yaml", Folder(root).read("policy.yaml"))
    except OSError:  # which the check reports
        return None
    if not isinstance(policy, Policy) or all(p.assurance == "declared" for p in policy.profiles.values()):
        return None
    from accredit.signing.clone import landed_clone  # noqa: PLC0415 - loads git

    clone = landed_clone(root)
    return replace(clone, root=pin) if clone else None
