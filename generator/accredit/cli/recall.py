"""The report of a check that was made before: the same files, question and program give the same text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from accredit.loading.cache import EntryCache, code_digest
from accredit.loading.folder import Folder
from accredit.loading.snapshot import snapshot_of


@dataclass(frozen=True, slots=True)
class Report:
    """What a check says, whether it fails, and the digest of the files that it read; empty where they have none."""

    text: str
    failed: bool
    snapshot: str


def recalled(root: Path, question: object, answer: Callable[[], Report], cache: EntryCache | None) -> Report:
    """The answer to a question about a registry: an earlier one if nothing at all has changed since.

    Args:
        root: The registry's folder.
        question: Everything that the answer depends on besides the files and the program; told apart by its repr.
        answer: Works it out.
        cache: Where answers are kept; None to keep none.
    """
    if cache is None or cache.lies_in(root):
        return answer()
    asked_before = _key(cache, root.resolve(), question)
    if cache.get([asked_before]) and (snapshot := snapshot_of(Folder(root))):
        key = _key(cache, snapshot, question)
        if known := cache.get([key]).get(key):
            text, failed = json.loads(known)
            return Report(text, failed, snapshot)
    report = answer()
    if report.snapshot:
        kept = json.dumps([report.text, report.failed]).encode()
        cache.put({_key(cache, report.snapshot, question): kept, asked_before: b"yes"})
    return report


def _key(cache: EntryCache, files: object, question: object) -> bytes:
    asked = f"{code_digest()} {files!r} {question!r}".encode("utf-8", "backslashreplace")
    return cache.key("report", hashlib.sha256(asked).hexdigest())
