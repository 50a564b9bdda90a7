"""`accredit lineage` on the base registry of the cases."""

from __future__ import annotations

import json
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from tests.support.program import base_on_disk, run

from accredit.site.graph import find_engine

VERSION = "loan-default@2.0.0"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return base_on_disk(tmp_path)


def test_the_tree_tells_what_a_version_was_made_from_and_where_it_went(root: Path) -> None:
    text = run("lineage", VERSION, "--registry", root).stdout

    made_from, went_into = text.split("Went into:")
    assert text.startswith(f"version {VERSION}")
    assert "dataset loans-raw" in made_from
    assert "deployment" in went_into


def test_one_direction_and_a_depth_leave_out_the_rest(root: Path) -> None:
    text = run("lineage", "loans-raw", "--downstream", "--depth", 1, "--registry", root).stdout

    assert "Made from" not in text
    assert {line.split()[0] for line in text.splitlines() if line.startswith("  ")} <= {"dataset", "features"}
    assert " ..." in text, "what is cut off is marked"


def test_a_program_reads_nodes_in_the_order_of_making(root: Path) -> None:
    told = json.loads(run("lineage", VERSION, "--upstream", "--format", "json", "--registry", root).stdout)

    order = [node["id"] for node in told["nodes"]]
    assert order[-1] == told["focus"] == f"version:{VERSION}"
    assert all(order.index(edge["source"]) < order.index(edge["target"]) for edge in told["edges"])


def test_an_svg_stands_by_itself(root: Path, tmp_path: Path) -> None:
    if find_engine() is None:
        pytest.skip("there is no Graphviz")
    picture = tmp_path / "lineage.svg"

    assert run("lineage", VERSION, "--format", "svg", "-o", picture, "--registry", root).exit_code == 0

    drawn = ET.fromstring(picture.read_text("utf-8"))
    assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
    assert drawn.findall(".//{http://www.w3.org/2000/svg}a") == [], "there is no site to link to"


def test_no_name_of_a_registry_is_read_as_dot_or_mermaid(root: Path) -> None:
    raw = root / "datasets/loans-raw.yaml"
    name = next(line for line in raw.read_text("utf-8").splitlines() if line.startswith("name:"))
    hostile = r"""name: 'a" URL="javascript:x" \N ]] --> x; click n0 "b" <script>'"""
    raw.write_text(raw.read_text("utf-8").replace(name, hostile), "utf-8")

    dot = run("lineage", "loans-raw", "--format", "dot", "--registry", root).stdout
    mermaid = run("lineage", "loans-raw", "--format", "mermaid", "--registry", root).stdout

    assert r'label="a\" URL=\"javascript:x\" \\N ]] --> x; click n0 \"b\" <script>", shape=box' in dot
    drawn = next(line for line in mermaid.splitlines() if "URL" in line)
    assert set('"<>]\\;') & set(drawn.strip()[len('n0["') : -len('"]')].replace("&", "")) <= {";"}
    if shutil.which("dot"):
        done = subprocess.run(["dot", "-Tsvg"], input=dot, text=True, capture_output=True, check=True)
        assert "xlink:href" not in done.stdout


def test_an_unknown_name_is_answered_with_names_like_it(root: Path) -> None:
    done = run("lineage", "loans-rwa", "--registry", root)

    assert done.exit_code == 2
    assert "loans-raw" in done.stderr
