"""What a change of people or policy does: each file that governs, field by field, against what is in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from accredit.domain.paths import parse_path
from accredit.domain.value import Value
from accredit.history.governance import governs
from accredit.history.tree import GitTree
from accredit.loading.folder import Tree
from accredit.loading.schema import read_entry
from accredit.policies.change import FieldChange, field_changes
from accredit.policies.fields import leaves
from accredit.signing.clone import Clone
from accredit.signing.governing import governance_digest

_FAR = 500
"""Landings to look back: a proposal leaves what it changes no further behind."""


@dataclass(frozen=True, slots=True)
class Alteration:
    """What becomes of one file. A change of comments alone has no fields."""

    path: str
    doing: str
    """`added`, `removed` or `changed`."""
    fields: tuple[FieldChange, ...]
    readable: bool = True


def alterations(clone: Clone, before: str, after: Tree) -> tuple[Alteration, ...] | None:
    """What people, policy and catalogues in a tree say that those of a digest did not; None where none has the digest.

    Args:
        clone: Where the earlier ones landed, or were committed.
        before: Digest of what was in force.
        after: The tree that is proposed.
    """
    for commit in islice(clone.repository.line(clone.commit), _FAR):
        tree = GitTree(clone.repository, commit, clone.folder)
        try:
            if governance_digest(tree) == before:
                return tuple(_altered(_governing(tree), _governing(after)))
        finally:
            tree.close()
    return None


def _governing(tree: Tree) -> Mapping[str, bytes]:
    return {file.path: tree.read(file.path) for file in tree.files() if governs(file.path) and not file.irregular}


def _altered(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[Alteration]:
    for path in sorted({*before, *after}):
        old, new = before.get(path), after.get(path)
        if old != new:
            doing = "added" if old is None else "removed" if new is None else "changed"
            was, now = _entry(path, old), _entry(path, new)
            found = field_changes(leaves(was) if was else {}, leaves(now) if now else {})
            yield Alteration(path, doing, tuple(found), readable=new is None or now is not None)


def _entry(path: str, content: bytes | None) -> Value | None:
    known = parse_path(path)
    return read_entry(known.kind, path, content)[0] if known and content is not None else None
