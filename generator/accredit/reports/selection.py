"""Which findings a person wants to see."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from accredit.assess import Assessment
from accredit.errors import UsageError
from accredit.rules.rule import matches

_SELECTOR = re.compile(r"ALL|[A-Z]{2,6}[0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class Selection:
    """Codes or prefixes to show, all where there are none, and those to leave out."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    @classmethod
    def parse(cls, select: Iterable[str], ignore: Iterable[str]) -> Self:
        """The selection that options describe; each may list several selectors with commas."""
        return cls(_selectors(select), _selectors(ignore))

    def of(self, assessment: Assessment) -> Assessment:
        """The assessment with the selected findings only. Gates are never changed by what is shown."""
        wanted = self.select or ("ALL",)
        kept = (f for f in assessment.findings if matches(f.code, wanted) and not matches(f.code, self.ignore))
        return replace(assessment, findings=tuple(kept))


def _selectors(options: Iterable[str]) -> tuple[str, ...]:
    parts = tuple(part.strip().upper() for option in options for part in option.split(",") if part.strip())
    for part in parts:
        if not _SELECTOR.fullmatch(part):
            raise UsageError(
                f"`{part}` selects no rule", "Write a code such as OWN101 or a prefix such as CARD or FAIR10."
            )
    return parts
