"""A change of one version draws again what shows it, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.support.cases import assessed, base_files, patched
from tests.support.sealing import sealed

from accredit.site.diagrams import Diagrams
from accredit.site.page import Page
from accredit.site.pages import pages
from accredit.site.render import render

MODEL = "models/loan-default/"


def registry() -> dict[str, bytes]:
    """The base, with a version in staging after those that are in use, and a model that nothing else names."""
    base = base_files()
    own = {p: c for p, c in base.items() if p.startswith(f"{MODEL}versions/2.0.0/")}
    staged = [p for p in own if p.rpartition("/")[2] in ("version.yaml", "card.yaml") or "/evaluations/" in p]
    added = {p.replace("/2.0.0/", "/3.0.0/"): own[p] for p in staged}
    other = {p.replace("loan-default", "other"): c for p, c in [*base.items(), *added.items()] if p.startswith(MODEL)}
    lone = {p: c for p, c in other.items() if p == "models/other/model.yaml" or "/3.0.0/" in p}
    return {**base, **added, **lone}


def drawn(patches: Mapping[str, Mapping[str, Any] | None] | None = None) -> dict[str, tuple[Page, str]]:
    """Every page by address, with its body."""
    assessment = assessed(sealed(patched(registry(), patches or {})))
    diagrams = Diagrams(assessment.lineage, None)
    return {p.url: (p, render(p, assessment, diagrams)) for p in pages(assessment)}


@pytest.fixture(scope="module")
def before() -> dict[str, tuple[Page, str]]:
    return drawn()


def differing(before: dict[str, tuple[Page, str]], after: dict[str, tuple[Page, str]]) -> set[str]:
    return {url for url in before if url in after and before[url][0].key != after[url][0].key}


METRIC = {f"{MODEL}versions/1.0.0/evaluations/held-out.yaml": {"metrics.2.value": 0.7504}}
CARD = {
    f"{MODEL}versions/3.0.0/card.yaml": {"fairness": "The youngest fare as the others do, within what the data tell."}
}
WATCHED = {f"{MODEL}versions/2.0.0/monitoring/2026-10.yaml": {"metrics.0.value": 0.792}}


@pytest.mark.parametrize(
    ("patches", "changed", "same"),
    [
        (
            METRIC,
            {f"{MODEL}1.0.0/", MODEL, f"{MODEL}2.0.0/since/1.0.0/"},
            {f"{MODEL}2.0.0/", f"{MODEL}3.0.0/", f"{MODEL}3.0.0/since/2.0.0/"},
        ),
        (
            CARD,
            {f"{MODEL}3.0.0/", MODEL, f"{MODEL}3.0.0/since/2.0.0/"},
            {f"{MODEL}1.0.0/", f"{MODEL}2.0.0/", f"{MODEL}2.0.0/since/1.0.0/"},
        ),
        (
            WATCHED,
            {f"{MODEL}2.0.0/", MODEL, f"{MODEL}2.0.0/since/1.0.0/", f"{MODEL}3.0.0/since/2.0.0/"},
            {f"{MODEL}1.0.0/", f"{MODEL}3.0.0/"},
        ),
    ],
    ids=["metric", "card", "monitoring"],
)
def test_one_version_that_changes_draws_again_its_page_its_comparisons_and_its_model(
    before: dict[str, tuple[Page, str]], patches: dict[str, Any], changed: set[str], same: set[str]
) -> None:
    after = drawn(patches)
    found = differing(before, after)
    assert changed <= found
    assert not same & found
    assert "compare/" not in found, "it lists versions and loads what they hold when it is asked"
    apart = ("models/other/", "datasets/loans-raw/", "rules/own101/")
    assert set(apart) <= before.keys()
    assert {url for url in found if url.startswith(apart)} == set()
    stale = [
        u for u, (page, body) in before.items() if u in after and page.key == after[u][0].key and body != after[u][1]
    ]
    assert stale == [], "a page that is the same under its key is never drawn again"


def test_a_version_that_comes_changes_the_list_to_choose_from_and_what_its_siblings_say(
    before: dict[str, tuple[Page, str]],
) -> None:
    gone = {path: None for path in registry() if path.startswith(f"{MODEL}versions/3.0.0/")}
    after = drawn(gone)
    assert {"compare/", MODEL, f"{MODEL}2.0.0/"} <= differing(after, before)


def test_another_count_of_people_below_which_nothing_is_published_draws_every_comparison_again(
    before: dict[str, tuple[Page, str]],
) -> None:
    found = differing(before, drawn({"policy.yaml": {"fairness.publish_min_n": 5000}}))
    assert {url for url in before if "/since/" in url} | {MODEL} <= found
