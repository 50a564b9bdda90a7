"""A name for a finding that stays when lines move, so that forges recognise it in the next run."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable

from accredit.findings import Finding


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """For each finding the SHA-256 of code, subject, path and place; findings that share one are told apart by order.

    The place is the route in the file, or the message for a finding that has none. Lines and columns do not count.
    """
    return _named(findings, lambda f: f.location.route or f.message)


def places(findings: Iterable[Finding]) -> list[str]:
    """The same without messages, which change where a count in them does."""
    return _named(findings, lambda f: f.location.route)


def _named(findings: Iterable[Finding], place: Callable[[Finding], object]) -> list[str]:
    seen: Counter[str] = Counter()
    names = []
    for finding in findings:
        name = json.dumps([finding.code, finding.subject, finding.location.path, place(finding)])
        seen[name] += 1
        names.append(hashlib.sha256(f"{name}#{seen[name]}".encode()).hexdigest())
    return names
