"""The staged tree: other engines build it, and every page is there and says what it says here."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.site.test_mkdocs_plugin import hostile_files
from tests.support.cases import base_registry, patched
from tests.support.program import base_on_disk, on_disk, run
from tests.support.project import AS_OF, contents, dead_links, project, read

from accredit.site.stage import one_line

VERSION = "models/loan-default/2.0.0/index.html"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The staged tree of a project with a page of its own."""
    folder = tmp_path_factory.mktemp("staged")
    own = project(folder / "project", site_url="https://models.example.org/")
    return staged(own / "registry", folder / "tree")


def staged(registry: Path, folder: Path) -> Path:
    done = run("stage", folder, "--registry", registry, "--as-of", AS_OF)
    assert done.exit_code == 0, done.stderr
    return folder


def pages_of(tree: Path) -> set[str]:
    return {p.relative_to(tree / "docs").with_suffix(".html").as_posix() for p in (tree / "docs").rglob("index.md")}


def built_with(program: str, *arguments: str, tree: Path, folder: Path) -> Path:
    """The site that an engine makes of a copy of the tree."""
    where = shutil.which(program, path=str(Path(sys.executable).parent)) or shutil.which(program)
    if where is None:
        pytest.skip(f"{program} is not installed")
    shutil.copytree(tree, folder)
    done = subprocess.run([where, *arguments], cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"


ENGINES = [
    ("mkdocs", "build", "--strict"),
    ("properdocs", "build", "--strict", "-f", "mkdocs.yml"),
    ("zensical", "build", "--strict"),
]


@pytest.mark.parametrize("command", ENGINES, ids=lambda command: command[0])
def test_an_engine_without_our_plugin_builds_every_page(command: tuple[str, ...], tree: Path, tmp_path: Path) -> None:
    site = built_with(*command, tree=tree, folder=tmp_path / "copy")
    found = read(site)
    assert pages_of(tree) <= set(found)
    assert "guide/ours/index.html" in found
    assert "Can it be deployed?" in found[VERSION].text
    assert list(dead_links(site, found)) == []
    assert json.loads((site / "api" / "index.json").read_bytes())["format"] == 1
    assert (site / "assets" / "accredit" / "accredit.css").is_file()


@pytest.mark.parametrize("command", ENGINES, ids=lambda command: command[0])
def test_hostile_words_stay_words_in_every_engine(command: tuple[str, ...], tmp_path: Path) -> None:
    tree = staged(on_disk(tmp_path / "hostile", hostile_files()), tmp_path / "tree")
    for place, page in read(built_with(*command, tree=tree, folder=tmp_path / "copy")).items():
        assert [o for o in page.offences if "alert" in o or "evil" in o] == [], place


def test_the_tree_says_the_same_as_the_site(tree: Path, tmp_path: Path) -> None:
    """The body of a page goes through a Markdown reader without a change but in white space."""
    site = built_with("mkdocs", "build", tree=tree, folder=tmp_path / "copy")
    for place in (VERSION, "models/index.html", "policy/index.html", "about/index.html"):
        body = (tree / "docs" / place).with_suffix(".md").read_text(encoding="utf-8").partition("---\n\n")[2].strip()
        assert html.unescape(body) in html.unescape((site / place).read_text(encoding="utf-8"))


def test_the_tree_names_no_plugin_of_ours_and_keeps_what_the_project_chose(tree: Path) -> None:
    settings = yaml.safe_load((tree / "mkdocs.yml").read_text(encoding="utf-8"))
    assert settings["plugins"] == ["search"]
    assert settings["site_url"] == "https://models.example.org/"
    assert settings["theme"]["name"] == "material"
    assert "guide/ours.md" in settings["nav"]
    assert {"Home": "index.md"} in settings["nav"]


def test_the_same_registry_gives_the_same_tree(tree: Path, tmp_path: Path) -> None:
    again = staged(
        project(tmp_path / "project", site_url="https://models.example.org/") / "registry", tmp_path / "tree"
    )
    assert contents(again) == contents(tree)


def test_text_that_looks_like_markdown_is_not_read_as_such(tmp_path: Path) -> None:
    words = "```\n# Heading\n\n[x]: https://evil.example\n\n    code\n```\n"
    files = patched(base_registry(), {"models/loan-default/model.yaml": {"description": words}})
    tree = staged(on_disk(tmp_path, files), tmp_path / "tree")
    site = built_with("mkdocs", "build", tree=tree, folder=tmp_path / "copy")
    page = (site / "models" / "loan-default" / "index.html").read_text(encoding="utf-8")
    assert re.search(r"<pre><code># Heading\s+\[x\]: https://evil.example\s+code\s*</code></pre>", html.unescape(page))


def test_lines_are_joined_and_those_of_code_are_kept() -> None:
    assert one_line("<p>a\n  b</p>\n<pre>x\n y</pre>\n") == "<p>a b</p> <pre>x&#10; y</pre> "


def test_an_earlier_tree_is_replaced_and_nothing_else_is(tmp_path: Path) -> None:
    registry = base_on_disk(tmp_path)
    tree = staged(registry, tmp_path / "tree")
    (tree / "docs" / "stale.md").write_text("old")
    assert not (staged(registry, tree) / "docs" / "stale.md").exists()
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("the only copy")
    done = run("stage", mine, "--registry", registry)
    assert done.exit_code == 2
    assert "holds something other than a staged site" in done.stderr
    assert (mine / "thesis.txt").read_text() == "the only copy"
    assert {path.name for path in tmp_path.iterdir()} == {"registry", "tree", "mine"}
