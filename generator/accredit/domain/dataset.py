"""Data: where it comes from, whether it may be used, and how it was made: `datasets/<dataset>.yaml`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from accredit.domain.provenance import Job
from accredit.domain.stored import RetentionDecision, Storage, Tombstone
from accredit.domain.value import (
    Count,
    DatasetId,
    Date,
    Line,
    Markdown,
    PersonId,
    Region,
    Sha256,
    Share,
    Slug,
    Uri,
    Url,
    Value,
)


class Source(Value):
    """Where data comes from before the organisation held it."""

    name: Line = Field(
        examples=["Home Mortgage Disclosure Act, Boston 1990"],
        description="Who collected the data, and in which survey or system.",
    )
    url: Url | None = Field(None, description="Where the source is described or had.")
    citation: Line | None = Field(None, description="How the source asks to be cited.")
    collected_from: Date | None = Field(None, description="First day of the collection period.")
    collected_to: Date | None = Field(None, description="Last day of the collection period.")


class Licence(Value):
    """Under which terms the data may be used."""

    id: Line = Field(description="SPDX identifier, or `other` with terms.", examples=["CC-BY-4.0"])
    terms: Line | None = Field(None, description="The terms in short, where there is no SPDX identifier.")
    url: Url | None = Field(None, description="Where the full terms are.")
    allows_training: bool | None = Field(None, description="Whether the terms allow training models.")
    allows_commercial_use: bool | None = Field(None, description="Whether the terms allow commercial use.")


class Consent(Value):
    """Consent of the people that the data is about (GDPR Art. 7)."""

    record: Line = Field(description="Reference of the consent record.")
    purposes: tuple[Slug, ...] = Field(description="Purposes that people agreed to.")
    obtained: Date = Field(description="When consent was obtained.")
    expires: Date | None = Field(None, description="Last day on which it holds.")
    withdrawals_processed_to: Date = Field(description="Withdrawals up to this day are already removed.")


class LegalBasis(Value):
    """Why personal data may be processed (GDPR Art. 6, or the local equivalent)."""

    basis: Literal[
        "consent", "contract", "legal_obligation", "vital_interests", "public_task", "legitimate_interests", "research"
    ] = Field(description="The basis in law.")
    reference: Line = Field(description="Assessment, contract clause or statute that shows it.")
    consent: Consent | None = None


class SensitiveData(Value):
    """Columns of a special category, protected health information or sensitive personal information."""

    category: Line = Field(
        examples=["race or ethnic origin"], description="The category, in the words of the law that protects it."
    )
    columns: tuple[Line, ...] = Field(description="Columns that hold it.")
    condition: Line | None = Field(None, description="Condition, authorisation or exclusion that allows the use.")
    used_for: tuple[Literal["bias_detection", "treatment", "research", "other"], ...] = Field(
        (), description="What it is used for."
    )


class Column(Value):
    """One column of a dataset."""

    name: Line = Field(description="Name of the column.")
    type: Literal["integer", "number", "string", "category", "boolean", "date"] = Field(
        description="Type of the values."
    )
    description: Line | None = Field(None, description="What the column means, with its unit.")
    personal: bool = Field(False, description="True where it relates to identifiable people.")
    protected_attribute: Slug | None = Field(
        None, description="The protected attribute that the column holds or stands for.", examples=["gender"]
    )
    kept_for: Line | None = Field(
        None, description="Why a personal column that is no input is kept.", examples=["the outcome to learn"]
    )


class Transfer(Value):
    """What allows data to leave its protected region."""

    mechanism: Line = Field(examples=["standard contractual clauses"], description="What allows the transfer.")
    date: Date = Field(description="When the mechanism was put in place.")


class DataRegion(Value):
    """Where data is stored and whose law protects it."""

    storage: tuple[Region, ...]
    subjects: tuple[Region, ...] = Field((), description="Regions of the people that the data is about.")
    transfer: Transfer | None = None


class Notice(Value):
    """The privacy notice given to the people that the data is about."""

    id: Line = Field(description="Which notice.")
    version: Line = Field(description="Version of the notice.")
    date: Date = Field(description="Since when it is given.")


class Rights(Value):
    """How objection, opt-out and erasure reach this dataset."""

    procedure: Line = Field(description="Reference of the procedure.")
    last_run: Date = Field(description="When it was last carried out on this dataset.")
    affected_versions: tuple[Line, ...] = Field(
        (), description="Versions, as model@version, that were trained on data removed since."
    )


class Deidentification(Value):
    """Evidence that the data no longer identifies people (HIPAA 164.514)."""

    method: Literal["safe_harbor", "expert_determination"] = Field(description="Safe harbour or expert determination.")
    assessor: Line = Field(description="Who assessed it.")
    date: Date = Field(description="When it was assessed.")
    expires: Date | None = Field(None, description="Last day on which the assessment holds.")
    reidentification_test: Line | None = Field(None, description="Reference of the test and its result.")


class Processor(Value):
    """Somebody else who touches the data, and the contract that allows it."""

    name: Line = Field(description="Who it is.")
    contract: Line | None = Field(None, description="Reference of the DPA or BAA.")


class SplitQuality(Value):
    """Size and completeness of one split."""

    split: Slug = Field(description="Name of the split.")
    n: Count = Field(description="Number of rows.")
    missing: Share = Field(description="Share of cells without a value.")


class Quality(Value):
    """The quality and representativeness report."""

    splits: tuple[SplitQuality, ...]
    coverage: Markdown = Field(description="How the data covers the population that the model meets.")
    known_gaps: Markdown = Field(description="Whom or what the data leaves out.")
    duplicates: Count | None = Field(None, description="Number of duplicate rows found.")


class Compatibility(Value):
    """An assessment that a purpose beyond the original ones is compatible (GDPR Art. 6(4))."""

    purpose: Slug = Field(description="The further purpose.")
    reference: Line = Field(description="Reference of the assessment.")
    date: Date = Field(description="When it was assessed.")


class Derivation(Value):
    """How a dataset was made from others. Every edge of the lineage comes from such a job."""

    job: Job
    inputs: tuple[DatasetInput, ...]


class DatasetInput(Value):
    """A dataset as it was when it was used."""

    dataset: DatasetId
    sha256: Sha256 | None = None


class Dataset(Value):
    """A dataset in one fixed state, from raw file to training set.

    Field names follow Croissant and Hugging Face dataset cards where they have one. A new state of the data is a new
    dataset entry: the digest is the identity.
    """

    name: Line = Field(description="Name as people say it.")
    kind: Literal["raw", "external", "cleaned", "features", "training", "evaluation"] = Field(
        description="How far it is prepared. Raw and external data has a source; other data is derived."
    )
    description: Markdown | None = Field(
        None, description="What a row is, what the data covers and what it does not, in Markdown."
    )
    owner: PersonId
    version: Line = Field(examples=["2026-03"], description="Version of the data, in quotes if it looks like a number.")
    sha256: Sha256 | None = Field(None, description="SHA-256 of the data file.")
    uri: Uri | None = Field(None, description="Where the bytes are kept.")
    rows: Count | None = Field(None, description="Number of rows.")
    size_bytes: Count | None = Field(None, description="Size of the file in bytes.")
    source: Source | None = Field(None, description="Required where the data was not derived from other entries.")
    derived_from: Derivation | None = None
    licence: Licence | None = None
    personal_data: bool | None = Field(None, description="Whether it relates to identifiable people. Absent: unknown.")
    phi: bool = Field(False, description="Protected health information under HIPAA.")
    limited_data_set: bool | None = Field(
        None, description="Whether it is a limited data set of health information (45 CFR 164.514(e))."
    )
    large_scale: bool | None = Field(
        None, description="Whether it processes personal data on a large scale (GDPR Art. 35(3))."
    )
    legal_basis: LegalBasis | None = None
    permitted_purposes: tuple[Slug, ...] = Field(
        (), description="Purposes that the data may be used for. A model's purpose must be one of them."
    )
    compatibility: tuple[Compatibility, ...] = ()
    sensitive: tuple[SensitiveData, ...] = ()
    columns: tuple[Column, ...] = ()
    region: DataRegion | None = None
    notice: Notice | None = None
    rights: Rights | None = None
    deidentification: Deidentification | None = None
    processors: tuple[Processor, ...] = ()
    quality: Quality | None = None
    reference_standard: Markdown | None = Field(
        None, description="How the true outcome was established that the model learns or is tested against."
    )
    max_retention_months: int | None = Field(
        None, ge=0, description="Longest time that the data may be kept, in months from the end of the collection."
    )
    retention_decision: RetentionDecision | None = None
    storage: Storage | None = None
    tombstone: Tombstone | None = None
