"""How a registry trades with other formats: importers and exporters, installed as plug-ins and loaded by name."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Protocol, runtime_checkable

from accredit.assess import Assessment
from accredit.errors import PluginError, UsageError

IMPORTERS = "accredit.importers"
EXPORTERS = "accredit.exporters"


@runtime_checkable
class Importer(Protocol):
    """Turns a file of another format into files of a registry."""

    summary: str
    """What it reads, in a sentence."""
    lossy: tuple[str, ...]
    """What of the other format has no place in a registry."""

    def read(self, content: bytes) -> Mapping[str, str]:
        """Text by path in the registry. What the other format does not say stands as `TODO`."""


@runtime_checkable
class Exporter(Protocol):
    """Writes what a registry says in another format."""

    summary: str
    """What it writes, in a sentence."""
    lossy: tuple[str, ...]
    """What of a registry the other format cannot say."""

    def write(self, assessment: Assessment, subject: str) -> Mapping[str, bytes]:
        """Bytes by file name, for a subject such as `model@version`."""


def names(group: str) -> tuple[str, ...]:
    """Names of the installed plug-ins of a group, without loading any."""
    return tuple(sorted({point.name for point in entry_points(group=group)}))


def importer(name: str) -> Importer:
    """The importer of a name."""
    found = _loaded(IMPORTERS, name)
    if not isinstance(found, Importer):
        raise PluginError(f"the plug-in {name} is no importer", "It needs `summary`, `lossy` and `read`.")
    return found


def exporter(name: str) -> Exporter:
    """The exporter of a name."""
    found = _loaded(EXPORTERS, name)
    if not isinstance(found, Exporter):
        raise PluginError(f"the plug-in {name} is no exporter", "It needs `summary`, `lossy` and `write`.")
    return found


def _loaded(group: str, name: str) -> Any:
    point = _point(group, name)
    try:
        return point.load()
    except Exception as error:  # somebody else's code may fail in any way
        hint = f"Update or remove the package {point.dist.name}." if point.dist else "Update or remove its package."
        raise PluginError(f"the plug-in {name} cannot be loaded: {type(error).__name__}: {error}", hint) from error


def _point(group: str, name: str) -> EntryPoint:
    points = {(p.value, p.dist.name if p.dist else ""): p for p in entry_points(group=group, name=name)}
    if not points:
        known = ", ".join(names(group)) or "none is installed"
        raise UsageError(f"there is no `{name}` in {group}", f"Known: {known}.")
    if len(points) > 1:
        packages = " and ".join(sorted(dist for _, dist in points))
        raise PluginError(f"{packages} both bring a plug-in named {name}", "Uninstall one of them.")
    return next(iter(points.values()))
