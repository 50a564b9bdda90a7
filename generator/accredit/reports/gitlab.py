"""For GitLab: a Code Quality report, shown in the merge request."""

from __future__ import annotations

import json
from typing import Any

from accredit.assess import Assessment
from accredit.findings import Finding, Severity
from accredit.reports.fingerprint import fingerprints
from accredit.reports.plain import one_line

_SEVERITIES = {Severity.BLOCKER: "blocker", Severity.ERROR: "major", Severity.WARNING: "minor"}


def report(assessment: Assessment, root: str) -> str:
    """A JSON list with one issue a finding."""
    names = fingerprints(assessment.findings)
    issues = [_issue(f, name, root) for f, name in zip(assessment.findings, names, strict=True)]
    return json.dumps(issues, indent=2) + "\n"


def _issue(finding: Finding, name: str, root: str) -> dict[str, Any]:
    return {
        "description": f"{one_line(finding.message)}. {one_line(finding.help)}",
        "check_name": finding.code,
        "fingerprint": name,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": one_line(f"{root}{finding.location.path}"),
            "lines": {"begin": max(finding.location.line, 1)},
        },
    }
