"""Code, jobs and artifacts: the nodes and edges of provenance (W3C PROV's activities and entities)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from accredit.domain.stored import Storage
from accredit.domain.value import Count, GitCommit, Line, PersonId, Sha256, Slug, Uri, Url, Value


class Code(Value):
    """The exact source that ran. MLflow: `mlflow.source.git.*`; OpenLineage: `sourceCodeLocation`."""

    repository: Url | None = Field(None, description="Address of the repository.")
    commit: GitCommit | None = None
    path: Line | None = Field(None, description="Entry point inside the repository.")
    sha256: Sha256 | None = Field(None, description="SHA-256 of the entry point.")
    dirty: bool = Field(False, description="True where uncommitted changes were present.")


class QualityCheck(Value):
    """A reconciliation or quality check that a job passed."""

    name: Line = Field(description="What was checked.")
    result: Literal["passed", "failed"] = Field(description="How the check came out.")
    detail: Line | None = Field(None, description="The numbers behind the result.")


class Job(Value):
    """One step that turned inputs into outputs (OpenLineage job, PROV activity)."""

    name: Slug = Field(description="Name of the job, the same in every run.")
    kind: Literal["clean", "featurize", "split", "train", "evaluate", "deploy", "predict", "other"] = Field(
        description="What the job does."
    )
    owner: PersonId | None = None
    description: Line | None = Field(None, description="What the job does, in a sentence.")
    code: Code = Code()
    checks: tuple[QualityCheck, ...] = ()


class Artifact(Value):
    """A file that training produced. CycloneDX: `hashes`; SageMaker: `model_artifact`."""

    name: Slug = Field(examples=["model"], description="Name of the artifact within the version.")
    uri: Uri | None = Field(None, description="Where the bytes are kept.")
    sha256: Sha256
    size_bytes: Count | None = Field(None, description="Size of the file in bytes.")
    format: Line | None = Field(None, examples=["skops", "onnx"], description="File format.")
    storage: Storage | None = None


class Environment(Value):
    """What the code ran in."""

    python: Line | None = Field(None, description="Version of Python.")
    platform: Line | None = Field(None, description="Operating system and architecture.")
    packages: dict[str, Line] = Field(default_factory=dict, description="Package versions that matter to the result.")
    lock_sha256: Sha256 | None = Field(None, description="SHA-256 of the lock file or the frozen package list.")
    image: Line | None = Field(None, description="Container image by digest.")
