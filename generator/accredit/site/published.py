"""An assessment as it may be published: no reason of a rule names a count that policy withholds. Outcomes stay."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from accredit.assess import Assessment, ModelAssessment, VersionAssessment
from accredit.domain.registry import ModelVersion
from accredit.domain.suppression import UNKNOWN, withheld_in, withheld_slices
from accredit.findings import Finding
from accredit.gates import Result
from accredit.rules.rule import Verdict

_DIGIT = re.compile(r"[0-9]")
Withheld = Mapping[str, frozenset[str]]
"""What a comparison is called to the groups of it whose counts are withheld."""


def published(assessment: Assessment) -> Assessment:
    """The assessment with reasons that rest on withheld counts told without their figures."""
    policy = assessment.registry.policy
    least = policy.fairness.publish_min_n if policy else 0
    found = {v.key: _withheld(v, least) for v in assessment.registry.versions()} if least else {}
    hidden = {key: groups for key, groups in found.items() if groups}
    if not hidden:
        return assessment
    models = {name: _of_model(model, hidden) for name, model in assessment.models.items()}
    findings = tuple(sorted({_of_finding(f, hidden) for f in assessment.findings}))
    return replace(assessment, models=models, findings=findings)


def _withheld(version: ModelVersion, least: int) -> Withheld:
    found: dict[str, frozenset[str]] = {}
    for evaluation in version.evaluations.values():
        for attributes, groups in withheld_in(evaluation, least).items():
            name = " and ".join(attributes)
            found[name] = found.get(name, frozenset()) | groups.keys()
        for kind in dict.fromkeys((m.type, tuple(m.slice)) for m in evaluation.metrics if m.slice):
            same = [m for m in evaluation.metrics if (m.type, tuple(m.slice)) == kind]
            name = " and ".join(kind[1])
            found[name] = found.get(name, frozenset()) | withheld_slices(same, least).keys()
    return {name: groups for name, groups in found.items() if groups}


def _of_model(model: ModelAssessment, hidden: Mapping[str, Withheld]) -> ModelAssessment:
    versions = {name: _of_version(version, hidden) for name, version in model.versions.items()}
    return replace(model, versions=versions)


def _of_version(version: VersionAssessment, hidden: Mapping[str, Withheld]) -> VersionAssessment:
    groups = hidden.get(version.version.key)
    if groups is None:
        return version
    return replace(version, results={code: _of_result(r, groups) for code, r in version.results.items()})


def _of_result(result: Result, groups: Withheld) -> Result:
    verdicts = tuple(_of_verdict(result.rule.family, v, groups) for v in result.verdicts)
    return result if verdicts == result.verdicts else replace(result, verdicts=verdicts)


def _of_verdict(family: str, verdict: Verdict, groups: Withheld) -> Verdict:
    message = _told(family, verdict.message, groups)
    return verdict if message == verdict.message else replace(verdict, message=message)


def _of_finding(finding: Finding, hidden: Mapping[str, Withheld]) -> Finding:
    groups = hidden.get(finding.subject)
    if groups is None:
        return finding
    message = _told(finding.code.rstrip("0123456789"), finding.message, groups)
    return finding if message == finding.message else replace(finding, message=message)


def _told(family: str, message: str, groups: Withheld) -> str:
    """The message, or what is said in its place.

    Of a rule on fairness every message with a figure that names the comparison is withheld, since it may name totals;
    of another rule, one that names a withheld group itself.
    """
    if not _DIGIT.search(message):
        return message
    for comparison, names in groups.items():
        is_about = family == "FAIR" and comparison in message
        if is_about or any(_names(message, name) for name in names):
            return f"{comparison}: a group is too small for its figures to be published; `accredit check` has them"
    return message


def _names(message: str, group: str) -> bool:
    if group == UNKNOWN or group not in message:  # most messages name no group
        return False
    return re.search(rf"(?<!\w){re.escape(group)}(?!\w)", message) is not None
