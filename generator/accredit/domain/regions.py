"""Regions that a law's reach depends on."""

from __future__ import annotations

from collections.abc import Iterable

EU_MEMBERS = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)
"""Member states of the European Union; Greece also by the code that the EU itself uses."""


def in_eu(regions: Iterable[str]) -> bool:
    """Whether some region is the European Union, a member state or a part of one."""
    return any(region == "EU" or region.partition("-")[0] in {"EU", *EU_MEMBERS} for region in regions)


def with_eu(regions: tuple[str, ...]) -> tuple[str, ...]:
    """The regions, and `EU` too where one of them is a member state, so that `any_in: [EU]` holds for `DE`."""
    return (*regions, "EU") if "EU" not in regions and in_eu(regions) else regions
