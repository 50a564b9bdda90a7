"""Charts on paper, in a real browser: their numbers are printed with them, in dark ink whatever the screen is like."""

from __future__ import annotations

from typing import Any

from tests.site.test_browser import driver, pytestmark, site, sized  # noqa: F401 - fixtures

MODEL = "models/credit-risk-predictor/"
TABLES = "return [...document.querySelectorAll('.ac-figure .ac-numbers')].map(t => t.checkVisibility())"
INK = """
    const ink = getComputedStyle(document.querySelector('.ac-figure .ac-tick')).fill;
    return Math.max(...ink.match(/\\d+/g).slice(0, 3).map(Number));"""


def test_charts_are_printed_with_their_numbers_in_dark_ink(driver: Any, site: str) -> None:  # noqa: F811
    sized(driver, 1280, "dark")
    driver.get(site + MODEL)
    folded, light = driver.execute_script(TABLES), driver.execute_script(INK)
    assert len(folded) > 4
    assert not any(folded)
    assert light > 150
    dark = {"media": "print", "features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", dark)
    try:
        printed, ink = driver.execute_script(TABLES), driver.execute_script(INK)
    finally:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert all(printed)
    assert ink < 120
