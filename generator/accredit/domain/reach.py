"""Facts about a model that decide which law reaches it, and documents that law asks for: parts of `model.yaml`."""

from __future__ import annotations

from pydantic import Field

from accredit.domain.value import Date, Line, Markdown, PersonId, Slug, Value


class Technology(Value):
    """Which kind of technology the model is. What is absent is unknown, and never taken for false."""

    agentic: bool | None = Field(None, description="Whether it plans and acts by itself over several steps.")
    emotion_or_biometric: bool | None = Field(
        None, description="Whether it recognises emotions or sorts people by biometric traits."
    )
    new: bool | None = Field(None, description="Whether the technology is new, or newly used here (GDPR Art. 35).")


class ScopeDecision(Value):
    """A decision whether a framework's own definition covers the model."""

    in_scope: bool = Field(description="Whether the definition covers it.")
    rationale: Markdown = Field(description="Why.")
    by: PersonId
    date: Date = Field(description="When it was decided.")


class Document(Value):
    """A document that a framework asks for, kept elsewhere."""

    kind: Slug = Field(examples=["validation-report"], description="What it is, in the words of the catalogue.")
    reference: Line = Field(description="Where it is kept.")
    approved_by: PersonId | None = None
    date: Date = Field(description="When it was approved.")
    covers_versions: tuple[Line, ...] = Field((), description="Empty: every version.")


Scope = dict[Slug, ScopeDecision]
"""Framework id to the decision whether it covers the model."""
