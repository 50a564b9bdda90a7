"""The registry's files at one landing, kept up to date change by change; what was read once is not read again."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from accredit.domain.content import NOT_CONTENT, FileState, content_digest
from accredit.domain.paths import EntryPath, parse_path
from accredit.domain.value import Value
from accredit.domain.version import Version
from accredit.history.foresight import Foresight, readable
from accredit.history.landing import Change
from accredit.history.objects import Blob, Objects
from accredit.loading.schema import from_json, read_entry

_AHEAD = 8 << 20
"""Bytes of content that are read ahead."""


@dataclass
class Files:
    """What a state remembers from landing to landing, beside what git can tell again by an id."""

    plain: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Path of a file to git's id and its mode."""
    odd: set[str] = field(default_factory=set)
    """Paths of links and submodules."""
    facts: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Git's id to digest and size."""
    named: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)
    """Model to version to the datasets that its record names, for every record that can be read."""


class State:
    """Path to blob for every plain file below the registry's root."""

    def __init__(self, objects: Objects, files: Files | None = None) -> None:
        self.files = files or Files()
        self._objects = objects
        self._files = self.files.plain
        self._sorted = sorted(self._files)
        self._odd = self.files.odd
        self._ahead: dict[str, Blob] = {}
        self._foresight = Foresight()
        self._fresh: dict[str, Blob] = {}
        self._facts = self.files.facts
        self._entries: dict[tuple[str, str], Value | None] = {}
        self._contents: dict[str, str] = {}
        """Folder of a version to the digest of its content."""
        self._named = self.files.named
        self._uses = {m: Counter(n for used in v.values() for n in used) for m, v in self._named.items()}
        """Model to dataset to the number of versions that name it."""

    def learn(self, foresight: Foresight) -> None:
        """Takes over what another processor found out ahead."""
        self._foresight = foresight

    def foresee(self, changes: Iterable[Change]) -> None:
        """Reads what the next landings bring, as far as it is not much: git answers many questions at once sooner."""
        self._ahead, held = {}, 0
        for blob in self._objects.blobs(readable(changes)):
            self._ahead[blob.oid] = blob
            held += len(blob.content or b"")
            if held > _AHEAD:
                return

    def apply(self, changes: Collection[Change]) -> None:
        """Takes over what a landing changed, and reads it at once. Links and submodules are no files."""
        for change in changes:
            self._odd.discard(change.path)
            self._contents.pop(_version_folder(change.path), None)
            if change.is_plain:
                if change.path not in self._files:
                    insort(self._sorted, change.path)
                self._files[change.path] = (change.new_oid, change.new_mode)
                continue
            if not change.is_deleted:
                self._odd.add(change.path)
            if self._files.pop(change.path, None) is not None:
                del self._sorted[bisect_left(self._sorted, change.path)]
        new = readable(changes)
        self._fresh = {oid: self._ahead[oid] for oid in new if oid in self._ahead}
        self._fresh |= {blob.oid: blob for blob in self._objects.blobs(oid for oid in new if oid not in self._ahead)}
        for change in changes:
            if (known := parse_path(change.path)) and known.kind == "version":
                self._note(known)

    def _note(self, version: EntryPath) -> None:
        """Takes over which datasets a version names, because the class of its model is asked for at every landing."""
        named = self._named.setdefault(version.model, {})
        uses = self._uses.setdefault(version.model, Counter())
        uses.subtract(named.pop(version.version, ()))
        if isinstance(entry := self.entry(version.path), Version):
            named[version.version] = frozenset(use.dataset for use in entry.datasets)
            uses.update(named[version.version])

    def versions(self, model: str) -> tuple[str, ...]:
        """The versions of a model whose record can be read, in order."""
        return tuple(sorted(self._named.get(model, ())))

    def datasets(self, model: str) -> tuple[str, ...]:
        """The datasets that records of a model's versions name, in order."""
        return tuple(sorted(name for name, count in self._uses.get(model, {}).items() if count))

    def __contains__(self, path: str) -> bool:
        return path in self._files

    @property
    def odd(self) -> frozenset[str]:
        """The paths at which there are links and submodules."""
        return frozenset(self._odd)

    def below(self, folder: str) -> tuple[str, ...]:
        """The paths that start with a folder's name, in order."""
        first = bisect_left(self._sorted, folder)
        last = bisect_left(self._sorted, 1, first, key=lambda path: int(not path.startswith(folder)))
        return tuple(self._sorted[first:last])

    def content(self, path: str) -> bytes | None:
        """The bytes of a file; None where there is none, or it is too large to read."""
        found = self._files.get(path)
        return self._blob(found[0]).content if found else None

    def oid(self, path: str) -> str:
        """Git's id of a file; empty where there is none."""
        return self._files[path][0] if path in self._files else ""

    def sha256(self, path: str) -> str:
        """The digest of a file's bytes; empty where there is none."""
        return self._fact(path)[0] if path in self._files else ""

    def entry(self, path: str) -> Value | None:
        """The entry in a file; None where there is none that can be read."""
        found, known = self._files.get(path), parse_path(path)
        if found is None or known is None:
            return None
        return self.written(known.kind, path, found[0])

    def written(self, kind: str, path: str, oid: str) -> Value | None:
        """The entry that a file was when it had an id; None where it cannot be read."""
        key = (kind, oid)
        if key not in self._entries:
            known = self._foresight.entries.get(key)
            self._entries[key] = (from_json(kind, known) if known else None) or self._read(kind, path, oid)
        return self._entries[key]

    def _read(self, kind: str, path: str, oid: str) -> Value | None:
        content = self._blob(oid).content
        return read_entry(kind, path, content)[0] if content is not None else None

    def fits(self, path: str) -> bool:
        """Whether the SSH signature beside a file is known to fit it, by whichever key it names."""
        return (self.oid(path), self.oid(f"{path}.sig")) in self._foresight.fitting

    def _blob(self, oid: str) -> Blob:
        """A blob; within one landing each is read once."""
        if oid not in self._fresh:
            self._fresh[oid] = self._objects.blob(oid)
        return self._fresh[oid]

    def content_of(self, folder: str) -> str:
        """The digest of a version's content, by its folder with a slash at the end."""
        if folder not in self._contents:
            inside = (p for p in self.below(folder) if not p.startswith(NOT_CONTENT, len(folder)))
            self._contents[folder] = self.digest(inside, folder)
        return self._contents[folder]

    def digest(self, paths: Iterable[str], folder: str = "") -> str:
        """The content digest of some files, by their paths within a folder."""
        return content_digest(self._file(path, folder) for path in paths)

    def _file(self, path: str, folder: str) -> FileState:
        sha256, size = self._fact(path)
        return FileState(path.removeprefix(folder), sha256, size, self._files[path][1])

    def _fact(self, path: str) -> tuple[str, int]:
        oid = self._files[path][0]
        if oid not in self._facts:
            blob = self._blob(oid)
            # A file that is too large to read has no digest that anybody could have signed.
            sha256 = hashlib.sha256(blob.content).hexdigest() if blob.content is not None else f"unread-{oid}"
            self._facts[oid] = (sha256, blob.size)
        return self._facts[oid]


def _version_folder(path: str) -> str:
    """The folder of the version whose content a path is; empty for others."""
    *folder, inside = path.split("/", 4)
    return "" if len(folder) < 4 or inside.startswith(NOT_CONTENT) else f"{'/'.join(folder)}/"
