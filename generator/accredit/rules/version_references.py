"""What the files of a version name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from accredit.domain.paths import version_path
from accredit.domain.registry import ModelVersion, Transition
from accredit.findings import Route
from accredit.rules.reference import Reference

_person = partial(Reference, "person")
_dataset = partial(Reference, "dataset")


def of_version(version: ModelVersion) -> Iterator[Reference]:
    """Every reference in the files of a version, and every field that does not equal its folder's name."""
    folder = version_path(version.model_id, version.id, "")
    yield from _of_build(version, f"{folder}version.yaml")
    if card := version.card:
        path = f"{folder}card.yaml"
        if card.reviewed_by is not None:
            yield _person(card.reviewed_by, path, ("reviewed_by",))
        if card.monitoring_plan.owner is not None:
            yield _person(card.monitoring_plan.owner, path, ("monitoring_plan", "owner"))
    for name, evaluation in version.evaluations.items():
        path = f"{folder}evaluations/{name}.yaml"
        yield _dataset(evaluation.data.dataset, path, ("data", "dataset"))
        if evaluation.by is not None:
            yield _person(evaluation.by, path, ("by",))
    yield from _of_reports(version, folder)
    for transition in version.transitions:
        yield from _of_transition(version, transition, f"{folder}transitions/{transition.request.seq:04}")


def _of_reports(version: ModelVersion, folder: str) -> Iterator[Reference]:
    """What was recorded after the version was built."""
    for name, deployment in version.deployments.items():
        path = f"{folder}deployments/{name}.yaml"
        yield _person(deployment.deployed_by, path, ("deployed_by",))
        if deployment.rollback_to is not None:
            yield Reference("version", f"{version.model_id}@{deployment.rollback_to}", path, ("rollback_to",))
    for name, validation in version.validations.items():
        path = f"{folder}validations/{name}.yaml"
        yield _person(validation.by, path, ("by",))
        owned = ((i, f.owner) for i, f in enumerate(validation.findings) if f.owner is not None)
        yield from (_person(owner, path, ("findings", i, "owner")) for i, owner in owned)
    for name, check in version.verifications.items():
        yield _person(check.by, f"{folder}verifications/{name}.yaml", ("by",))


def _of_build(version: ModelVersion, path: str) -> Iterator[Reference]:
    record = version.record
    yield from _same(record.model, version.model_id, path, ("model",))
    yield from _same(record.version, version.id, path, ("version",))
    if record.trained:
        yield _person(record.trained.by, path, ("trained", "by"))
    for index, used in enumerate(record.datasets):
        yield _dataset(used.dataset, path, ("datasets", index, "dataset"))
    for index, use in enumerate(record.features):
        yield Reference("features", use.features, path, ("features", index, "features"))


def _of_transition(version: ModelVersion, transition: Transition, folder: str) -> Iterator[Reference]:
    request, path = transition.request, f"{folder}/request.yaml"
    yield from _same(request.model, version.model_id, path, ("model",))
    yield from _same(request.version, version.id, path, ("version",))
    yield Reference("registry", request.registry, path, ("registry",))
    yield _person(request.requested_by, path, ("requested_by",))
    for name, approval in transition.approvals.items():
        file = f"{folder}/approvals/{name}.yaml"
        yield from _same(approval.reviewer, name, file, ("reviewer",))
        yield Reference("registry", approval.registry, file, ("registry",))
        yield _person(approval.reviewer, file, ("reviewer",))
        yield Reference("role", approval.role, file, ("role",))
        for index, condition in enumerate(approval.conditions):
            if condition.owner is not None:
                yield _person(condition.owner, file, ("conditions", index, "owner"))
    for name, closing in transition.closings.items():
        yield Reference("registry", closing.registry, f"{folder}/closings/{name}.yaml", ("registry",))
        yield _person(closing.by, f"{folder}/closings/{name}.yaml", ("by",))


def _same(found: str, wanted: str, path: str, route: Route) -> Iterator[Reference]:
    if found != wanted:
        yield Reference("same", found, path, route, wanted)
