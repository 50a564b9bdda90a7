"""For test dashboards: JUnit XML with one test case for each rule and subject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from accredit.assess import Assessment
from accredit.domain.value import STAGES, Stage
from accredit.findings import Finding, Severity
from accredit.gates import Result
from accredit.proposals.baseline import Baseline
from accredit.reports.plain import one_line

_Case = tuple[str, str]
"""Code and subject."""


def report(assessment: Assessment, root: str, baseline: Baseline | None = None) -> str:
    """A suite in which errors and blockers fail; what is waived, not applicable or not yet asked for is skipped.

    With a baseline, so is what was found before the change.
    """
    before = {(f.code, f.subject) for f in baseline.unchanged} if baseline else set()
    found: dict[_Case, list[Finding]] = {}
    for finding in assessment.findings:
        found.setdefault((finding.code, finding.subject), []).append(finding)
    cases = dict(_results(assessment))
    keys = sorted({*cases, *found, *before})
    elements = [_case(key, cases.get(key), found.get(key, ()), root, old=key in before) for key in keys]
    failed = sum(e.find("failure") is not None for e in elements)
    skipped = sum(e.find("skipped") is not None for e in elements)
    counts = {"tests": str(len(elements)), "failures": str(failed), "errors": "0", "skipped": str(skipped)}
    suites = ET.Element("testsuites", counts)
    suite = ET.SubElement(suites, "testsuite", {"name": "accredit", **counts})
    suite.extend(elements)
    ET.indent(suites)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(suites, encoding="unicode")}\n'


def _results(assessment: Assessment) -> Iterator[tuple[_Case, tuple[Result, Stage]]]:
    """Each result once, with the most advanced stage of the versions that it was judged for."""
    for model in assessment.models.values():
        for version in sorted(model.versions.values(), key=lambda v: STAGES.index(v.stage)):
            subjects = {"registry": "", "model": model.model.id}
            for code, result in version.results.items():
                yield (code, subjects.get(result.rule.scope, version.version.key)), (result, version.stage)


def _case(
    key: _Case, judged: tuple[Result, Stage] | None, findings: Sequence[Finding], root: str, *, old: bool
) -> ET.Element:
    code, subject = key
    title = f"{code} {judged[0].rule.title}" if judged else code
    element = ET.Element("testcase", {"classname": one_line(subject) or "registry", "name": title})
    if findings:
        element.set("file", one_line(f"{root}{findings[0].location.path}"))
        element.set("line", str(max(findings[0].location.line, 1)))
        _report_findings(element, findings, root)
    elif old:
        ET.SubElement(element, "skipped", {"message": "found before this change"})
    elif judged and (reason := _skipped(*judged)):
        ET.SubElement(element, "skipped", {"message": reason})
    return element


def _report_findings(element: ET.Element, findings: Sequence[Finding], root: str) -> None:
    lines = (one_line(f"{root}{f.location} {f.message}. {f.help}") for f in findings)
    gravest = max(f.severity for f in findings)
    if gravest is Severity.WARNING:
        ET.SubElement(element, "system-out").text = "\n".join(lines)
    else:
        attributes = {"type": gravest.label, "message": one_line(findings[0].message)}
        ET.SubElement(element, "failure", attributes).text = "\n".join(lines)


def _skipped(result: Result, stage: Stage) -> str:
    if result.outcome == "not_applicable":
        return "not applicable"
    if result.waiver:
        return f"waived by {result.waiver}"
    if not result.rule.applies_from(stage):
        return f"asked for from {result.rule.gate} on"
    return ""
