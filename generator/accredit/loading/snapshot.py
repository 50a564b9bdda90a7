"""What a registry is at one moment, in one digest: the same digest means the same files with the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from accredit.loading.folder import Tree
from accredit.loading.yaml import MAX_BYTES


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Path to SHA-256 of every file, and the digest over all paths, modes and bytes."""

    digests: Mapping[str, str]
    sha256: str


def snapshot_of(tree: Tree) -> Snapshot | None:
    """The state of a tree; None where it holds what cannot be read as a plain file."""
    digests: dict[str, str] = {}
    whole = hashlib.sha256()
    for file in tree.files():
        if file.irregular or file.size > MAX_BYTES:
            return None
        try:
            digests[file.path] = hashlib.sha256(tree.read(file.path)).hexdigest()
        except OSError:
            return None
        whole.update(f"{digests[file.path]} {file.mode} {file.path!r}\n".encode())
    return Snapshot(digests, whole.hexdigest())
