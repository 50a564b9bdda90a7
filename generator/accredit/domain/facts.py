"""Facts that decide which law reaches a model: about the organisation, the model and its data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from accredit.domain.dataset import Dataset
from accredit.domain.model import AiAct, Model
from accredit.domain.policy import Policy
from accredit.domain.predicate import Facts
from accredit.domain.regions import home_of
from accredit.domain.registry import ModelVersion

ORGANISATION = (
    *("bank", "us_bank", "public_service", "hipaa_role", "federal_health_funds"),
    *("ccpa_business", "ccpa_audit_threshold", "role"),
)
TECHNOLOGY = ("agentic", "emotion_or_biometric", "new")
REACH = frozenset(
    {
        *(f"organisation.{name}" for name in ORGANISATION),
        *(f"tech.{name}" for name in TECHNOLOGY),
        *("policy.frameworks", "eu_ai_act.derogated", "eu_ai_act.annex_iii_point", "decision.consumer"),
        *("third_party", "regulatory_capital", "change_plan.authorised"),
        *("data.bases", "data.sensitive_purpose", "data.transfer_outside", "data.deidentified"),
        *("data.large_scale", "data.limited_data_set"),
    }
)
"""The facts that `reach_of` gives."""


def reach_of(
    model: Model, policy: Policy | None, datasets: Sequence[Dataset | None], versions: Iterable[ModelVersion]
) -> Facts:
    """The facts about reach. One that nobody recorded is None, or an empty tuple where it has several values."""
    act = model.risk.ai_act
    supplied = any(v.record.base_models for v in versions)
    return {
        **({f"organisation.{name}": getattr(policy.organisation, name) for name in ORGANISATION} if policy else {}),
        **{f"tech.{name}": getattr(model.technology, name) for name in TECHNOLOGY},
        "policy.frameworks": (policy.catalogue.reported or ("none",)) if policy else None,
        "eu_ai_act.derogated": True if act.derogation else None if act.risk == "unclassified" else False,
        "eu_ai_act.annex_iii_point": act.annex_iii_point,
        "decision.consumer": model.decision.consumer,
        "third_party": True if supplied else model.third_party,
        "regulatory_capital": model.regulatory_capital,
        "change_plan.authorised": True if model.monitoring.change_plan else model.authorised_change_plan,
        "data.bases": tuple(sorted({d.legal_basis.basis for d in datasets if d and d.legal_basis})),
        "data.sensitive_purpose": tuple(sorted({p for d in datasets if d for s in d.sensitive for p in s.used_for})),
        "data.transfer_outside": _some(datasets, _leaves),
        "data.deidentified": _some(datasets, lambda d: d.deidentification is not None),
        "data.large_scale": _some(datasets, lambda d: False if d.personal_data is False else d.large_scale),
        "data.limited_data_set": _some(datasets, lambda d: d.limited_data_set if d.phi else False),
    }


def roles_under_act(act: AiAct) -> str | tuple[str, ...] | None:
    """The role under the EU AI Act; all of them where there are several; None where none is recorded."""
    return act.role if act.role is None or not act.other_roles else (act.role, *act.other_roles)


def _some(datasets: Iterable[Dataset | None], answer: Callable[[Dataset], bool | None]) -> bool | None:
    return some(answer(d) if d else None for d in datasets)


def some(answers: Iterable[bool | None]) -> bool | None:
    """Whether it is so of one at least. One of which nothing is known, or none at all, leaves it open."""
    found = set(answers)
    return True if True in found else False if found == {False} else None


def _leaves(dataset: Dataset) -> bool | None:
    """Whether personal data is stored outside of a region that its people live in."""
    if dataset.personal_data is False:
        return False
    region = dataset.region
    if region is None or not region.subjects or not region.storage:
        return None
    return {home_of(r) for r in region.storage} - {home_of(r) for r in region.subjects} != set()
