"""The built site in a real browser: nothing fails or comes from elsewhere, and tables filter and sort by hand."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from accredit.frameworks.catalogue import shipped
from accredit.site.build import build
from accredit.site.dossier import dossier

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
REGISTRY = Path(__file__).parents[2] / "registry"
PAYLOAD = "<img src=x onerror=document.title='pwned'><script>document.title='pwned'</script>"
PAGES = (
    "", "models/", "models/credit-risk-predictor/", "models/credit-risk-predictor/2.0.0/",
    "models/mortgage-approval/1.0.0/", "lineage/", "datasets/", "datasets/credit-training/",
    "features/credit-features-3/", "people/", "people/mara-lindqvist/", "policy/", "rules/", "rules/own101/",
    "waivers/", "findings/", "audit/", "format/", "format/evaluation/", "about/", "compliance/",
    "compliance/eu-ai-act/", "compliance/models/credit-risk-predictor/",
    "compliance/models/credit-risk-predictor/annex-iv/",
)  # fmt: skip
"""One page of every kind."""
WIDE, NARROW = 1280, 390
CONTROL, ENTER, DELETE = "\ue009", "\ue007", "\ue017"
"""Keys as WebDriver names them."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None or DRIVER is None, reason="Chromium or its driver is not installed"),
    # Selenium leaves sockets to its driver for the collector to close.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


def _served(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the worked registry's site."""
    folder = tmp_path_factory.mktemp("site") / "site"
    build(REGISTRY, folder, date(2026, 11, 23))
    yield from _served(folder)


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the site of a registry whose author tries to run scripts."""
    root = tmp_path_factory.mktemp("hostile")
    shutil.copytree(REGISTRY, root / "registry")
    model = root / "registry/models/credit-risk-predictor"
    _replace(model / "model.yaml", "name: Credit Risk Predictor", f'name: "{PAYLOAD}"')
    _replace(model / "versions/2.0.0/evaluations/holdout.yaml", "      under-25:\n", f'      "{PAYLOAD}":\n')
    _replace(model / "versions/2.0.0/version.yaml", "summary: ", f'summary: "{PAYLOAD}" # ')
    build(root / "registry", root / "site", date(2026, 11, 23))
    yield from _served(root / "site")


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One browser for all tests."""
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    profile = tmp_path_factory.mktemp("profile")
    for argument in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
        "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
        f"--user-data-dir={profile}",
    ):  # fmt: skip
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield browser
    browser.quit()


def sized(driver: Any, width: int, scheme: str = "light") -> None:
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)


def complaints(driver: Any) -> list[str]:
    """What the browser wrote into its console; the picture for the tab is the theme's business."""
    return [entry["message"] for entry in driver.get_log("browser") if "favicon" not in entry["message"]]


def shown(driver: Any, table: str) -> list[str]:
    """First cells of the rows that are shown."""
    script = "return [...document.querySelectorAll(arguments[0] + ' tbody tr:not([hidden]) th')].map(x => x.innerText)"
    return [text.split("\n")[0] for text in driver.execute_script(script, f"#{table}")]


def choose(driver: Any, name: str, value: str) -> None:
    """Picks an entry of a list, as the mouse does."""
    driver.find_element("css selector", f"[data-ac-choose={name}] option[value='{value}']").click()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_kind_of_page_loads_without_complaint_from_this_site_alone_and_fits(
    driver: Any, site: str, width: int
) -> None:
    sized(driver, width)
    complaints(driver)
    for page in PAGES:
        driver.get(site + page)
        fetched = driver.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
        assert [url for url in fetched if not url.startswith(site)] == [], page
        assert complaints(driver) == [], page
        scroll, inner = driver.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
        assert scroll <= inner, page
        assert driver.execute_script("return document.querySelectorAll('.ac-page h1').length") == 1, page


def test_models_are_filtered_with_the_mouse_and_the_address_keeps_the_choice(driver: Any, site: str) -> None:
    sized(driver, WIDE)
    driver.get(site + "models/")
    everything = shown(driver, "models")
    choose(driver, "domain", "healthcare")
    chosen = shown(driver, "models")
    assert 0 < len(chosen) < len(everything)
    assert driver.find_element("css selector", ".ac-count").text == f"{len(chosen)} of {len(everything)} models"
    assert driver.current_url.endswith("?domain=healthcare")
    driver.get(driver.current_url)
    assert shown(driver, "models") == chosen


