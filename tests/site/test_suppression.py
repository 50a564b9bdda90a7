"""No file of a built site shows a count of people that policy does not publish, nor what it follows from."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.support.cases import base_registry, patched
from tests.support.program import on_disk, run
from tests.support.project import built, contents, project

EVALUATION = "models/loan-default/versions/2.0.0/evaluations/held-out.yaml"
PAGE = "models/loan-default/2.0.0/index.html"
SMALL, NEXT, LARGE = 7, 4993, 15000
"""People of three groups; the total is that of the evaluation, which is shown."""


def registry(**policy: object) -> dict[str, bytes]:
    def counts(n: int, favoured: int = 4) -> dict[str, int]:
        positives, selected = n - n // 5, n - n // favoured
        true = min(positives, selected)
        return {
            "n": n,
            "selected": selected,
            "positives": positives,
            "true_positives": true,
            "negatives": n // 5,
            "false_positives": selected - true,
        }

    groups = {"zeta": counts(SMALL), "eta": counts(NEXT, favoured=2), "theta": counts(LARGE)}
    comparison = {"attributes": ["region"], "source": "recorded", "favourable": "approved", "groups": groups}
    slices = {
        f"metrics.{8 + i}": {"type": "auc", "value": v, "n": n, "slice": {"region": name}}
        for i, (name, n, v) in enumerate((("zeta", SMALL, 0.7317), ("eta", NEXT, 0.8), ("theta", LARGE, 0.84)))
    }
    changes = (
        {EVALUATION: {"fairness.3": comparison, **slices}, "policy.yaml": policy}
        if policy
        else {EVALUATION: {"fairness.3": comparison, **slices}}
    )
    return patched(base_registry(), changes)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return contents(built(project(tmp_path_factory.mktemp("small"), registry())))


def test_the_page_names_the_group_and_says_that_it_is_small(site: dict[str, bytes]) -> None:
    page = site[PAGE].decode()
    assert "zeta: &lt;10" in page  # in the words of the drawing
    assert "<td>&lt;10</td>" in page.replace(' class="ac-num"', "")  # in the table of its data
    assert "eta: withheld" in page
    assert "are withheld." in page


def test_no_file_holds_a_count_of_it_or_what_it_follows_from(site: dict[str, bytes]) -> None:
    needles = re.compile(r"\bn 7(?![\d,.])|of 7\)|73\.17|0\.7317|4,?993\b|50\.0%")
    texts = {n: content.decode("utf-8", "replace") for n, content in site.items() if not n.startswith("assets")}
    assert {PAGE, "findings/index.html", "search/search_index.json"} <= set(texts)
    assert [(name, found[0]) for name, text in texts.items() if (found := needles.search(text))] == []


def test_the_large_group_is_shown_as_before(site: dict[str, bytes]) -> None:
    assert "15,000" in site[PAGE].decode()


def test_where_policy_publishes_all_the_count_is_there(tmp_path: Path) -> None:
    page = contents(built(project(tmp_path, registry(**{"fairness.publish_min_n": 0}))))[PAGE].decode()
    assert "n 7" in page
    assert "4,993" in page


def test_the_check_still_says_the_count(tmp_path: Path) -> None:
    limit = {"fairness.limits": [{"metric": "impact_ratio", "min": 0.8}]}
    root = on_disk(tmp_path, registry(**limit))
    found = json.loads(run("check", root, "--as-of", "2026-11-23", "-f", "json", "--no-cache").stdout)["findings"]
    assert any("zeta (n 7" in f["message"] for f in found)
    site = contents(built(project(tmp_path / "site", registry(**limit))))
    assert [name for name, text in site.items() if b"zeta (n 7" in text] == []
    assert b"a group is too small for its figures to be published" in site["findings/index.html"]
