"""What was built: `models/<model>/versions/<version>/version.yaml`. Usually written by the training job."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from accredit.domain.features import Justification
from accredit.domain.provenance import Artifact, Code, Environment
from accredit.domain.surveillance import ChangeInPlan
from accredit.domain.value import (
    Count,
    DatasetId,
    Date,
    FeatureSetId,
    Instant,
    Line,
    Markdown,
    ModelId,
    PersonId,
    Scalar,
    Sha256,
    Share,
    Slug,
    Uri,
    Value,
    VersionId,
)


class Training(Value):
    """Who trained it, when, in which run."""

    by: PersonId
    at: Instant
    run: Line | None = Field(None, description="Identifier of the training run.")
    duration_seconds: float | None = Field(None, ge=0, description="How long the training took, in seconds.")


class Config(Value):
    """The configuration file of the run."""

    sha256: Sha256
    uri: Uri | None = Field(None, description="Where the file is kept.")


class DatasetUse(Value):
    """A dataset as the run used it. MLflow: dataset input with its context."""

    dataset: DatasetId
    role: Literal["training", "validation", "evaluation"] = Field(description="What the data was used for.")
    sha256: Sha256 | None = Field(None, description="Digest of the data that the run read.")
    split: Slug | None = Field(None, description="The split of the dataset that was used.")


class FeatureUse(Value):
    """A feature set as the run used it."""

    features: FeatureSetId
    sha256: Sha256 | None = None


class Separation(Value):
    """Evidence that the model was not tested on what it learnt from."""

    method: Line = Field(examples=["random, stratified by outcome"], description="How the data was split.")
    overlap_rows: Count = Field(description="Rows found both in training and test data.")
    overlap_justification: Line | None = Field(None, description="Why rows that are in both do no harm.")
    by_subject: bool | None = Field(None, description="No person appears on both sides.")
    by_time: bool | None = Field(None, description="Test data is later than training data.")


class BaseModelUse(Value):
    """A third-party or base model that this version builds on. CycloneDX: `pedigree.ancestors`."""

    name: Line = Field(description="Name of the base model.")
    supplier: Line | None = Field(None, description="Who supplies it.")
    version: Line | None = Field(None, description="Its version.")
    sha256: Sha256 | None = None
    licence: Line | None = Field(None, description="SPDX identifier of its licence.")
    documentation: Line | None = Field(None, description="Reference of the supplier's documentation.")
    validation: Line | None = Field(None, description="Reference of the organisation's own validation.")
    supported_until: Date | None = Field(None, description="Last day on which its supplier looks after it.")


class ProtectedInput(Value):
    """An input that holds or stands for a protected attribute, and why it is used."""

    feature: Line = Field(description="Name of the input.")
    attribute: Slug = Field(description="The protected attribute that it holds or stands for.")
    justification: Justification | None = None


class Library(Value):
    """The library that made the model."""

    name: Line = Field(description="Name of the library.")
    version: Line = Field(description="Its version.")


class Version(Value):
    """One immutable version of a model: run, code, configuration, data, environment and artifacts."""

    model: ModelId = Field(description="Equals the folder's name.")
    version: VersionId = Field(description="Equals the folder's name.")
    summary: Line = Field(description="What is new, in a sentence.")
    description: Markdown | None = Field(None, description="The longer story, in Markdown.")
    trained: Training | None = None
    code: Code | None = None
    config: Config | None = None
    environment: Environment | None = None
    library: Library | None = None
    hyperparameters: dict[str, Scalar | tuple[Scalar, ...]] = Field(
        default_factory=dict, description="Settings of the training, by name."
    )
    seeds: dict[str, int] = Field(default_factory=dict, description="Seeds of random generators, by name.")
    datasets: tuple[DatasetUse, ...] = ()
    features: tuple[FeatureUse, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    decision_threshold: Share | None = Field(None, description="Score at or above which the positive class is chosen.")
    separation: Separation | None = None
    base_models: tuple[BaseModelUse, ...] = ()
    protected_inputs: tuple[ProtectedInput, ...] = ()
    change_in_plan: ChangeInPlan | None = Field(
        None, description="For a retraining within the model's approved change plan: the item, and the test's result."
    )
