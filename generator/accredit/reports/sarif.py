"""For code scanning: SARIF 2.1.0 (OASIS). One result a finding, one rule descriptor a governance rule."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from accredit.assess import Assessment
from accredit.findings import Finding, Location, Severity
from accredit.proposals.baseline import Baseline
from accredit.proposals.fingerprint import fingerprints
from accredit.reports.pages import rule_markdown, rule_text
from accredit.reports.plain import one_line
from accredit.reports.tool import NAME, VERSION
from accredit.rules.rule import Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.BLOCKER: "error", Severity.ERROR: "error", Severity.WARNING: "warning"}
_ROOT = "%SRCROOT%"


def report(assessment: Assessment, root: str, baseline: Baseline | None = None) -> str:
    """A SARIF log with one run. Paths are relative to the folder that the command ran in.

    With a baseline it has what was there before too, as GitHub does the comparison itself, and says which is which.
    """
    findings = baseline.all if baseline else assessment.findings
    rules = list(assessment.rules.values())
    index = {rule.code: i for i, rule in enumerate(rules)}
    names = fingerprints(findings)
    results = [_result(f, n, index, root) for f, n in zip(findings, names, strict=True)]
    if baseline:
        results = [{**r, "baselineState": _state(f, baseline)} for f, r in zip(findings, results, strict=True)]
    run = {
        "tool": {"driver": _driver(rules)},
        "automationDetails": {"id": f"{NAME}/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "properties": {
            "asOf": assessment.as_of.isoformat(),
            "registry": _registry_id(assessment),
            **({"base": baseline.commit} if baseline else {}),
        },
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _state(finding: Finding, baseline: Baseline) -> str:
    return "new" if finding in baseline.new else "updated" if finding in baseline.worse else "unchanged"


def _registry_id(assessment: Assessment) -> str | None:
    return assessment.registry.identity.id if assessment.registry.identity else None


def _driver(rules: list[Rule]) -> dict[str, Any]:
    return {"name": NAME, "version": VERSION, "rules": [_rule(r) for r in rules]}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.slug.split("-")[1:]),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.sections.get("What it checks", rule.title)},
        "help": {"text": rule_text(rule), "markdown": rule_markdown(rule)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.family, f"gate:{rule.gate}"], "severity": rule.severity.label},
    }


def _result(finding: Finding, name: str, index: Mapping[str, int], root: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{one_line(finding.message)}\n{one_line(finding.help)}"},
        "locations": [{"physicalLocation": _place(finding.location, root)}],
        # GitHub reads the second name only; without it, it would hash the line itself
        "partialFingerprints": {f"{NAME}/v1": name, "primaryLocationLineHash": name},
        "properties": {"severity": finding.severity.label, "subject": finding.subject},
    }
    if finding.code in index:
        result["ruleIndex"] = index[finding.code]
    if finding.related:
        result["relatedLocations"] = [
            {"id": i, "physicalLocation": _place(related, root)} for i, related in enumerate(finding.related, 1)
        ]
    return result


def _place(location: Location, root: str) -> dict[str, Any]:
    address = quote(f"{root}{location.path}", errors="surrogatepass")
    place: dict[str, Any] = {"artifactLocation": {"uri": address, "uriBaseId": _ROOT}}
    if location.line:
        place["region"] = {"startLine": location.line, "startColumn": max(location.column, 1)}
    return place
