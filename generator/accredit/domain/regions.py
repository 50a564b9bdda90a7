"""Regions that a law's reach depends on."""

from __future__ import annotations

from collections.abc import Iterable

EU_MEMBERS = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)
"""Member states of the European Union; Greece also by the code that the EU itself uses."""
EEA = EU_MEMBERS | {"IS", "LI", "NO"}
"""Within these countries GDPR lets personal data move freely, by the EEA Agreement."""
WITHIN = {"US-NYC": "US-NY"}
"""A part of a state to the state, where its code does not say so."""


def in_eu(regions: Iterable[str]) -> bool:
    """Whether some region is the European Union, a member state or a part of one."""
    return any(region == "EU" or region.partition("-")[0] in {"EU", *EU_MEMBERS} for region in regions)


def with_wider(regions: tuple[str, ...]) -> tuple[str, ...]:
    """The regions and all that they lie in: `US-NYC` lies in `US-NY` and `US`, `DE-BY` in `DE` and `EU`."""
    found = dict.fromkeys(regions)
    found |= {WITHIN[r]: None for r in regions if r in WITHIN}
    found |= {r.partition("-")[0]: None for r in regions if "-" in r}
    return (*found, *(("EU",) if "EU" not in found and in_eu(regions) else ()))


def home_of(region: str) -> str:
    """The region within which personal data moves freely: `EU` for the European Economic Area, else the country."""
    country = region.partition("-")[0]
    return "EU" if country in EEA else country
