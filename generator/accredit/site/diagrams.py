"""Lineage diagrams of a site: laid out by one process while pages are rendered, linked from where they stand."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from accredit.domain.lineage import Edge, Lineage, Node
from accredit.domain.provenance import Job
from accredit.problems import Status
from accredit.site import graph
from accredit.site.cache import Cache
from accredit.site.graph import Engine, Layout
from accredit.site.neighbourhood import Cut, cut
from accredit.site.shapes import Relative, detail_of, edge_title, listed, more_shape, node_shape, placed
from accredit.site.svg import Shape, draw
from accredit.site.urls import node_url

_PLACE = re.compile(r"<!--lineage ([^<>]*)-->")
"""Stands for the diagram around some nodes. Text of a registry is escaped in a body, so it can never contain one."""


@dataclass(frozen=True, slots=True)
class ShownNode:
    """A node with its link; `url` is empty where there is no page, as for something that is not registered."""

    id: str
    kind: str
    label: str
    detail: str
    url: str
    in_focus: bool
    missing: bool
    status: Status


@dataclass(frozen=True, slots=True)
class ShownEdge:
    """An edge between shown nodes."""

    source: ShownNode
    target: ShownNode
    role: str
    digest: str
    job: Job | None


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A diagram and the same as data, for a table beside it. `hidden` counts neighbours for which there was no room."""

    svg: Markup
    nodes: tuple[ShownNode, ...]
    edges: tuple[ShownEdge, ...]
    hidden: int


@dataclass(frozen=True)
class _Plan:
    """A diagram before it is laid out."""

    cut: Cut
    shapes: tuple[Shape, ...]
    arrows: tuple[tuple[int, int], ...]
    titles: tuple[str, ...]

    @cached_property
    def dot(self) -> str:
        return graph.dot([shape.box for shape in self.shapes], self.arrows)

    @cached_property
    def caption(self) -> str:
        names = ", ".join(node.label for node in self.cut.nodes[: len(self.cut.focus)])
        return f"Lineage around {names}: {len(self.cut.nodes)} things, {len(self.arrows)} links"


