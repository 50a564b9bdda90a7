"""Code, jobs and artifacts: the nodes and edges of provenance (W3C PROV's activities and entities)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from accredit.domain.value import Count, GitCommit, Line, PersonId, Sha256, Slug, Uri, Url, Value


class Code(Value):
    """The exact source that ran. MLflow: `mlflow.source.git.*`; OpenLineage: `sourceCodeLocation`."""

    repository: Url | None = None
    commit: GitCommit | None = None
    path: Line | None = Field(None, description="Entry point inside the repository.")
    sha256: Sha256 | None = Field(None, description="SHA-256 of the entry point.")
    dirty: bool = Field(False, description="True where uncommitted changes were present.")


class QualityCheck(Value):
    """A reconciliation or quality check that a job passed."""

    name: Line
    result: Literal["passed", "failed"]
    detail: Line | None = None


class Job(Value):
    """One step that turned inputs into outputs (OpenLineage job, PROV activity)."""

    name: Slug
    kind: Literal["clean", "featurize", "split", "train", "evaluate", "deploy", "predict", "other"]
    owner: PersonId | None = None
    description: Line | None = None
    code: Code = Code()
    checks: tuple[QualityCheck, ...] = ()


class Artifact(Value):
    """A file that training produced. CycloneDX: `hashes`; SageMaker: `model_artifact`."""

    name: Slug = Field(examples=["model"])
    uri: Uri | None = None
    sha256: Sha256
    size_bytes: Count | None = None
    format: Line | None = Field(None, examples=["skops", "onnx"])


class Environment(Value):
    """What the code ran in."""

    python: Line | None = None
    platform: Line | None = None
    packages: dict[str, Line] = Field(default_factory=dict, description="Package versions that matter to the result.")
    lock_sha256: Sha256 | None = Field(None, description="SHA-256 of the lock file or the frozen package list.")
    image: Line | None = Field(None, description="Container image by digest.")
