"""What a registry is at one moment, in one digest: the same digest means the same files with the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from accredit.domain.content import FileState
from accredit.loading.folder import Tree
from accredit.loading.yaml import MAX_BYTES


def snapshot_of(tree: Tree) -> str:
    """Digest over the paths, modes and bytes of a tree; empty where it holds what cannot be read as a plain file."""
    states: list[FileState] = []
    for file in tree.files():
        if file.irregular or file.size > MAX_BYTES:
            return ""
        try:
            content = tree.read(file.path)
        except OSError:
            return ""
        states.append(FileState(file.path, hashlib.sha256(content).hexdigest(), len(content), file.mode))
    return digest_of(states)


def digest_of(states: Iterable[FileState]) -> str:
    """Digest over the paths, modes and bytes of files, in whatever order they come."""
    lines = sorted(f"{state.sha256} {state.mode} {state.path!r}" for state in states)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
