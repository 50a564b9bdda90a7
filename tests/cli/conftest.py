from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.support.office import Office


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("ACCREDIT_CACHE_DIR", str(folder))
    return folder


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A registry with one version in production. Tests that change it take a copy."""
    folder = tmp_path_factory.mktemp("finished") / "work"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACCREDIT_CACHE_DIR", str(folder.parent / "cache"))
        patch.chdir(folder)
        office = Office(folder)
        office.in_production()
    return office


@pytest.fixture
def in_production(finished: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A copy of a registry with one version in production, as the current folder."""
    folder = tmp_path / "work"
    shutil.copytree(finished.folder.parent, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(folder)
    copy = object.__new__(Office)
    copy.folder, copy.root = folder, folder / "registry"
    return copy
