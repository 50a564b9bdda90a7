"""The page that compares any two versions, in a real browser: what it draws is what the static page says."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.site.test_browser import complaints, driver, hostile_site, pytestmark, site, sized  # noqa: F401 - fixtures
from tests.support.cases import base_registry
from tests.support.project import built, project

ANY_TWO = "compare/?a=credit-risk-predictor@2.0.0&b=credit-risk-predictor@2.1.0"
STATIC = "models/credit-risk-predictor/2.1.0/since/2.0.0/"
TAB, UP, ENTER = "\ue004", "\ue013", "\ue007"
"""Keys as WebDriver names them."""
CELLS = (
    "return [...document.querySelectorAll('.ac-compared tbody tr')]"
    ".map(r => [...r.cells].map(c => c.textContent.replace(/\\s+/g, ' ').trim()))"
)


def waited(driver: Any, script: str) -> None:  # noqa: F811
    from selenium.webdriver.support.ui import WebDriverWait  # noqa: PLC0415 - only where it is installed

    WebDriverWait(driver, 10).until(lambda d: d.execute_script(script))


def drawn(driver: Any, address: str) -> list[list[str]]:  # noqa: F811
    driver.get(address)
    waited(driver, "return document.querySelector('.ac-compared')")
    found: list[list[str]] = driver.execute_script(CELLS)
    return [[cell.replace(" ", "") for cell in row] for row in found]


def test_the_browser_draws_what_the_static_page_says(driver: Any, site: str) -> None:  # noqa: F811
    sized(driver, 1280)
    complaints(driver)
    assert drawn(driver, site + ANY_TWO) == drawn(driver, site + STATIC)
    assert complaints(driver) == []


def test_another_version_is_chosen_and_the_address_tells_it(driver: Any, site: str) -> None:  # noqa: F811
    sized(driver, 1280)
    first = drawn(driver, site + ANY_TWO)
    driver.find_element("css selector", "[data-ac-version=a] option[value='1.0.0']").click()
    assert "a=credit-risk-predictor@1.0.0" in driver.current_url
    assert drawn(driver, driver.current_url) != first


def test_text_of_the_registry_never_runs(driver: Any, hostile_site: str) -> None:  # noqa: F811
    complaints(driver)
    for page in (ANY_TWO, STATIC):
        drawn(driver, hostile_site + page)
        assert driver.title != "pwned", page
        assert driver.execute_script("return document.querySelectorAll('.ac-page img').length") == 0, page
        assert complaints(driver) == [], page


@pytest.mark.parametrize("page", [ANY_TWO, STATIC])
def test_the_comparison_fits_a_phone(driver: Any, site: str, page: str) -> None:  # noqa: F811
    sized(driver, 390)
    drawn(driver, site + page)
    scroll, inner = driver.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
    assert scroll <= inner


def focused(driver: Any) -> str:  # noqa: F811
    """What has the focus in the choice, by its attribute and side."""
    script = "return Object.entries(document.activeElement.dataset).filter(([k]) => k.startsWith('ac')).flat().join('')"
    return str(driver.execute_script(script))


def pressed(driver: Any, *keys: str) -> None:  # noqa: F811
    from selenium.webdriver.common.action_chains import ActionChains  # noqa: PLC0415 - only where it is installed

    for key in keys:
        ActionChains(driver).send_keys(key).perform()


def test_two_versions_are_chosen_and_swapped_with_the_keyboard_alone(driver: Any, site: str) -> None:  # noqa: F811
    sized(driver, 1280)
    first = drawn(driver, site + ANY_TWO)
    driver.execute_script("document.querySelector('[data-ac-model=a]').focus({focusVisible: true})")
    seen = [focused(driver)]
    for _ in range(4):
        pressed(driver, TAB)
        seen.append(focused(driver))
    assert seen == ["acModela", "acVersiona", "acSwap", "acModelb", "acVersionb"]
    pressed(driver, UP)
    assert "b=credit-risk-predictor@3.0.0-rc1" in driver.current_url, "the versions stand newest first"
    driver.execute_script("document.querySelector('[data-ac-swap]').focus({focusVisible: true})")
    assert driver.execute_script("return getComputedStyle(document.activeElement).outlineStyle") != "none"
    before = driver.current_url
    pressed(driver, ENTER)
    assert driver.current_url != before
    pressed(driver, ENTER)
    assert driver.current_url == before
    assert drawn(driver, site + ANY_TWO) == first


def test_what_is_folded_and_the_links_to_sections_are_reached_by_tab(driver: Any, site: str) -> None:  # noqa: F811
    sized(driver, 1280)
    drawn(driver, site + STATIC)
    driver.execute_script("document.querySelector('details.ac-differences summary').focus()")
    pressed(driver, ENTER)
    assert driver.execute_script("return document.querySelector('details.ac-differences').open")
    driver.execute_script("document.querySelector('.ac-jump a').focus()")
    pressed(driver, ENTER)
    assert driver.current_url.endswith(driver.execute_script("return document.querySelector('.ac-jump a').hash"))


def test_both_pages_work_from_a_folder_on_disk(driver: Any, tmp_path: Path) -> None:  # noqa: F811
    folder = built(project(tmp_path, base_registry(), use_directory_urls=False))
    sized(driver, 1280)
    complaints(driver)
    static = drawn(driver, (folder / "models/loan-default/2.0.0/since/1.0.0/index.html").as_uri())
    assert static
    choice = (folder / "compare/index.html").as_uri()
    assert drawn(driver, f"{choice}?a=loan-default@1.0.0&b=loan-default@2.0.0") == static
    link = driver.find_element("css selector", "[data-ac-drawn] .ac-lede a").get_attribute("href")
    assert Path(urlsplit(link).path).is_file(), "a link leads to a file, not to a folder"
    driver.find_element("css selector", "[data-ac-version=a] option[value='2.0.0']").click()
    waited(driver, "return document.querySelector('[data-ac-drawn]').textContent.includes('Nothing differs')")
    ours = [said for said in complaints(driver) if "sitemap.xml" not in said]  # the theme asks for it, and does without
    assert ours == []
