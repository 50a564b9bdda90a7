"""The catalogues that are shipped, with what an organisation adds to them or replaces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

from accredit.domain.control_status import CatalogueControl
from accredit.domain.framework import FormerControl, Framework
from accredit.domain.predicate import Predicate
from accredit.domain.registry import Registry
from accredit.loading.schema import read_entry


@dataclass(frozen=True)
class Catalogue:
    """Frameworks by id, in order of id."""

    frameworks: Mapping[str, Framework]

    @cached_property
    def controls(self) -> Mapping[str, tuple[CatalogueControl, ...]]:
        """Framework id to its controls, in the order of its file."""
        return {name: tuple(_controls(name, framework)) for name, framework in self.frameworks.items()}

    def of(self, frameworks: Iterable[str]) -> tuple[CatalogueControl, ...]:
        """The controls of some frameworks; one that is not known has none."""
        return tuple(control for name in frameworks for control in self.controls.get(name, ()))

    def find(self, control: str, framework: str = "") -> tuple[CatalogueControl, ...]:
        """The controls with an id, in one framework or in all."""
        names = [framework] if framework else self.frameworks
        return tuple(c for c in self.of(names) if c.id == control)

    def former(self, control: str) -> tuple[str, FormerControl] | None:
        """The framework and the entry of an id that is not in use any more."""
        found = ((n, f.former[control]) for n, f in self.frameworks.items() if control in f.former)
        return next(found, None)

    def instead_of(self, framework: str) -> str:
        """What to name in place of a framework that is not known; that of an older text is what took its place."""
        if former := self.former(framework):
            return f"{former[1].citation} stood until {former[1].until}; name {former[0]}."
        return f"Name one of {', '.join(self.frameworks)}."


def _controls(name: str, framework: Framework) -> Iterator[CatalogueControl]:
    for control_id, control in framework.controls.items():
        asked = tuple(p for p in (framework.applies_when, control.applies_when) if p is not None)
        yield CatalogueControl(name, control_id, framework, control, Predicate(every=asked))


@cache
def shipped() -> Mapping[str, Framework]:
    """The frameworks that come with the program, by id."""
    found = {}
    for file in sorted(files(__package__).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".yaml"):
            value, findings = read_entry("framework", file.name, file.read_bytes())
            if not isinstance(value, Framework):
                raise TypeError(f"{file.name} is no catalogue: {findings[0].message}")
            found[file.name.removesuffix(".yaml")] = value
    return found


def catalogue_of(registry: Registry) -> Catalogue:
    """The catalogue of a registry: what is shipped, and over it what its own `frameworks/` say.

    A framework with the id of a shipped one replaces what is said about it as a whole, and each control that it names.
    """
    merged = dict(shipped())
    for name, own in registry.frameworks.items():
        base = merged.get(name)
        merged[name] = own if base is None else _over(base, own)
    return Catalogue(dict(sorted(merged.items())))


def _over(base: Framework, own: Framework) -> Framework:
    together = {"controls": {**base.controls, **own.controls}, "former": {**base.former, **own.former}}
    return own.model_copy(update=together)
