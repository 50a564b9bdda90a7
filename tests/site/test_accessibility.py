"""Every kind of page for everybody: WCAG 2.2 AA by axe-core, the keyboard alone, no scripts, from a file, on paper."""

from __future__ import annotations

import gzip
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.site import test_browser as browser

pytestmark = browser.pytestmark
driver = browser.driver
CREDIT = "models/credit-risk-predictor/"
KINDS = (
    *browser.PAGES, f"{CREDIT}2.0.0/since/1.1.0/", "models/loan-file-triage/1.0.0/", "people/birgit-nystrom/",
    "compare/", "retention/", "incidents/", "audit/2026-06-30/", "api/",
)  # fmt: skip
"""One page of every kind, and those with the most on them."""
STANDARD = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WALL = 2560
TAB = "\ue004"
MOST_TRANSFERRED = 150_000
"""Bytes of a page beside what all pages share, as servers send text: compressed."""
BUDGET_SHARED = 150_000
PAPER = 718
"""CSS pixels between the margins of a sheet of A4."""


def axe() -> str:
    """The script of axe-core, which a package brings along."""
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or not found.submodule_search_locations:
        pytest.skip("axe-playwright-python, which brings axe-core, is not installed")
    return Path(found.submodule_search_locations[0], "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def address(demo_site: Path) -> Iterator[str]:
    """Address of the demonstration's site."""
    yield from browser._served(demo_site)


@pytest.fixture
def without_scripts(driver: Any) -> Iterator[Any]:
    """The browser of somebody who lets no script run."""
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    yield driver
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.parametrize(("width", "scheme"), [(browser.WIDE, "light"), (browser.NARROW, "dark")])
def test_axe_finds_nothing_against_wcag_on_any_kind_of_page(driver: Any, address: str, width: int, scheme: str) -> None:
    script = axe()
    run = """
        const done = arguments[1], places = v => v.nodes.map(n => n.target.join(' ')).slice(0, 3);
        const told = v => `${v.id}: ${v.help}: ${places(v)}`;
        axe.run(document, {runOnly: arguments[0]}).then(r => done(r.violations.map(told)))"""
    browser.sized(driver, width, scheme)
    found = {}
    for page in KINDS:
        driver.get(address + page)
        driver.execute_script(script)
        if told := driver.execute_async_script(run, STANDARD):
            found[page] = told
    browser.sized(driver, browser.WIDE)
    assert found == {}


@pytest.mark.parametrize("page", ["", f"{CREDIT}2.0.0/", "people/", "lineage/", "compare/", "audit/"])
def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(driver: Any, address: str, page: str) -> None:
    browser.sized(driver, browser.WIDE)
    driver.get(address + page)
    body, seen = driver.find_element("css selector", "body"), []
    look = """
        const at = document.activeElement;
        const parts = [at, at.nextElementSibling, ...at.querySelectorAll('rect, path')].filter(Boolean);
        const rings = e => (s => s.outlineStyle !== 'none' || s.boxShadow !== 'none')(getComputedStyle(e));
        const shown = e => (b => b.width > 0 && b.height > 0)(e.getBoundingClientRect());
        const marked = parts.some(e => shown(e) && (rings(e) || at.closest('svg')));
        return {tag: at.tagName, words: at.innerText || at.getAttribute('aria-label') || at.name || '',
          inside: at.closest('.ac-page') !== null, shown: marked}"""
    for _ in range(45):
        body.send_keys(TAB) if not seen else driver.switch_to.active_element.send_keys(TAB)
        seen.append(driver.execute_script(look))
    assert seen[0]["words"].strip() == "Skip to content"
    assert any(at["inside"] for at in seen)
    assert [at for at in seen if at["tag"] != "BODY" and not at["shown"]] == []


def test_the_skip_link_leads_past_the_navigation(driver: Any, address: str) -> None:
    driver.get(f"{address}{CREDIT}2.0.0/")
    driver.find_element("css selector", "body").send_keys(TAB)
    driver.switch_to.active_element.send_keys(browser.ENTER)
    driver.switch_to.active_element.send_keys(TAB)
    assert driver.execute_script("return document.activeElement.closest('.ac-page, .md-content') !== null")


def test_every_kind_of_page_is_read_without_scripts(without_scripts: Any, address: str) -> None:
    for page in KINDS:
        without_scripts.get(address + page)
        assert without_scripts.find_element("css selector", ".ac-page h1").is_displayed(), page
        assert len(without_scripts.find_element("css selector", ".ac-page").text) > 200, page


def test_every_kind_of_page_works_from_a_folder_and_asks_for_nothing_else(driver: Any, demo_site: Path) -> None:
    """But for the search: a browser reads no index from a folder."""
    browser.sized(driver, browser.WIDE)
    browser.complaints(driver)
    for page in KINDS:
        driver.get((demo_site / page / "index.html").as_uri())
        fetched = driver.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
        assert [url for url in fetched if not url.startswith("file:")] == [], page
        assert [told for told in browser.complaints(driver) if "/search/" not in told] == [], page


@pytest.mark.parametrize("width", [browser.NARROW, browser.WIDE, WALL])
def test_no_kind_of_page_scrolls_sideways_or_has_lines_too_long_to_read(driver: Any, address: str, width: int) -> None:
    browser.sized(driver, width)
    for page in KINDS:
        driver.get(address + page)
        scroll, inner = driver.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
        assert scroll <= inner, page
        script = "return Math.max(0, ...[...document.querySelectorAll('.ac-page p')].map(p => p.clientWidth))"
        assert driver.execute_script(script) <= 1100, page
    browser.sized(driver, browser.WIDE)


@pytest.mark.parametrize("page", [CREDIT, f"{CREDIT}2.0.0/", "models/loan-file-triage/1.0.0/"])
def test_nothing_is_cut_on_paper(driver: Any, address: str, page: str) -> None:
    metrics = {"width": PAPER, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        driver.get(address + page)
        script = """
            const all = [...document.querySelectorAll('.ac-page table, .ac-page svg, .ac-page pre, .ac-page p')];
            const beyond = e => Math.max(e.getBoundingClientRect().right, e.scrollWidth) > innerWidth + 1;
            return all.filter(beyond).map(e => `${e.tagName} ${e.textContent.slice(0, 60)}`)"""
        assert driver.execute_script(script) == []
        assert not any(
            e.is_displayed() for e in driver.find_elements("css selector", ".ac-filter, .md-header, .md-tabs")
        )
        assert int(len(driver.print_page()) * 3 / 4) > 50_000
    finally:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        browser.sized(driver, browser.WIDE)


def test_no_page_is_more_than_the_budget_and_neither_is_what_all_share(demo_site: Path) -> None:
    pages = {p.relative_to(demo_site).as_posix(): len(gzip.compress(p.read_bytes())) for p in demo_site.rglob("*.html")}
    assert {page: size for page, size in pages.items() if size > MOST_TRANSFERRED} == {}
    version = (demo_site / CREDIT / "2.0.0/index.html").read_text(encoding="utf-8")
    uris = set(re.findall(r'(?:<script src|<link rel="stylesheet" href)="(?:\.\./)*([^"]+\.(?:js|css))"', version))
    assert len(uris) >= 4
    assert sum(len(gzip.compress((demo_site / uri).read_bytes())) for uri in uris) <= BUDGET_SHARED
