"""How clashes of numbers are put right: the base keeps its number, and the change takes the next one."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from accredit.domain.content import NOT_CONTENT
from accredit.domain.paths import is_signature, parse_path, version_path
from accredit.domain.signoff import ChangeRequest, Request
from accredit.domain.value import Value
from accredit.errors import UsageError
from accredit.history.governance import governs
from accredit.history.tree import GitTree
from accredit.loading.folder import Folder, Tree, TreeFile
from accredit.loading.schema import read_entry
from accredit.loading.tree import Loaded, load
from accredit.proposals.clash import Clash, clashes_of
from accredit.proposals.fork import Fork, registry_in
from accredit.signing.clone import Clone, asks_for_proof
from accredit.signing.governing import draft_change
from accredit.signing.record import Draft
from accredit.signing.transition import context_of, draft_request
from accredit.signing.workspace import Workspace

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Repaired:
    """A folder with some files put in and some left out, before any of it is written."""

    folder: Tree
    put: Files
    dropped: frozenset[str]

    def files(self) -> Iterator[TreeFile]:
        """Every path, in the order of a folder."""
        kept = {f.path: f for f in self.folder.files() if f.path not in self.dropped}
        kept |= {path: TreeFile(path, len(content)) for path, content in self.put.items()}
        return iter(sorted(kept.values(), key=lambda file: file.path.split("/")))

    def read(self, path: str) -> bytes:
        """The bytes of a plain file."""
        if path in self.dropped and path not in self.put:
            raise FileNotFoundError(errno.ENOENT, "there is no such file", path)
        return self.put[path] if path in self.put else self.folder.read(path)


@dataclass(frozen=True)
class Repair:
    """What becomes of the files when clashes are put right."""

    base: Clone
    tree: Repaired
    moved: Files
    """Ends of conditions with their signatures, which say nothing about their number."""
    asked: Mapping[str, Request | ChangeRequest]
    """Path to the request that has to be made anew, since its number is signed."""
    void: tuple[str, ...]
    """Records that were about a request which is made anew, and end with it."""
    stale: frozenset[str] = field(repr=False, default=frozenset())
    """Files that the base changed and the folder has not taken over."""

    @cached_property
    def loaded(self) -> Loaded:
        """The registry as it will be in the folder."""
        return load(self.tree)

    def draft(self, path: str, by: str, now: datetime, cache: Path | None) -> Draft:
        """A request made anew, with the next number.

        Raises:
            UsageError: where what it binds is not merged yet, or it makes no sense after what the base has.
        """
        request = self.asked[path]
        policy = self.loaded.registry.policy
        proof = self.base.verification(cache=cache) if asks_for_proof(policy) or path.startswith("changes/") else None
        workspace = Workspace(self.loaded, now, proof)
        try:
            if isinstance(request, ChangeRequest):
                self._refuse_unmerged(p for p in self.stale if governs(p))
                return draft_change(workspace, self.tree, by, request.reason)
            version = workspace.version(request.model, request.version)
            bound = context_of(workspace.loaded.registry, version)
            folder = version_path(request.model, request.version, "")
            wanted = (*bound, "policy.yaml")
            inside = (p for p in self.stale if p.startswith(folder))
            content = {p for p in inside if not p.removeprefix(folder).startswith(NOT_CONTENT)}
            self._refuse_unmerged(p for p in self.stale if p in wanted or p in content)
            return draft_request(workspace, version, request.to_stage, by, request.reason, request.emergency)
        except UsageError as error:
            remedy = f"{error.hint} Or give up the request of this change: add --drop."
            raise UsageError(f"{path} cannot be asked for anew: {error}", remedy) from error

    def _refuse_unmerged(self, paths: Iterator[str]) -> None:
        first = min(paths, default="")
        if first:
            raise UsageError(
                f"the base has another {first}, which it binds", "Merge the base first, and run this then."
            )


def repair_of(fork: Fork, root: Path) -> Repair | None:
    """What is to be done about the numbers that a base gave to others; None where there is no clash.

    Raises:
        UsageError: where a request of the change cannot be read.
    """
    folder = Folder(root)
    left, base, here = (_digests(found) for found in (registry_in(fork.left), registry_in(fork.base), load(folder)))
    clashes = clashes_of(left, base, here)
    if not clashes:
        return None
    stale = frozenset(p for p in {*left, *base} if left.get(p) != base.get(p) and here.get(p) == left.get(p))
    theirs, committed = (_committed(clone) for clone in (fork.base, fork.head or fork.left))
    planning = Planning(theirs, committed, _records(folder))
    for clash in clashes:
        planning.take(clash)
    tree = Repaired(folder, planning.put, frozenset(planning.dropped))
    moved = {path: content for path, content in planning.moved.items() if path not in here}
    return Repair(
        fork.base, tree, moved, planning.asked, tuple(planning.void), stale - {*planning.dropped, *planning.put}
    )


def _digests(loaded: Loaded | None) -> Mapping[str, str]:
    return loaded.registry.digests if loaded else {}


def _committed(clone: Clone) -> Files:
    with closing(GitTree(clone.repository, clone.commit, clone.folder)) as tree:
        return _records(tree)


def _records(tree: Tree) -> Files:
    """Requests, sign-offs and ends of conditions, with their signatures."""
    paths = (f.path for f in tree.files() if not f.irregular and (parse_path(f.path) or is_signature(f.path)))
    return {path: tree.read(path) for path in paths if path.startswith("changes/") or "/transitions/" in path}


@dataclass
class Planning:
    """What is to be done so far, given the records of the base, of the last commit and of the folder."""

    theirs: Files
    committed: Files
    here: Files
    put: dict[str, bytes] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    moved: dict[str, bytes] = field(default_factory=dict)
    asked: dict[str, Request | ChangeRequest] = field(default_factory=dict)
    void: list[str] = field(default_factory=list)

    def take(self, clash: Clash) -> None:
        """Takes in one clash, of several requests in a row the first."""
        path = clash.path.path
        if clash.path.kind == "closing":
            self._move(path)
        elif path not in self.dropped:
            self._ask(path, clash)

    def _own(self, path: str) -> tuple[Value, Files]:
        """The change's own record, and where its signature is too: the folder, or the last commit amidst a merge."""
        for files in (self.here, self.committed):
            known, content = parse_path(path), files.get(path)
            value = read_entry(known.kind, path, content)[0] if known and content is not None else None
            if value is not None and content != self.theirs.get(path):
                return value, files
        raise UsageError(f"{path} cannot be read", "Bring it back as it was before the merge.")

    def _ask(self, path: str, clash: Clash) -> None:
        request, _ = self._own(path)
        if not isinstance(request, Request | ChangeRequest):
            raise TypeError(path)
        self.asked[path] = request
        above = path.removesuffix(f"{clash.path.seq:04}/request.yaml")
        later = [p for p in self.here if p.startswith(above) and int(p.removeprefix(above)[:4]) >= clash.path.seq]
        mine = [p for p in later if self.here[p] != self.theirs.get(p)]
        self.dropped.update(mine)
        self.void += [p for p in mine if p != path and not is_signature(p) and p not in self.theirs]
        self.put |= {p: c for p, c in self.theirs.items() if p.startswith(above) and self.here.get(p) != c}

    def _move(self, path: str) -> None:
        _, files = self._own(path)
        above = path.rpartition("/")[0]
        taken = [p for p in (*self.theirs, *self.here, *self.moved) if p.rpartition("/")[0] == above]
        name = f"{above}/{max(int(p.rpartition('/')[2][:2]) for p in taken) + 1:02}.yaml"
        for suffix in ("", ".sig", ".asc"):
            if f"{path}{suffix}" in files and f"{path}{suffix}" in self.here:
                self.moved[f"{name}{suffix}"] = files[f"{path}{suffix}"]
                self.dropped.add(f"{path}{suffix}")
            if f"{path}{suffix}" in self.theirs:
                self.put[f"{path}{suffix}"] = self.theirs[f"{path}{suffix}"]