class Diagrams:
    """Diagrams of one lineage. Give `prepare` all that will be needed; then ask in the same order."""

    def __init__(  # noqa: PLR0913 - what is known of nodes, from three sides
        self,
        lineage: Lineage,
        engine: Engine | None,
        *,
        stage: Callable[[str], str] = lambda _node: "",
        names: Mapping[str, str] | None = None,
        statuses: Mapping[str, Status] | None = None,
        cache: Cache | None = None,
    ) -> None:
        self._lineage = lineage
        self._engine = engine
        self._stage = stage
        self._names = names or {}
        self._statuses = statuses or {}
        self._cache = cache
        self._plans: dict[tuple[str, ...], _Plan] = {}
        self._layouts: dict[str, Layout | None] = {}
        self._coming = _nothing()

    def digest(self, focus: Sequence[str]) -> str:
        """Changes when the diagram would."""
        plan = self._plan(tuple(focus))
        return hashlib.sha256(repr((plan.shapes, plan.arrows, plan.titles)).encode()).hexdigest()

    def prepare(self, foci: Iterable[Sequence[str]]) -> None:
        """Starts to lay out diagrams that will be asked for."""
        wanted = [dot for dot in dict.fromkeys(self._plan(tuple(focus)).dot for focus in foci) if not self._recall(dot)]
        if self._engine is not None and wanted:
            self._coming = _paired(wanted, graph.layouts(self._engine, wanted))

    def neighbourhood(self, focus: Sequence[str], relative: Relative) -> Neighbourhood:
        """The diagram around nodes. Its `svg` is a placeholder that `fill` replaces."""
        plan = self._plan(tuple(focus))
        if not plan.cut.nodes:
            return Neighbourhood(Markup(), (), (), 0)
        shown = {node.id: self._shown(node, plan.cut, relative) for node in plan.cut.nodes}
        edges = tuple(ShownEdge(shown[e.source], shown[e.target], e.role, e.digest, e.job) for e in plan.cut.edges)
        place = Markup("<!--lineage {}-->").format(" ".join(focus))
        return Neighbourhood(place, tuple(shown.values()), edges, plan.cut.hidden)

    def fill(self, body: str, relative: Relative) -> str:
        """The body with its diagrams, linked from where it stands."""
        return _PLACE.sub(lambda place: self._drawn(tuple(place[1].split()), relative), body)

    def close(self) -> None:
        """Stops the process that draws ahead."""
        self._coming.close()
        self._coming = _nothing()

    def _shown(self, node: Node, around: Cut, relative: Relative) -> ShownNode:
        url = "" if node.missing else relative(node_url(node.id))
        detail = detail_of(node, self._called(node))
        status, focused = self._statuses.get(node.id, Status()), node.id in around.focus
        return ShownNode(node.id, node.kind, node.label, detail, url, focused, node.missing, status)

    def _called(self, node: Node) -> str:
        """The stage of a version by its name; empty for other nodes."""
        stage = self._stage(node.id)
        return self._names.get(stage, stage)

    def drawn(self, around: Cut, relative: Relative) -> str:
        """A part of the lineage that the caller has cut out, drawn at once."""
        return self._picture(self._planned(around), relative)

    def _drawn(self, focus: tuple[str, ...], relative: Relative) -> str:
        return self._picture(self._plan(focus), relative)

    def _picture(self, plan: _Plan, relative: Relative) -> str:
        layout = self._layout(plan.dot)
        shapes = [placed(shape, relative) for shape in plan.shapes]
        if layout is None or not _fits(layout, plan):
            return listed(shapes)
        return draw(layout, shapes, plan.titles, plan.caption)

    def _plan(self, focus: tuple[str, ...]) -> _Plan:
        if focus not in self._plans:
            self._plans[focus] = self._planned(cut(self._lineage, focus))
        return self._plans[focus]

    def _planned(self, around: Cut) -> _Plan:
        index = {node.id: i for i, node in enumerate(around.nodes)}
        told = self._statuses
        shapes = [node_shape(n, around, self._stage(n.id), told.get(n.id), self._called(n)) for n in around.nodes]
        arrows: dict[tuple[int, int], list[Edge]] = {}
        for edge in around.edges:
            arrows.setdefault((index[edge.source], index[edge.target]), []).append(edge)
        for more in around.more:
            ends = (len(shapes), index[more.node]) if more.upstream else (index[more.node], len(shapes))
            arrows[ends] = []
            shapes.append(more_shape(more, around))
        ordered = sorted(arrows)
        return _Plan(around, tuple(shapes), tuple(ordered), tuple(edge_title(arrows[ends]) for ends in ordered))

    def _layout(self, dot: str) -> Layout | None:
        while dot not in self._layouts and (came := next(self._coming, None)) is not None:
            self._keep(*came)
        if dot not in self._layouts and not self._recall(dot):
            answers = graph.layouts(self._engine, [dot]) if self._engine else iter(())
            self._keep(dot, next(answers, None))
        return self._layouts[dot]

    def _keep(self, dot: str, answer: str | None) -> None:
        self._layouts[dot] = graph.parse(answer) if answer else None
        if self._cache is not None and answer and self._layouts[dot] is not None:
            self._cache.put(self._key(dot), answer.encode())

    def _recall(self, dot: str) -> bool:
        """Whether the layout is known, from this build or an earlier one."""
        if dot not in self._layouts and self._cache is not None and self._engine is not None:
            kept = self._cache.get(self._key(dot))
            layout = graph.parse(kept.decode("ascii", "replace")) if kept else None
            if layout is not None:
                self._layouts[dot] = layout
        return dot in self._layouts

    def _key(self, dot: str) -> bytes:
        identity = self._engine.identity if self._engine else ""
        return hashlib.sha256(f"layout\0{identity}\0{dot}".encode()).digest()


def _fits(layout: Layout, plan: _Plan) -> bool:
    """Whether the layout is of just these boxes and arrows."""
    arrows = tuple((tail, head) for tail, head, _ in layout.curves)
    return arrows == plan.arrows and len(layout.centres) == len(plan.shapes)


def _nothing() -> Generator[tuple[str, str | None]]:
    yield from ()


def _paired(graphs: Sequence[str], answers: Generator[str | None]) -> Generator[tuple[str, str | None]]:
    with closing(answers):
        yield from zip(graphs, answers, strict=False)
