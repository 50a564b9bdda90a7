"""For GitHub Actions: workflow commands, which show findings as annotations on the changed lines."""

from __future__ import annotations

from accredit.assess import Assessment
from accredit.findings import Finding, Severity
from accredit.proposals.baseline import Baseline
from accredit.reports.plain import one_line

_COMMANDS = {Severity.BLOCKER: "error", Severity.ERROR: "error", Severity.WARNING: "warning"}


def report(assessment: Assessment, root: str, baseline: Baseline | None = None) -> str:
    """One command a finding, as in `::error file=...,line=...,col=...,title=OWN101::message`, and one a note."""
    lines = [_command(finding, root) for finding in assessment.findings]
    lines += [f"::notice title=accredit::{_escape(one_line(note))}" for note in (baseline.notes if baseline else ())]
    return "".join(f"{line}\n" for line in lines)


def _command(finding: Finding, root: str) -> str:
    place = finding.location
    properties = {
        "file": one_line(f"{root}{place.path}"),
        "line": str(place.line) if place.line else "",
        "col": str(place.column) if place.column else "",
        "title": f"{finding.code} ({finding.severity.label})",
    }
    given = ",".join(f"{key}={_escape_property(value)}" for key, value in properties.items() if value)
    message = f"{one_line(finding.message)}\n{one_line(finding.help)}"
    return f"::{_COMMANDS[finding.severity]} {given}::{_escape(message)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
