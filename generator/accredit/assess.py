"""Registry, policy and day in; everything that is shown anywhere out. The one application service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from accredit.copies import begun
from accredit.domain.control_status import ControlStatus
from accredit.domain.lifecycle import Lifecycle
from accredit.domain.lineage import Lineage, lineage_of
from accredit.domain.registry import ModelVersion, RegisteredModel, Registry
from accredit.domain.value import Stage
from accredit.domain.verification import Verification
from accredit.findings import Finding, Location, Severity
from accredit.frameworks.evaluate import evaluate
from accredit.gates import Gate, Result, blocks, gates_of
from accredit.loading.collection import collection_paused
from accredit.loading.tree import Loaded
from accredit.rules import all_rules
from accredit.rules.concern import concerning
from accredit.rules.context import Context, Standing, VersionOutcomes
from accredit.rules.control_subject import VersionResults, subject_of
from accredit.rules.rule import SCOPES, Rule, Scope, worst
from accredit.rules.waiver_validity import covers

Scopes = Mapping[Scope, Sequence[Rule]]
"""Scope to its rules, in order of code."""
Judgement = Mapping[str, tuple[Mapping[str, Result], Mapping[str, Gate]]]
"""Version id to results and gates."""
WORTH_SHARING = 200
"""Versions from which a copy of this process pays."""


@dataclass(frozen=True)
class VersionAssessment:
    """One version under every rule."""

    version: ModelVersion
    lifecycle: Lifecycle
    results: Mapping[str, Result]
    gates: Mapping[str, Gate]
    """Move to gate: the moves that policy knows from the version's stage, the one that led there, and Deploy(M)."""

    @property
    def stage(self) -> Stage:
        """The stage derived from the transitions."""
        return self.lifecycle.stage

    @property
    def next_gate(self) -> Gate | None:
        """The gate on the way to production: for a version there, the gate it must keep holding."""
        order = ("staging->review", "review->production") if self.stage == "staging" else ("review->production",)
        return next((self.gates[m] for m in order if m in self.gates), None)


@dataclass(frozen=True)
class ModelAssessment:
    """One model, how it is classified, and its versions, oldest first."""

    model: RegisteredModel
    standing: Standing
    versions: Mapping[str, VersionAssessment]


@dataclass(frozen=True)
class Assessment:
    """What is true of a registry on a day."""

    registry: Registry
    as_of: date
    findings: tuple[Finding, ...]
    models: Mapping[str, ModelAssessment]
    rules: Mapping[str, Rule]
    lineage: Lineage
    locate: Callable[[Location], Location]
    verification: Verification | None = None
    """What history proves about sign-offs; None where they are taken as their files declare them."""
    unproved: str = ""
    """Why nothing is proved though policy asks for it; empty where that is not so."""
    context: Context | None = field(default=None, repr=False, compare=False)
    """What the rules knew; None where there is no policy."""

    @property
    def lifecycles(self) -> Mapping[str, Lifecycle]:
        """`model@version` to its steps and its stage."""
        return {v.version.key: v.lifecycle for m in self.models.values() for v in m.versions.values()}

    def version(self, key: str) -> VersionAssessment:
        """The assessment of `model@version`."""
        model, _, version = key.partition("@")
        return self.models[model].versions[version]

    def current(self, model: str) -> VersionAssessment | None:
        """The version of a model that counts: the latest to get to production, else the newest; None for none."""
        versions = list(self.models[model].versions.values())
        running = [v for v in versions if v.stage == "production"]
        return max(running, key=lambda v: str(v.lifecycle.since)) if running else versions[-1] if versions else None

    def controls(
        self, model: str, version: str | None = None, frameworks: Iterable[str] | None = None
    ) -> tuple[ControlStatus, ...]:
        """What the records show about each control, worked out when asked for.

        Args:
            model: Id of the model.
            version: Id of the version; None for the current one.
            frameworks: Ids of frameworks; None for those that policy reports on.

        Returns:
            A status a control, by framework in the order asked for and in the order of its catalogue. Places in it
            have no line yet; `locate` finds it.
        """
        if self.context is None:
            return ()
        judged = self.current(model) if version is None else self.models[model].versions[version]
        known, results = (judged.version, judged.results) if judged else (None, {})
        asked = self.context.policy.catalogue.reported if frameworks is None else tuple(frameworks)
        subject = subject_of(self.models[model].model, known, results, self.context)
        return evaluate(self.context.catalogue.of(asked), subject)


def assess(loaded: Loaded, as_of: date, verification: Verification | None = None) -> Assessment:
    """Runs every rule on a loaded registry as of a day. The same input gives the same assessment.

    Args:
        loaded: The registry.
        as_of: The day.
        verification: What history proves about sign-offs; without it they are taken as their files declare them.
    """
    rules = all_rules()
    if loaded.registry.policy is None:
        missing = _no_policy(loaded)
        lineage = lineage_of(loaded.registry)
        return Assessment(loaded.registry, as_of, missing, {}, rules, lineage, loaded.locate, verification)
    with collection_paused():
        return _assessed(loaded, Context(loaded.registry, loaded.registry.policy, as_of, verification), rules)


