from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from tests.support.cases import assessed, base_registry, patched
from tests.support.hostile import HOSTILE
from tests.support.project import built, contents, project, read

from accredit.site.page import Page
from accredit.site.pages.catalogue import Catalogue
from accredit.site.previews import HEIGHT, WIDTH, drawable, preview_of
from accredit.site.social import Social

Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
ADDRESS = "https://models.example.org/gov/"
MODEL = "models/loan-default/index.html"


def drawn(name: str) -> bytes:
    known = assessed(patched(base_registry(), {"models/loan-default/model.yaml": {"name": name}}))
    return preview_of(Catalogue(known), known.models["loan-default"])


def tag(page: str, name: str) -> str | None:
    found = re.search(rf'<meta property="{name}" content="([^"]*)">', page)
    return found[1] if found else None


def test_a_page_tells_what_it_is_and_shows_a_picture_that_is_there(tmp_path: Path) -> None:
    site = contents(built(project(tmp_path, site_url=ADDRESS)))
    page = site[MODEL].decode()
    assert tag(page, "og:title") == "Loan default"
    assert tag(page, "og:url") == f"{ADDRESS}models/loan-default/"
    picture = tag(page, "og:image") or ""
    image = Image.open(io.BytesIO(site[picture.removeprefix(ADDRESS)]))
    assert (image.format, image.size) == ("PNG", (1200, 630))
    assert page.index("charset") < 1024  # browsers look no further


def test_without_an_address_no_picture_is_named_or_drawn(tmp_path: Path) -> None:
    site = contents(built(project(tmp_path)))
    assert tag(site[MODEL].decode(), "og:title") == "Loan default"
    assert tag(site[MODEL].decode(), "og:image") is None
    assert not [path for path in site if path.startswith("previews/")]


def test_each_page_has_tags_of_its_own_and_links_that_lead_somewhere(tmp_path: Path) -> None:
    site = built(project(tmp_path, site_url=ADDRESS))
    for place in read(site):
        page = (site / place).read_text(encoding="utf-8")
        if place.startswith("guide/"):  # written by hand
            continue
        assert page.count('property="og:title"') == 1, place
        assert tag(page, "og:url") == ADDRESS + place.removesuffix("index.html")
        links = r'<link rel="(?:alternate feed|describedby)" type="application/[^"]*" href="([^"]*)"'
        for link in re.findall(links, page):
            assert (site / place).parent.joinpath(link).resolve().is_file(), (place, link)


def test_a_name_in_any_script_has_a_picture_and_the_same_one_each_time() -> None:
    for name in [*(word for word in HOSTILE if "\n" not in word), "Modèle de crédit", "W" * 300, "word " * 50 + "x"]:
        picture = Image.open(io.BytesIO(drawn(name)))
        assert picture.size == (WIDTH, HEIGHT)
        assert len(picture.getcolors(256)) > 2
    assert drawn("Loan default") == drawn("Loan default") != drawn("Loan defaults")


def test_letters_that_the_font_does_not_have_are_not_drawn() -> None:
    assert drawable("Modèle", "model") == "Modele"
    assert drawable("顧客の信用", "credit") == "credit"


def test_hostile_names_stay_within_their_tags() -> None:
    for word in HOSTILE:
        tags = Social(word, ADDRESS, previews=True).tags(Page("models/", word, "models.html", summary=word))
        assert re.fullmatch(r'(<(meta|link)( [a-z]+="[^"<>]*")+>)+', tags), word
