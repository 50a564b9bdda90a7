from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from mkdocs.utils.yaml import yaml_load
from tests.support.cases import base_registry, patched
from tests.support.program import base_on_disk, on_disk
from tests.support.project import contents, project, read

from accredit.errors import NotARegistryError, RenderError, UsageError
from accredit.site import build as build_module
from accredit.site.build import build, default_configuration

DAY = dt.date(2026, 11, 23)
VERSION = "models/loan-default/2.0.0/index.html"


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """A registry without a `mkdocs.yml`."""
    return base_on_disk(tmp_path / "repository")


def test_a_registry_alone_has_a_site(registry: Path, tmp_path: Path) -> None:
    built = build(registry, tmp_path / "site", DAY)
    pages = read(built.folder)
    assert built.folder == tmp_path / "site"
    assert built.pages == len(pages)
    assert built.assessment.as_of == DAY
    assert "Loan default" in pages[VERSION].text
    assert {path.name for path in tmp_path.iterdir()} == {"repository", "site"}
    assert {path.name for path in registry.parent.iterdir()} == {"registry"}


def test_a_project_is_built_as_its_mkdocs_yml_says_and_the_command_line_wins(tmp_path: Path) -> None:
    folder = project(tmp_path / "project", options={"as_of": "2020-01-01"}, site_name="Our own name")
    built = build(folder / "registry", tmp_path / "site", DAY)
    html = (built.folder / VERSION).read_text(encoding="utf-8")
    assert "Our own name" in html
    assert (built.folder / "guide" / "ours" / "index.html").is_file()
    assert built.assessment.as_of == DAY
    assert build(folder / "registry", tmp_path / "site").assessment.as_of == dt.date(2020, 1, 1)


def test_a_new_build_takes_the_place_of_the_old(registry: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    build(registry, site, DAY)
    (site / "stale.html").write_text("old")
    before = contents(site)
    build(registry, site, DAY)
    assert contents(site) == {path: content for path, content in before.items() if path != "stale.html"}
    assert {path.name for path in tmp_path.iterdir()} == {"repository", "site"}


def test_a_build_that_fails_leaves_the_last_good_site(
    registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    build(registry, site, DAY)
    before = contents(site)

    def broken(_config: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(build_module.mkdocs_build, "build", broken)
    with pytest.raises(KeyboardInterrupt):
        build(registry, site, DAY)
    assert contents(site) == before
    assert {path.name for path in tmp_path.iterdir()} == {"repository", "site"}


@pytest.mark.parametrize("place", ["repository", "repository/registry", "repository/registry/site", "mine", "file"])
def test_a_site_never_takes_the_place_of_anything_else(registry: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("the only copy")
    (tmp_path / "file").write_text("the only copy")
    before = contents(tmp_path)
    with pytest.raises(UsageError):
        build(registry, tmp_path / place, DAY)
    assert contents(tmp_path) == before


def test_an_empty_folder_may_hold_the_site(registry: Path, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    assert (build(registry, tmp_path / "site", DAY).folder / "index.html").is_file()


def test_a_project_without_the_plugin_is_told_how_to_add_it(tmp_path: Path) -> None:
    folder = project(tmp_path / "project", plugins=["search"])
    with pytest.raises(UsageError) as error:
        build(folder / "registry", tmp_path / "site", DAY)
    assert error.value.hint == "Add `- accredit` to its `plugins`."


def test_a_project_that_mkdocs_refuses_is_our_error(tmp_path: Path) -> None:
    folder = project(tmp_path / "project", theme={"name": "absent"})
    with pytest.raises(RenderError):
        build(folder / "registry", tmp_path / "site", DAY)


def test_a_folder_without_a_registry_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises((NotARegistryError, RenderError)):
        build(tmp_path / "empty", tmp_path / "site", DAY)
    assert not (tmp_path / "site").exists()


def test_the_name_of_a_registry_stays_text(tmp_path: Path) -> None:
    name = "</title><script>alert(1)</script>"
    files = patched(base_registry(), {"registry.yaml": {"name": name}})
    pages = read(build(on_disk(tmp_path, files), tmp_path / "site", DAY).folder)
    for path, page in pages.items():
        assert page.offences == [], path
        assert name in page.text


def test_the_default_configuration_is_that_of_the_worked_example() -> None:
    root = Path(__file__).parents[2]
    worked = yaml_load((root / "mkdocs.yml").read_text(encoding="utf-8"))
    assert default_configuration(root / "registry")["theme"] == worked["theme"]
