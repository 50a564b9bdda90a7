"""A MkDocs project with a registry, in a folder, and ways to look at the site that comes of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml
from tests.support.cases import base_registry
from tests.support.hostile import Reader
from tests.support.program import on_disk

AS_OF = "2026-11-23"
MARKDOWN = "# Ours\n\nSee [the models](../models/index.md) and [people](../people/index.md).\n"


def project(
    folder: Path,
    files: Mapping[str, bytes] | None = None,
    options: Mapping[str, object] | None = None,
    **config: object,
) -> Path:
    """Writes a project with a page of its own; returns its folder."""
    on_disk(folder, dict(base_registry() if files is None else files))
    (folder / "docs" / "guide").mkdir(parents=True)
    (folder / "docs" / "guide" / "ours.md").write_text(MARKDOWN, encoding="utf-8")
    plugin = {"accredit": {"as_of": AS_OF, **(options or {})}}
    theme = {"name": "material", "font": False, "features": ["navigation.indexes"]}
    settings = {"site_name": "Test", "theme": theme, "plugins": ["search", plugin], **config}
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return folder


def mkdocs(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs `mkdocs build` as a user would."""
    command = [sys.executable, "-m", "mkdocs", "build", *arguments]
    package = str(Path(__file__).parents[2] / "generator")
    environment = {**os.environ, "PYTHONPATH": package}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def built(folder: Path, *arguments: str) -> Path:
    """Builds without a warning; returns the site."""
    done = mkdocs(folder, "--strict", *arguments)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return folder / "site"


def contents(site: Path) -> dict[str, bytes]:
    """Every file of a site."""
    return {p.relative_to(site).as_posix(): p.read_bytes() for p in sorted(site.rglob("*")) if p.is_file()}


def read(site: Path) -> dict[str, Reader]:
    """Every page of a site but the one for errors, whose links are absolute."""
    pages = sorted(p for p in site.rglob("*.html") if p.name != "404.html")
    return {p.relative_to(site).as_posix(): Reader(p.read_text(encoding="utf-8")) for p in pages}


def dead_links(site: Path, pages: Mapping[str, Reader]) -> Iterator[str]:
    """Links within the site that lead nowhere."""
    for name, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (site / name).parent / unquote(parts.path) if parts.path else site / name
            target = Path(os.path.normpath(target / "index.html" if target.is_dir() else target))
            if not target.is_file():
                yield f"{name}: {link}"
            elif parts.fragment.startswith("focus="):  # a state of the lineage explorer
                node = parts.fragment.partition(":")[2]
                if f'["{node}",' not in (site / "lineage/data.js").read_text(encoding="utf-8"):
                    yield f"{name}: {link}"
            elif parts.fragment and target.suffix == ".html":
                there = pages.get(target.relative_to(site).as_posix())
                if there is not None and unquote(parts.fragment) not in there.ids:
                    yield f"{name}: {link}"
