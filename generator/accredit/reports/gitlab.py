"""For GitLab: a Code Quality report, shown in the merge request."""

from __future__ import annotations

import json
from typing import Any

from accredit.assess import Assessment
from accredit.findings import Finding, Severity
from accredit.proposals.baseline import Baseline
from accredit.proposals.fingerprint import fingerprints
from accredit.reports.plain import one_line

_SEVERITIES = {Severity.BLOCKER: "blocker", Severity.ERROR: "major", Severity.WARNING: "minor"}


def report(assessment: Assessment, root: str, baseline: Baseline | None = None) -> str:
    """A JSON list with one issue a finding."""
    found = baseline.all if baseline else assessment.findings  # of equal ones the later has another name
    names = dict(zip(found, fingerprints(found), strict=True)) if baseline else None
    listed = [names[f] for f in assessment.findings] if names else fingerprints(assessment.findings)
    issues = [_issue(f, name, root) for f, name in zip(assessment.findings, listed, strict=True)]
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