def test_models_are_searched_and_sorted_with_the_keyboard(driver: Any, site: str) -> None:
    driver.get(site + "models/")
    search = driver.find_element("css selector", "[data-ac-search]")
    search.send_keys("CREDIT predictor")
    assert shown(driver, "models") == ["Credit Risk Predictor"]
    search.send_keys(CONTROL, "a")
    search.send_keys(DELETE)
    before = shown(driver, "models")
    assert before == sorted(before)
    button = driver.find_element("css selector", "#models th .ac-sort")
    button.send_keys(ENTER)
    assert shown(driver, "models") == sorted(before)
    button.send_keys(ENTER)
    assert shown(driver, "models") == sorted(before, reverse=True)
    assert driver.find_element("css selector", "#models th").get_attribute("aria-sort") == "descending"


def test_a_search_without_a_match_says_so_and_can_be_undone(driver: Any, site: str) -> None:
    driver.get(site + "models/")
    everything = shown(driver, "models")
    driver.find_element("css selector", "[data-ac-search]").send_keys("no such model")
    assert shown(driver, "models") == []
    button = driver.find_element("css selector", "[data-ac-reset=models]")
    assert button.is_displayed()
    button.click()
    assert shown(driver, "models") == everything
    assert not button.is_displayed()


def test_gates_are_filtered_by_outcome_and_folded_groups_open(driver: Any, site: str) -> None:
    driver.get(site + "models/credit-risk-predictor/2.0.0/")
    choose(driver, "state", "pass")
    rows = "[...document.querySelectorAll('#gate-table tbody tr')]"
    script = f"return {rows}.filter(r => r.offsetParent).map(r => r.dataset.state)"
    states = driver.execute_script(script)
    assert len(states) > 20
    assert set(states) == {"pass"}


def test_a_link_to_a_rule_in_a_folded_group_opens_it(driver: Any, site: str) -> None:
    driver.get("about:blank")
    driver.get(site + "models/credit-risk-predictor/2.0.0/#gate-OWN101")
    assert driver.find_element("id", "gate-OWN101").is_displayed()


def test_the_tables_are_complete_without_scripts(driver: Any, site: str) -> None:
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        driver.get(site + "models/")
        rows = driver.find_elements("css selector", "#models tbody tr")
        assert len(rows) == len(list((REGISTRY / "models").iterdir()))
        assert all(row.is_displayed() for row in rows)
        assert not driver.find_element("css selector", ".ac-filter").is_displayed()
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_dark_scheme_changes_text_ground_and_plots(driver: Any, site: str) -> None:
    script = """
        const colour = (selector, name) => getComputedStyle(document.querySelector(selector))[name];
        return [colour('body', 'backgroundColor'), colour('.ac-page h1', 'color'), colour('.ac-dot', 'fill')]"""
    found = []
    for scheme in ("light", "dark"):
        sized(driver, WIDE, scheme)
        driver.get(site + "models/credit-risk-predictor/2.0.0/")
        found.append(driver.execute_script(script))
    light, dark = found
    assert all(a != b for a, b in zip(light, dark, strict=True))
    sized(driver, WIDE)


@pytest.mark.parametrize(
    "page", ["", "models/", "models/credit-risk-predictor/", "models/credit-risk-predictor/2.0.0/", "findings/"]
)
def test_a_hostile_registry_runs_nothing(driver: Any, hostile_site: str, page: str) -> None:
    driver.get(hostile_site + page)
    assert driver.execute_script("return document.title") != "pwned"
    assert driver.execute_script("return document.querySelectorAll('.ac-page img, .ac-page script').length") == 0
    assert "onerror" in driver.execute_script("return document.querySelector('.ac-page').innerText")


def test_the_policy_of_the_page_stops_a_script_that_got_in(driver: Any, site: str) -> None:
    driver.get(site + "models/")
    script = """
        const added = document.createElement('div');
        added.innerHTML = '<img src=x onerror="window.ran = true">';
        document.body.append(added);
        const inline = document.createElement('script');
        inline.textContent = 'window.ran = true';
        document.body.append(inline);
        setTimeout(arguments[0], 300);"""
    driver.execute_async_script(script)
    assert driver.execute_script("return window.ran === undefined")
    assert any("Content Security Policy" in message for message in complaints(driver))


