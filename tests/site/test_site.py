from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.support.cases import base_registry, patched
from tests.support.program import base_on_disk, on_disk

from accredit.errors import UsageError
from accredit.site import site as site_module
from accredit.site.graph import Engine
from accredit.site.render import Renderer
from accredit.site.site import Site, day_of

DAY = dt.date(2026, 11, 23)
VERSION = "models/loan-default/2.0.0/"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    monkeypatch.setenv("ACCREDIT_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def bodies(registry: Path) -> Mapping[str, str]:
    """The body of every page by its url."""
    site = Site.open(registry, DAY)
    try:
        return {page.url: site.body(page) for page in site.pages}
    finally:
        site.close(complete=True)


def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes each page that is drawn and not recalled."""
    urls: list[str] = []
    draw = Renderer.body
    monkeypatch.setattr(Renderer, "body", lambda self, page: (urls.append(page.url), draw(self, page))[1])
    monkeypatch.setattr("accredit.site.forks.copies_worth", lambda _pages: 0)
    return urls


def test_what_did_not_change_is_not_drawn_again(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not cache.exists()
    registry = base_on_disk(tmp_path)
    urls = drawn(monkeypatch)
    first = bodies(registry)
    assert set(urls) == set(first)
    urls.clear()
    assert bodies(registry) == first
    assert urls == []


def test_a_change_is_seen_where_it_shows(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not cache.exists()
    registry = base_on_disk(tmp_path)
    bodies(registry)
    card = "models/loan-default/versions/2.0.0/card.yaml"
    on_disk(tmp_path, patched(base_registry(), {card: {"fairness": "Seen by nobody before."}}))
    urls = drawn(monkeypatch)
    assert "Seen by nobody before." in bodies(registry)[VERSION]
    assert VERSION in urls
    assert "models/loan-default/1.0.0/" not in urls


@pytest.mark.parametrize("damage", [b"", b"nothing like a database", None])
def test_a_damaged_cache_costs_time_and_nothing_else(cache: Path, tmp_path: Path, damage: bytes | None) -> None:
    registry = base_on_disk(tmp_path)
    first = bodies(registry)
    file = cache / "site.sqlite"
    content = file.read_bytes()
    # Without a given content, letters within the kept pages are changed, as a failing disk would.
    file.write_bytes(content.replace(b"oan default", b"oan DEFAULT") if damage is None else damage)
    assert bodies(registry) == first


def test_nothing_is_kept_within_the_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = base_on_disk(tmp_path)
    monkeypatch.setenv("ACCREDIT_CACHE_DIR", str(registry / "cache"))
    assert VERSION in bodies(registry)
    assert not (registry / "cache").exists()


def test_pages_of_copies_are_those_of_one_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = base_on_disk(tmp_path)
    found = []
    for copies in (0, 2):
        monkeypatch.setenv("ACCREDIT_CACHE_DIR", str(tmp_path / f"cache-{copies}"))
        monkeypatch.setattr("accredit.site.forks.copies_worth", lambda _pages, copies=copies: copies)
        found.append(bodies(registry))
    assert found[0] == found[1]


def test_another_renderer_is_not_given_the_pages_of_the_first(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not cache.exists()
    registry = base_on_disk(tmp_path)
    assert '<svg class="lineage"' in bodies(registry)[VERSION]
    monkeypatch.setattr(site_module, "find_engine", lambda: Engine(tmp_path / "absent", "another"))
    assert '<ul class="lineage"' in bodies(registry)[VERSION]


@pytest.mark.parametrize("told", ["2026-11-23", DAY, dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)])
def test_a_day_may_be_told_as_text_or_date(told: object) -> None:
    assert day_of(told) == DAY


def test_no_day_is_today_and_no_date_is_an_error() -> None:
    assert abs((day_of("") - dt.datetime.now(dt.UTC).date()).days) <= 1
    with pytest.raises(UsageError):
        day_of("2026-13-01")
