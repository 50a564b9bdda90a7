"""REG: what is named exists."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from accredit.domain.paths import dataset_path, features_path, model_path, person_path
from accredit.domain.provenance import Job
from accredit.domain.registry import RegisteredModel, Registry
from accredit.rules.context import Context
from accredit.rules.framework_references import named_in_determinations, registry_named, unknown_in_frameworks
from accredit.rules.operation_records import named_in_incidents, named_in_model
from accredit.rules.policy_quorum import signed_moves
from accredit.rules.reference import Reference, known_names
from accredit.rules.rule import Verdict, at, fails, passes, rule
from accredit.rules.version_references import of_version

_person = partial(Reference, "person")
_team = partial(Reference, "team")
_role = partial(Reference, "role")
_dataset = partial(Reference, "dataset")


@rule(
    "REG002",
    "References resolve and ids are unique",
    severity="error",
    gate="always",
    waivable=False,
    scope="registry",
)
def references_resolve(registry: Registry, context: Context) -> Iterator[Verdict]:
    """References resolve and ids are unique.

    What it checks:
        Every person, team, role, dataset, feature set, model, version and rule that is named anywhere exists; so
        do the frameworks and controls that policy and determinations name, and what catalogues in `frameworks/` name.
        The fields `model`, `version` and `reviewer` equal the name of the folder or file that they stand in, and
        requests and approvals name this registry. Every folder of a model or version has its `model.yaml` or
        `version.yaml`, every folder of approvals its request. Ids are unique because they are names of files.
        The owner of a model is the business of OWN101, and what gates and limits of the policy name that of
        POL106.

    Why it matters:
        A name that leads nowhere is a person who answers for nothing, or data that nobody can look up.

    Example:
        `trained: {by: ada}` where there is no `people/ada.yaml`.

    How to fix:
        Correct the name, or add the file that it names.

    References:
        BCBS 239 principle 3 on accuracy and integrity; NIST AI RMF GOVERN 1.6.
    """
    known = known_names(registry, context.policy)
    looked = faults = 0
    for reference in _references(registry, context):
        looked += 1
        if reference.name not in known[reference.kind] and (reference.file or None) not in registry.broken:
            faults += 1
            yield fails(reference.message, reference.remedy, at(reference.path, *reference.route))
    for verdict in unknown_in_frameworks(registry, context):
        faults += 1
        yield verdict
    for path, parent in _orphans(registry):
        faults += 1
        yield fails(f"there is no `{parent}`, so this file is part of nothing", f"Write `{parent}`.", at(path))
    if not faults:
        yield passes(f"all {looked} references resolve")


def _references(registry: Registry, context: Context) -> Iterator[Reference]:
    yield from _of_policy(context)
    if registry.identity:
        for index, admin in enumerate(registry.identity.trust.admins):
            yield _person(admin, "registry.yaml", ("trust", "admins", index))
    for name, person in registry.people.items():
        path = person_path(name)
        yield from (_team(team, path, ("teams", i)) for i, team in enumerate(person.teams))
        yield from (_role(grant.role, path, ("roles", i, "role")) for i, grant in enumerate(person.roles))
        if person.responsible is not None or person.kind == "bot":
            yield _person(person.responsible or "", path, ("responsible",))
    yield from _of_data(registry)
    yield from _of_records(registry)
    yield from named_in_incidents(registry)
    for model in registry.models.values():
        yield from _of_model(model)
        for version in model.versions.values():
            yield from of_version(version)


def _of_policy(context: Context) -> Iterator[Reference]:
    policy, path = context.policy, "policy.yaml"
    yield _role(policy.policy.approved_by_role, path, ("policy", "approved_by_role"))
    for stage, rules in policy.stages.items():
        yield _team(rules.team, path, ("stages", stage, "team"))
    for name, role in policy.roles.items():
        yield from (_role(r, path, ("roles", name, "independent_of", i)) for i, r in enumerate(role.independent_of))
    for _, place, transition in signed_moves(policy):
        for index, signature in enumerate(transition.sign):
            route = (*place, "sign", index, "role")
            yield from (_role(role, path, (*route, i)) for i, role in enumerate(signature.role))
    if policy.emergency.suspend:
        stops = enumerate(policy.emergency.suspend.role)
        yield from (_role(role, path, ("emergency", "suspend", "role", i)) for i, role in stops)
    for severity, roles in policy.waivers.accept_by.items():
        yield from (_role(role, path, ("waivers", "accept_by", severity, i)) for i, role in enumerate(roles))
    yield from (_role(r, path, ("risk", "accept_residual", i)) for i, r in enumerate(policy.risk.accept_residual))
    if "sign_off" in policy.fairness.cannot_measure.model_fields_set:
        signers = enumerate(policy.fairness.cannot_measure.sign_off)
        yield from (_role(role, path, ("fairness", "cannot_measure", "sign_off", i)) for i, role in signers)
    if any(s for s in policy.risk.screening):
        signers = enumerate(policy.risk.screening_sign_off)
        yield from (_role(role, path, ("risk", "screening_sign_off", i)) for i, role in signers)


def _of_data(registry: Registry) -> Iterator[Reference]:
    for name, dataset in registry.datasets.items():
        path = dataset_path(name)
        yield _person(dataset.owner, path, ("owner",))
        if decision := dataset.retention_decision:
            yield _person(decision.decided_by, path, ("retention_decision", "decided_by"))
        if derivation := dataset.derived_from:
            yield from _of_job(derivation.job, path, ("derived_from", "job"))
            for index, used in enumerate(derivation.inputs):
                yield _dataset(used.dataset, path, ("derived_from", "inputs", index, "dataset"))
    for name, features in registry.features.items():
        path = features_path(name)
        yield _person(features.owner, path, ("owner",))
        yield from _of_job(features.job, path, ("job",))
        yield from (_dataset(u.dataset, path, ("inputs", i, "dataset")) for i, u in enumerate(features.inputs))


def _of_job(job: Job, path: str, route: tuple[str, ...]) -> Iterator[Reference]:
    if job.owner is not None:
        yield _person(job.owner, path, (*route, "owner"))


def _of_records(registry: Registry) -> Iterator[Reference]:
    for name, waiver in registry.waivers.items():
        path = f"waivers/{name}.yaml"
        yield Reference("rule", waiver.rule, path, ("rule",))
        yield Reference("version", f"{waiver.model}@{waiver.version}", path, ("version",))
        yield _person(waiver.requested_by, path, ("requested_by",))
        yield _person(waiver.accepted_by, path, ("accepted_by",))
        yield _role(waiver.accepted_as, path, ("accepted_as",))
        yield from registry_named(waiver.registry, path)
    for name, hold in registry.holds.items():
        path = f"holds/{name}.yaml"
        yield _person(hold.issued_by, path, ("issued_by",))
        yield from (Reference("model", model, path, ("models", i)) for i, model in enumerate(hold.models))
        yield from (_dataset(dataset, path, ("datasets", i)) for i, dataset in enumerate(hold.datasets))
        if hold.released:
            yield _person(hold.released.by, path, ("released", "by"))
        yield from registry_named(hold.registry, path)
    yield from named_in_determinations(registry)
    for seq, change in registry.changes.items():
        path = f"changes/{int(seq):04}/request.yaml"
        yield _person(change.requested_by, path, ("requested_by",))
        yield Reference("registry", change.registry, path, ("registry",))


def _of_model(model: RegisteredModel) -> Iterator[Reference]:
    path, record, risk = model_path(model.id), model.record, model.record.risk
    named = [
        (record.deputy, ("deputy",)),
        (risk.ai_act.assessor, ("risk", "ai_act", "assessor")),
        (risk.tier_override.approved_by if risk.tier_override else None, ("risk", "tier_override", "approved_by")),
        *((s.signed_off_by, ("risk", "screening", i, "signed_off_by")) for i, s in enumerate(risk.screening)),
        *((r.owner, ("risk", "risks", i, "owner")) for i, r in enumerate(risk.risks)),
        *((c.signed_off_by, ("cannot_measure", i, "signed_off_by")) for i, c in enumerate(record.cannot_measure)),
    ]
    for index, item in enumerate(risk.risks):
        if item.residual:
            named.append((item.residual.accepted_by, ("risk", "risks", index, "residual", "accepted_by")))
    for index, assessment in enumerate(risk.impact_assessments):
        route = ("risk", "impact_assessments", index)
        named.append((assessment.approved_by, (*route, "approved_by")))
        for i, version in enumerate(assessment.covers_versions):
            yield Reference("version", f"{model.id}@{version}", path, (*route, "covers_versions", i))
    yield from (_person(person, path, route) for person, route in named if person is not None)
    yield from named_in_model(record, path)
    if record.team is not None:
        yield _team(record.team, path, ("team",))


def _orphans(registry: Registry) -> Iterator[tuple[str, str]]:
    """One file of each folder that lacks the file which the folder is about, and that file."""
    reported: set[str] = set()
    for path in registry.digests:
        for parent in _parents(path):
            if parent not in registry.digests and parent not in registry.broken and parent not in reported:
                reported.add(parent)
                yield path, parent


def _parents(path: str) -> Iterator[str]:
    parts = path.split("/")
    if parts[0] == "models" and len(parts) > 2:
        yield f"models/{parts[1]}/model.yaml"
        if parts[2] == "versions" and len(parts) > 4:
            yield f"models/{parts[1]}/versions/{parts[3]}/version.yaml"
    for folder in {"approvals", "closings"}.intersection(parts[2:]):
        yield f"{'/'.join(parts[: parts.index(folder, 2)])}/request.yaml"
