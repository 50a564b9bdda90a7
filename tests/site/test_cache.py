from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from accredit.site.cache import Cache, TemplateCache


def test_a_value_is_there_in_the_next_build(tmp_path: Path) -> None:
    first = Cache(tmp_path, "a")
    first.put(b"key", b"value")
    assert first.get(b"key") == b"value"
    first.close(drop_unused=True)
    second = Cache(tmp_path, "a")
    assert second.keys() == {b"key"}
    assert second.get(b"key") == b"value"
    assert second.get(b"other") is None


def test_one_registry_does_not_see_another(tmp_path: Path) -> None:
    first = Cache(tmp_path, "a")
    first.put(b"key", b"value")
    first.close(drop_unused=False)
    assert Cache(tmp_path, "b").get(b"key") is None


def test_what_a_whole_build_did_not_use_is_dropped(tmp_path: Path) -> None:
    for used, complete in ((b"old", True), (b"new", False), (b"newer", True)):
        cache = Cache(tmp_path, "a")
        cache.put(used, b"value")
        cache.close(drop_unused=complete)
        if used == b"new":
            assert Cache(tmp_path, "a").keys() == {b"old", b"new"}
    assert Cache(tmp_path, "a").keys() == {b"newer"}


@pytest.mark.parametrize("content", [b"", b"no database at all" * 400, b"SQLite format 3\0" + bytes(5000)])
def test_a_file_that_is_no_database_is_made_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "site.sqlite").write_bytes(content)
    cache = Cache(tmp_path, "a")
    cache.put(b"key", b"value")
    cache.close(drop_unused=True)
    assert Cache(tmp_path, "a").get(b"key") == b"value"


@pytest.mark.parametrize("damage", ["x'00'", "substr(value, 1, 17)", "x'' || value || x'00'", "7", "NULL", "'text'"])
def test_a_damaged_value_is_none(tmp_path: Path, damage: str) -> None:
    cache = Cache(tmp_path, "a")
    cache.put(b"key", b"the body of a page")
    cache.close(drop_unused=True)
    with sqlite3.connect(tmp_path / "site.sqlite") as db:
        db.execute(f"UPDATE kept SET value = {damage}")
    db.close()
    assert Cache(tmp_path, "a").get(b"key") is None


def test_a_value_under_another_key_is_none(tmp_path: Path) -> None:
    cache = Cache(tmp_path, "a")
    cache.put(b"key", b"value")
    cache.close(drop_unused=True)
    with sqlite3.connect(tmp_path / "site.sqlite") as db:
        db.execute("UPDATE kept SET key = ?", (b"other",))
    db.close()
    assert Cache(tmp_path, "a").get(b"other") is None


def test_a_cache_that_changes_under_us_is_no_matter(tmp_path: Path) -> None:
    cache = Cache(tmp_path, "a")
    with sqlite3.connect(tmp_path / "site.sqlite") as db:
        db.execute("DROP TABLE kept")
    db.close()
    cache.put(b"key", b"value")
    assert cache.get(b"other") is None
    cache.close(drop_unused=True)


def test_where_nothing_can_be_kept_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "below", "a")
    cache.put(b"key", b"value")
    assert cache.get(b"key") == b"value"
    cache.close(drop_unused=True)
    assert cache.keys() == frozenset()


def test_without_a_folder_nothing_is_kept() -> None:
    cache = Cache(None, "a")
    cache.put(b"key", b"value")
    cache.close(drop_unused=True)
    assert cache.get(b"key") is None


def environment(cache: Cache, source: str) -> Environment:
    return Environment(loader=DictLoader({"a.html": source}), bytecode_cache=TemplateCache(cache), autoescape=True)


def test_a_compiled_template_is_kept_as_long_as_its_source_is_the_same(tmp_path: Path) -> None:
    for source in ("{{ 1 + 1 }}", "{{ 1 + 1 }}", "{{ 2 + 2 }}"):
        cache = Cache(tmp_path, "templates")
        assert environment(cache, source).get_template("a.html").render() == str(eval(source.strip("{} ")))
        cache.close(drop_unused=False)
    assert len(Cache(tmp_path, "templates").keys()) == 1
