"""The questions that a registry is asked, each answered from the front page within two clicks, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.support.ui import Select, WebDriverWait
from tests.site import test_browser as browser

pytestmark = browser.pytestmark
driver = browser.driver
MOST_CLICKS = 2


@dataclass
class Visitor:
    """Somebody at the front page, with a mouse."""

    driver: Any
    address: str
    clicks: list[str] = field(default_factory=list)

    def click(self, words: str, within: str = ".ac-page") -> None:
        """Clicks what bears the words, which must be in sight without unfolding anything."""
        found = self.driver.find_elements("css selector", ", ".join(f"{within} {tag}" for tag in ("a", "summary")))
        link = next(e for e in found if e.is_displayed() and words in e.text)
        self.clicks.append(words)
        assert len(self.clicks) <= MOST_CLICKS, self.clicks
        link.click()

    def sees(self, selector: str) -> str:
        """The text that is shown there, in one line."""
        return " ".join(self.driver.find_element("css selector", selector).text.split())

    def section(self, anchor: str) -> str:
        """The text that is shown from a heading on to the next of its level, in one line."""
        script = """
            let text = '', at = document.getElementById(arguments[0]);
            const level = at.tagName;
            do { text += ' ' + at.innerText; at = at.nextElementSibling; } while (at && at.tagName !== level);
            return text"""
        return " ".join(self.driver.execute_script(script, anchor).split())


def running(model: str) -> str:
    """Where the front page says what of a model is in production."""
    return f"#production-table tr:has(a[href$='/{model}/'])"


@pytest.fixture(scope="session")
def address(demo_site: Path) -> Iterator[str]:
    """Address of the demonstration's site."""
    yield from browser._served(demo_site)


@pytest.fixture
def visitor(driver: Any, address: str) -> Visitor:
    """Somebody who has just come to the front page."""
    browser.sized(driver, browser.WIDE)
    driver.get(address)
    return Visitor(driver, address)


def test_what_is_in_production_now_and_since_when(visitor: Visitor) -> None:
    assert "Credit Risk Predictor 2.0.0" in visitor.sees(running("credit-risk-predictor"))
    assert "25 Jun 2026" in visitor.sees(running("credit-risk-predictor"))
    assert "3 Jul 2026" in visitor.sees(running("care-review-priority"))
    assert "2.1.0" not in visitor.section("production")


def test_who_owns_it_and_how_to_reach_them(visitor: Visitor) -> None:
    assert "Mara Lindqvist" in visitor.sees(running("mortgage-approval"))
    visitor.click("Mara Lindqvist")
    assert "Contact mara-lindqvist@northlake.example" in visitor.sees(".ac-facts")


def test_who_approved_it_and_how_to_check_that(visitor: Visitor) -> None:
    row = visitor.sees(running("credit-risk-predictor"))
    assert "Samuel Okoro" in row
    assert "Signed, verified" in row
    visitor.click("Signed, verified", running("credit-risk-predictor"))
    step = re.search(r"#(transition-\d+)$", visitor.driver.current_url)
    assert step
    assert "review → production" in visitor.sees(f"#{step[1]}")
    visitor.click("Check it by hand", f"#{step[1]}")
    assert "ssh-keygen -Y verify" in visitor.sees(f"#{step[1]}")


def test_what_waits_for_me_by_role_and_by_person(visitor: Visitor) -> None:
    waiting = visitor.sees("#waiting")
    assert "Credit Risk Predictor 2.1.0" in waiting
    assert "risk officer Birgit Nyström" in waiting
    visitor.click("Birgit Nyström", "#waiting")
    mine = visitor.section("waiting")
    assert "Credit Risk Predictor 2.1.0 review → production" in mine
    assert "could sign as risk officer" in mine
    assert "accredit approve credit-risk-predictor 2.1.0" in mine


def test_what_waits_for_anybody_is_one_list_that_needs_no_script(visitor: Visitor) -> None:
    visitor.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        visitor.driver.get(visitor.address)
        visitor.click("What waits for me?")
        assert "counsel Claire Dubois" in visitor.sees("#waiting + .ac-scroll")
        visitor.click("Claire Dubois", "#waiting + .ac-scroll")
        assert "Credit Risk Predictor 2.1.0" in visitor.sees("#waiting + .ac-list")
    finally:
        visitor.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_nothing_waits_for_somebody_who_asked_for_it_or_has_signed(visitor: Visitor) -> None:
    visitor.driver.get(f"{visitor.address}people/mara-lindqvist/")
    assert "No request waits for Mara Lindqvist." in visitor.section("waiting")


