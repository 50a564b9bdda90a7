"""What is wrong, or soon will be, with a clone, its people or its deadlines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["git", "clone", "attributes", "uncommitted", "schema", "unreadable", "role", "move", "key", "deadline"]


@dataclass(frozen=True, slots=True)
class Ailment:
    """One thing to see to."""

    kind: Kind
    place: str
    """Path in the registry, with line and column where they are known; empty for the clone as a whole."""
    message: str
    remedy: str
    grave: bool = False
    """Whether it stops something now."""
