"""Files to Registry. A file that cannot become an entry becomes findings and is absent; the rest still works."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from accredit.domain.content import FileState
from accredit.domain.paths import EntryPath, is_companion, is_signature, parse_path
from accredit.domain.registry import Registry
from accredit.domain.value import Value
from accredit.errors import NotARegistryError
from accredit.findings import Finding, Location, Route
from accredit.loading.assemble import registry_of
from accredit.loading.cache import EntryCache
from accredit.loading.collection import collection_paused
from accredit.loading.folder import Folder, Tree, TreeFile
from accredit.loading.reader import Reader, Wanted
from accredit.loading.snapshot import digest_of
from accredit.loading.yaml import MAX_BYTES, Mark, marks_of

_PORTION = 1_000
_PORTION_BYTES = 32 << 20
"""Files are read and parsed in portions, so that memory holds the bytes of one portion and not of a registry."""


@dataclass(frozen=True)
class Loaded:
    """A registry, what was wrong with its files, and a way to turn a route in a file into line and column."""

    registry: Registry
    findings: tuple[Finding, ...]
    locate: Callable[[Location], Location] = field(compare=False)
    snapshot: str = ""
    """Digest of all files as they were read; empty where some could not be read or have no place in a registry."""


def load(
    tree: Tree, progress: Callable[[int, int], None] = lambda _done, _all: None, cache: EntryCache | None = None
) -> Loaded:
    """The registry in a tree.

    Args:
        tree: Where the files are.
        progress: Called with the numbers of files done and of all files.
        cache: Entries that were read before. It saves time and never changes the result.

    Raises:
        NotARegistryError: where the tree has no `registry.yaml`.
    """
    files = list(tree.files())
    if not any(file.path == "registry.yaml" for file in files):
        raise NotARegistryError("there is no registry.yaml", "Run `accredit init` to start a registry here.")
    if cache is not None and isinstance(tree, Folder) and cache.lies_in(tree.root):
        cache = None
    loading = _Loading(tree)
    done = 0
    with collection_paused(), Reader(cache) as reader:
        for portion in _portions(files):
            loading.take(portion, reader)
            done += len(portion)
            progress(done, len(files))
        return loading.loaded()


def _portions(files: Sequence[TreeFile]) -> Iterator[list[TreeFile]]:
    portion: list[TreeFile] = []
    size = 0
    for file in files:
        portion.append(file)
        size += min(file.size, MAX_BYTES)
        if len(portion) == _PORTION or size > _PORTION_BYTES:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


class _Loading:
    """What is known so far."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._findings: list[Finding] = []
        self._entries: dict[EntryPath, Value] = {}
        self._states: dict[str, FileState] = {}
        self._broken: set[str] = set()
        self._is_whole = True

    def take(self, files: Sequence[TreeFile], reader: Reader) -> None:
        """Reads some more files."""
        wanted = [w for w in map(self._wanted, files) if w is not None]
        for want, (value, findings) in zip(wanted, reader.read(wanted), strict=True):
            self._findings += findings
            if value is None:
                self._broken.add(want.path.path)
            else:
                self._entries[want.path] = value

    def _wanted(self, file: TreeFile) -> Wanted | None:
        """The bytes of an entry; None for what is no entry or cannot be read."""
        path = parse_path(file.path)
        fault, content = _path_fault(file, path), b""
        if fault is None:
            try:
                content = self._tree.read(file.path)
            except OSError as error:
                reason = (error.strerror or "it cannot be read").lower()
                fault = _refused(file.path, f"cannot be read: {reason}", "Make it a plain file that can be read.")
        if fault is not None:
            self._findings.append(fault)
            self._is_whole = False
            self._broken.add(file.path)
            return None
        sha256 = hashlib.sha256(content).hexdigest()
        self._states[file.path] = FileState(file.path, sha256, len(content), file.mode)
        return Wanted(path, content, sha256) if path else None

    def loaded(self) -> Loaded:
        """The registry of all that was read."""
        registry = registry_of(self._entries, self._states, frozenset(self._broken))
        locate = _locator(self._tree, registry.digests, registry.broken)
        snapshot = digest_of(self._states.values()) if self._is_whole else ""
        return Loaded(registry, tuple(sorted(self._findings)), locate, snapshot)


def _path_fault(file: TreeFile, path: EntryPath | None) -> Finding | None:
    if file.irregular:
        return _refused(file.path, f"is a {file.irregular}", "Put a plain file there.")
    if file.size > MAX_BYTES:
        return _refused(file.path, f"has {file.size:,} bytes", f"Keep a file at or below {MAX_BYTES:,} bytes.")
    if path or is_signature(file.path) or is_companion(file.path):
        return None
    remedy = "Move it out of the registry, or correct its name: see the layout of the registry in the documentation."
    return _refused(file.path, "has no place in a registry", remedy)


def _refused(path: str, what: str, remedy: str) -> Finding:
    shown = path.encode("unicode_escape", "backslashreplace").decode("ascii")
    return Finding(Location(shown, 1, 1), "REG001", f"`{shown}` {what}", remedy)


def _locator(tree: Tree, digests: Mapping[str, str], broken: Collection[str]) -> Callable[[Location], Location]:
    @lru_cache(maxsize=64)
    def marks(path: str) -> Mapping[Route, Mark]:
        """Positions in a file that was sound when it was read; none if it is another one by now."""
        try:
            content = tree.read(path)
        except OSError:
            return {}
        same = path not in broken and hashlib.sha256(content).hexdigest() == digests[path]
        return marks_of(content) if same else {}

    def locate(location: Location) -> Location:
        """The location with the line and column of its route, or of the nearest key around it."""
        if location.line or location.path not in digests or not location.path.endswith(".yaml"):
            return location
        known, route = marks(location.path), location.route
        while route and route not in known:
            route = route[:-1]
        mark = known.get(route)
        return replace(location, line=mark.line, column=mark.column) if mark else location

    return locate
