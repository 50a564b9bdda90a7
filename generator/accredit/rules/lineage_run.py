"""LIN: what the training run records so that a version can be explained and made again."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.paths import version_path
from accredit.domain.registry import ModelVersion
from accredit.domain.version import BaseModelUse, Version
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, rule, unknown
from accredit.rules.upstream import settled, unsettled


@rule("LIN101", "A version traces to run, code, config, data, environment", severity="blocker", gate="review",
      waivable=False)  # fmt: skip
def traces(version: ModelVersion, context: Context) -> Iterator[Verdict]:  # noqa: ARG001 - every rule's form
    """A version traces to run, code, config, data, environment.

    What it checks:
        `version.yaml` names the training run, the commit of the code, the SHA-256 of the configuration, at least one
        dataset, the SHA-256 of every dataset and feature set as the run read it, and the environment by the digest
        of its lock file or its container image.

    Why it matters:
        These five make a result repeatable. With one of them missing nobody can say why the model is as it is, nor
        make it again.

    Example:
        `environment: {python: "3.12.4"}` without `lock_sha256` and `image`.

    How to fix:
        Let the training job write them: run id, `git rev-parse HEAD`, and `sha256sum` of configuration, data and lock
        file.

    References:
        EU AI Act Art. 11 and Annex IV 2. MLflow `run_id`, `mlflow.source.git.commit`, dataset `digest`; SLSA
        provenance v1 `resolvedDependencies`; W3C PROV `wasGeneratedBy` and `used`.
    """
    record, path = version.record, version_path(version.model_id, version.id)
    found = [
        fails(f"the version names no {what}", f"Record `{field}`.", at(path, *field.split(".")))
        for what, field, present in _references(record)
        if not present
    ]
    read = [(u.dataset, u.sha256, ("datasets", i)) for i, u in enumerate(record.datasets)]
    read += [(u.features, u.sha256, ("features", i)) for i, u in enumerate(record.features)]
    for name, sha256, route in read:
        if sha256 is None:
            message = f"the state of `{name}` that the run read is not recorded"
            found.append(fails(message, "Record its `sha256`.", at(path, *route)))
    yield from settled(found, _summary(record), "")


def _summary(record: Version) -> Iterator[tuple[str, str]]:
    run = record.trained.run if record.trained else None
    commit = record.code.commit if record.code else None
    yield f"commit {str(commit)[:12]}, {len(record.datasets)} datasets, run", str(run)


def _references(record: Version) -> Iterator[tuple[str, str, bool]]:
    """What a version refers to: in words, the field, and whether it is there."""
    environment = record.environment
    pinned = environment is not None and bool(environment.lock_sha256 or environment.image)
    yield "training run", "trained.run", record.trained is not None and record.trained.run is not None
    yield "commit of its code", "code.commit", record.code is not None and record.code.commit is not None
    yield "configuration", "config.sha256", record.config is not None
    yield "data", "datasets", bool(record.datasets)
    yield "environment by digest", "environment.lock_sha256", pinned


@rule("LIN105", "Training code is pinned and clean", severity="error", gate="review", waivable=True)
def clean_code(version: ModelVersion, context: Context) -> Iterator[Verdict]:  # noqa: ARG001 - every rule's form
    """Training code is pinned and clean.

    What it checks:
        The training code is named by repository and commit, and had no uncommitted changes (`dirty: false`).

    Why it matters:
        A commit with changes on top is a commit that did not run. What really ran is then lost.

    Example:
        `code: {repository: ..., commit: 0a1b..., dirty: true}`.

    How to fix:
        Commit, push, and train again from the clean commit.

    References:
        MLflow `mlflow.source.git.repoURL` and `mlflow.source.git.dirty`; OpenLineage `sourceCodeLocation`; NIST SP
        800-218 PS.1.
    """
    path, code = version_path(version.model_id, version.id), version.record.code
    found = []
    if code is None or code.commit is None:
        found.append(unsettled("the version names no commit of its code (LIN101)"))
    if code is not None and code.repository is None:
        message = "the repository of the training code is not recorded, so its commit cannot be found"
        found.append(unknown(message, "Record `repository`.", at(path, "code")))
    if code is not None and code.dirty:
        message = f"the training code had uncommitted changes on top of {str(code.commit)[:12]}"
        found.append(fails(message, "Commit them and train again.", at(path, "code", "dirty")))
    facts = [(f"commit {str(code.commit)[:12]}, clean", str(code.repository))] if code else []
    yield from settled(found, facts, "")


@rule("LIN106", "Third-party and base models are pinned and documented", severity="error", gate="review", waivable=True)
def base_models(version: ModelVersion, context: Context) -> Iterator[Verdict]:  # noqa: ARG001 - every rule's form
    """Third-party and base models are pinned and documented.

    What it checks:
        Every entry of `base_models` names its supplier, its version or digest, its licence, the supplier's
        documentation and the organisation's own validation of it.

    Why it matters:
        What a base model learnt, from whom and under which terms, becomes part of every model built on it. A name
        without a version can mean other weights tomorrow.

    Example:
        `base_models: [{name: bert-base-uncased}]`.

    How to fix:
        Record the missing fields; validate the base model for this use and record the reference.

    References:
        EU AI Act Art. 25(4) and Annex IV 2(a). CycloneDX `pedigree.ancestors`; Hugging Face `base_model`; SPDX 3
        `trainedOn` and `dependsOn`.
    """
    path = version_path(version.model_id, version.id)
    found = []
    for i, base in enumerate(version.record.base_models):
        absent = _absent(base)
        if absent:
            message = f"the base model {base.name} does not record {', '.join(absent)}"
            found.append(fails(message, "Record what is missing.", at(path, "base_models", i)))
    facts = ((f"{b.supplier}, {b.version or str(b.sha256)[:12]}", b.name) for b in version.record.base_models)
    yield from settled(found, facts, "the version lists no base model")


def _absent(base: BaseModelUse) -> list[str]:
    absent = [f for f in ("supplier", "licence", "documentation", "validation") if getattr(base, f) is None]
    return absent if base.version or base.sha256 else ["version or sha256", *absent]


@rule("LIN107", "Hyperparameters and seeds are recorded", severity="error", gate="review", waivable=True)
def hyperparameters(version: ModelVersion, context: Context) -> Iterator[Verdict]:  # noqa: ARG001 - every rule's form
    """Hyperparameters and seeds are recorded.

    What it checks:
        `hyperparameters` and `seeds` have values that can be read, beside the digest of the configuration that LIN101
        asks for.

    Why it matters:
        A digest proves which configuration ran and tells nobody what it said. Without seeds a second run differs and
        nobody knows whether that matters.

    Example:
        `config: {sha256: ...}` with neither `hyperparameters` nor `seeds`.

    How to fix:
        Let the training job write the parameters that it used, defaults included, and every seed.

    References:
        EU AI Act Annex IV 2(b). MLflow `params`; SLSA provenance v1 `externalParameters`; Model Card Toolkit
        `model_parameters`.
    """
    record, path = version.record, version_path(version.model_id, version.id)
    found = []
    if record.config is None:
        found.append(unsettled("the version names no configuration (LIN101)"))
    for field, values in (("hyperparameters", record.hyperparameters), ("seeds", record.seeds)):
        if not values:
            found.append(fails(f"the version records no {field}", f"Record `{field}`.", at(path, field)))
    yield from settled(
        found, [(f"{len(record.hyperparameters)} hyperparameters and seeds of", n) for n in record.seeds], ""
    )