@pytest.fixture(scope="session")
def busy_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the site of a registry with more than 20,000 events."""
    root = tmp_path_factory.mktemp("busy")
    shutil.copytree(REGISTRY, root / "registry")
    folder = root / "registry/models/credit-risk-predictor/versions/2.0.0/monitoring"
    folder.mkdir(exist_ok=True)
    for month in range(40):
        first = date(2023 + month // 12, month % 12 + 1, 1).isoformat()
        crossed = "".join(f'  - {{metric: drift, value: 0.{n}, threshold: "alarm {month}-{n}"}}\n' for n in range(520))
        text = f"observed_at: {first}T09:00:00Z\nperiod_from: {first}\nperiod_to: {first}\nbreaches:\n{crossed}"
        (folder / f"busy-{month:02}.yaml").write_text(text, encoding="utf-8")
    build(root / "registry", root / "site", date(2026, 11, 23))
    yield from _served(root / "site")


def test_a_log_of_twenty_thousand_events_is_filtered_as_a_whole(driver: Any, busy_site: str) -> None:
    wait = pytest.importorskip("selenium.webdriver.support.ui").WebDriverWait(driver, 20)

    def told() -> str:
        return str(driver.find_element("css selector", "form[data-ac-log] output").text)

    sized(driver, WIDE)
    complaints(driver)
    driver.get(f"{busy_site}audit/")
    assert told() == "250 events on this page"
    total = int(driver.execute_script("return fetch('log.json').then(r => r.json()).then(i => i.total)"))
    assert total > 20_000
    choose(driver, "kind", "training")
    wait.until(lambda _: told().endswith(f"of {total:,} events"))
    kinds = driver.execute_script("return [...document.querySelectorAll('#event-table tbody b')].map(b => b.innerText)")
    assert set(kinds) == {"training"}
    driver.get(f"{busy_site}audit/7/?kind=monitoring&from=2023-02-01&to=2023-02-28&search=alarm+1-519")
    wait.until(lambda _: told() == f"1 of {total:,} events")
    row = driver.find_element("css selector", "#event-table tbody tr").text
    assert "2023-02-01" in row
    assert "alarm 1-519" in row
    driver.get(f"{busy_site}audit/?model=credit-risk-predictor&kind=monitoring")
    wait.until(lambda _: told() == f"200 or more of {total:,} events")
    driver.find_element("css selector", "[data-ac-more] button").click()
    wait.until(lambda _: told() == f"400 or more of {total:,} events")
    link = driver.find_element("css selector", "#event-table tbody a").get_attribute("href")
    assert link == f"{busy_site}models/credit-risk-predictor/2.0.0/"
    assert complaints(driver) == []


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_dossier_opened_as_a_file_asks_for_nothing_and_fits(driver: Any, tmp_path: Path, width: int) -> None:
    sized(driver, width)
    file = tmp_path / "dossier.html"
    file.write_text(dossier(REGISTRY, "credit-risk-predictor", "2.0.0", date(2026, 11, 23)), encoding="utf-8")
    complaints(driver)
    driver.get(file.as_uri())
    assert driver.execute_script("return performance.getEntriesByType('resource').map(e => e.name)") == []
    assert complaints(driver) == []
    assert driver.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    assert driver.find_element("css selector", "#gate-OWN101").is_displayed()


def test_controls_of_a_model_are_filtered_and_a_link_opens_the_framework(driver: Any, site: str) -> None:
    sized(driver, WIDE)
    page = site + "compliance/models/credit-risk-predictor/"
    driver.get(page)
    choose(driver, "status", "met")
    rows = "[...document.querySelectorAll('#control-table tbody tr')]"
    states = driver.execute_script(f"return {rows}.filter(r => r.offsetParent).map(r => r.dataset.status)")
    assert set(states) == {"met"}
    driver.get("about:blank")
    driver.get(page + "#control-bcbs-239-" + folded_control())
    assert driver.find_element("id", "control-bcbs-239-" + folded_control()).is_displayed()


@pytest.mark.parametrize("page", [p for p in PAGES if p.startswith("compliance/")])
def test_pages_on_compliance_fit_a_phone_without_scrolling_sideways(driver: Any, site: str, page: str) -> None:
    sized(driver, NARROW)
    driver.get(site + page)
    assert driver.find_element("css selector", ".ac-footer").text.startswith("These pages list recorded evidence")
    assert driver.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")


def folded_control() -> str:
    """A control in a group that is folded at first."""
    return next(iter(shipped()["bcbs-239"].controls))
