"""POL: whether the policy makes sense, and whether a model keeps to what it may choose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, get_args

from accredit.domain.calendar import is_after
from accredit.domain.classification import PROFILES, profile_floor
from accredit.domain.criteria import FairnessMetric
from accredit.domain.metric import is_possible
from accredit.domain.paths import model_path
from accredit.domain.policy import Policy, Profile
from accredit.domain.prose import is_filled
from accredit.domain.registry import RegisteredModel, Registry
from accredit.domain.signoff import Assurance
from accredit.findings import Route
from accredit.rules.context import Context
from accredit.rules.policy_conflicts import (
    hollow_demands,
    impossible_values,
    inverted_ranges,
    unreachable_stages,
    unreachable_tiers,
)
from accredit.rules.rule import Verdict, at, fails, passes, rule

POLICY = "policy.yaml"
_ASSURANCE: tuple[Assurance, ...] = get_args(Assurance)
"""Strongest first."""


BETWEEN_0_AND_1 = frozenset(get_args(FairnessMetric)) - {"slice_gap"}
"""Fairness metrics that are a share, or a difference of shares."""


class _Limits(Protocol):
    """What has a least and a greatest value."""

    @property
    def min(self) -> float | None: ...
    @property
    def max(self) -> float | None: ...


@rule("POL101", "Policy is valid and versioned", severity="error", gate="always", waivable=False, scope="registry")
def policy_valid(registry: Registry, context: Context) -> Iterator[Verdict]:  # noqa: ARG001 - every rule's form
    """Policy is valid and versioned.

    What it checks:
        The policy has a version that is no placeholder and holds on the day of the assessment. Every limit has a
        least or a greatest value, on the side that matters, that its metric can have; no least value lies above the
        greatest. Every profile closes a gate on failures of at least one severity, and none closes it on what passes or
        does not apply. Every tier can be reached by some model and every stage by some chain of moves, conditions
        compare facts with values that they can have, and no signature, floor or limit asks for nothing. That
        `policy.yaml` matches its schema is the business of REG001.

    Why it matters:
        Every other rule is judged by the policy. A limit without a value and a profile that blocks on nothing look
        like control and let everything through.

    Example:
        `profiles: {fast: {block_on: []}}`.

    How to fix:
        Correct the value that the finding names. The policy's next version gets its own number and first day.

    References:
        ISO/IEC 42001:2023 clause 7.5 on documented information; SR 26-2 on policies and procedures.
    """
    identity, faults = context.policy.policy, 0
    if is_after(identity.effective, context.as_of):
        faults += 1
        message = f"the policy holds from {identity.effective}, after {context.as_of}"
        yield fails(message, "Keep the policy in force until then.", at(POLICY, "policy", "effective"))
    if not is_filled(identity.version):
        faults += 1
        yield fails("the policy's version is a placeholder", "Give it a version.", at(POLICY, "policy", "version"))
    for message, remedy, route in (c for check in _CHECKS for c in check(context.policy)):
        faults += 1
        yield fails(message, remedy, at(POLICY, *route))
    if not faults:
        yield passes(f"version {identity.version} of {identity.id} holds since {identity.effective}")


def _hollow_limits(policy: Policy) -> Iterator[tuple[str, str, Route]]:
    for name, limits, route in _limits(policy):
        if limits.min is None and limits.max is None:
            yield f"the limit on {name} has neither `min` nor `max`", "Give it a value, or remove it.", route
        elif limits.min is not None and limits.max is not None and limits.min > limits.max:
            message = f"the limit on {name} asks for at least {limits.min:g} and at most {limits.max:g}"
            yield message, "Correct one of them.", route
        else:
            yield from _unreachable(name, limits, route)


def _unreachable(name: str, limits: _Limits, route: Route) -> Iterator[tuple[str, str, Route]]:
    """Limits that nothing can reach, or that point the wrong way, so that only a bad result would pass."""
    for side, value in (("min", limits.min), ("max", limits.max)):
        possible = value is None or (0 <= value <= 1 if name in BETWEEN_0_AND_1 else is_possible(name, value))
        if not possible:
            message = f"{name} lies between 0 and 1, and its limit is {value:g}"
            yield message, "Correct it.", (*route, side)
    wanted = "min" if name == "impact_ratio" else "max" if name in BETWEEN_0_AND_1 else None
    if wanted and getattr(limits, wanted) is None:
        yield f"the limit on {name} has no `{wanted}`, which is the side that matters", f"Give it `{wanted}`.", route


def _limits(policy: Policy) -> Iterator[tuple[str, _Limits, Route]]:
    for task, criteria in policy.performance.tasks.items():
        for metric, threshold in criteria.thresholds.items():
            yield metric, threshold, ("performance", "tasks", task, "thresholds", metric)
    for index, override in enumerate(policy.performance.overrides):
        for metric, threshold in override.thresholds.items():
            yield metric, threshold, ("performance", "overrides", index, "thresholds", metric)
    for index, limit in enumerate(policy.fairness.limits):
        yield limit.metric, limit, ("fairness", "limits", index)


def _hollow_profiles(policy: Policy) -> Iterator[tuple[str, str, Route]]:
    for name, profile in policy.profiles.items():
        route = ("profiles", name, "block_on")
        if "fail" not in profile.block_on or not profile.severities:
            where: Route = ("profiles", name, "severities") if "fail" in profile.block_on else route
            yield f"the profile {name} closes no gate on a failure", "Let it block on `fail`.", where
        for outcome in profile.block_on:
            if outcome in ("pass", "not_applicable"):
                yield f"the profile {name} closes gates on `{outcome}`", f"Remove `{outcome}`.", route


_CHECKS = (
    _hollow_limits,
    _hollow_profiles,
    inverted_ranges,
    hollow_demands,
    impossible_values,
    unreachable_tiers,
    unreachable_stages,
)


@rule(
    "POL103", "Profile is not weaker than its floor", severity="blocker", gate="always", waivable=False, scope="model"
)
def profile_not_weaker(model: RegisteredModel, context: Context) -> Iterator[Verdict]:
    """Profile is not weaker than its floor.

    What it checks:
        `profile` in `model.yaml`, where it is given, is not weaker than the profile of the model's tier and than every
        `profile_floor` of the policy that holds for it; a floor whose condition is unknown holds. The profile that
        governs is itself no weaker than the ones below it: from `fast` over `standard` to `strict`, each blocks on all
        that the one before blocks on, for the same severities or more, with waivers only where the one before has
        them, and with the same assurance or more. Whatever `model.yaml` says, gates are judged by the floor.

    Why it matters:
        A model may be held to more than policy asks. Less is not for its team to decide.

    Example:
        `profile: fast` for a model in the domain `credit`, for which policy asks for `strict`.

    How to fix:
        Remove `profile` from `model.yaml`. If the floor is wrong, governance changes the policy.

    References:
        SR 26-2 on a rigour that follows exposure and purpose; NIST AI RMF GOVERN 1.3.
    """
    policy, standing = context.policy, context.standing(model)
    tier = policy.tiers.get(str(standing.tier))  # type: ignore[call-overload]
    floor = profile_floor(policy, standing.facts)
    baseline = PROFILES[max(PROFILES.index(floor), PROFILES.index(tier.profile) if tier else len(PROFILES) - 1)]
    chosen, faults = model.record.profile, 0
    if chosen is not None and PROFILES.index(chosen) < PROFILES.index(baseline):
        faults += 1
        message = f"the model asks for the profile {chosen}, and policy for {baseline} at least"
        yield fails(message, "Remove `profile`.", at(model_path(model.id), "profile"), at(POLICY, "profile_floor"))
    for weaker in PROFILES[: PROFILES.index(standing.profile)]:
        for field, what in _weaknesses(policy.profiles[standing.profile], policy.profiles[weaker]):
            faults += 1
            message = f"the profile {standing.profile} {what}, and {weaker} is meant to be the weaker one"
            yield fails(message, "Make the stricter profile stricter.", at(POLICY, "profiles", standing.profile, field))
    if not faults:
        yield passes(f"the profile is {standing.profile}, and policy asks for {baseline} at least")


def _weaknesses(strict: Profile, weak: Profile) -> Iterator[tuple[str, str]]:
    """Fields in which the first profile is weaker than the second, and how."""
    if missing := set(weak.block_on) - set(strict.block_on) - {"pass", "not_applicable"}:
        yield "block_on", f"does not block on {', '.join(sorted(missing))}"
    if absent := set(weak.severities) - set(strict.severities):
        yield "severities", f"does not count the severity {', '.join(sorted(absent))}"
    if strict.waivers and not weak.waivers:
        yield "waivers", "allows waivers"
    if _ASSURANCE.index(strict.assurance) > _ASSURANCE.index(weak.assurance):
        yield "assurance", f"is content with the assurance {strict.assurance}"
