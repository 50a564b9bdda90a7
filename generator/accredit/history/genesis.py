"""Where a registry's history begins, and whether that is the beginning that an auditor knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accredit.domain.verification import Place
from accredit.history.landing import Landing
from accredit.history.objects import Objects
from accredit.history.repository import Repository, full_id
from accredit.loading.yaml import parse


@dataclass(frozen=True, slots=True)
class AnchorFault:
    """Why this history is not the one that an auditor knows."""

    kind: str
    message: str
    help: str


def registry_id(landing: Landing, objects: Objects) -> str | None:
    """The id in the `registry.yaml` that a landing wrote; None where it wrote none that can be read."""
    for change in landing.changes:
        if change.path == "registry.yaml" and change.is_plain:
            content = objects.blob(change.new_oid).content
            document = parse(content) if content is not None else None
            if document is not None and not document.problems and isinstance(document.data, dict):
                return str(document.data.get("id"))
    return None


def genesis(history: Iterable[Landing], objects: Objects, registry: str) -> Landing | None:
    """The first landing in which `registry.yaml` has an id; None where none has. A registry made anew has a new id."""
    return next((landing for landing in history if registry_id(landing, objects) == registry), None)


def anchor_faults(
    repository: Repository,
    tip: str,
    began: Landing | Place,
    root_commit: str | None = None,
    checkpoint: str | None = None,
) -> tuple[AnchorFault, ...]:
    """What speaks against a history, by what an auditor wrote down earlier.

    Args:
        repository: A complete clone.
        tip: The full id of the commit that is audited.
        began: The genesis.
        root_commit: The full id that the genesis must have; None if nobody wrote it down.
        checkpoint: The full id of a tip that was audited earlier; None if there is none.
    """
    faults = []
    if root_commit is not None and began.commit != root_commit:
        message = f"the registry begins in {began.commit} and not in {root_commit}"
        faults.append(AnchorFault("other-root", message, "Do not trust this history: ask where the clone comes from."))
    if checkpoint is not None and not _holds(repository, checkpoint, tip):
        message = f"the history does not lead over the checkpoint {checkpoint}"
        faults.append(AnchorFault("checkpoint-lost", message, "It was rewritten since: ask who pushed, and why."))
    return tuple(faults)


def _holds(repository: Repository, checkpoint: str, tip: str) -> bool:
    """False for a checkpoint that this clone does not even have."""
    name = f"{full_id(checkpoint)}^{{commit}}"
    told = repository.git.run("rev-parse", "--verify", "--quiet", "--end-of-options", name, codes=(0, 1, 128))
    return told.code == 0 and repository.is_landing(checkpoint, tip)
