"""The report of a check that was made before: the same files, question and program give the same text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from accredit.loading.cache import EntryCache, code_digest
from accredit.loading.folder import Folder
from accredit.loading.snapshot import snapshot_of


@dataclass(frozen=True, slots=True)
class Report:
    """What a check says, whether it fails, and the digests of the files that it is about."""

    text: str
    failed: bool
    digests: Mapping[str, str]


def recalled(root: Path, question: object, answer: Callable[[], Report], cache: EntryCache | None) -> Report:
    """The answer to a question about a registry: an earlier one if nothing at all has changed since.

    Args:
        root: The registry's folder.
        question: Everything that the answer depends on besides the files and the program; told apart by its repr.
        answer: Works it out.
        cache: Where answers are kept; None to keep none.
    """
    snapshot = None if cache is None or cache.lies_in(root) else snapshot_of(Folder(root))
    if cache is None or snapshot is None:
        return answer()
    asked = hashlib.sha256(f"{code_digest()} {snapshot.sha256} {question!r}".encode("utf-8", "backslashreplace"))
    key = cache.key("report", asked.hexdigest())
    if known := cache.get([key]).get(key):
        text, failed = json.loads(known)
        return Report(text, failed, snapshot.digests)
    report = answer()
    if report.digests == snapshot.digests:  # nobody wrote meanwhile
        cache.put({key: json.dumps([report.text, report.failed]).encode()})
    return report
