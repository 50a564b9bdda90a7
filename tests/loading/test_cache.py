"""The cache saves time and never changes a result, whatever happens to it."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from pathlib import Path

import pytest

from accredit.loading import cache as module
from accredit.loading.cache import EntryCache, cache_folder
from accredit.loading.folder import Folder
from accredit.loading.tree import load

WORKED = Path(__file__).parents[2] / "registry"


@pytest.fixture
def cache(tmp_path) -> EntryCache:
    return EntryCache(tmp_path / "cache")


@pytest.fixture
def base(tmp_path) -> Path:
    """The file of a cache that holds the worked registry."""
    load(Folder(WORKED), cache=EntryCache(tmp_path / "cache"))
    return tmp_path / "cache/entries.sqlite"


@pytest.fixture(scope="module")
def fresh():
    return load(Folder(WORKED))


def rows(base: Path) -> int:
    with sqlite3.connect(base) as connection:
        return connection.execute("SELECT count(*) FROM entry").fetchone()[0]


def test_a_registry_from_the_cache_is_the_same_registry(cache, base, fresh):
    assert rows(base) > 10
    assert load(Folder(WORKED), cache=cache) == fresh


def test_what_is_put_is_got(cache):
    key, text = cache.key("person", "0" * 64), json.dumps({"name": "From the cache"}).encode()
    cache.put({key: text})
    assert cache.get([key, b"unknown"]) == {key: text}


def overwrite(base: Path) -> None:
    base.write_bytes(b"no database at all" * 1000)


def truncate(base: Path) -> None:
    os.truncate(base, base.stat().st_size // 3)


def flip(base: Path) -> None:
    content = bytearray(base.read_bytes())
    for index in range(5_000, len(content), 997):
        content[index] ^= 0x20
    base.write_bytes(content)


def other_values(base: Path) -> None:
    with sqlite3.connect(base) as connection:
        connection.execute("UPDATE entry SET value = (SELECT max(value) FROM entry)")


def other_types(base: Path) -> None:
    with sqlite3.connect(base) as connection:
        connection.execute("UPDATE entry SET value = 7")


def other_table(base: Path) -> None:
    with sqlite3.connect(base) as connection:
        connection.execute("DROP TABLE entry")
        connection.execute("CREATE TABLE entry (x)")


def folder(base: Path) -> None:
    base.unlink()
    base.mkdir()


@pytest.mark.parametrize("damage", [overwrite, truncate, flip, other_values, other_types, other_table, folder])
def test_a_damaged_cache_changes_nothing(cache, base, fresh, damage):
    damage(base)
    assert load(Folder(WORKED), cache=cache) == fresh
    assert load(Folder(WORKED), cache=cache) == fresh


def test_a_cache_that_is_no_database_is_replaced(cache, base):
    overwrite(base)
    load(Folder(WORKED), cache=cache)
    load(Folder(WORKED), cache=cache)
    assert rows(base) > 10


def test_a_locked_cache_only_costs_time(cache, base, fresh):
    with sqlite3.connect(base) as other:
        other.execute("BEGIN EXCLUSIVE")
        started = time.monotonic()
        assert load(Folder(WORKED), cache=cache) == fresh
        assert time.monotonic() - started < 10


def test_a_cache_in_a_place_that_cannot_be_written_is_no_cache(fresh):
    assert load(Folder(WORKED), cache=EntryCache(Path("/dev/null/cache"))) == fresh


def test_a_cache_inside_the_registry_is_not_used(tmp_path):
    (tmp_path / "registry.yaml").write_text("format: 1\nid: 0b8a5f0e-1111-4222-8333-444455556666\nname: T\n")
    assert load(Folder(tmp_path), cache=EntryCache(tmp_path / "cache")).findings == ()
    assert [p.name for p in tmp_path.iterdir()] == ["registry.yaml"]


def test_a_broken_file_is_not_remembered_as_sound(tmp_path, cache):
    (tmp_path / "registry.yaml").write_text("format: 2\n")
    first, second = (load(Folder(tmp_path), cache=cache).findings for _ in range(2))
    assert first == second != ()


def test_a_large_cache_starts_anew(cache, base, monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 1_000)
    cache.put({b"k": b"v"})
    assert rows(base) == 1


def test_the_key_says_everything_that_an_entry_depends_on(cache):
    keys = {cache.key("approval", "a"), cache.key("change-approval", "a"), cache.key("approval", "b")}
    assert len(keys) == 3


@pytest.mark.parametrize(
    ("platform", "environment", "folder"),
    [
        ("linux", {}, "/home/ada/.cache/accredit"),
        ("linux", {"XDG_CACHE_HOME": "/fast"}, "/fast/accredit"),
        ("linux", {"XDG_CACHE_HOME": "relative"}, "/home/ada/.cache/accredit"),
        ("darwin", {}, "/home/ada/Library/Caches/accredit"),
        ("win32", {}, "/home/ada/AppData/Local/accredit/Cache"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/accredit/Cache"),
        ("linux", {"ACCREDIT_CACHE_DIR": "/mine", "XDG_CACHE_HOME": "/fast"}, "/mine"),
    ],
)
def test_the_cache_lies_where_the_platform_keeps_caches(monkeypatch, platform, environment, folder):
    monkeypatch.setattr("sys.platform", platform)
    assert cache_folder(environment, Path("/home/ada")) == Path(folder)
