"""The page of the whole lineage: the explorer, what hangs on each dataset and feature set, and everything by kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from accredit.domain.lineage import Lineage, Node
from accredit.problems import Status, in_use
from accredit.site import urls
from accredit.site.page import Page
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.keys import Keys

_KINDS = {"dataset": "Datasets", "features": "Feature sets", "version": "Versions", "deployment": "Deployments"}
_ORDERS: tuple[tuple[str, str], ...] = (
    ("production", "Versions in production"),
    ("deployments", "Deployments in use"),
    ("versions", "Versions"),
    ("models", "Models"),
    ("problems", "Problems"),
    ("name", "Name"),
)
"""What the table of reach can be sorted by."""
_NOTHING = Status()


@dataclass(frozen=True)
class Reach:
    """How much was made from a dataset or feature set, near or far."""

    node: Node
    production: int
    deployments: int
    """Those in use."""
    versions: int
    models: int
    status: Status

    def value(self, order: str) -> object:
        """What a row is sorted by, least first."""
        if order == "name":
            return self.node.label.lower()
        if order == "problems":
            return -len(self.status.own), -len(self.status.upstream)
        return -int(getattr(self, order))


@dataclass(frozen=True)
class LineageView:
    """The lineage of the whole registry."""

    catalogue: Catalogue
    kinds = _KINDS
    orders = _ORDERS

    @cached_property
    def by_kind(self) -> Mapping[str, Sequence[Node]]:
        """Kind to its things, by name."""
        nodes = sorted(self.catalogue.assessment.lineage.nodes.values(), key=lambda n: (n.label.lower(), n.id))
        return {kind: [n for n in nodes if n.kind == kind] for kind in _KINDS}

    def status(self, node: Node) -> Status:
        """What is wrong with a node, or upstream of it."""
        return self.catalogue.statuses.get(node.id, _NOTHING)

    @cached_property
    def reach(self) -> Sequence[tuple[Reach, Mapping[str, int]]]:
        """What hangs on each dataset and feature set, most first, with its place in every order."""
        rows = [self._reach(node) for kind in ("dataset", "features") for node in self.by_kind[kind]]
        rows.sort(key=lambda r: (r.value("production"), r.value("deployments"), r.value("versions"), r.node.id))
        places = {order: {r.node.id: i for i, r in enumerate(sorted(rows, key=_by(order)))} for order, _ in _ORDERS}
        return [(row, {order: places[order][row.node.id] for order, _ in _ORDERS}) for row in rows]

    def _reach(self, node: Node) -> Reach:
        made, masks = self._made[node.id], self._masks
        count = {name: (made & mask).bit_count() for name, mask in masks.items()}
        models = sum(1 for mask in self._models.values() if made & mask)
        return Reach(node, count["production"], count["deployments"], count["versions"], models, self.status(node))

    @cached_property
    def _bits(self) -> Mapping[str, int]:
        """Each version and deployment to a bit of its own: what is made from a thing is then one number."""
        nodes = self.catalogue.assessment.lineage.nodes
        return {node: 1 << i for i, node in enumerate(n for n in nodes if n.startswith(("version:", "deployment:")))}

    @cached_property
    def _made(self) -> Mapping[str, int]:
        return made_from(self.catalogue.assessment.lineage, self._bits)

    @cached_property
    def _masks(self) -> Mapping[str, int]:
        found = {"production": 0, "deployments": 0, "versions": 0}
        for version in self.catalogue.versions():
            bit = self._bits[f"version:{version.version.key}"]
            found["versions"] |= bit
            found["production"] |= bit if version.stage == "production" else 0
            for name, deployment in version.version.deployments.items():
                if in_use(deployment, self.catalogue.as_of):
                    found["deployments"] |= self._bits[f"deployment:{version.version.key}/{name}"]
        return found

    @cached_property
    def _models(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for version in self.catalogue.versions():
            model = version.version.model_id
            found[model] = found.get(model, 0) | self._bits[f"version:{version.version.key}"]
        return found


def _by(order: str) -> Callable[[Reach], tuple[object, str]]:
    return lambda reach: (reach.value(order), reach.node.id)


def made_from(lineage: Lineage, bits: Mapping[str, int]) -> Mapping[str, int]:
    """Node to the bits of everything downstream of it."""
    found: dict[str, int] = {}
    if lineage.cycle():
        return {node: sum(bits.get(n, 0) for n in lineage.downstream(node)) for node in lineage.nodes}
    for node in reversed(lineage.order()):
        made = 0
        for edge in lineage.out_of.get(node, ()):
            made |= found[edge.target] | bits.get(edge.target, 0)
        found[node] = made
    return found


def pages(catalogue: Catalogue, keys: Keys) -> Iterator[Page]:
    """The one page."""
    nodes, edges = catalogue.assessment.lineage.nodes, catalogue.assessment.lineage.edges
    yield Page(
        url=urls.LINEAGE,
        title="Lineage",
        template="lineage.html",
        data={"catalogue": catalogue, "view": LineageView(catalogue), "things": len(nodes), "links_count": len(edges)},
        summary="What everything was made from, and what breaks if a dataset goes.",
        nav=("Data and lineage", "Lineage"),
        key=keys.everything,
    )
