"""The site as a tree of files that any engine of the MkDocs family can build, without a plugin of ours.

Each page is a Markdown file with front matter and our HTML in it, on one line, so that no Markdown reader takes any of
it for Markdown. Nothing here imports an engine.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from markupsafe import escape

from accredit.errors import UsageError
from accredit.site.navigation import Entry
from accredit.site.page import Page
from accredit.site.render import ASSETS
from accredit.site.search import search_text
from accredit.site.site import ASSETS_FOLDER, Site

DOCS, CONFIG_NAME, MARK = "docs", "mkdocs.yml", ".accredit-staged"
_PRE = re.compile(r"(<pre\b.*?</pre>)", re.DOTALL)


def stage(site: Site, output: Path, configuration: Mapping[str, Any], own: Path | None = None) -> int:
    """Writes the tree. It is made beside the output and takes its place when it is complete.

    Args:
        site: The site; its links must be made for the `use_directory_urls` of the configuration.
        output: Where the tree goes: absent, empty, or an earlier tree.
        configuration: The `mkdocs.yml` without our plugin; pages and assets are added to it.
        own: The project's own pages; None for none. They win over the front page, and over no other.

    Returns:
        How many pages of the registry there are.
    """
    output = output.resolve()
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        raise UsageError(f"{output} is not a folder", "Choose another folder.")
    if output.is_dir() and any(output.iterdir()) and not (output / MARK).is_file():
        raise UsageError(f"{output} holds something other than a staged site", "Empty it, or choose another folder.")
    output.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{output.name}-", dir=output.parent))
    try:
        _written(site, made / DOCS, own)
        settings = _settings(configuration, site, sorted(_markdown(own)) if own else [])
        (made / CONFIG_NAME).write_text(yaml.dump(settings, sort_keys=False, allow_unicode=True), encoding="utf-8")
        (made / MARK).write_text("Written by `accredit stage`, which replaces this folder.\n", encoding="utf-8")
        made.chmod(0o755)
        if output.exists():
            shutil.rmtree(output)
        made.rename(output)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return len(site.pages)


def _written(site: Site, docs: Path, own: Path | None) -> None:
    if own is not None and own.is_dir():
        shutil.copytree(own, docs)
    for page in site.pages:
        place = docs / page.url / "index.md"
        if page.url or not place.exists():
            _put(place, markdown_file(page, site.body(page)).encode())
    for uri, content in site.downloads().items():
        _put(docs / uri, content.encode())
    site.write_later(docs)
    shutil.copytree(ASSETS_FOLDER, docs / ASSETS, dirs_exist_ok=True)


def _put(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)


def markdown_file(page: Page, body: str) -> str:
    """A page as a Markdown file. Themes print titles as they are, so they are HTML already."""
    front: dict[str, object] = {"title": str(escape(page.title))}
    if page.summary:
        front["description"] = search_text(page)
    if not page.searched:
        front["search"] = {"exclude": True}
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in front.items()]
    return "\n".join(["---", *lines, "---", "", f'<div class="accredit">{one_line(body)}</div>', ""])


def one_line(html: str) -> str:
    """HTML that means the same, without line breaks: Markdown looks for its signs at the beginning of lines."""
    parts = _PRE.split(html)
    parts[::2] = [re.sub(r"\s*\n\s*", " ", part) for part in parts[::2]]
    parts[1::2] = [part.replace("\n", "&#10;") for part in parts[1::2]]
    return "".join(parts)


def _markdown(folder: Path) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in folder.rglob("*.md") if path.is_file())


def _settings(configuration: Mapping[str, Any], site: Site, own: Iterable[str]) -> dict[str, Any]:
    """The configuration for the tree."""
    assets = [f"{ASSETS}{asset.name}" for asset in sorted(ASSETS_FOLDER.iterdir())]
    settings = {**configuration, "docs_dir": DOCS}
    for option, ending in (("extra_css", ".css"), ("extra_javascript", ".js")):
        settings[option] = [*(uri for uri in assets if uri.endswith(ending)), *configuration.get(option, ())]
    pages = {page.url for page in site.pages}
    rest = [uri for uri in own if uri.removesuffix("index.md") not in pages]
    settings.setdefault("nav", [*(_item(entry) for entry in site.navigation), *rest])
    settings.setdefault("not_in_nav", "*.md")  # versions and much else: so that no engine warns of them
    return settings


def _item(entry: Entry) -> dict[str, Any]:
    title = str(escape(entry.title))
    place = f"{entry.page.url}index.md" if entry.page else ""
    if not entry.children:
        return {title: place}
    return {title: [*([place] if place else []), *(_item(child) for child in entry.children)]}
