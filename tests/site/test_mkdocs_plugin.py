from __future__ import annotations

import itertools
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import yaml
from tests.support.cases import base_registry
from tests.support.hostile import HOSTILE, Reader
from tests.support.project import built, contents, dead_links, mkdocs, project, read

from accredit.loading.yaml import parse

VERSION = "models/loan-default/2.0.0/index.html"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the base registry."""
    return built(project(tmp_path_factory.mktemp("plain")))


def hostile_files() -> dict[str, bytes]:
    """The base registry with hostile words wherever somebody may write words."""
    words = itertools.cycle(HOSTILE)

    def replaced(value: object) -> object:
        if isinstance(value, dict):
            return {key: replaced(item) for key, item in value.items()}
        if isinstance(value, list):
            return [replaced(item) for item in value]
        return next(words) if isinstance(value, str) and " " in value else value

    files = base_registry()
    governed = {path for path in files if "/transitions/" in path or path == "policy.yaml"}
    for path in set(files) - governed:
        data = json.loads(json.dumps(parse(files[path]).data, default=str))
        files[path] = yaml.safe_dump(replaced(data), allow_unicode=True, width=1000).encode()
    return files


def test_pages_of_the_registry_join_those_written_by_hand(plain: Path) -> None:
    pages = read(plain)
    assert "Loan default" in pages[VERSION].text
    assert "../../models/" in pages["guide/ours/index.html"].links
    assert any(link.endswith("guide/ours/") for link in pages["models/index.html"].links)


def test_every_link_leads_somewhere(plain: Path) -> None:
    assert list(dead_links(plain, read(plain))) == []


def test_nothing_comes_from_elsewhere_and_only_the_theme_runs(plain: Path) -> None:
    for name, page in read(plain).items():
        if not name.startswith("guide/"):
            assert page.policy, name
            assert "'unsafe-inline'" not in page.policy.split("style-src")[0]
            assert page.offences == [], name


def test_a_frame_drawn_once_gives_the_bytes_of_one_drawn_for_each_page(plain: Path, tmp_path: Path) -> None:
    slowly = built(project(tmp_path, options={"fast_frame": False}))
    assert contents(slowly) == contents(plain)


def test_a_second_build_gives_the_same_bytes(plain: Path, tmp_path: Path) -> None:
    folder = project(tmp_path)
    first = contents(built(folder))
    assert contents(built(folder)) == first == contents(plain)


def test_links_may_name_files(tmp_path: Path) -> None:
    site = built(project(tmp_path, use_directory_urls=False))
    pages = read(site)
    assert "../../../models/index.html" in pages[VERSION].links
    assert list(dead_links(site, pages)) == []


def test_the_search_knows_a_line_of_each_page(plain: Path) -> None:
    index = plain / "search" / "search_index.json"
    entries = json.loads(index.read_text(encoding="utf-8"))["docs"]
    ours = [entry for entry in entries if not entry["location"].startswith("guide/")]
    assert {"models/loan-default/2.0.0/", ""} <= {entry["location"] for entry in ours}
    assert len({entry["location"] for entry in ours}) == len(ours)
    assert max(len(json.dumps(entry)) for entry in ours) <= 500
    assert sum(len(json.dumps(entry)) for entry in ours) / len(ours) <= 400


def test_whatever_somebody_writes_stays_text(tmp_path: Path) -> None:
    site = built(project(tmp_path, hostile_files()))
    pages = read(site)
    for name, page in pages.items():
        assert [o for o in page.offences if not name.startswith("guide/")] == [], name
    assert "<script>alert(1)</script>" in "".join(page.text for page in pages.values())
    assert list(dead_links(site, pages)) == []
    for entry in json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]:
        assert "<" not in entry["title"] + re.sub(r"</?p>", "", entry["text"])
    assert Reader((site / "sitemap.xml").read_text(encoding="utf-8")).offences == []


@pytest.mark.parametrize(
    "broken",
    [
        {"registry.yaml": b"name: ["},
        {"policy.yaml": b"stages: ["},
        {"policy.yaml": None},
        {"models/loan-default/model.yaml": b"owner: 7"},
        {"models/loan-default/versions/2.0.0/card.yaml": b"&a [*a]"},
        {"models/loan-default/versions/2.0.0/version.yaml": b"[" * 32_000},
        {"people/ada/x.yaml": b"", "stray.txt": b"x"},
    ],
)
def test_a_registry_with_faults_has_a_site_that_tells_them(tmp_path: Path, broken: dict[str, bytes | None]) -> None:
    files = {path: content for path, content in {**base_registry(), **broken}.items() if content is not None}
    pages = read(built(project(tmp_path, files)))
    told = pages["findings/index.html"].text
    assert next(iter(broken)) in told


def test_without_a_registry_the_build_says_what_is_missing(tmp_path: Path) -> None:
    done = mkdocs(project(tmp_path, options={"registry": "elsewhere"}))
    assert done.returncode == 1
    assert "there is no folder" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_day_that_is_none_is_refused(tmp_path: Path) -> None:
    done = mkdocs(project(tmp_path, options={"as_of": "yesterday"}))
    assert done.returncode == 1
    assert "as_of: yesterday is not a date" in done.stderr


def test_a_page_written_by_hand_cannot_pose_as_one_of_the_registry(tmp_path: Path) -> None:
    folder = project(tmp_path)
    forged = folder / "docs" / "models" / "loan-default" / "2.0.0" / "index.md"
    forged.parent.mkdir(parents=True)
    forged.write_text("# Approved by everybody")
    assert mkdocs(folder, "--strict").returncode == 1
    assert "models/loan-default/2.0.0/index.md" in mkdocs(folder).stderr
    assert "Approved by everybody" not in (folder / "site" / VERSION).read_text(encoding="utf-8")


def test_the_front_page_may_be_written_by_hand(tmp_path: Path) -> None:
    folder = project(tmp_path)
    (folder / "docs" / "index.md").write_text("# Welcome, all of you")
    pages = read(built(folder))
    assert "Welcome, all of you" in pages["index.html"].text
    assert any(link.endswith("models/") for link in pages["index.html"].links)


def test_a_navigation_of_ones_own_is_taken_as_it_is(tmp_path: Path) -> None:
    nav = [{"Start": "guide/ours.md"}, {"All our models": "models/index.md"}]
    page = (built(project(tmp_path, nav=nav)) / "guide" / "ours" / "index.html").read_text(encoding="utf-8")
    shown = [" ".join(text.split()) for text in re.findall(r'class="md-ellipsis">(.*?)</span>', page, re.DOTALL)]
    assert {"Start", "All our models"} <= set(shown)
    assert "Policy" not in shown


def test_another_theme_draws_the_same_pages(tmp_path: Path) -> None:
    folder = project(tmp_path, options={"content_security_policy": False}, theme={"name": "readthedocs"})
    html = (built(folder) / VERSION).read_text(encoding="utf-8")
    assert "Content-Security-Policy" not in html
    assert "wy-nav-content" in html
    assert 'id="gates"' in html


def test_a_theme_that_shows_more_of_each_page_is_drawn_in_full(plain: Path, tmp_path: Path) -> None:
    folder = project(tmp_path, theme={"name": "material", "font": False, "custom_dir": "own"})
    (folder / "own").mkdir()
    (folder / "own" / "main.html").write_text(
        '{% extends "base.html" %}{% block footer %}<p>{{ page.url | upper }}</p>{% endblock %}'
    )
    for name, page in read(built(folder)).items():
        assert name.removesuffix("index.html").upper() in page.text
    assert set(contents(folder / "site")) == set(contents(plain))


def test_a_preview_shows_an_edit(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = project(tmp_path)
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"]
    package = str(Path(__file__).parents[2] / "generator")
    environment = {**os.environ, "PYTHONPATH": package}
    with subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            address = f"http://127.0.0.1:{port}/models/loan-default/"
            assert "script-src 'self' 'unsafe-inline'" in wait_for(address, "Loan default")
            model = folder / "registry" / "models" / "loan-default" / "model.yaml"
            text = model.read_text(encoding="utf-8")
            model.write_text(re.sub(r"(?m)^name: .*$", "name: Renamed meanwhile", text), encoding="utf-8")
            wait_for(address, "Renamed meanwhile")
        finally:
            server.kill()  # an interruption may be ignored, as it is by what a shell runs in the background


def wait_for(address: str, text: str) -> str:
    """The page, as soon as it holds the text."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                page: str = answer.read().decode()
        except OSError:
            page = ""
        if text in page:
            return page
        time.sleep(0.2)
    raise AssertionError(f"{text} did not appear at {address}")
