from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.program import base_on_disk, run


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    base_on_disk(tmp_path)
    return tmp_path


def test_a_site_is_built_from_a_registry(here: Path) -> None:
    result = run("build", "--as-of", "2026-11-23")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "pages in " in result.stderr
    assert (here / "site/index.html").is_file()
    assert (here / "site/models/loan-default/index.html").is_file()


def test_findings_fail_a_strict_build_that_is_written_all_the_same(here: Path) -> None:
    model = here / "registry/models/loan-default/model.yaml"
    model.write_text(model.read_text().replace("owner: ", "owner: not-", 1))
    assert run("build", "--as-of", "2026-11-23").exit_code == 0
    assert run("build", "--as-of", "2026-11-23", "--strict").exit_code == 1
    assert (here / "site/index.html").is_file()


def test_a_folder_that_is_no_site_is_not_replaced(here: Path) -> None:
    (here / "mine").mkdir()
    (here / "mine/thesis.txt").write_text("mine")
    result = run("build", "--output", "mine")
    assert result.exit_code == 2
    assert (here / "mine/thesis.txt").read_text() == "mine"
