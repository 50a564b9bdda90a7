"""An organisation's own name, logo, colours, words and pages, without a change to the program."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.support.cases import base_registry, patched
from tests.support.project import built, dead_links, project, read

NAMES = {"staging": "Sandbox", "review": "Under review", "production": "Live", "archived": "Retired"}
VERSION = "models/loan-default/2.0.0/index.html"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that an organisation made its own by `mkdocs.yml` and `policy.yaml` alone."""
    policy = {f"stages.{stage}.name": name for stage, name in NAMES.items()}
    theme = {
        "name": "material", "font": False, "logo": "brand/logo.svg", "favicon": "brand/logo.svg",
        "palette": {"primary": "custom", "accent": "custom"},
    }  # fmt: skip
    folder = project(
        tmp_path_factory.mktemp("brand"),
        patched(base_registry(), {"policy.yaml": policy, "registry.yaml": {"name": "Models of Harbour Bank"}}),
        theme=theme,
        site_name="Harbour Bank model register",
        extra_css=["brand/colours.css"],
        copyright="Harbour Bank",
    )
    brand = folder / "docs" / "brand"
    brand.mkdir()
    (brand / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>', encoding="utf-8")
    (brand / "colours.css").write_text(":root{--md-primary-fg-color:#0a3d2e}", encoding="utf-8")
    return built(folder)


def test_name_logo_and_colours_are_on_every_page(site: Path) -> None:
    for place in read(site):
        page, depth = (site / place).read_text(encoding="utf-8"), place.count("/")
        assert "Harbour Bank model register" in page, place
        assert f'src="{"../" * depth}brand/logo.svg"' in page, place
        assert page.index("accredit/accredit.css") < page.index("brand/colours.css"), place  # so that theirs wins
        assert f'href="{"../" * depth}brand/colours.css"' in page, place
        assert 'data-md-color-primary="custom"' in page, place


def test_our_own_pages_are_in_it_and_lead_to_those_of_the_registry(site: Path) -> None:
    pages = read(site)
    assert "../../models/" in pages["guide/ours/index.html"].links
    assert [link for link in dead_links(site, pages) if link.startswith("guide/")] == []


def test_stages_bear_the_names_of_policy_wherever_they_are_shown(site: Path) -> None:
    chips = re.compile(r'<span class="ac-chip ac-is-(staging|review|production|archived)"><svg.*?</svg>(.*?)</span>')
    seen = set()
    for path in site.rglob("*.html"):
        for stage, words in chips.findall(path.read_text(encoding="utf-8")):
            if words != "Not yet in force":  # it has the colour of a stage
                assert words == NAMES[stage] or words not in ("Staging", "Review", "Production", "Archived"), path
                seen.add(words)
    assert {"Live", "Retired"} <= seen


def test_headings_charts_diagrams_badges_and_data_say_it_too(site: Path) -> None:
    pages = read(site)
    assert "In live" in pages["index.html"].text
    assert "In production" not in pages["index.html"].text
    model = (site / "models" / "loan-default" / "index.html").read_text(encoding="utf-8")
    assert re.search(r"2\.0\.0 in live from", model)  # the words of the chart
    assert "\N{MIDDLE DOT} live" in model  # in the lineage
    assert "under review → live" in pages[VERSION].text
    assert "production, gates" not in (site / "badges" / "loan-default.svg").read_text(encoding="utf-8")
    assert "live, gates" in (site / "badges" / "loan-default.svg").read_text(encoding="utf-8")
    version = json.loads((site / "api" / "versions" / "loan-default" / "2.0.0.json").read_bytes())
    assert (version["stage"], version["version"]["stage_name"]) == ("production", "Live")


def test_names_of_stages_are_words_and_no_markup(tmp_path: Path) -> None:
    name = "<img src=x onerror=alert(1)>"
    files = patched(base_registry(), {"policy.yaml": {"stages.production.name": name}})
    for place, page in read(built(project(tmp_path, files))).items():
        assert [o for o in page.offences if "alert" in o] == [], place
