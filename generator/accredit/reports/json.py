"""For programs: everything that the assessment says, with a format version. A new key does not change the version."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from accredit.assess import Assessment, ModelAssessment, VersionAssessment
from accredit.findings import Finding, Location
from accredit.gates import Gate, Result
from accredit.proposals.baseline import Baseline
from accredit.reports.tool import NAME, VERSION

FORMAT = 1


def report(assessment: Assessment, root: str, baseline: Baseline | None = None) -> str:
    """One JSON object: who wrote it, of which registry, as of when, the findings, and how each model stands.

    With a baseline the findings are those that the change brought about, and `base` tells of the others.
    """
    identity = assessment.registry.identity
    content = {
        "format": FORMAT,
        "tool": {"name": NAME, "version": VERSION},
        "as_of": assessment.as_of.isoformat(),
        "registry": {"id": identity.id, "name": identity.name} if identity else None,
        "root": root,
        **({"base": _base(baseline)} if baseline else {}),
        "findings": [finding_json(f) for f in assessment.findings],
        "models": {model_id: _model(m) for model_id, m in assessment.models.items()},
    }
    return json.dumps(content, indent=2) + "\n"


def _base(baseline: Baseline) -> dict[str, Any]:
    return {
        "revision": baseline.revision,
        "commit": baseline.commit,
        "notes": list(baseline.notes),
        "worse": [finding_json(f) for f in baseline.worse],
        "elsewhere": [finding_json(f) for f in sorted(baseline.elsewhere)],
        "unchanged": len(baseline.unchanged),
        "gone": [finding_json(f) for f in baseline.gone],
        "gates": [asdict(effect) for effect in baseline.gates],
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding as it stands in every report for programs."""
    return {
        "code": finding.code,
        "severity": finding.severity.label,
        "subject": finding.subject,
        "message": finding.message,
        "help": finding.help,
        "location": _location(finding.location),
        "related": [_location(r) for r in finding.related],
    }


def _location(location: Location) -> dict[str, Any]:
    return {
        "path": location.path,
        "line": location.line or None,
        "column": location.column or None,
        "route": list(location.route),
    }


def _model(model: ModelAssessment) -> dict[str, Any]:
    return {
        "name": model.model.record.name,
        "tier": model.standing.tier,
        "profile": model.standing.profile,
        "versions": {v.version.id: _version(v) for v in model.versions.values()},
    }


def _version(version: VersionAssessment) -> dict[str, Any]:
    since = version.lifecycle.since
    return {
        "stage": version.stage,
        "since": since.isoformat() if since else None,
        "emergency": version.lifecycle.urgency or None,
        "content": version.version.content,
        "gates": {move: _gate(gate) for move, gate in version.gates.items()},
        "results": {code: _result(result) for code, result in version.results.items()},
    }


def _gate(gate: Gate) -> dict[str, Any]:
    return {"open": gate.is_open, "blocking": list(gate.blocking), "rules": list(gate.codes)}


def _result(result: Result) -> dict[str, Any]:
    return {"outcome": result.outcome, "waiver": result.waiver, "reasons": [v.message for v in result.reasons]}
