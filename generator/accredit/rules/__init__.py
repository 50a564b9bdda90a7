"""The governance rules, one file a family. Importing this package registers them all."""

from __future__ import annotations

from importlib import import_module

from accredit.rules.rule import RULES, Rule

_FAMILIES = (
    "registry",
    "references",
    "secrets",
    "dates",
    "card",
    "card_prose",
    "card_upkeep",
    "ownership",
    "risk",
    "risk_tier",
    "risk_treatment",
    "data",
    "data_privacy",
    "data_rights",
    "data_quality",
    "data_inputs",
    "lineage",
    "lineage_run",
    "performance",
    "evaluation_validity",
    "operating_quality",
    "fairness",
    "fairness_limits",
    "fairness_slices",
    "fairness_response",
    "approval",
    "approval_signers",
    "approval_conditions",
    "approval_evidence",
    "approval_validation",
    "lifecycle",
    "lifecycle_urgent",
    "deployment",
    "transparency",
    "recourse",
    "oversight",
    "security",
    "monitoring",
    "surveillance",
    "incidents",
    "audit",
    "audit_trail",
    "waiver",
    "retention",
    "retention_storage",
    "retention_data",
    "retention_holds",
    "policy_lint",
    "policy_quorum",
    "policy_names",
    "controls",
    "history",
)


def all_rules() -> dict[str, Rule]:
    """Every rule by code, in order of code."""
    for family in _FAMILIES:
        import_module(f"accredit.rules.{family}")
    return dict(sorted(RULES.items()))
