"""What is compared of one version, read once: the same for a terminal, a page and a program in a browser.

Everything is in lists and under fixed names, so that no text of a registry is ever the name of something.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FORMAT = 1
"""Of the sheets as JSON. A new key does not change it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A text with its name, as in `learning_rate` and `0.1`."""

    name: str
    value: str
    where: str = ""
    """The file in which it stands, below the folder of the version, where several are told together."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that was measured, with its interval and the limits of policy."""

    name: str
    evaluation: str
    value: float | None
    """None where there is none to tell; `said` then says why."""
    lower: float | None = None
    upper: float | None = None
    level: str = ""
    """At which confidence the interval holds, with what it is adjusted for; two intervals compare where it is equal."""
    n: int | None = None
    better: Literal["higher", "lower", ""] = ""
    """Which direction is better; empty where neither is."""
    minimum: float | None = None
    maximum: float | None = None
    said: str = ""
    """What it came to, in a sentence; or why there is no value."""

    @property
    def within(self) -> bool | None:
        """Whether it keeps to the limits; None where there is no limit or no value."""
        if self.value is None or (self.minimum is None and self.maximum is None):
            return None
        low, high = self.minimum, self.maximum
        return (low is None or self.value >= low) and (high is None or self.value <= high)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An evaluation, and the data it was made on."""

    id: str
    split: str
    dataset: str
    sha256: str
    """Of the data; empty where it is not recorded."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a rule says of the version."""

    code: str
    outcome: str
    """In words, a waiver included."""
    why: tuple[str, ...] = ()
    """Reasons of an outcome that is not a pass."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is compared of one version."""

    key: str
    """`model@version`."""
    model: str
    """Name of the model."""
    stage: str
    fields: tuple[Entry, ...]
    """Fields that are told under no other name."""
    hyperparameters: tuple[Entry, ...]
    data: tuple[Entry, ...]
    """Datasets and feature sets with digests."""
    evaluations: tuple[Evaluated, ...]
    metrics: tuple[Measure, ...]
    """Of all rows."""
    slices: tuple[Measure, ...]
    """Of parts of the rows."""
    fairness: tuple[Measure, ...]
    card: tuple[Entry, ...]
    """Sections of the card as text."""
    gates: tuple[Entry, ...]
    """The stage, and each gate with what closes it."""
    rules: tuple[Ruling, ...]
    format: int = FORMAT
