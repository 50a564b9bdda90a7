"""Lineage of columns: from which columns, in which datasets, back to which raw data, each feature was computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from accredit.domain.dataset import Column, Dataset
from accredit.domain.features import Feature, FeatureSet
from accredit.domain.registry import Registry

_LONGEST = 50
"""Most steps back, should datasets be made from each other."""


@dataclass(frozen=True, slots=True)
class ColumnSource:
    """A column that a feature was computed from."""

    column: str
    trail: tuple[str, ...]
    """Ids of the datasets that declare it under this name, from the one that was read back to the raw data."""
    personal: bool = False
    """Whether it relates to identifiable people, by its own declaration in any of them."""
    protected_attribute: str | None = None


@dataclass(frozen=True, slots=True)
class FeatureSources:
    """A feature with the columns that it was computed from."""

    feature: Feature
    sources: tuple[ColumnSource, ...]

    @property
    def undeclared(self) -> tuple[str, ...]:
        """Columns that no dataset which was read declares."""
        return tuple(source.column for source in self.sources if not source.trail)

    @property
    def is_personal_unsaid(self) -> bool:
        """Whether it comes from a personal column and does not say that it is personal."""
        return not self.feature.personal and any(source.personal for source in self.sources)


def sources_of(features: FeatureSet, registry: Registry) -> tuple[FeatureSources, ...]:
    """Each feature of a set with its columns, as far as datasets declare theirs."""
    read = [i.dataset for i in features.inputs]
    return tuple(
        FeatureSources(feature, tuple(_source(column, read, registry) for column in feature.from_columns))
        for feature in features.features
    )


def _source(name: str, read: list[str], registry: Registry) -> ColumnSource:
    trail = list(_trail(name, read, registry))
    declared = [column for _, column in trail]
    protected = next((c.protected_attribute for c in declared if c.protected_attribute), None)
    return ColumnSource(name, tuple(d for d, _ in trail), any(c.personal for c in declared), protected)


def _trail(name: str, read: list[str], registry: Registry) -> Iterator[tuple[str, Column]]:
    for _step in range(_LONGEST):
        found = next(((d, c) for d in read if (c := _column(name, registry.datasets.get(d)))), None)
        if found is None:
            return
        yield found
        origin = registry.datasets[found[0]].derived_from
        read = [i.dataset for i in origin.inputs] if origin else []


def _column(name: str, dataset: Dataset | None) -> Column | None:
    return next((c for c in dataset.columns if c.name == name), None) if dataset else None


def uses_of_columns(registry: Registry) -> Mapping[tuple[str, str], tuple[tuple[str, str], ...]]:
    """Dataset and column to the features that come from it, as pairs of feature set and feature."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for name, features in registry.features.items():
        for told in sources_of(features, registry):
            for source in told.sources:
                for dataset in source.trail:
                    found.setdefault((dataset, source.column), []).append((name, told.feature.name))
    return {column: tuple(pairs) for column, pairs in found.items()}
