"""Who watches over a model, whether stopping it was tried, and how it is secured: parts of `model.yaml`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from accredit.domain.value import Count, Date, Line, Markdown, PersonId, Value


class Overseer(Value):
    """Somebody who answers for the oversight. Role, authority, training and workload in words stand in the card."""

    person: PersonId
    trained: Date | None = Field(None, description="When they were last trained for it.")
    cases_per_day: Count | None = Field(None, description="How many cases one person looks at in a day, at most.")


class StopTest(Value):
    """A test that the model can be stopped, or that the fallback works without it."""

    kind: Literal["stop", "fallback"] = Field(description="What was tried.")
    date: Date = Field(description="When it was tried.")
    by: PersonId
    passed: bool = Field(description="Whether it worked.")
    result: Line = Field(description="What happened, as in stopped within four minutes.")


class SoleAutomation(Value):
    """Why decisions without a person are allowed, and what protects the people affected (GDPR Art. 22)."""

    basis: Literal["contract", "law", "explicit_consent"] = Field(description="The basis of GDPR Art. 22(2).")
    reference: Line = Field(description="Clause, statute or assessment that shows it.")
    safeguards: Markdown = Field(description="How a person gets a human, gives their view and objects.")
    confirmed_by: PersonId
    date: Date = Field(description="When it was confirmed.")


class Oversight(Value):
    """Human oversight as it is organised now (EU AI Act Art. 14 and 26)."""

    overseers: tuple[Overseer, ...] = ()
    stop_tests: tuple[StopTest, ...] = ()
    sole_automation: SoleAutomation | None = None


class SecurityReview(Value):
    """The last security review of the system around the model (EU AI Act Art. 15)."""

    date: Date = Field(description="When it was done.")
    reviewer: PersonId
    access_control: Markdown | None = Field(None, description="Who may call, change and read it, and what was checked.")
    encryption: Markdown | None = Field(
        None, description="How data and artifact are encrypted, at rest and in transit."
    )
    logging: Markdown | None = Field(None, description="Which accesses are logged, and who looks at them.")
    threats: Markdown | None = Field(None, description="Which attacks on model, data and inputs were looked at.")
    reference: Line | None = Field(None, description="Where the report is kept.")
