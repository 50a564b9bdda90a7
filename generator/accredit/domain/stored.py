"""Objects that the registry points to: how storage keeps them, what is left of erased ones, and who looked at them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from accredit.domain.evaluation import Tool
from accredit.domain.retention import Clock, RecordClass
from accredit.domain.value import Count, DatasetId, Date, Instant, Line, Markdown, PersonId, Sha256, Uri, Value


class Storage(Value):
    """How a store keeps an object."""

    version: Line | None = Field(None, description="The store's own version id of the object, as buckets give them.")
    retain_until: Date | None = Field(None, description="Day after which the store may delete it; absent: never.")
    locked_until: Date | None = Field(None, description="Last day of an object lock that nobody can lift.")


class Tombstone(Value):
    """What is left of an object that was erased. The digest stays beside it if it reveals nothing."""

    date: Date = Field(description="When it was erased.")
    authority: Line = Field(description="Who or what demanded it: a request, a law, an order.")
    method: Line = Field(description="How it was erased, copies and backups too.")
    reason: Line = Field(description="Why it was erased.")
    replacement: DatasetId | None = Field(None, description="The dataset that takes its place.")
    note: Markdown = Field(description="What can no longer be repeated, and which evidence remains.")


class RetentionDecision(Value):
    """What people decided where a minimum and a maximum clash, or data stays past its maximum."""

    option: Literal["anonymise", "pseudonymise", "restrict", "keep_statistics", "legal_exception"] = Field(
        description="What is done. A legal exception is one of GDPR Art. 17(3) or the local equivalent."
    )
    reason: Line = Field(description="Why, with the reference of the decision.")
    decided_by: PersonId
    date: Date = Field(description="When it was decided.")


class Record(Value):
    """A record of a version that is kept elsewhere: `records/<class>.yaml`, or `records/<class>.<name>.yaml`.

    Artifacts, datasets, stored predictions, metrics, card and sign-offs have their own files and are not repeated.
    """

    description: Line | None = Field(None, description="What it is.")
    uri: Uri = Field(description="Where the bytes are kept.")
    sha256: Sha256 | None = None
    size_bytes: Count | None = Field(None, description="Size in bytes.")
    created: Date = Field(description="When the record was made, or the last day that it covers.")
    clocks: dict[Clock, Date] = Field(
        default_factory=dict,
        description="When other clocks started for this record. They only make it be kept for longer.",
    )
    storage: Storage | None = None
    tombstone: Tombstone | None = None


class CheckedObject(Value):
    """One stored object as it was found."""

    uri: Uri = Field(description="Where it should be.")
    record: RecordClass = Field(alias="class", description="The class of record that it is.")
    name: Line = Field(description="Name of the artifact, dataset, period or record.", examples=["model"])
    method: Literal["exists", "digest", "locked"] = Field(
        description="What was looked at: whether it is there, its bytes, or its bytes and a lock."
    )
    result: Literal["ok", "missing", "differs", "unreadable"] = Field(
        description="Found as recorded; not there; other bytes; or there and not to be read."
    )
    sha256: Sha256 | None = None


class StorageCheck(Value):
    """Who looked at a version's stored objects and what was found: `verifications/<date>.yaml`, written by the tool."""

    at: Instant
    by: PersonId
    tool: Tool
    objects: tuple[CheckedObject, ...]
