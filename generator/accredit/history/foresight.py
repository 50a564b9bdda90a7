"""What another processor finds out ahead about the later landings of a long history.

It only saves time. What it says about a signature is that the bytes fit each other, by the key that they name: whose
key that is, and whether it counts, is judged where the signature lands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from accredit.copies import Copy, spare_processors
from accredit.domain.paths import is_signature, parse_path
from accredit.history import sshsig
from accredit.history.landing import Change
from accredit.history.objects import Blob, Objects
from accredit.history.repository import Repository
from accredit.history.walk import landings
from accredit.loading.collection import collection_paused
from accredit.loading.schema import read_entry, to_json

WORTH_SHARING = 1_000
"""Landings from which a copy of this process pays."""
_SHARE = 0.55
"""Of the landings, the latest: the copy is done with them before the replay comes to them."""
_PORTION = 100
_KINDS = frozenset({"transition", "approval", "version"})
"""Entries of which there are many."""


@dataclass(frozen=True)
class Foresight:
    """What was found out ahead."""

    entries: Mapping[tuple[str, str], bytes] = field(default_factory=dict)
    """Kind of a file and git's id to the entry in it, as JSON."""
    fitting: frozenset[tuple[str, str]] = frozenset()
    """Git's ids of a file and of an SSH signature beside it that fits."""


def begun(repository: Repository, tip: str, root: str) -> Copy[Foresight] | None:
    """Begins to look ahead in a copy of this process; None where that does not pay."""
    if not spare_processors() or (count := repository.length(tip)) < WORTH_SHARING:
        return None
    first = int(count * (1 - _SHARE))
    return Copy(lambda: _found(repository, tip, root, first))


def _found(repository: Repository, tip: str, root: str, first: int) -> Foresight:
    entries: dict[tuple[str, str], bytes] = {}
    fitting: set[tuple[str, str]] = set()
    with collection_paused(), Objects(repository.git) as objects:
        later = islice(landings(repository, tip, root), first, None)
        while portion := [change for landing in islice(later, _PORTION) for change in landing.changes]:
            blobs = {blob.oid: blob for blob in objects.blobs(readable(portion))}
            entries.update(_entries(portion, blobs))
            fitting.update(_fitting(portion, blobs))
    return Foresight(entries, frozenset(fitting))


def _entries(changes: Iterable[Change], blobs: Mapping[str, Blob]) -> Iterator[tuple[tuple[str, str], bytes]]:
    for change in changes:
        known = parse_path(change.path)
        content = blobs[change.new_oid].content if change.new_oid in blobs else None
        if known is not None and known.kind in _KINDS and content is not None:
            entry, _ = read_entry(known.kind, change.path, content)
            if entry is not None:
                yield (known.kind, change.new_oid), to_json(entry)


def _fitting(changes: Iterable[Change], blobs: Mapping[str, Blob]) -> Iterator[tuple[str, str]]:
    """Signatures that landed soon after what they sign, or with it."""
    there = {change.path: change.new_oid for change in changes if change.is_plain}
    for path, oid in there.items():
        signed = there.get(path.removesuffix(".sig"), "") if path.endswith(".sig") else ""
        if signed in blobs and oid in blobs:
            content, signature = blobs[signed].content, blobs[oid].content
            if content is not None and signature is not None and sshsig.fits(signature, content):
                yield signed, oid


def readable(changes: Iterable[Change]) -> tuple[str, ...]:
    """Git's ids of the entries and signatures that some changes bring, each once."""
    new = (c.new_oid for c in changes if c.is_plain and (parse_path(c.path) or is_signature(c.path)))
    return tuple(dict.fromkeys(new))
