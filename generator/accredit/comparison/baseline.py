"""Which version to compare with."""

from __future__ import annotations

from accredit.assess import Assessment, VersionAssessment
from accredit.domain.registry import ModelVersion
from accredit.errors import UsageError
from accredit.rules.context import Context


def last_approved(context: Context, version: ModelVersion) -> ModelVersion | None:
    """The version of the model that went to production last, not the version itself; None where none did."""
    found = [
        (str(step.at), other)
        for other in context.model(version).versions.values()
        for step in context.lifecycles[other.key].steps
        if other.id != version.id and step.status == "effective" and step.transition.request.to_stage == "production"
    ]
    return max(found, key=lambda item: item[0])[1] if found else None


def baselines(assessment: Assessment, version: VersionAssessment) -> tuple[VersionAssessment, ...]:
    """What a reader compares a version with: the one before it, and the one in production where that is another."""
    versions = list(assessment.models[version.version.model_id].versions.values())
    place = next(i for i, v in enumerate(versions) if v.version.id == version.version.id)
    running = assessment.current(version.version.model_id)
    found = [*versions[max(place - 1, 0) : place], *([running] if running and running.stage == "production" else [])]
    return tuple({v.version.id: v for v in found if v.version.id != version.version.id}.values())


def named(assessment: Assessment, name: str) -> VersionAssessment:
    """The version that `model@version` means; `model` alone means the one in production.

    Raises:
        UsageError: There is no such version, or none in production.
    """
    model, mark, version = name.partition("@")
    if model not in assessment.models:
        known = ", ".join(assessment.models) or "none"
        raise UsageError(f"there is no model {model} that can be read", f"Known models: {known}.")
    versions = assessment.models[model].versions
    if mark and version not in versions:
        known = ", ".join(versions) or "none"
        raise UsageError(f"there is no version {version} of {model} that can be read", f"Known versions: {known}.")
    running = assessment.current(model)
    if not mark and (running is None or running.stage != "production"):
        known = ", ".join(f"{model}@{v}" for v in versions) or "none"
        raise UsageError(f"no version of {model} is in production", f"Say which: {known}.")
    return versions[version] if mark or running is None else running
