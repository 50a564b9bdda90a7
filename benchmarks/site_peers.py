"""Those who build a site of the same version pages from Markdown: plain mkdocs-material, Zensical, Hugo.

The Markdown is taken from our own pages: the same headings, text, tables and drawings, so that all say as much.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import venv
from html.parser import HTMLParser
from pathlib import Path

THEME = "theme: {name: material, font: false, features: [navigation.prune, navigation.indexes]}"
PLAIN = f"site_name: Bench\n{THEME}\nplugins: [search]\nmarkdown_extensions: [tables]\n"
MKDOCS = ("mkdocs==1.6.1", "mkdocs-material==9.8.1")
ZENSICAL = ("zensical==0.0.73",)
HUGO = """title: Bench
disableKinds: [taxonomy, term, RSS, sitemap]
markup: {goldmark: {renderer: {unsafe: true}}}
"""
HUGO_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head>'
    "<body><main>{{ .Content }}</main></body></html>\n"
)


class ToMarkdown(HTMLParser):
    """Writes a page of ours as somebody would who writes Markdown by hand: tables, lists, drawings as raw HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._text: list[str] = []
        self._row: list[str] | None = None
        self._header = False
        self._drawing = 0
        self.feed(html)
        self.close()
        self._flush()

    def _flush(self, before: str = "", after: str = "") -> None:
        text = " ".join("".join(self._text).split())
        self._text.clear()
        if text:
            self.lines += [f"{before}{text}{after}", ""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Begins a block, or goes on with a drawing."""
        if tag == "svg" or self._drawing:
            self._drawing += tag == "svg"
            self._text.append(self.get_starttag_text() or "")
        elif tag in {"p", "div", "li", "h1", "h2", "h3", "h4", "dt", "dd", "section", "figure", "details", "ul", "ol"}:
            if self._row is None:
                self._flush()
        elif tag == "tr":
            self._flush()
            self._row = []
        elif tag == "thead":
            self._header = True

    def handle_endtag(self, tag: str) -> None:
        """Ends a block."""
        if self._drawing:
            self._text.append(f"</{tag}>")
            self._drawing -= tag == "svg"
            if not self._drawing:
                self._end_drawing()
        elif tag in {"td", "th"} and self._row is not None:
            self._row.append(" ".join("".join(self._text).replace("|", "/").split()))
            self._text.clear()
        elif tag == "tr" and self._row is not None:
            self.lines.append(f"| {' | '.join(self._row)} |")
            if self._header:
                self.lines.append("|---" * len(self._row) + "|")
            self._row, self._header = None, False
        elif tag == "table":
            self.lines.append("")
        elif tag in {"h1", "h2", "h3", "h4"}:
            self._flush("#" * int(tag[1]) + " ")
        elif tag == "li":
            self._flush("* ")
        elif tag in {"p", "dt", "dd", "figcaption", "summary"} and self._row is None:
            self._flush()

    def _end_drawing(self) -> None:
        """Keeps drawings of some size; small signs within a line are left out."""
        start = max(i for i, piece in enumerate(self._text) if piece.startswith("<svg"))
        drawing = "".join(self._text[start:])
        del self._text[start:]
        if len(drawing) > 1_000 and self._row is None:
            self._flush()
            self.lines += [f"<div>{drawing}</div>", ""]

    def handle_data(self, data: str) -> None:
        """Keeps text; what Markdown would take for its own is escaped."""
        self._text.append(data if self._drawing else data.replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_"))


def installed(where: Path, *packages: str) -> Path:
    """The folder of the programs of a virtual environment with these packages."""
    stamp = where / ".installed"
    programs = where / ("Scripts" if sys.platform == "win32" else "bin")
    if not stamp.is_file() or stamp.read_text() != "\n".join(packages):
        shutil.rmtree(where, ignore_errors=True)
        venv.create(where, with_pip=True)
        subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", *packages], check=True)
        stamp.write_text("\n".join(packages))
    return programs


def written_by_hand(ours: Path, folder: Path) -> tuple[int, int, int]:
    """Writes the peer's pages; returns how many there are, their lines and bytes of drawings in the middle one."""
    shutil.rmtree(folder, ignore_errors=True)
    sizes = []
    for page in sorted((ours / "site" / "models").glob("*/*/index.html")):
        html = page.read_text(encoding="utf-8")
        article = html[html.index("<article") : html.rindex("</article>")]
        lines = ToMarkdown(article).lines
        target = folder / "docs" / "models" / page.parent.parent.name / f"{page.parent.name}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("\n".join(lines), encoding="utf-8")
        sizes.append((len(lines), sum(len(line) for line in lines if line.startswith("<div><svg"))))
    (folder / "docs" / "index.md").write_text("# Bench\n")
    (folder / "mkdocs.yml").write_text(PLAIN)
    return len(sizes), *(int(statistics.median(column)) for column in zip(*sizes, strict=True))


def for_hugo(plain: Path, folder: Path) -> None:
    """Writes the same pages for Hugo, which makes bare HTML of them: no theme, no navigation, no search."""
    shutil.rmtree(folder, ignore_errors=True)
    for page in (plain / "docs").rglob("*.md"):
        name = "_index.md" if page.name == "index.md" else page.name
        target = folder / "content" / page.relative_to(plain / "docs").with_name(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(f"---\ntitle: {page.stem}\n---\n{page.read_text(encoding='utf-8')}", encoding="utf-8")
    layouts = folder / "layouts" / "_default"
    layouts.mkdir(parents=True)
    for kind in ("single", "list"):
        (layouts / f"{kind}.html").write_text(HUGO_PAGE)
    (folder / "config.yaml").write_text(HUGO)
