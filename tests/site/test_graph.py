from __future__ import annotations

from pathlib import Path

import pytest

from accredit.site.graph import Engine, Layout, dot, find_engine, layouts, parse

ONE = dot([(60, 46), (96, 46)], [(0, 1)])


def engine() -> Engine:
    found = find_engine()
    assert found is not None, "the default install brings a renderer"
    return found


def program(folder: Path, script: str) -> Engine:
    path = folder / "dot"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return Engine(path, "test")


def test_the_renderer_of_the_default_install_is_found() -> None:
    assert engine().identity.startswith("graphviz-pure ")


def test_a_graph_has_numbers_and_no_text() -> None:
    assert ONE == (
        "digraph{rankdir=LR;nodesep=0.2;ranksep=0.4;"
        'node[shape=box,fixedsize=true,label=""];edge[arrowsize=0.7];'
        "n0[width=0.8333,height=0.6389];n1[width=1.3333,height=0.6389];n0->n1;}\n"
    )


def test_a_long_chain_runs_from_top_to_bottom_and_a_crowd_from_left_to_right() -> None:
    wide = (144.0, 46.0)
    assert "rankdir=TB" in dot([wide] * 7, [(i, i + 1) for i in range(6)])
    assert "rankdir=LR" in dot([wide] * 30, [(0, i) for i in range(1, 30)])


def test_a_cycle_has_a_direction_too() -> None:
    assert "rankdir=" in dot([(144.0, 46.0)] * 9, [(i, (i + 1) % 9) for i in range(9)])


def test_a_layout_puts_boxes_where_there_is_room() -> None:
    layout = parse(next(layouts(engine(), [ONE])) or "")
    assert layout is not None
    (x0, y0), (x1, y1) = layout.centres
    assert y0 == y1
    assert x1 - x0 >= (60 + 96) / 2
    assert 0 < x0 < x1 < layout.width
    assert [(tail, head) for tail, head, _ in layout.curves] == [(0, 1)]


def test_many_graphs_go_through_one_process(tmp_path: Path) -> None:
    count = program(tmp_path, f'echo run >> {tmp_path}/runs; exec "{engine().path}" "$@"')
    graphs = [dot([(60, 46)] * n, [(0, i) for i in range(1, n)]) for n in range(1, 30)]
    answers = [parse(answer or "") for answer in layouts(count, graphs)]
    assert [len(layout.centres) if layout else None for layout in answers] == list(range(1, 30))
    assert (tmp_path / "runs").read_text() == "run\n"


def test_a_batch_that_breaks_off_is_finished_one_by_one(tmp_path: Path) -> None:
    script = f"""
    if [ -e {tmp_path}/ran ]; then exec "{engine().path}" "$@"; fi
    touch {tmp_path}/ran; cat > /dev/null; echo 'graph 1 1 1'; echo 'node n0 0.5 0.5 1 1'; echo stop; exit 1"""
    answers = [parse(answer or "") for answer in layouts(program(tmp_path, script), [ONE, ONE, ONE])]
    assert [len(layout.centres) if layout else None for layout in answers] == [1, 2, 2]


@pytest.mark.parametrize(
    "script", ["exit 1", "cat > /dev/null; echo nonsense", "cat > /dev/null; printf 'stop\\nstop\\n'"]
)
def test_a_renderer_that_fails_gives_no_layout(tmp_path: Path, script: str) -> None:
    assert [parse(answer or "") for answer in layouts(program(tmp_path, script), [ONE, ONE])] == [None, None]


def test_a_renderer_that_is_gone_gives_no_layout(tmp_path: Path) -> None:
    assert list(layouts(Engine(tmp_path / "absent", "test"), [ONE])) == [None]


def test_a_renderer_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accredit.site.graph.TIMEOUT", 0.2)
    assert list(layouts(program(tmp_path, "exec sleep 60"), [ONE])) == [None]


@pytest.mark.parametrize(
    "answer", ["", "graph", "graph 1 x y", "graph 1 1 1\nnode n1 0 0", "graph 1 1 1\nedge n0 n1 9 1 1"]
)
def test_what_is_no_layout_is_none(answer: str) -> None:
    assert parse(answer) is None


def test_a_layout_is_measured_from_the_upper_left() -> None:
    told = "graph 1 2 1\nnode n0 0.5 0.75 1 0.5\nnode n1 1.5 0.25 1 0.5\nedge n0 n1 2 0.5 0.5 1.5 0.5 solid black\n"
    assert parse(told) == Layout(144.0, 72.0, ((36.0, 18.0), (108.0, 54.0)), ((0, 1, ((36.0, 36.0), (108.0, 36.0))),))
