"""Pages of datasets and feature sets: where data comes from, what it may be used for, and who uses it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from accredit.assess import VersionAssessment
from accredit.domain.dataset import Dataset
from accredit.domain.paths import dataset_path, features_path
from accredit.domain.schedule import holds_on, latest_allowed
from accredit.site import urls
from accredit.site.page import Page
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.keys import Keys

_KINDS = {
    "raw": "Raw", "external": "External", "cleaned": "Cleaned", "features": "Features", "training": "Training",
    "evaluation": "Evaluation",
}  # fmt: skip


@dataclass(frozen=True)
class DataView:
    """A dataset or feature set with those who use it. `node` is its node in the lineage."""

    catalogue: Catalogue
    id: str
    node: str

    @cached_property
    def users(self) -> tuple[VersionAssessment, ...]:
        """Versions that were made from it, near or far; those in production first."""
        found = self.catalogue.users_of(self.node)
        return tuple(sorted(found, key=lambda v: (v.stage != "production", v.version.key)))

    @cached_property
    def models(self) -> tuple[str, ...]:
        """Ids of the models of these versions."""
        return tuple(dict.fromkeys(v.version.model_id for v in self.users))

    @property
    def longest(self) -> date | None:
        """The last day on which a dataset may be kept."""
        return latest_allowed(self.catalogue.registry, self.id)

    @property
    def holds(self) -> tuple[str, ...]:
        """Ids of the legal holds on a dataset."""
        return holds_on(self.catalogue.registry, self.id, self.catalogue.as_of, data=True)

    @property
    def dataset(self) -> Dataset:
        """The dataset, for a view of one."""
        return self.catalogue.registry.datasets[self.id]


def pages(catalogue: Catalogue, keys: Keys) -> Iterator[Page]:
    """The index of data, then every dataset and feature set."""
    registry = catalogue.registry
    datasets = [DataView(catalogue, d, f"dataset:{d}") for d in sorted(registry.datasets)]
    features = [DataView(catalogue, f, f"features:{f}") for f in sorted(registry.features)]
    yield Page(
        url=urls.DATASETS,
        title="Data",
        template="datasets.html",
        data={"catalogue": catalogue, "datasets": datasets, "feature_sets": features, "kinds": _KINDS},
        summary=f"{len(datasets)} datasets and {len(features)} feature sets, their licences and who uses them.",
        nav=("Data",),
        key=keys.everything,
        toc=(("datasets", "Datasets"), ("features", "Feature sets")),
    )
    for view in datasets:
        yield _dataset(view, catalogue, keys)
    for view in features:
        yield _features(view, catalogue, keys)


def _dataset(view: DataView, catalogue: Catalogue, keys: Keys) -> Page:
    record = view.dataset
    return Page(
        url=urls.dataset_url(view.id),
        title=record.name,
        template="dataset.html",
        data={"catalogue": catalogue, "view": view, "dataset": record, "kinds": _KINDS},
        summary=f"{_KINDS[record.kind]} dataset, version {record.version}.",
        key=f"{keys.data(view.node, dataset_path(view.id), view.users)}-{view.longest}",
        toc=_DATASET_TOC,
        diagrams=((view.node,),),
    )


def _features(view: DataView, catalogue: Catalogue, keys: Keys) -> Page:
    record = catalogue.registry.features[view.id]
    return Page(
        url=urls.features_url(view.id),
        title=record.name,
        template="features.html",
        data={"catalogue": catalogue, "view": view, "features": record},
        summary=f"{len(record.features)} features, version {record.version}.",
        key=keys.data(view.node, features_path(view.id), view.users),
        toc=(("features", "Features"), ("users", "Who uses it"), ("lineage", "Lineage"), ("sources", "Sources")),
        diagrams=((view.node,),),
    )


_DATASET_TOC = (
    ("use", "May it be used?"),
    ("users", "Who uses it"),
    ("quality", "Quality"),
    ("columns", "Columns"),
    ("lineage", "Lineage"),
    ("sources", "Sources"),
)
