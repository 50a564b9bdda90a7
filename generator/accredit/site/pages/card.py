"""The model card in the order in which people read it. A section that nobody wrote is shown as missing."""

from __future__ import annotations

from dataclasses import dataclass

from accredit.domain.card import Card

_SECTIONS: tuple[tuple[str, str, str], ...] = (
    ("model_details", "Model details", "prose"),
    ("intended_use", "Intended use", "use"),
    ("limitations", "Limitations", "limitations"),
    ("caveats_and_recommendations", "Caveats and recommendations", "prose"),
    ("performance", "Performance", "prose"),
    ("fairness", "Fairness", "prose"),
    ("disparity_responses", "Responses to disparities", "responses"),
    ("factors", "Factors", "prose"),
    ("ethical_considerations", "Ethical considerations", "ethics"),
    ("human_oversight", "Human oversight", "fields"),
    ("explanation", "Explanation of outputs", "fields"),
    ("instructions", "Instructions for users", "fields"),
    ("monitoring_plan", "Monitoring plan", "monitoring"),
    ("training_data", "Training data", "prose"),
    ("evaluation_data", "Evaluation data", "prose"),
    ("design", "Design", "fields"),
    ("changes", "Changes since the last approved version", "changes"),
    ("technical_documentation", "Technical documentation (EU AI Act Annex IV)", "documents"),
    ("references", "References", "references"),
)
ALL_SECTIONS = tuple(name for name, _, _ in _SECTIONS)


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a card. `form` says how it is drawn."""

    id: str
    title: str
    form: str
    value: object
    required: bool

    @property
    def is_written(self) -> bool:
        """Whether somebody wrote something in the section."""
        if self.form in ("use", "fields", "monitoring"):
            return self.value is not None and bool(_written(self.value))
        return bool(self.value)

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """Heading and text of the fields that were written, for a section of named fields."""
        return _written(self.value)


def _written(value: object) -> tuple[tuple[str, str], ...]:
    names = getattr(type(value), "model_fields", {})
    pairs = ((name.replace("_", " ").capitalize(), getattr(value, name)) for name in names)
    return tuple((title, text) for title, text in pairs if text)


def sections(card: Card | None, required: tuple[str, ...]) -> tuple[Section, ...]:
    """Every section that is written or that policy requires, in the order of reading."""
    needed = {name.split(".")[0] for name in required}
    found = (Section(f"card-{n}", title, form, getattr(card, n, None), n in needed) for n, title, form in _SECTIONS)
    return tuple(s for s in found if s.is_written or s.required)
