"""LIFE: what runs where, and what to return to if it fails."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.calendar import is_after
from accredit.domain.operation import Deployment
from accredit.domain.paths import version_path
from accredit.domain.registry import ModelVersion
from accredit.domain.value import Instant
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule

_NOTHING_RUNS = "no deployment of the version decides for everybody today"


@rule("LIFE102", "One production version per deployment slot", severity="error", gate="production", waivable=True)
def one_per_slot(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """One production version per deployment slot.

    What it checks:
        No other version of the model has a deployment that has not ended in the same environment and slot. Only the
        strategy `full` counts: a canary or a shadow runs beside the version that decides.

    Why it matters:
        With two versions in one place nobody can say which of them decided, or which one to switch off.

    Example:
        Versions 1.0.0 and 2.0.0, both in the slot `branches` of production and both without `until`.

    How to fix:
        Record in `until` when the earlier one was switched off, or give them slots of their own.

    References:
        NIST SP 800-53 CM-2 and CM-8 on what runs; ISO/IEC 27001:2022 control 8.32.
    """
    running = dict(_running(version, context))
    if not running:
        yield not_applicable(_NOTHING_RUNS)
        return
    others = [v for v in context.model(version).versions.values() if v.id != version.id]
    taken = {(d.environment, d.slot): (v, n) for v in others for n, d in _running(v, context)}
    faults = 0
    for name, deployment in running.items():
        other = taken.get((deployment.environment, deployment.slot))
        if other is not None:
            faults += 1
            message = f"{other[0].id} runs in the slot {deployment.slot} of {deployment.environment} as well"
            remedy = "Record `until` of the one that was switched off, or give them slots of their own."
            yield fails(message, remedy, at(_path(version, name), "slot"), at(_path(*other), "slot"))
    if not faults:
        slots = ", ".join(sorted({f"{d.slot} of {d.environment}" for d in running.values()}))
        yield passes(f"the version alone runs in {slots}")


@rule("LIFE105", "A rollback target exists", severity="error", gate="production", waivable=True)
def rollback_named(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """A rollback target exists.

    What it checks:
        Each deployment of a version in production that decides for everybody, and has not ended, names in
        `rollback_to` another version that was in production before. The first version to get there has none to
        return to.

    Why it matters:
        When a model fails there is no time to look for one that worked, or to approve one.

    Example:
        `rollback_to: 2.1.0-rc1`, a version that never left staging.

    How to fix:
        Name the version that it replaced, and try the way back.

    References:
        NIST AI RMF MANAGE 2.4 on superseding and disengaging; NIST SP 800-53 CM-2(3) on earlier configurations.
    """
    running = dict(_running(version, context))
    earlier = _released_before(version, context)
    if context.stage(version) != "production" or not running:
        yield not_applicable(_NOTHING_RUNS if not running else "the version is not in production")
    elif not earlier:
        yield not_applicable("no version of the model was in production before this one")
    else:
        found = [v for name, d in running.items() if (v := _without_target(version, name, d, earlier))]
        yield from found or [passes("every deployment names a version to return to")]


def _without_target(
    version: ModelVersion, name: str, deployment: Deployment, earlier: tuple[str, ...]
) -> Verdict | None:
    remedy = f"Name a version that was in production before: {', '.join(earlier)}."
    target, path = deployment.rollback_to, _path(version, name)
    if target is None:
        return fails(f"the deployment {name} names no version to return to", remedy, at(path))
    if target not in earlier:
        return fails(f"{target} was not in production before {version.id}", remedy, at(path, "rollback_to"))
    return None


def _released_before(version: ModelVersion, context: Context) -> tuple[str, ...]:
    """The other versions of the model that came into production before this one did."""
    own = _first_release(version, context)
    others = [v for v in context.model(version).versions.values() if v.id != version.id]
    releases = [(v.id, when) for v in others if (when := _first_release(v, context)) is not None]
    return tuple(name for name, when in releases if own is None or when < own)


def _first_release(version: ModelVersion, context: Context) -> Instant | None:
    steps = context.lifecycles[version.key].steps
    to_production = (s for s in steps if s.transition.request.to_stage == "production")
    return next((s.at for s in to_production if s.status == "effective"), None)


def _running(version: ModelVersion, context: Context) -> Iterator[tuple[str, Deployment]]:
    """The deployments by name that decide for everybody and have not ended on the day."""
    for name, deployment in version.deployments.items():
        ended = deployment.until is not None and not is_after(deployment.until, context.as_of)
        if deployment.strategy == "full" and not ended:
            yield name, deployment


def _path(version: ModelVersion, name: str) -> str:
    return version_path(version.model_id, version.id, f"deployments/{name}.yaml")
