"""Pages of datasets and feature sets: where data comes from, what it may be used for, and who uses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from accredit.assess import VersionAssessment
from accredit.domain.columns import FeatureSources, sources_of
from accredit.domain.dataset import Dataset
from accredit.domain.lineage import Node
from accredit.domain.paths import dataset_path, features_path
from accredit.domain.schedule import holds_on, latest_allowed
from accredit.impact import Affected, affected_by
from accredit.problems import Status
from accredit.site import urls
from accredit.site.page import Page
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.keys import Keys, digest_of

_KINDS = {
    "raw": "Raw", "external": "External", "cleaned": "Cleaned", "features": "Features", "training": "Training",
    "evaluation": "Evaluation",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UserRow:
    """A version that was made from the data, how far from it, and which of its deployments run."""

    version: VersionAssessment
    affected: Affected
    running: tuple[str, ...]


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
    def affected(self) -> tuple[UserRow, ...]:
        """What breaks if it goes: these versions, in the order of `affected_by`, with their deployments in use."""
        found = affected_by(self.node, self.catalogue.assessment)
        running: dict[str, list[str]] = {}
        for one in found:
            if one.node.kind == "deployment" and one.in_use:
                key, _, name = one.node.id.removeprefix("deployment:").partition("/")
                running.setdefault(key, []).append(name)
        users = {v.version.key: v for v in self.users}
        rows = ((users.get(one.node.id.removeprefix("version:")), one) for one in found if one.node.kind == "version")
        return tuple(UserRow(v, one, tuple(running.get(v.version.key, ()))) for v, one in rows if v is not None)

    @cached_property
    def derived(self) -> tuple[Node, ...]:
        """Datasets and feature sets that were made from it, near or far, nearest first."""
        lineage = self.catalogue.assessment.lineage
        reached = (lineage.nodes[node] for node in lineage.downstream(self.node))
        return tuple(node for node in reached if node.kind in ("dataset", "features"))

    @cached_property
    def uses(self) -> Mapping[str, Sequence[tuple[str, tuple[str, ...]]]]:
        """Each column of a dataset to the feature sets, with their features, that come from it."""
        found: dict[str, dict[str, list[str]]] = {}
        for column in self.dataset.columns:
            for name, feature in self.catalogue.column_uses.get((self.id, column.name), ()):
                found.setdefault(column.name, {}).setdefault(name, []).append(feature)
        return {column: [(name, tuple(some)) for name, some in sets.items()] for column, sets in found.items()}

    @cached_property
    def columns(self) -> tuple[FeatureSources, ...]:
        """Each feature of a feature set with the columns that it was computed from."""
        registry = self.catalogue.registry
        return sources_of(registry.features[self.id], registry)

    @property
    def status(self) -> Status:
        """What is wrong with it, or upstream of it."""
        return self.catalogue.statuses.get(self.node, Status())

    @property
    def losing(self) -> tuple[VersionAssessment, ...]:
        """Versions for which DATA103 holds now and would not if a personal dataset lost its legal basis."""
        dataset = self.catalogue.registry.datasets.get(self.id) if self.node.startswith("dataset:") else None
        if dataset is None or dataset.legal_basis is None or not (dataset.personal_data or dataset.phi):
            return ()
        return tuple(v for v in self.users if v.results["DATA103"].outcome == "pass" and v.stage != "archived")

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
        nav=("Data and lineage", "Datasets and features"),
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
        key=f"{keys.data(view.node, dataset_path(view.id), view.users)}-{_told(view)}-{view.longest}",
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
        key=f"{keys.data(view.node, features_path(view.id), view.users)}-{_told(view)}",
        toc=(
            ("features", "Features"),
            ("users", "What breaks if it goes"),
            ("lineage", "Lineage"),
            ("sources", "Sources"),
        ),
        diagrams=((view.node,),),
    )


def _told(view: DataView) -> str:
    """Changes with what breaks if the data goes, and with what is wrong."""
    rows = [(row.affected, row.running) for row in view.affected]
    columns = view.uses if view.node.startswith("dataset:") else view.columns
    return digest_of([rows, columns, view.derived, view.status, [v.version.key for v in view.losing]])


_FEATURES_TOC = (
    ("features", "Features"),
    ("users", "What breaks if it goes"),
    ("lineage", "Lineage"),
    ("sources", "Sources"),
)
_DATASET_TOC = (
    ("use", "May it be used?"),
    ("users", "What breaks if it goes"),
    ("quality", "Quality"),
    ("columns", "Columns"),
    ("lineage", "Lineage"),
    ("sources", "Sources"),
)
