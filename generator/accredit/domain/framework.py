"""A control catalogue as dated data: `frameworks/<id>.yaml`, shipped with the program or added by the organisation."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from accredit.domain.predicate import Facts, Predicate
from accredit.domain.retention import Clock, RecordClass
from accredit.domain.value import ControlId, Count, Date, Line, Markdown, RoleId, RuleCode, Slug, Url, Value

Mode = Literal["automated", "assisted", "human"]
EvidenceKind = Literal["rule", "field", "record", "attestation", "retention"]


class Evidence(Value):
    """One thing that must be there: exactly one of `rule`, `field`, `record`, `attestation` and `retention`."""

    rule: RuleCode | None = None
    field: Line | None = Field(
        None, examples=["dataset.quality.known_gaps"], description="A field of the registry's format that is filled."
    )
    record: Slug | None = Field(None, description="Kind of a document that is recorded and approved.")
    attestation: Line | None = Field(None, description="What somebody must vouch for, by a determination.")
    retention: RecordClass | None = Field(None, description="A class of records that policy keeps long enough.")
    by_role: RoleId | None = None
    max_age_days: Count | None = Field(None, description="Days after which a record or an attestation is too old.")
    months: Count | None = Field(None, description="Months that the class of records must at least be kept.")
    clock: Clock | None = Field(None, description="The event from which those months run.")

    @model_validator(mode="after")
    def _one_form(self) -> Evidence:
        forms = [f for f in (self.rule, self.field, self.record, self.attestation, self.retention) if f is not None]
        if len(forms) != 1:
            raise ValueError("give one of rule, field, record, attestation and retention")
        if (self.attestation is None) != (self.by_role is None):
            raise ValueError("`attestation` and `by_role` belong together")
        if not (self.retention is None) == (self.months is None) == (self.clock is None):
            raise ValueError("`retention`, `months` and `clock` belong together")
        return self

    @property
    def kind(self) -> EvidenceKind:
        """Which of the five forms it has."""
        kinds: tuple[EvidenceKind, ...] = ("rule", "field", "record", "attestation", "retention")
        return next(k for k in kinds if getattr(self, k) is not None)

    @property
    def name(self) -> str:
        """What is asked for: the code, path, kind, point or class."""
        return str(getattr(self, self.kind))


class EvidenceSet(Value):
    """The evidence for a control: all of one list, some of the other, or both."""

    all_of: tuple[Evidence, ...] = ()
    any_of: tuple[Evidence, ...] = ()

    @model_validator(mode="after")
    def _some(self) -> EvidenceSet:
        if not (self.all_of or self.any_of):
            raise ValueError("name some evidence in `all_of` or `any_of`")
        return self


class InForce(Value):
    """A day on which a control comes into force where a condition holds."""

    when: Predicate
    date: Date = Field(description="First day on which the control is in force.")


class Control(Value):
    """One obligation in the catalogue's own words, when it applies and what would show that it is kept."""

    title: Line = Field(description="What it is about, in a few words.")
    obligation: Markdown = Field(description="What is asked, in a sentence of the catalogue's own.")
    citation: Line = Field(description="Where it stands in the law or standard.")
    url: Url | None = Field(None, description="Where the text can be read; absent: where the framework's can.")
    duty_holder: tuple[Slug, ...] = Field((), examples=[["provider"]], description="Whose duty it is.")
    jurisdiction: Line | None = Field(None, description="Where it binds; absent: where the framework does.")
    applies_when: Predicate | None = Field(
        None, description="Facts under which it applies, besides those that the framework asks for."
    )
    evidence: EvidenceSet
    assessment: Mode = Field(
        description="Checks decide (`automated`), are needed and not enough (`assisted`), or a person does (`human`)."
    )
    in_force_from: Date | None = Field(None, description="First day on which it is in force; absent: in force already.")
    in_force_when: tuple[InForce, ...] = Field((), description="Other first days; the first condition that holds.")
    in_force_until: Date | None = Field(None, description="Last day on which it was in force.")
    uncertain: Markdown | None = Field(None, description="What about it is disputed or could not be verified.")
    note: Markdown | None = Field(None, description="What a reader should know besides.")
    related: tuple[ControlId, ...] = Field((), description="Ids of controls that ask for something similar.")
    disabled: Line | None = Field(None, description="Why the organisation leaves it out.")

    def first_day(self, facts: Facts) -> Date | None:
        """The day from which it is in force for a model with these facts; None where it is in force already."""
        return next((f.date for f in self.in_force_when if f.when.holds(facts)), self.in_force_from)


class FormerControl(Value):
    """An id of an older text, so that old documents still lead somewhere."""

    title: Line = Field(description="What it was about.")
    citation: Line = Field(description="Where it stood.")
    until: Date = Field(description="Last day on which it stood.")
    now: tuple[ControlId, ...] = Field((), description="Ids of the controls that took its place; empty: none did.")
    note: Markdown | None = Field(None, description="What became of it.")


class CatalogueCheck(Value):
    """When somebody last held the catalogue against its source, and how closely."""

    date: Date = Field(description="When it was checked.")
    level: Literal["primary", "secondary", "knowledge"] = Field(
        description="Against the official text, against several other sources, or from knowledge of a stable text."
    )
    note: Markdown | None = Field(None, description="What was read and what was not.")


class Milestone(Value):
    """A date in the life of a framework."""

    date: Date = Field(description="The day.")
    what: Line = Field(description="What happens then.")


class Framework(Value):
    """A law, standard or guidance as controls. Its id is the name of its file."""

    title: Line = Field(description="Name of the framework.")
    short: Line | None = Field(
        None, examples=["GDPR"], description="What it is called where there is little room; absent: the title."
    )
    citation: Line = Field(description="The text that it stands for.")
    url: Url = Field(description="Where the text can be read.")
    kind: Literal["law", "guidance", "standard", "voluntary"] = Field(
        description="Binding law, guidance of a supervisor, a standard, or a framework that one adopts."
    )
    jurisdiction: Line = Field(description="Where it binds.")
    verified: CatalogueCheck
    applies_when: Predicate | None = Field(None, description="Facts that every one of its controls asks for.")
    uncertain: tuple[Markdown, ...] = Field((), description="What about it is disputed or could not be verified.")
    timeline: tuple[Milestone, ...] = ()
    former: dict[ControlId, FormerControl] = Field(default_factory=dict, description="Older ids, by id.")
    controls: dict[ControlId, Control] = Field(description="Controls by id, which never changes.")

    @property
    def name(self) -> str:
        """What it is called where there is little room."""
        return self.short or self.title
