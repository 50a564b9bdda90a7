"""The digest of a version's content: what a sign-off binds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

NOT_CONTENT = (
    *("transitions/", "monitoring/", "deployments/", "decisions/", "validations/"),
    *("records/", "verifications/"),
)
"""Folders of a version that grow after its sign-off and are not part of the content."""


@dataclass(frozen=True, slots=True)
class FileState:
    """One file as it is: path relative to the version's folder, git mode, size in bytes, SHA-256 of the bytes."""

    path: str
    sha256: str
    size: int
    mode: str = "100644"


def content_digest(files: Iterable[FileState]) -> str:
    """SHA-256 over one line a file, `sha256 SP mode SP size SP path LF`, sorted by the bytes of the path.

    Git's object ids are not used: SHA-1 does not bind content, and a shell with `sha256sum` can repeat this.
    """
    content = [f for f in files if not f.path.startswith(NOT_CONTENT)]
    lines = [f"{f.sha256} {f.mode} {f.size} {f.path}\n" for f in sorted(content, key=lambda f: f.path.encode())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
