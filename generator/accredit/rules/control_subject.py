"""From what rules know to what controls are asked of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from accredit.domain.classification import facts_of
from accredit.domain.control_status import ControlStatus, RuleOutcome
from accredit.domain.lifecycle import Lifecycle
from accredit.domain.policy import Outcome
from accredit.domain.registry import ModelVersion, RegisteredModel
from accredit.frameworks.evaluate import evaluate
from accredit.frameworks.subject import Subject
from accredit.rules.context import Context
from accredit.rules.rule import Verdict


class Heard(Protocol):
    """How a rule came out, and the waiver that covers it."""

    @property
    def outcome(self) -> Outcome:
        """How it came out."""

    @property
    def reasons(self) -> tuple[Verdict, ...]:
        """What made it come out so."""

    @property
    def waiver(self) -> str | None:
        """Id of the waiver."""


@dataclass(frozen=True)
class VersionResults:
    """A version with the result of every rule but those on controls: what the rules on controls look at."""

    version: ModelVersion
    results: Mapping[str, Heard]


def subject_of(
    model: RegisteredModel, version: ModelVersion | None, results: Mapping[str, Heard], context: Context
) -> Subject:
    """What controls are asked of. The facts about data are those of this version's data."""
    facts = facts_of(model, context.registry, None if version is None else (version,))
    return Subject(
        registry=context.registry,
        policy=context.policy,
        as_of=context.as_of,
        model=model,
        version=version,
        lifecycle=context.lifecycles[version.key] if version else Lifecycle(),
        facts={**facts, "tier": context.standing(model).tier},
        datasets=context.upstream(version).datasets if version else {},
        outcomes={code: _heard(result) for code, result in results.items() if not code.startswith("CTL")},
        verification=context.verification,
        assurance=context.policy.profiles[context.standing(model).profile].assurance,
    )


def _heard(result: Heard) -> RuleOutcome:
    first = result.reasons[0] if result.reasons else None
    return RuleOutcome(result.outcome, first.message if first else "", first.at if first else None, result.waiver)


def enforced(subject: VersionResults, context: Context) -> tuple[ControlStatus, ...]:
    """The controls that gates ask for now: of enforced frameworks, applicable or of unknown reach, and in force."""
    return context.once("enforced controls", subject.version.key, lambda: _enforced(subject, context))


def _enforced(subject: VersionResults, context: Context) -> tuple[ControlStatus, ...]:
    criteria, version = context.policy.catalogue, subject.version
    asked = subject_of(context.model(version), version, subject.results, context)
    return tuple(
        status
        for status in evaluate(context.catalogue.of(criteria.enforce), asked)
        if status.status != "not_applicable"
        and not status.superseded
        and (criteria.enforce_early or not status.not_yet_in_force)
    )
