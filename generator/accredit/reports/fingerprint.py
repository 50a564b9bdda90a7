"""A name for a finding that stays when lines move, so that forges recognise it in the next run."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable

from accredit.findings import Finding


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """For each finding the SHA-256 of code, subject, path and place; findings that share one are told apart by order.

    The place is the route in the file, or the message for a finding that has none. Lines and columns do not count.
    """
    seen: Counter[str] = Counter()
    names = []
    for finding in findings:
        place = finding.location.route or finding.message
        name = json.dumps([finding.code, finding.subject, finding.location.path, place])
        seen[name] += 1
        names.append(hashlib.sha256(f"{name}#{seen[name]}".encode()).hexdigest())
    return names
