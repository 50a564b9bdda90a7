from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from tests.support.cases import assessed, base_registry, patched
from tests.support.hostile import HOSTILE, Reader

from accredit.site.badges import TONES, badge, badges
from accredit.site.pages.catalogue import Catalogue

SVG = "{http://www.w3.org/2000/svg}"


def of(patches: dict[str, dict[str, object]] | None = None) -> dict[str, str]:
    return dict(badges(Catalogue(assessed(patched(base_registry(), patches or {})))))


def said(svg: str) -> str:
    return ET.fromstring(svg).findtext(f"{SVG}title") or ""


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_model_and_every_version_has_one() -> None:
    known = assessed(base_registry())
    versions = {f"badges/{v.model_id}/{v.id}.svg" for v in known.registry.versions()}
    assert set(of()) == versions | {f"badges/{name}.svg" for name in known.models}


def test_it_says_what_is_in_production_and_whether_its_gates_hold() -> None:
    assert said(of()["badges/loan-default/2.0.0.svg"]) == "Loan default 2.0.0: production, gates hold"
    assert "production, gates hold" in said(of()["badges/loan-default.svg"])
    broken = of({"policy.yaml": {"performance.tasks.binary_classification.thresholds": {"auc": {"min": 0.999}}}})
    assert "gate fails" in said(broken["badges/loan-default/2.0.0.svg"])
    assert TONES["bad"] in broken["badges/loan-default/2.0.0.svg"]


def test_it_uses_the_names_that_policy_gives_to_stages() -> None:
    renamed = of({"policy.yaml": {"stages.production.name": "Live"}})
    assert said(renamed["badges/loan-default/2.0.0.svg"]) == "Loan default 2.0.0: live, gates hold"


@pytest.mark.parametrize("words", [*HOSTILE, "\x00\x07\ud800", "x" * 500, "顧客" * 40, ""])
def test_whatever_it_says_it_is_an_image_that_runs_nothing(words: str) -> None:
    svg = badge(words, words, "plain")
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == root.findtext(f"{SVG}title")
    assert int(root.get("width", "")) <= 1200
    assert Reader(svg).offences == []


def test_text_can_be_read_on_every_tone() -> None:
    for colour in TONES.values():
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5
