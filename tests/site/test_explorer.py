"""The file that the explorer page reads, and the tables beside it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.site.test_neighbourhood import frozen
from tests.support.cases import assessed, base_registry, patched
from tests.support.hostile import HOSTILE
from tests.support.sealing import sealed

from accredit.domain.lineage import Edge, Lineage, Node
from accredit.impact import affected_by
from accredit.problems import statuses_of
from accredit.site.explorer import About, data_script, script_of
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.lineage import LineageView, made_from


def content(script: str) -> Any:
    start, end = "window.acLineage=", ";\n"
    assert script.startswith(start)
    assert script.endswith(end)
    return json.loads(script.removeprefix(start).removesuffix(end))


def test_the_file_has_every_node_and_edge_with_owner_stage_and_link() -> None:
    assessment = assessed(base_registry())
    told = content(data_script(assessment, statuses_of(assessment)))
    nodes = {f"{told['kinds'][row[3]]}:{row[0]}": row for row in told["nodes"]}
    assert list(nodes) == list(assessment.lineage.nodes)
    assert len(told["edges"]) == 3 * len(assessment.lineage.edges)
    version, deployment = nodes["version:loan-default@1.0.0"], nodes["deployment:loan-default@1.0.0/branches"]
    assert told["stages"][version[4]] == "production"
    assert deployment[5] == 1, "it is in use"
    assert told["owners"][version[6]] == assessment.registry.people["olga"].name
    assert version[11] == "../models/loan-default/1.0.0/"
    assert deployment[11] == "../models/loan-default/1.0.0/#deployment-branches"


def test_links_name_the_file_where_a_site_is_opened_from_a_folder() -> None:
    assessment = assessed(base_registry())
    told = content(data_script(assessment, {}, directory_urls=False))
    assert "../datasets/loans-raw/index.html" in {row[11] for row in told["nodes"]}


def test_problems_are_told_once_and_nodes_refer_to_them() -> None:
    assessment = assessed(sealed(patched(base_registry(), {"datasets/loans-raw.yaml": {"legal_basis": None}})))
    told = content(data_script(assessment, statuses_of(assessment)))
    ids = [row[0] for row in told["nodes"]]
    ((where, code, message),) = told["problems"]
    assert (ids[where], code) == ("loans-raw", "DATA103")
    assert "loans-raw" in message
    assert [row[0] for row in told["nodes"] if row[9]] == ["loans-raw"]
    assert "loan-default@2.0.0" in {row[0] for row in told["nodes"] if row[10] == [0]}


@pytest.mark.parametrize("text", HOSTILE)
def test_no_name_can_break_out_of_the_file(text: str) -> None:
    nodes = {f"dataset:{i}": Node(f"dataset:{i}", "dataset", text, text) for i in "ab"}
    edge = Edge("dataset:a", "dataset:b", text)
    lineage = Lineage(nodes, (edge,), frozen({"dataset:b": [edge]}), frozen({"dataset:a": [edge]}))
    script = script_of(lineage, {}, lambda _: About(text))
    assert script.isascii()
    assert script.count("\n") == 1
    assert {row[1] for row in content(script)["nodes"]} == {text}


def test_the_table_counts_what_accredit_impact_lists() -> None:
    assessment = assessed(base_registry())
    rows = {row.node.id: row for row, _ in LineageView(Catalogue(assessment)).reach}
    assert set(rows) == {n for n in assessment.lineage.nodes if n.startswith(("dataset:", "features:"))}
    for node, row in rows.items():
        affected = affected_by(node, assessment)
        assert row.versions == sum(a.node.kind == "version" for a in affected)
        assert row.production == sum(a.stage == "production" for a in affected)
        assert row.deployments == sum(bool(a.in_use) for a in affected)


def test_each_row_of_the_table_has_its_place_in_every_order() -> None:
    view = LineageView(Catalogue(assessed(base_registry())))
    for order, _ in view.orders:
        assert sorted(place[order] for _, place in view.reach) == list(range(len(view.reach)))
    by_name = sorted(view.reach, key=lambda row: row[1]["name"])
    assert [r.node.label for r, _ in by_name] == sorted((r.node.label for r, _ in view.reach), key=str.lower)


def test_what_was_made_from_things_that_were_made_from_each_other_is_counted_too() -> None:
    edges = [Edge("dataset:a", "dataset:b"), Edge("dataset:b", "dataset:a"), Edge("dataset:b", "version:v")]
    nodes = {n: Node(n, "dataset", n) for n in ("dataset:a", "dataset:b", "version:v")}
    into = {"dataset:a": [edges[1]], "dataset:b": [edges[0]], "version:v": [edges[2]]}
    out_of = {"dataset:a": [edges[0]], "dataset:b": edges[1:]}
    lineage = Lineage(nodes, tuple(edges), frozen(into), frozen(out_of))
    assert made_from(lineage, {"version:v": 1}) == {"dataset:a": 1, "dataset:b": 1, "version:v": 0}
