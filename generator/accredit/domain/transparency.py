"""What the people affected are told, and how they can object: `transparency` of `model.yaml`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from accredit.domain.value import Count, Date, Line, Markdown, Slug, Value

Language = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"),
    Field(description="A language by BCP 47, as in es or pt-BR."),
]


class Notice(Value):
    """A notice to the people affected that the model is used, and for what."""

    id: Line = Field(description="Id of the notice, where it is kept.")
    channel: Line = Field(description="How it reaches people, as in application form, page 2.")
    date: Date = Field(description="Since when this text is in use.")
    languages: tuple[Language, ...] = ()


class Reasons(Value):
    """Evidence that the reasons given for one decision are those of the model. The method stands in the card."""

    fidelity: Line | None = Field(None, description="How it was tested that reasons follow the model, with the result.")
    tested: Date | None = Field(None, description="When it was tested.")
    sample: Line | None = Field(None, description="Where a letter or screen with reasons can be seen.")


class Disclosure(Value):
    """How people learn that they deal with a machine, or that content was made by one (EU AI Act Art. 50)."""

    about: Literal["interaction", "content"] = Field(description="What is disclosed.")
    how: Markdown = Field(description="The words that people see, or how content is marked.")
    test: Line | None = Field(None, description="How it was tested that it is seen or survives, with the result.")
    tested: Date | None = Field(None, description="When it was tested.")


class Contest(Value):
    """How a person objects to an outcome and reaches a human."""

    channel: Line = Field(description="Where a person turns to.")
    service_level_days: Count | None = Field(None, description="Days within which a human answers.")
    authority: Line | None = Field(None, description="Who may change the outcome.")


class Registration(Value):
    """An entry in a public register, or why there is none."""

    id: Line | None = Field(None, description="Id of the entry.")
    reason: Line | None = Field(None, description="Why there is no entry.")


class Transparency(Value):
    """Transparency to people."""

    interacts_with_people: bool | None = Field(None, description="Whether people talk or write to the system itself.")
    generates_content: bool | None = Field(None, description="Whether it makes text, pictures, sound or video.")
    notices: tuple[Notice, ...] = ()
    reasons: Reasons = Reasons()
    disclosures: tuple[Disclosure, ...] = ()
    contest: Contest | None = None
    registrations: dict[Slug, Registration] = Field(
        default_factory=dict, description="Entries in public registers, by the short name that policy gives a register."
    )
