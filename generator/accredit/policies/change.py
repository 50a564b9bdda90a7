"""What a change of the policy does: to the policy field by field, and to every model and version under it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from accredit.assess import Assessment, VersionAssessment, assess
from accredit.domain.policy import Policy
from accredit.domain.verification import Verification
from accredit.gates import Result
from accredit.loading.tree import Loaded
from accredit.policies.fields import leaves
from accredit.policies.words import listed


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of the policy. None stands for a field that is not there."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that is another under the new policy."""

    subject: str
    """`model` or `model@version`."""
    what: str
    """`tier`, `profile`, `signatures`, `stage`, a gate as `gate review->production`, or the code of a rule."""
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """A change of policy with its blast radius, as of one day."""

    as_of: date
    fields: tuple[FieldChange, ...]
    effects: tuple[Effect, ...]
    models: int
    """How many models were judged under both."""
    versions: int


def policy_change(loaded: Loaded, before: Policy, as_of: date, proof: Verification | None = None) -> PolicyChange:
    """The same registry under two policies: that of `before` and its own.

    Args:
        loaded: The registry with the new policy.
        before: The old policy.
        as_of: The day for both.
        proof: What history proves about sign-offs, for both.
    """
    policy = loaded.registry.policy
    if policy is None:
        raise ValueError("the registry has no policy")
    earlier = replace(loaded, registry=replace(loaded.registry, policy=before))
    new = assess(loaded, as_of, proof)
    return compared(new if before == policy else assess(earlier, as_of, proof), new)


def compared(old: Assessment, new: Assessment) -> PolicyChange:
    """What became another for the same models when they were judged by another policy, or by that of other people.

    Both assessments are of one day and have a policy.
    """
    before, after = old.registry.policy, new.registry.policy
    if before is None or after is None:
        raise ValueError("the registry has no policy")
    fields = tuple(field_changes(leaves(before), leaves(after)))
    versions = sum(len(model.versions) for model in new.models.values())
    return PolicyChange(new.as_of, fields, tuple(_effects(old, new, before, after)), len(new.models), versions)


def field_changes(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[FieldChange]:
    """The fields that differ, each by its dotted name."""
    for name in dict.fromkeys([*after, *before]):
        if before.get(name) != after.get(name):
            yield FieldChange(name, before.get(name), after.get(name))


def _effects(old: Assessment, new: Assessment, before: Policy, after: Policy) -> Iterator[Effect]:
    for model_id, now in new.models.items():
        was = old.models[model_id]
        pairs = [
            ("tier", str(was.standing.tier), str(now.standing.tier)),
            ("profile", was.standing.profile, now.standing.profile),
        ]
        moves = dict.fromkeys([*after.transitions, *before.transitions])
        for move in moves:
            one = _signatures(before, move, was.standing.tier, was.standing.facts)
            pairs.append((f"signatures {move}", one, _signatures(after, move, now.standing.tier, now.standing.facts)))
        yield from (Effect(model_id, what, one, other) for what, one, other in pairs if one != other)
        for version_id, version in now.versions.items():
            yield from version_effects(was.versions[version_id], version)


def _signatures(policy: Policy, move: str, tier: int, facts: Mapping[str, object]) -> str:
    rules = next((rules for name, rules in policy.transitions.items() if name == move), None)
    if rules is None:
        return "not allowed"
    asked = [listed(s.role, "or") for s in rules.sign if s.is_asked(tier, facts)]
    least = next((n for name, n in rules.distinct_people.items() if name == str(tier)), 0)
    people = f", at least {least} people" if least else ""
    return f"{listed(asked) or 'nobody'}{people}"


def version_effects(was: VersionAssessment, now: VersionAssessment) -> Iterator[Effect]:
    """What became another for one version: its stage, its gates, and the result of each rule."""
    key = now.version.key
    if was.stage != now.stage:
        yield Effect(key, "stage", was.stage, now.stage)
    for move in dict.fromkeys([*now.gates, *was.gates]):
        first, second = (_blocking(v, move) for v in (was, now))
        if first != second:
            yield Effect(key, f"gate {move}", _state(first), _state(second, first))
    for code in dict.fromkeys([*now.results, *was.results]):
        one, other = (_result(v, code) for v in (was, now))
        if one != other:
            yield Effect(key, code, one, other)


def _blocking(version: VersionAssessment, move: str) -> tuple[str, ...] | None:
    """The rules that close a gate; None where there is no such gate."""
    gate = version.gates.get(move)
    return gate.blocking if gate else None


def _state(blocking: tuple[str, ...] | None, before: tuple[str, ...] | None = None) -> str:
    """Whether a gate is open; of one that was closed before, which rules close it newly and no longer."""
    if not blocking:
        return "none" if blocking is None else "open"
    newly = [c for c in blocking if before is not None and c not in before]
    gone = [c for c in before or () if c not in blocking]
    parts = (f"by {listed(newly)}" if newly else "", f"no longer by {listed(gone)}" if gone else "")
    return ", ".join(("closed", *filter(None, parts)))


def _result(version: VersionAssessment, code: str) -> str:
    result = version.results.get(code)
    return "none" if result is None else result_words(result)


def result_words(result: Result) -> str:
    """The outcome of a rule in words, and whether a waiver covers it."""
    outcome = result.outcome.replace("_", " ")
    return f"{outcome}, waived" if result.waiver else outcome
