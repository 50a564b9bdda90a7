"""LIN: the way from raw data to a version and on to a deployment. What the training run records has its own file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from accredit.domain.lineage import Upstream
from accredit.domain.paths import dataset_path, features_path, version_path
from accredit.domain.provenance import Job
from accredit.domain.registry import ModelVersion
from accredit.findings import Route
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, rule, unknown
from accredit.rules.upstream import listed, settled, unseen, unsettled

_SOURCES = ("raw", "external")


@rule("LIN102", "Lineage reaches raw sources", severity="error", gate="review", waivable=True)
def reaches_sources(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Lineage reaches raw sources.

    What it checks:
        Whatever way is followed upstream from the version, it ends at a dataset of kind `raw` or `external`. What such
        a dataset must say about its source is the business of DATA101.

    Why it matters:
        A trail that ends at a training set hides everything that was dropped, joined and corrected before, and a
        question of a data subject or a regulator cannot be followed to its source.

    Example:
        A dataset of kind `training` without `derived_from`.

    How to fix:
        Record `derived_from` with the job and its inputs, and register those; or correct `kind`.

    References:
        EU AI Act Annex IV 2(d). W3C PROV `wasDerivedFrom`; OpenLineage inputs and outputs; BCBS 239 principle 3.
    """
    upstream = context.upstream(version)
    found = [*unseen(upstream)]
    if upstream.cycle:
        found.append(unsettled("the data is made from itself, so it has no source (LIN103)"))
    sources = []
    for name, dataset in upstream.datasets.items():
        if dataset.derived_from is not None and dataset.derived_from.inputs:
            continue
        sources.append((dataset.source.name if dataset.source else dataset.kind, name))
        if dataset.kind not in _SOURCES:
            message = f"the trail ends at `{name}` of kind {dataset.kind}, which is not a source"
            found.append(
                fails(message, "Record `derived_from` with its job and inputs.", at(dataset_path(name), "kind"))
            )
    for name, features in upstream.features.items():
        if not features.inputs:
            message = f"the trail ends at the feature set `{name}`, which names no inputs"
            found.append(fails(message, "Name the datasets it is computed from.", at(features_path(name), "inputs")))
    yield from settled(found, sources, "")


