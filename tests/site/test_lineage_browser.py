"""The lineage explorer in a real browser, with a lineage of a thousand things that is made up."""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from benchmarks.lineage import about, made_up, statuses
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.support.ui import Select, WebDriverWait
from tests.site import test_browser as browser
from tests.support.hostile import HOSTILE
from tests.support.program import base_on_disk

from accredit.site.build import build
from accredit.site.explorer import script_of

pytestmark = browser.pytestmark
driver = browser.driver
NODES, EDGES = 1_000, 2_500
LEFT, RIGHT, ENTER, ESCAPE = "\ue012", "\ue014", "\ue007", "\ue00c"
MOST_A_FRAME = 50
"""Milliseconds, on a busy machine without a graphics card."""
PAN = """
    const done = arguments[0], canvas = document.getElementById('lx-canvas'), box = canvas.getBoundingClientRect();
    const frames = [], send = (type, n) => canvas.dispatchEvent(new PointerEvent(type,
      {pointerId: 1, clientX: box.left + 200 + 6 * n, clientY: box.top + 200 + 3 * n, bubbles: true}));
    canvas.setPointerCapture = () => {};
    send('pointerdown', 0);
    let before = 0, n = 0;
    const step = (now) => {
      if (before) frames.push(now - before);
      before = now;
      n += 1;
      if (n > 40) { send('pointerup', n); return done(frames); }
      send('pointermove', n);
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);"""


