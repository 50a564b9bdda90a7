"""A registry in memory: the same files as a folder, without a disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accredit.loading.folder import TreeFile


class MemoryTree:
    """Files by path, relative to the registry's root."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = dict(sorted(files.items()))

    def files(self) -> Iterator[TreeFile]:
        """Every path, sorted."""
        return (TreeFile(path, len(content)) for path, content in self._files.items())

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        return self._files[path]
