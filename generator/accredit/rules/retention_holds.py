"""RET: what is under a legal hold stays."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.paths import dataset_path
from accredit.domain.registry import ModelVersion, Registry
from accredit.domain.schedule import Kept
from accredit.domain.stored import Tombstone
from accredit.domain.verification import Flaw
from accredit.domain.waiver import Hold
from accredit.findings import Location
from accredit.rules.context import Context
from accredit.rules.retention import named, schedule
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule

_REMEDY = "Stop all deletion, bring the object back from a copy, and tell counsel."


@rule("RET106", "Legal holds are respected", severity="blocker", gate="always", waivable=False, scope="registry")
def holds_respected(registry: Registry, context: Context) -> Iterator[Verdict]:
    """Legal holds are respected.

    What it checks:
        Nothing that is under a legal hold was erased on a day of the hold, has an end in its store that has passed,
        or was missing when it was last looked at. Where sign-offs are proved from the history, no file about a held
        model or dataset was removed or became a tombstone after the hold landed, and no hold was deleted that was
        not released, or released without a signature that counts. A hold covers the models and datasets that it names.

    Why it matters:
        Destroying what a court, an authority or a plaintiff may ask for can cost the case, and may be a crime.

    Example:
        `holds/complaint-7.yaml` since 2026-04-20, and a tombstone of 2026-05-01 in a dataset that it names.

    How to fix:
        Bring the object back from a copy and tell counsel. A hold ends only when a second legal person releases it:
        `accredit hold release`.

    References:
        US Federal Rules of Civil Procedure 37(e); GDPR Art. 17(3)(e) and 18(2).
    """
    found = [*_erased(registry), *_lost(registry, context)]
    if context.verification is not None:
        breaches = [b for b in context.verification.breaches if b.standing and b.flaw == Flaw.UNDER_HOLD]
        found += [fails(b.message, _REMEDY, at(b.path)) for b in breaches]
    yield from found
    if not found:
        yield (
            passes(f"{len(registry.holds)} holds are respected")
            if registry.holds
            else not_applicable("there is no legal hold")
        )


def _erased(registry: Registry) -> Iterator[Verdict]:
    for hold_id, hold in sorted(registry.holds.items()):
        for name in hold.datasets:
            dataset = registry.datasets.get(name)
            if dataset is not None and dataset.tombstone is not None:
                yield from _during(hold_id, hold, f"`{name}`", dataset.tombstone, at(dataset_path(name), "tombstone"))
        for model in hold.models:
            for version in registry.models[model].versions.values() if model in registry.models else ():
                for name, record in version.records.items():
                    if record.tombstone is not None:
                        path = f"models/{model}/versions/{version.id}/records/{name}.yaml"
                        place = at(path, "tombstone")
                        yield from _during(hold_id, hold, f"{name} of {version.key}", record.tombstone, place)


def _during(hold_id: str, hold: Hold, what: str, tombstone: Tombstone, place: Location) -> Iterator[Verdict]:
    if hold.is_in_force_on(tombstone.date):
        message = f"{what} was erased on {tombstone.date}, under the legal hold {hold_id} of {hold.issued}"
        yield fails(message, _REMEDY, place, at(f"holds/{hold_id}.yaml"))


def _lost(registry: Registry, context: Context) -> Iterator[Verdict]:
    """Held objects that their store let go, by its own calendar or as the last look at it shows."""
    told: set[tuple[str, str]] = set()
    for version in _held(registry):
        for kept in schedule(version, context):
            fault = _fault(kept, context) if kept.holds and not kept.pointer.tombstone else ""
            subject = (kept.pointer.path, fault)
            if fault and subject not in told:
                told.add(subject)
                place = at(kept.pointer.path, *kept.pointer.route)
                message = f"{named(kept)} is under the legal hold {kept.holds[0]}, and {fault}"
                yield fails(message, _REMEDY, place, at(f"holds/{kept.holds[0]}.yaml"))


def _held(registry: Registry) -> Iterator[ModelVersion]:
    """The versions of which something may be under a hold: of a model that is held, or of any if data is."""
    models = {model for hold in registry.holds.values() for model in hold.models}
    data = any(hold.datasets for hold in registry.holds.values())
    return (version for version in registry.versions() if data or version.model_id in models)


def _fault(kept: Kept, context: Context) -> str:
    last = kept.pointer.storage.retain_until
    if last is not None and last < context.as_of:
        return f"its store may have deleted it after {last}"
    if kept.look is not None and kept.look.found.result == "missing":
        return f"it was gone on {kept.look.at.date()}"
    return ""
