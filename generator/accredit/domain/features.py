"""Feature sets: `features/<feature-set>.yaml`."""

from __future__ import annotations

from pydantic import Field

from accredit.domain.dataset import DatasetInput
from accredit.domain.provenance import Job
from accredit.domain.value import Line, Markdown, PersonId, Sha256, Slug, Value


class Justification(Value):
    """Why a protected attribute, or a proxy for one, may be an input."""

    legal: Line = Field(description="What the law allows, and where it says so.")
    statistical: Line = Field(description="What the model loses without the input.")


class Feature(Value):
    """One input of a model."""

    name: Line
    type: Line = Field(examples=["float64"])
    description: Line | None = None
    from_columns: tuple[Line, ...] = ()
    personal: bool = False
    necessity: Line | None = Field(None, description="Why a personal feature is needed (data minimisation).")
    protected_attribute: Slug | None = Field(None, description="The attribute that the feature holds or stands for.")
    justification: Justification | None = None


class FeatureSet(Value):
    """Features computed by one job from datasets, used by one or more models."""

    name: Line
    description: Markdown | None = None
    owner: PersonId
    version: Line
    sha256: Sha256 | None = Field(None, description="SHA-256 of the definition, or of the materialised features.")
    inputs: tuple[DatasetInput, ...]
    job: Job
    features: tuple[Feature, ...]
