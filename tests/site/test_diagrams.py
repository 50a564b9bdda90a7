from __future__ import annotations

from pathlib import Path

import pytest
from tests.site.test_neighbourhood import CHAIN, frozen, lineage
from tests.support.hostile import HOSTILE, Reader

from accredit.domain.lineage import Edge, Lineage, Node
from accredit.site.cache import Cache
from accredit.site.diagrams import Diagrams
from accredit.site.graph import Engine, find_engine


def from_root(url: str) -> str:
    return f"../../{url}"


def whole(diagrams: Diagrams, *focus: str) -> str:
    return diagrams.fill(f"<div>{diagrams.neighbourhood(focus, from_root).svg}</div>", from_root)


def test_a_diagram_is_drawn_with_links_from_its_page() -> None:
    html = whole(Diagrams(CHAIN, find_engine()), "dataset:d")
    assert html.startswith('<div><svg class="lineage"')
    assert Reader(html).links == [
        "../../datasets/d/",
        "../../datasets/c/",
        "../../datasets/e/",
        "../../datasets/b/",
        "../../datasets/f/",
        "../../datasets/b/",
        "../../datasets/f/",
    ]
    assert "+1 more" in html


def test_the_same_stands_beside_it_as_data() -> None:
    found = Diagrams(lineage(("a", "v")), find_engine()).neighbourhood(("version:v",), from_root)
    (edge,) = found.edges
    assert (edge.source.label, edge.source.url, edge.target.label) == ("a", "../../datasets/a/", "v")
    assert [node.label for node in found.nodes if node.in_focus] == ["v"]
    assert found.hidden == 0


def test_something_that_is_not_registered_has_no_link() -> None:
    node = Node("dataset:a", "dataset", "a", "not registered", missing=True)
    html = whole(Diagrams(Lineage({node.id: node}, (), {}, {}), find_engine()), "dataset:a")
    assert "missing" in html
    assert Reader(html).links == []


def test_the_stage_of_a_version_is_told_in_words_and_as_a_class() -> None:
    html = whole(
        Diagrams(lineage(("a", "v")), find_engine(), stage=lambda n: "review" if n == "version:v" else ""), "version:v"
    )
    assert "s-review" in html
    assert "· review" in html


def test_an_unknown_node_has_an_empty_diagram() -> None:
    assert Diagrams(CHAIN, find_engine()).neighbourhood(("dataset:z",), from_root).svg == ""


@pytest.mark.parametrize("engine", [None, Engine(Path("/nowhere/dot"), "gone")])
def test_without_a_renderer_there_is_a_list(engine: Engine | None) -> None:
    diagrams = Diagrams(lineage(("a", "v")), engine)
    diagrams.prepare([["version:v"]])
    html = whole(diagrams, "version:v")
    assert html.startswith('<div><ul class="lineage">')
    assert Reader(html).links == ["../../models/v//", "../../datasets/a/"]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("with_engine", [True, False])
def test_no_name_can_break_out_of_a_diagram(text: str, *, with_engine: bool) -> None:
    nodes = {f"dataset:{i}": Node(f"dataset:{i}", "dataset", text, text) for i in "ab"}
    edge = Edge("dataset:a", "dataset:b", text, text)
    found = Lineage(nodes, (edge,), frozen({"dataset:b": [edge]}), frozen({"dataset:a": [edge]}))
    html = whole(Diagrams(found, find_engine() if with_engine else None, stage=lambda _: "production"), "dataset:a")
    read = Reader(html)
    assert read.offences == []
    assert set(read.links) == {"../../datasets/a/", "../../datasets/b/"}


def test_a_layout_is_kept_for_the_next_build(tmp_path: Path) -> None:
    engine = find_engine()
    assert engine is not None
    first = Cache(tmp_path, "site")
    drawn = whole(Diagrams(CHAIN, engine, cache=first), "dataset:d")
    first.close(drop_unused=True)
    broken = Engine(tmp_path / "absent", engine.identity)
    assert whole(Diagrams(CHAIN, broken, cache=Cache(tmp_path, "site")), "dataset:d") == drawn
    other = Engine(tmp_path / "absent", "another renderer")
    assert "<ul" in whole(Diagrams(CHAIN, other, cache=Cache(tmp_path, "site")), "dataset:d")


def test_what_is_prepared_is_drawn_by_one_process(tmp_path: Path) -> None:
    found = find_engine()
    assert found is not None
    program = tmp_path / "dot"
    program.write_text(f'#!/bin/sh\necho run >> {tmp_path}/runs\nexec "{found.path}" "$@"\n')
    program.chmod(0o755)
    diagrams = Diagrams(CHAIN, Engine(program, "counted"))
    foci = [(node,) for node in CHAIN.nodes]
    diagrams.prepare(foci)
    assert all("<svg" in whole(diagrams, *focus) for focus in reversed(foci))
    assert (tmp_path / "runs").read_text() == "run\n"


def test_drawing_ahead_can_be_stopped() -> None:
    diagrams = Diagrams(CHAIN, find_engine())
    diagrams.prepare([(node,) for node in CHAIN.nodes])
    assert "<svg" in whole(diagrams, "dataset:a")
    diagrams.close()
    assert "<svg" in whole(diagrams, "dataset:d")


def test_the_digest_changes_with_what_is_shown_and_with_nothing_else() -> None:
    before = Diagrams(CHAIN, find_engine()).digest(["dataset:a"])
    assert Diagrams(lineage(("a", "b"), ("b", "c"), ("c", "d"), ("x", "y")), None).digest(["dataset:a"]) == before
    assert Diagrams(lineage(("a", "b"), ("b", "c"), ("c", "d"), ("b", "y")), None).digest(["dataset:a"]) != before