@rule("LIN103", "Lineage is acyclic and digests agree", severity="blocker", gate="review", waivable=False)
def digests_agree(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Lineage is acyclic and digests agree.

    What it checks:
        No data was made from itself, however far around. Wherever a dataset or feature set is used, the SHA-256
        recorded there equals the SHA-256 of its own entry.

    Why it matters:
        Names stay when data changes. Only equal digests show that what was approved upstream is what was used
        downstream; with a cycle nothing has an origin.

    Example:
        `loans-training` was made from `loans-cleaned` with digest `1f0c...`, whose entry now says `9a44...`.

    How to fix:
        Register the changed data as a dataset of its own and train again, or correct the digest that was copied
        wrongly.

    References:
        SLSA provenance v1 `resolvedDependencies[].digest`; MLflow dataset `digest`; W3C PROV constraints on derivation.
    """
    upstream = context.upstream(version)
    found = [*unseen(upstream)]
    if upstream.cycle:
        names = [node.partition(":")[2] for node in (*upstream.cycle, upstream.cycle[0])]
        help_ = "Correct `inputs`: each state of the data is a dataset of its own."
        place = at(dataset_path(names[0]), "derived_from", "inputs")
        found.append(fails(f"the data is made from itself: {' -> '.join(names)}", help_, place))
    uses = [*_uses(version, upstream)]
    for use in uses:
        found += _disagreement(use, upstream)
    yield from settled(found, ((f"sha256 {str(use.sha256)[:12]}", use.name) for use in uses), "")


class _Use(NamedTuple):
    """A digest as the downstream side recorded it, and where."""

    kind: str
    name: str
    sha256: str | None
    path: str
    route: Route


def _uses(version: ModelVersion, upstream: Upstream) -> Iterator[_Use]:
    path = version_path(version.model_id, version.id)
    for i, data in enumerate(version.record.datasets):
        yield _Use("dataset", data.dataset, data.sha256, path, ("datasets", i))
    for i, use in enumerate(version.record.features):
        yield _Use("features", use.features, use.sha256, path, ("features", i))
    for name, features in upstream.features.items():
        for i, source in enumerate(features.inputs):
            yield _Use("dataset", source.dataset, source.sha256, features_path(name), ("inputs", i))
    for name, dataset in upstream.datasets.items():
        for i, source in enumerate(dataset.derived_from.inputs if dataset.derived_from else ()):
            yield _Use("dataset", source.dataset, source.sha256, dataset_path(name), ("derived_from", "inputs", i))


def _disagreement(use: _Use, upstream: Upstream) -> Iterator[Verdict]:
    entry = upstream.datasets.get(use.name) if use.kind == "dataset" else upstream.features.get(use.name)
    if entry is None or (use.sha256 == entry.sha256 and use.sha256 is not None):
        return
    own = dataset_path(use.name) if use.kind == "dataset" else features_path(use.name)
    if use.sha256 is None and use.route[0] in ("datasets", "features"):
        yield unsettled(f"the digest of `{use.name}` as the run read it is not recorded (LIN101)")
    elif use.sha256 is None:
        message = f"which state of `{use.name}` was used is not recorded"
        yield unknown(message, "Record the `sha256` of the input.", at(use.path, *use.route))
    elif entry.sha256 is None and use.kind == "dataset":
        yield unsettled(f"`{use.name}` has no digest to compare with (DATA101)")
    elif entry.sha256 is None:
        message = f"the feature set `{use.name}` has no digest to compare with"
        yield unknown(message, "Record its `sha256`.", at(own))
    else:
        message = f"`{use.name}` was used with sha256 {use.sha256[:12]}..., and its entry says {entry.sha256[:12]}..."
        help_ = "Register the changed data as a dataset of its own, or correct the digest."
        yield fails(message, help_, at(use.path, *use.route, "sha256"), at(own, "sha256"))


@rule("LIN104", "Deployed artifact is the approved artifact", severity="blocker", gate="production", waivable=False)
def deployed_artifact(version: ModelVersion, context: Context) -> Iterator[Verdict]:  # noqa: ARG001 - every rule's form
    """Deployed artifact is the approved artifact.

    What it checks:
        The artifact of every deployment of the version is one of the `artifacts` of `version.yaml`, by SHA-256. That
        `version.yaml` is still the one that was approved is the business of REG003.

    Why it matters:
        Sign-off is worth nothing if something else runs. This is the link from the paper to the machine.

    Example:
        `artifact_sha256: 4d1e...` in `deployments/eu.yaml`, and `version.yaml` lists `71a0...`.

    How to fix:
        Deploy the approved artifact. If another one must run, register it as a new version and have it approved.

    References:
        SLSA build provenance `subject`; CycloneDX `hashes`; EU AI Act Annex IV 1(e). NIST SP 800-218 PS.2.
    """
    path = version_path(version.model_id, version.id)
    known = {artifact.sha256: artifact.name for artifact in version.record.artifacts}
    if not known:
        yield unknown("the version records no artifact that could be approved", "Record `artifacts`.", at(path))
        return
    found = []
    for name, deployment in version.deployments.items():
        if deployment.artifact_sha256 not in known:
            place = at(version_path(version.model_id, version.id, f"deployments/{name}.yaml"), "artifact_sha256")
            of_version = ", ".join(f"{digest[:12]}..." for digest in known)
            message = f"`{name}` runs {deployment.artifact_sha256[:12]}..., and the version's artifact is {of_version}"
            help_ = "Deploy the approved artifact, or register what runs."
            found.append(fails(message, help_, place, at(path, "artifacts")))
    facts = ((f"the artifact `{known.get(d.artifact_sha256)}` runs", name) for name, d in version.deployments.items())
    yield from settled(found, facts, f"no deployment is recorded of {listed(known.values())}")


@rule("LIN108", "Transformations have owner and checks", severity="warning", gate="review", waivable=True)
def transformations(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Transformations have owner and checks.

    What it checks:
        Every job that made a dataset or feature set upstream of the version names an owner who is active, and at
        least one reconciliation or quality check; and all its checks passed.

    Why it matters:
        Rows get lost and columns swapped between one step and the next. Somebody must have compared what went in
        with what came out, and answer for the step.

    Example:
        `job: {name: clean, kind: clean}` without `owner` and `checks`.

    How to fix:
        Record `owner` and `checks`, for example that row counts reconcile. Mend the job where a check failed.

    References:
        BCBS 239 principle 3 (reconciliation). EU AI Act Art. 10(2)(c). OpenLineage `ownership` and
        `dataQualityAssertions`; Croissant `rai:dataPreprocessingProtocol`.
    """
    upstream = context.upstream(version)
    jobs: list[tuple[str, Job, str, Route]] = []
    for name, dataset in upstream.datasets.items():
        if dataset.derived_from:
            jobs.append((name, dataset.derived_from.job, dataset_path(name), ("derived_from", "job")))
    jobs += [(name, features.job, features_path(name), ("job",)) for name, features in upstream.features.items()]
    found = [*unseen(upstream)]
    for name, job, path, route in jobs:
        found += _job(name, job, path, route, context)
    facts = ((f"{job.name} by {job.owner}, {len(job.checks)} passed", name) for name, job, _, _ in jobs)
    yield from settled(found, facts, f"nothing upstream was derived: {listed(upstream.datasets)}")


def _job(name: str, job: Job, path: str, route: Route, context: Context) -> Iterator[Verdict]:
    if job.owner is None:
        yield fails(f"the job {job.name} that made `{name}` has no owner", "Record `owner`.", at(path, *route))
    elif job.owner in context.registry.people and not context.is_active(job.owner):
        message = f"the owner `{job.owner}` of the job {job.name} is not an active person on {context.as_of}"
        yield fails(message, "Name a successor.", at(path, *route, "owner"))
    if not job.checks:
        message = f"the job {job.name} that made `{name}` records no check"
        yield fails(message, "Record `checks`, for example that row counts reconcile.", at(path, *route))
    for i, check in enumerate(job.checks):
        if check.result == "failed":
            detail = f": {check.detail}" if check.detail else ""
            message = f"the check {check.name} of the job {job.name} that made `{name}` failed{detail}"
            yield fails(message, "Mend the job and make the data again.", at(path, *route, "checks", i))