@pytest.fixture(scope="module")
def explorer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an explorer page with the made up lineage."""
    root = tmp_path_factory.mktemp("lineage")
    build(base_on_disk(root), root / "site", date(2026, 11, 23))
    lineage = made_up(NODES, EDGES)
    script = script_of(lineage, statuses(lineage), about)
    (root / "site/lineage/data.js").write_text(script, encoding="utf-8")
    for address in browser._served(root / "site"):
        yield f"{address}lineage/"


@pytest.fixture
def page(driver: Any, explorer: str) -> Any:
    """The browser at the explorer, which nobody has touched."""
    browser.sized(driver, browser.WIDE)
    driver.get("about:blank")
    browser.complaints(driver)
    driver.get(explorer)
    return driver


def element(page: Any, name: str) -> Any:
    return page.find_element("id", f"lx-{name}")


def shown(page: Any) -> int:
    """How many things are shown."""
    return int(element(page, "count").text.partition(" of ")[0].replace(",", ""))


def state(page: Any) -> dict[str, str]:
    """What the address says, once it has been written."""
    text = page.execute_script("return decodeURIComponent(location.hash.slice(1))")
    return dict(part.split("=", 1) for part in text.split("&") if part)


def go(page: Any, explorer: str, fragment: str) -> None:
    page.get("about:blank")
    page.get(f"{explorer}#{fragment}")


def test_it_starts_small_at_one_thing_and_without_complaint(page: Any, explorer: str) -> None:
    assert 2 <= shown(page) < 60
    assert "would break" in page.find_element("id", "lx-goes").text, "it opens where most hangs on one thing"
    fetched = page.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
    assert all(url.startswith(explorer.removesuffix("lineage/")) for url in fetched)
    assert browser.complaints(page) == []


def test_search_finds_by_name_and_id_and_goes_there_by_keyboard(page: Any) -> None:
    field = element(page, "find")
    field.send_keys("NUMBER 17 raw")
    hits = page.find_elements("css selector", "#lx-found [data-key]")
    assert hits[0].get_attribute("aria-selected") == "true"
    field.send_keys(ENTER)
    assert element(page, "id").text == "raw-00017"
    assert state(page)["focus"] == "dataset:raw-00017"
    field.send_keys("cleaned-00003")
    page.find_element("css selector", "#lx-found li").click()
    assert element(page, "id").text == "cleaned-00003"
    page.back()
    assert element(page, "id").text == "raw-00017"


def test_hops_and_unfolding_show_more_and_the_address_brings_it_back(page: Any, explorer: str) -> None:
    go(page, explorer, "focus=dataset:training-00050&hops=1")
    few = shown(page)
    Select(element(page, "hops")).select_by_visible_text("3")
    assert shown(page) > few
    Select(element(page, "hops")).select_by_visible_text("1")
    assert shown(page) == few
    element(page, "canvas").send_keys(LEFT)
    page.find_element("css selector", "[data-lx=up]").click()
    unfolded = shown(page)
    assert unfolded > few
    assert state(page)["open"].startswith("<features:")
    go(page, explorer, page.execute_script("return location.hash.slice(1)"))
    assert shown(page) == unfolded
    assert state(page)["at"].startswith("features:")


def test_kinds_and_problems_are_filtered_and_the_focus_stays(page: Any, explorer: str) -> None:
    go(page, explorer, "focus=dataset:cleaned-00000&hops=all")
    everything = shown(page)
    page.find_element("css selector", ".ac-lx-pick summary").click()
    page.find_element("css selector", "input[value=deployment]").click()
    without = shown(page)
    assert without < everything
    assert state(page)["without"] == "deployment"
    Select(element(page, "problem")).select_by_value("own")
    assert 1 <= shown(page) < without
    assert element(page, "id").text == "cleaned-00000"
    assert "filtered out" in element(page, "count").text


def test_arrows_go_along_links_and_enter_opens_the_page(page: Any, explorer: str) -> None:
    go(page, explorer, "focus=version:model-3@1.1.0")
    canvas = element(page, "canvas")
    canvas.send_keys(LEFT)
    upstream = element(page, "id").text
    assert upstream.startswith("training-")
    assert upstream in element(page, "told").text or "Training" in element(page, "told").text
    canvas.send_keys(RIGHT)
    assert element(page, "id").text == "model-3@1.1.0"
    canvas.send_keys(LEFT, "f")
    assert state(page)["focus"] == f"dataset:{upstream}"
    before = page.execute_script("return location.href")
    canvas.send_keys(ENTER)
    WebDriverWait(page, 10).until(lambda d: d.current_url != before)
    assert page.current_url.endswith(f"/datasets/{upstream}/")
    browser.complaints(page)  # a made up thing has no page


def test_zoom_is_kept_in_the_address(page: Any, explorer: str) -> None:
    canvas = element(page, "canvas")
    canvas.send_keys("+", "+")
    WebDriverWait(page, 5).until(lambda d: "view" in state(d))
    zoom = float(state(page)["view"].split(",")[0])
    canvas.send_keys("-")
    WebDriverWait(page, 5).until(lambda d: float(state(d)["view"].split(",")[0]) < zoom)
    kept = state(page)["view"]
    go(page, explorer, page.execute_script("return location.hash.slice(1)"))
    canvas = element(page, "canvas")
    canvas.send_keys(ESCAPE)
    assert state(page)["view"] == kept
    canvas.send_keys("0")
    assert "view" not in state(page)


def test_what_breaks_counts_what_is_in_use_and_who_must_be_told(page: Any, explorer: str) -> None:
    lineage = made_up(NODES, EDGES)
    node = "dataset:cleaned-00010"
    reached = [n for n in lineage.downstream(node) if about(n).stage == "production" or about(n).running]
    go(page, explorer, f"focus={node}&breaks=1")
    told = page.find_element("id", "lx-goes").text
    running = sum(about(n).running is True for n in reached)
    assert f"{len(reached) - running} versions in production and {running} deployments in use would break." in told
    assert any(about(n).owner in told for n in reached)
    assert element(page, "breaks").get_attribute("aria-pressed") == "true"
    element(page, "canvas").send_keys("b")
    assert "breaks" not in state(page)


@pytest.mark.parametrize("hops", ["2", "every"])
def test_panning_is_fluid(page: Any, explorer: str, hops: str) -> None:
    go(page, explorer, f"focus=dataset:training-00050&hops={hops}")
    assert shown(page) == NODES or hops == "2"
    assert statistics.median(page.execute_async_script(PAN)) < MOST_A_FRAME


def test_a_picture_of_what_is_shown_is_saved_and_is_an_svg(page: Any) -> None:
    caught = page.execute_async_script("""
        const done = arguments[0], made = [];
        const original = URL.createObjectURL;
        URL.createObjectURL = (blob) => { made.push(blob); return original.call(URL, blob); };
        HTMLAnchorElement.prototype.click = function () { this.dispatchEvent(new Event('saved')); };
        document.querySelector('[data-lx=svg]').dispatchEvent(new MouseEvent('click', {bubbles: true}));
        document.querySelector('[data-lx=png]').dispatchEvent(new MouseEvent('click', {bubbles: true}));
        const ready = async () => made.length === 2
          ? done([await made[0].text(), made[1].type, made[1].size]) : setTimeout(ready, 50);
        ready();""")
    svg, kind, size = caught
    assert re.match(r'<svg xmlns="http://www.w3.org/2000/svg" ', svg)
    assert len(re.findall("<g transform", svg)) == shown(page)
    assert (kind, size > 1_000) == ("image/png", True)


def test_a_finger_moves_the_diagram_and_two_zoom_it(page: Any, explorer: str) -> None:
    browser.sized(page, browser.NARROW)
    go(page, explorer, "focus=dataset:training-00050")
    assert page.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    page.execute_async_script(PAN)
    WebDriverWait(page, 5).until(lambda d: "view" in state(d))
    zoom = float(state(page)["view"].split(",")[0])
    page.execute_script("""
        const canvas = document.getElementById('lx-canvas'), box = canvas.getBoundingClientRect();
        const send = (type, id, x) => canvas.dispatchEvent(new PointerEvent(type,
          {pointerId: id, pointerType: 'touch', clientX: box.left + x, clientY: box.top + 150, bubbles: true}));
        canvas.setPointerCapture = () => {};
        send('pointerdown', 1, 100); send('pointerdown', 2, 200); send('pointermove', 2, 300);
        send('pointerup', 2, 300); send('pointerup', 1, 100);""")
    WebDriverWait(page, 5).until(lambda d: float(state(d)["view"].split(",")[0]) > zoom * 1.5)


def test_hostile_names_stay_words(driver: Any, explorer: str) -> None:
    driver.get("about:blank")
    driver.get(explorer)
    names = json.dumps([[f"n{i}", text, text, 0, -1, -1, 0, i, 0, [0], [], ""] for i, text in enumerate(HOSTILE)])
    driver.execute_script(
        """
        const nodes = JSON.parse(arguments[0]), text = nodes.map((n) => n[1]).join(' ');
        const root = document.getElementById('explorer');
        window.acLineage = {kinds: ['dataset'], stages: [], owners: [text], roles: [text],
          problems: [[0, 'DATA103', text]], nodes, edges: nodes.slice(1).flatMap((_, i) => [i, i + 1, 0])};
        root.acStarted = false;
        history.replaceState(null, '', location.pathname);
        const script = document.createElement('script');
        script.src = document.querySelector('script[src*="explorer.js"]').src;
        document.body.append(script);""",
        names,
    )
    WebDriverWait(driver, 10).until(lambda d: "n" in element(d, "id").text and "model" not in element(d, "id").text)
    element(driver, "find").send_keys("n1")
    ActionChains(driver).pause(0.1).perform()
    assert driver.execute_script("return document.querySelectorAll('#explorer img, #explorer script').length") == 0
    assert driver.execute_script("return document.title") != "pwned"
    assert "alert" in element(driver, "wrong").text


def test_without_scripts_the_table_sorts_and_everything_is_listed(page: Any, explorer: str) -> None:
    page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page.get("about:blank")
        page.get(explorer)
        assert not page.find_element("id", "explorer").is_displayed()
        first = [row.text for row in page.find_elements("css selector", ".ac-rank-table tbody th a")]
        page.find_element("css selector", "input[name=rank][value=name]").click()
        rows = page.find_elements("css selector", ".ac-rank-table tbody tr")
        by_place = sorted(rows, key=lambda row: row.location["y"])
        names = [row.find_element("css selector", "th a").text for row in by_place]
        assert names == sorted(first, key=str.lower)
        assert len(page.find_elements("css selector", ".ac-lx-list li a")) > len(first)
    finally:
        page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
