"""The page that compares any two versions, in a real browser: what it draws is what the static page says."""

from __future__ import annotations

from typing import Any

import pytest
from tests.site.test_browser import complaints, driver, hostile_site, pytestmark, site, sized  # noqa: F401 - fixtures

ANY_TWO = "compare/?a=credit-risk-predictor@2.0.0&b=credit-risk-predictor@2.1.0"
STATIC = "models/credit-risk-predictor/2.1.0/since/2.0.0/"
CELLS = (
    "return [...document.querySelectorAll('.ac-compared tbody tr')]"
    ".map(r => [...r.cells].map(c => c.textContent.replace(/\\s+/g, ' ').trim()))"
)


def drawn(driver: Any, address: str) -> list[list[str]]:  # noqa: F811
    from selenium.webdriver.support.ui import WebDriverWait  # noqa: PLC0415 - only where it is installed

    driver.get(address)
    WebDriverWait(driver, 10).until(lambda d: d.execute_script("return document.querySelector('.ac-compared')"))
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
