"""What a diagram of the lineage shows of each thing: words, signs and where it leads. All text is plain text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from accredit.domain.lineage import Edge, Node
from accredit.problems import Status
from accredit.site.neighbourhood import Cut, More
from accredit.site.svg import Shape, plain
from accredit.site.urls import node_url

Relative = Callable[[str], str]
"""From a place of the site to the link that leads there from the page at hand."""


def detail_of(node: Node, stage: str) -> str:
    """The second line: the kind of data, or the stage."""
    return f"{node.detail} \N{MIDDLE DOT} {stage}" if stage else node.detail


def wrong_in_words(status: Status | None) -> str:
    """What is wrong with a thing or upstream of it; empty where nothing is."""
    if status is None:
        return ""
    own = [f"problem: {p.code} {p.message}" for p in status.own]
    above = [f"upstream problem: {p.code} {p.message}" for p in status.upstream]
    return "; ".join(" ".join(told.replace("`", "").split()) for told in [*own, *above])


def node_shape(node: Node, around: Cut, stage: str, status: Status | None, name: str = "") -> Shape:
    """The box of a node; its link is still a place of the site."""
    classes = [f"s-{stage}"] if stage else []
    classes += ["focus"] if node.id in around.focus else []
    classes += ["missing"] if node.missing else []
    if status is not None:
        classes.append("wrong" if status.own else "wrong-above")
    href = "" if node.missing else node_url(node.id)
    detail, wrong = detail_of(node, name or stage), wrong_in_words(status)
    title = f"{node.label} ({node.kind}, {detail})" + (f": {wrong}" if wrong else "")
    return Shape(node.label, detail, title, node.kind, tuple(classes), href)


def more_shape(more: More, around: Cut) -> Shape:
    """The box that counts neighbours for which there was no room."""
    where = "upstream" if more.upstream else "downstream"
    href = "" if more.node in around.focus else node_url(more.node)
    return Shape(f"+{more.count:,} more", "", f"{more.count:,} more {where}", "more", (), href)


def placed(shape: Shape, relative: Relative) -> Shape:
    """The box with its link from the page at hand."""
    if not shape.href:
        return shape
    return Shape(shape.label, shape.detail, shape.title, shape.kind, shape.classes, relative(shape.href))


def edge_title(edges: Sequence[Edge]) -> str:
    """As what, and with which digest, the one was made from the other."""
    return "; ".join(f"{e.role} \N{MIDDLE DOT} sha256 {e.digest[:12]}" if e.digest else e.role for e in edges)


def listed(shapes: Sequence[Shape]) -> str:
    """The same without a renderer: a list of links."""
    items = "".join(f"<li>{_linked(shape)} ({plain(shape.detail)})</li>" for shape in shapes if shape.kind != "more")
    return f'<ul class="lineage">{items}</ul>'


def _linked(shape: Shape) -> str:
    return f'<a href="{plain(shape.href)}">{plain(shape.label)}</a>' if shape.href else plain(shape.label)
