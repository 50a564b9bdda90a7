"""All that a replay goes on from: what is known after some landings, without anything that git can tell again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from accredit.domain.verification import Breach, Place, Signoff
from accredit.history.attestation import Ledger
from accredit.history.authority import Governance
from accredit.history.court import Docket
from accredit.history.custody import Keeping
from accredit.history.landing import Mark
from accredit.history.state import Files
from accredit.history.trail import Trace


@dataclass
class Memory:
    """What a replay knows after the landing at `place`."""

    registry: str
    genesis: Place
    place: Place
    governance: Governance
    """The last authorised one."""
    files: Files
    trace: Trace = field(default_factory=Trace)
    docket: Docket = field(default_factory=Docket)
    keeping: Keeping = field(default_factory=Keeping)
    ledger: Ledger = field(default_factory=Ledger)
    used: set[str] = field(default_factory=set)
    """Digests of the change records that authorised something: each does so once."""
    authorisations: list[Signoff] = field(default_factory=list)
    """Who asked for those changes and decided on them."""
    day: dt.date = dt.date.min
    """The day of the last landing, which never goes back."""
    latest: dt.datetime | None = None
    """The latest time that a commit said."""
    breaches: list[Breach] = field(default_factory=list)

    @property
    def mark(self) -> Mark:
        """The last landing that was taken in."""
        return Mark(self.place.position, self.place.commit)


def to_json(memory: Memory) -> bytes | None:
    """A memory as JSON; None where it cannot be written, as with a path that is no UTF-8."""
    try:
        return _form().dump_json(memory, by_alias=True, exclude_unset=True)
    except PydanticSerializationError:
        return None


def from_json(text: bytes) -> Memory | None:
    """The memory that `to_json` wrote; None where the text is none."""
    try:
        return _form().validate_json(text, by_alias=True, by_name=False)
    except ValidationError:
        return None


@lru_cache(maxsize=1)
def _form() -> TypeAdapter[Memory]:
    return TypeAdapter(Memory)