def _assessed(loaded: Loaded, context: Context, rules: Mapping[str, Rule]) -> Assessment:
    scopes = {scope: [rule for rule in rules.values() if rule.scope == scope] for scope in SCOPES}
    known = loaded.registry
    shared = _run(scopes["registry"], known, context)
    judged = _judged(list(known.models.values()), scopes, context, shared)
    models = {m.id: _model_assessment(m, judged[m.id], context) for m in known.models.values()}
    findings = [*loaded.findings, *_findings(models, shared, context)]
    located = tuple(sorted({replace(f, location=loaded.locate(f.location)) for f in findings}))
    proof, lineage = context.verification, context.lineage
    return Assessment(known, context.as_of, located, models, rules, lineage, loaded.locate, proof, context=context)


def _no_policy(loaded: Loaded) -> tuple[Finding, ...]:
    if "policy.yaml" in loaded.registry.broken:
        return tuple(sorted(loaded.findings))
    finding = Finding(
        Location("policy.yaml"), "REG001", "the registry has no policy.yaml", "Run `accredit init` to write one."
    )
    return tuple(sorted([*loaded.findings, finding]))


def _run(rules: Iterable[Rule], subject: object, context: Context) -> dict[str, Result]:
    return {rule.code: _result(rule, subject, context) for rule in rules}


def _result(rule: Rule, subject: object, context: Context) -> Result:
    verdicts = tuple(rule.check(subject, context))
    return Result(rule, worst(verdicts), verdicts)


def _judged(
    models: Sequence[RegisteredModel], rules: Scopes, context: Context, shared: Mapping[str, Result]
) -> Mapping[str, Judgement]:
    """Each model's judgement; of a large registry a copy of this process judges every other model."""
    share = models[1::2] if sum(len(m.versions) for m in models) >= WORTH_SHARING else []
    collect = begun(lambda: [_judge(m, rules, context, shared) for m in share]) if share else lambda: None
    judged = {m.id: _judge(m, rules, context, shared) for m in (models[::2] if share else models)}
    told = collect() or [_judge(m, rules, context, shared) for m in share]
    return judged | {m.id: judgement for m, judgement in zip(share, told, strict=True)}


def _judge(model: RegisteredModel, rules: Scopes, context: Context, shared: Mapping[str, Result]) -> Judgement:
    own = _run(rules["model"], model, context)
    versions = {}
    for version in model.versions.values():
        concern = {code: _concern(result, version, context) for code, result in shared.items()}
        results = {**concern, **own, **_run(rules["version"], version, context)}
        waivers = covers(version, context)
        results |= _run(rules["waivers"], _outcomes(version, results), context)
        known = {code: _waived(result, waivers) for code, result in results.items()}
        results |= _run(rules["controls"], VersionResults(version, known), context)
        if any(code.startswith("CTL") for code in waivers):  # whether such a waiver is needed shows only now
            results |= _run(rules["waivers"], _outcomes(version, results), context)
        covered = {code: _waived(result, waivers) for code, result in sorted(results.items())}
        lifecycle = context.lifecycles[version.key]
        versions[version.id] = covered, gates_of(lifecycle, covered, context.policy, context.standing(model))
    return versions


def _outcomes(version: ModelVersion, results: Mapping[str, Result]) -> VersionOutcomes:
    return VersionOutcomes(version, {code: result.outcome for code, result in results.items()})


def _model_assessment(model: RegisteredModel, judgement: Judgement, context: Context) -> ModelAssessment:
    versions = {
        name: VersionAssessment(model.versions[name], context.lifecycles[model.versions[name].key], results, gates)
        for name, (results, gates) in judgement.items()
    }
    return ModelAssessment(model, context.standing(model), versions)


def _concern(result: Result, version: ModelVersion, context: Context) -> Result:
    """A result about the registry, as far as it concerns a version."""
    if result.outcome in ("pass", "not_applicable"):
        return result
    verdicts = concerning(result.verdicts, version, context)
    return replace(result, outcome=worst(verdicts), verdicts=verdicts)


def _waived(result: Result, waivers: Mapping[str, str]) -> Result:
    name = waivers.get(result.rule.code)
    return result if name is None or result.outcome in ("pass", "not_applicable") else replace(result, waiver=name)


def _findings(
    models: Mapping[str, ModelAssessment], shared: Mapping[str, Result], context: Context
) -> Iterator[Finding]:
    for result in shared.values():
        yield from _reported(result, "", result.rule.severity)
    for model in models.values():
        profile = context.policy.profiles[model.standing.profile]
        for version in model.versions.values():
            for result in version.results.values():
                enforced = result.rule.severity.label in profile.severities and result.rule.applies_from(version.stage)
                if result.rule.scope == "registry" or not enforced:
                    continue
                subject = model.model.id if result.rule.scope == "model" else version.version.key
                severity = result.rule.severity if blocks(result, profile) else Severity.WARNING
                yield from _reported(result, subject, severity)


def _reported(result: Result, subject: str, severity: Severity) -> Iterator[Finding]:
    for verdict in result.verdicts:
        if verdict.outcome in ("fail", "unknown", "inconclusive") and result.waiver is None and verdict.at is not None:
            own = verdict.at.path.startswith(("models/", "waivers/", "incidents/"))
            about = subject if own else ""  # a dataset's fault is one, however many use it
            yield Finding(verdict.at, result.rule.code, verdict.message, verdict.help, severity, about, verdict.related)
