"""Everything that ails a registry: its clone, its files, its people and what is about to end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

from accredit.errors import GitError
from accredit.history.git import executable
from accredit.loading.folder import Folder
from accredit.loading.json_schema import schema_text
from accredit.loading.schema import KINDS
from accredit.loading.tree import Loaded, load
from accredit.signing.ailment import Ailment
from accredit.signing.clone import Clone, asks_for_proof, is_in_git, landed_clone
from accredit.signing.deadlines import deadlines
from accredit.signing.staffing import staffing
from accredit.signing.workspace import Workspace

_MOST_FILES = 5


def diagnosis(root: Path, at: dt.datetime, cache: Path | None = None) -> tuple[Ailment, ...]:
    """All ailments of the registry in a folder at a moment, those that stop something first.

    Args:
        root: The folder.
        at: The moment.
        cache: The user's cache folder, to go on from an earlier verification; None to replay everything.
    """
    loaded = load(Folder(root))
    found = [*_git(root, loaded)]
    clone = None
    workspace = Workspace(loaded, at)
    if not any(a.grave for a in found):
        try:
            clone = landed_clone(root)
            asked = clone is not None and (asks_for_proof(loaded.registry.policy) or clone.asked_for_proof())
            workspace = Workspace(loaded, at, clone.verification(cache=cache) if clone and asked else None)
            found += _clone(clone, loaded) if clone else _unborn(loaded)
        except GitError as error:
            found.append(Ailment("clone", "", str(error), error.hint, grave=True))
    found += [*_attributes(root), *_schemas(root), *_unreadable(loaded)]
    if loaded.registry.policy is not None:
        found += [*staffing(workspace), *deadlines(workspace)]
    elif "policy.yaml" not in loaded.registry.broken:
        found.append(Ailment("unreadable", "policy.yaml", "there is no policy", "Write one: accredit init", grave=True))
    return tuple(sorted(found, key=lambda a: not a.grave))


def _git(root: Path, loaded: Loaded) -> Iterator[Ailment]:
    try:
        executable()
    except GitError as error:
        needed = is_in_git(root) or asks_for_proof(loaded.registry.policy)
        yield Ailment("git", "", str(error), error.hint, needed)


def _unborn(loaded: Loaded) -> Iterator[Ailment]:
    message = "the registry is not committed to git, so nothing proves who signed"
    grave = asks_for_proof(loaded.registry.policy)
    yield Ailment("clone", "", message, "Commit the registry to a git repository.", grave)


def _clone(clone: Clone, loaded: Loaded) -> Iterator[Ailment]:
    yield from (Ailment("clone", "", n.message, n.help) for n in clone.repository.notices)
    before, now = clone.loaded().registry.digests, loaded.registry.digests
    changed = sorted(path for path in {*before, *now} if before.get(path) != now.get(path))
    if changed:
        more = f" and {len(changed) - _MOST_FILES} more" if len(changed) > _MOST_FILES else ""
        message = f"not as committed: {', '.join(changed[:_MOST_FILES])}{more}"
        yield Ailment("uncommitted", changed[0], message, "Commit it: what is not committed is not proved.")


def _attributes(root: Path) -> Iterator[Ailment]:
    folder = root.resolve()
    for around in (folder, *folder.parents) if is_in_git(root) else ():
        if _keeps_bytes(around / ".gitattributes", folder.relative_to(around).as_posix()):
            return
        if (around / ".git").exists():
            message = "git may change line ends, and sign-offs bind bytes"
            yield Ailment("attributes", ".gitattributes", message, "Write `* -text` into .gitattributes and commit it.")
            return


def _keeps_bytes(path: Path, inside: str) -> bool:
    """Whether a `.gitattributes` says for the whole registry that its bytes are to be left alone."""
    if not path.is_file() or path.is_symlink():
        return False
    kept = False
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        pattern, *attributes = line.split() or [""]
        if pattern.removeprefix("/") in ("*", "**", f"{inside}/**"):
            changes = any(a == "text" or a.startswith("text=") for a in attributes)
            kept = (kept or not {"-text", "binary"}.isdisjoint(attributes)) and not changes
    return kept


def _schemas(root: Path) -> Iterator[Ailment]:
    if not (root / ".schema").is_dir():
        return
    folder = Folder(root)
    other = [kind for kind in KINDS if _read(folder, f".schema/{kind}.json") != schema_text(kind).encode()]
    if other:
        message = f"editors complete by other schemas than this version's: {', '.join(other)}"
        remedy = "Delete .schema/ and run `accredit init` for the registry's folder, which writes only what is missing."
        yield Ailment("schema", ".schema/", message, remedy)


def _read(folder: Folder, path: str) -> bytes:
    try:
        return folder.read(path)
    except OSError:
        return b""


def _unreadable(loaded: Loaded) -> Iterator[Ailment]:
    why: Mapping[str, str] = {f.location.path: f.message for f in reversed(loaded.findings)}
    for path in sorted(loaded.registry.broken):
        message = f"it cannot be read: {why.get(path, 'see the check')}"
        yield Ailment("unreadable", path, message, "See what is wrong: accredit check", grave=True)
