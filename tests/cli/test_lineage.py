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


def test_what_is_wrong_upstream_is_told_with_the_rule_and_in_json(root: Path) -> None:
    raw = root / "datasets/loans-raw.yaml"
    text = raw.read_text("utf-8")
    rest = [line for line in text.splitlines() if not line.startswith(("legal_basis:", "  basis:", "  reference:"))]
    assert len(rest) < len(text.splitlines())
    raw.write_text("\n".join(rest) + "\n", "utf-8")

    told = run("lineage", VERSION, "--registry", root).stdout
    nodes = json.loads(run("lineage", VERSION, "--format", "json", "--registry", root).stdout)["nodes"]

    assert "  ! upstream problem: DATA103 " in told
    assert any(line.strip().startswith("dataset loans-raw") and "  ! problem" in line for line in told.splitlines())
    found = {node["id"]: node for node in nodes}
    assert found["dataset:loans-raw"]["problems"][0]["rule"] == "DATA103"
    assert found[f"version:{VERSION}"]["upstream_problems"][0]["node"] == "dataset:loans-raw"


def test_columns_of_a_feature_set_lead_back_to_raw_data(root: Path) -> None:
    text = run("lineage", "loan-features", "--columns", "--registry", root).stdout
    told = json.loads(run("lineage", "loan-features", "--columns", "--format", "json", "--registry", root).stdout)

    assert text.splitlines()[:3] == [
        "features loan-features",
        "  income  personal",
        "    income in loans-cleaned < loans-raw  personal",
    ]
    assert told["features"][0]["from"][0]["datasets"] == ["loans-cleaned", "loans-raw"]


def test_columns_of_a_dataset_lead_on_to_features(root: Path) -> None:
    text = run("lineage", "loans-raw", "--columns", "--registry", root).stdout
    told = json.loads(run("lineage", "loans-raw", "--columns", "--format", "json", "--registry", root).stdout)

    assert "  income\n    income in loan-features\n" in text
    assert {"column": "gender", "features": []} in told["columns"]


def test_a_version_has_no_columns_and_a_change_no_picture(root: Path) -> None:
    assert run("lineage", VERSION, "--columns", "--registry", root).exit_code == 2
    assert run("lineage", VERSION, "--base", "HEAD", "--format", "dot", "--registry", root).exit_code == 2


def test_what_changed_since_a_revision_is_listed(root: Path) -> None:
    def git(*words: str) -> None:
        given = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "-C", root.parent, *given, *words], check=True, capture_output=True)

    git("init", "--initial-branch=main")
    git("add", ".")
    git("commit", "--message", "Everything")
    unchanged = run("lineage", VERSION, "--base", "HEAD", "--registry", root).stdout
    data = root / "datasets/loans-training.yaml"
    sha256 = next(line for line in data.read_text("utf-8").splitlines() if line.startswith("sha256:"))
    data.write_text(data.read_text("utf-8").replace(sha256, f"sha256: '{'0' * 64}'", 1), "utf-8")

    text = run("lineage", VERSION, "--base", "HEAD", "--registry", root).stdout
    told = json.loads(run("lineage", VERSION, "--base", "HEAD", "--format", "json", "--registry", root).stdout)

    assert unchanged == f"Nothing changed in the lineage of version {VERSION} since HEAD.\n"
    assert text.splitlines()[0] == f"version {VERSION} since HEAD:"
    assert any(
        line.startswith("  ~ dataset loans-training") and line.endswith("000000000000... now")
        for line in text.splitlines()
    )
    assert told["redigested"][0]["after"] == "0" * 64
    assert run("lineage", VERSION, "--base", "no-such", "--registry", root).exit_code == 2