def test_which_gates_fail_and_why(visitor: Visitor) -> None:
    assert re.search(r"Mortgage approval 1\.0\.0: \d+ of \d+ rules do not hold", visitor.sees("#blocked"))
    visitor.click("Mortgage approval 1.0.0", "#blocked")
    verdict = visitor.section("deploy")
    assert "FAIR103 Impact ratio is at or above the limit" in verdict
    assert "impact ratio by race is 0.7867" in verdict
    assert "Find the cause and mitigate it" in verdict


def test_how_metric_and_disparity_moved_over_the_versions(visitor: Visitor) -> None:
    visitor.click("over time", running("credit-risk-predictor"))
    assert visitor.driver.current_url.endswith("models/credit-risk-predictor/#trends")
    titles = visitor.driver.find_elements("css selector", "#trends + .ac-figures figcaption")
    named = [title.text for title in titles if title.is_displayed()]
    assert any("AUC" in name for name in named)
    assert any("mpact ratio" in name for name in named)


def test_what_changed_between_a_version_and_the_one_before(visitor: Visitor) -> None:
    visitor.click("Credit Risk Predictor 2.1.0", "#waiting")
    visitor.click("What changed since 2.0.0")
    assert "2.0.0" in visitor.sees("h1")
    assert "2.1.0" in visitor.sees("h1")


def test_what_changed_between_any_two_versions(visitor: Visitor) -> None:
    visitor.click("What changed between two versions?")
    wait = WebDriverWait(visitor.driver, 20)
    for side, version in (("a", "1.0.0"), ("b", "3.0.0-rc1")):
        for name, value in (("model", "credit-risk-predictor"), ("version", version)):
            box = visitor.driver.find_element("css selector", f"[data-ac-{name}={side}]")
            Select(box).select_by_value(value)
    wait.until(lambda d: "AUC" in d.find_element("css selector", "[data-ac-drawn]").text)
    assert "3.0.0-rc1" in visitor.driver.current_url


def test_which_models_use_a_dataset_and_what_breaks_without_its_consent(visitor: Visitor) -> None:
    visitor.click("Who uses this dataset?")
    visitor.click("Consumer credit: training")
    told = visitor.section("users")
    assert "5 versions of 1 model came from it" in told
    assert re.search(r"Credit Risk Predictor 2\.0\.0 Production", told)
    assert "DATA103 would no longer hold for 3 of these versions" in told


def test_what_was_in_production_on_a_date(visitor: Visitor) -> None:
    visitor.click("What was in production on a day?")
    assert "What was in production" in visitor.sees("#as-of")
    visitor.click("31 Jan 2026", "#as-of ~ p")
    assert visitor.sees("h1") == "In production on 31 Jan 2026"
    assert "Credit Risk Predictor 1.1.0" in visitor.section("versions")


def test_what_must_be_reviewed_or_deleted_in_ninety_days(visitor: Visitor) -> None:
    days = visitor.driver.find_elements("css selector", "#due tbody td:first-child time")
    ends = [date.fromisoformat(day.get_attribute("datetime")) for day in days]
    today = date(2026, 11, 23)
    assert ends == sorted(ends)
    assert today <= ends[0]
    assert ends[-1] <= today + timedelta(days=90)
    assert "the approval of credit-risk-predictor@2.0.0 holds until 2026-12-25" in visitor.sees("#due")
    visitor.click("what falls due", "#due")
    assert "records of churn-retention@2.0.0 are kept until 2027-07-31" in visitor.section("due")


def test_the_tabs_fit_beside_each_other(visitor: Visitor) -> None:
    tabs = [e.text for e in visitor.driver.find_elements("css selector", ".md-tabs__item") if e.is_displayed()]
    assert tabs == ["Home", "Models", "Data and lineage", "People and sign-off", "Compliance", "Reference"]
