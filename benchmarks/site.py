"""How long the site of a large registry takes, beside plain mkdocs-material: `python benchmarks/site.py`.

The peer builds the same version pages from Markdown: the same headings, text, tables and drawings, taken from our own
pages, so that both sides say as much. It leaves out all our other pages (models, datasets, rules and so on), links and
colours, and it need not check anything. `accredit build` and the peer's `mkdocs build` are whole processes that take
turns, so that a busy machine is busy for both. Processor time is that of all processes together, memory that of the
largest one. Ratios count, not seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "generator"), str(ROOT / "benchmarks")]

from accredit.site.graph import find_engine  # noqa: E402
from synthetic import multiply  # noqa: E402 - the checkout's own

CACHE = ROOT / ".cache" / "bench"
PEERS = ("mkdocs==1.6.1", "mkdocs-material==9.8.1")
AS_OF = "2026-11-23"
THEME = "theme: {name: material, font: false, features: [navigation.prune, navigation.indexes]}"
OURS = f"site_name: Bench\n{THEME}\nplugins: [search, accredit: {{registry: registry, as_of: {AS_OF}}}]\n"
PLAIN = f"site_name: Bench\n{THEME}\nplugins: [search]\nmarkdown_extensions: [tables]\n"


@dataclass
class Contender:
    """One way to a site, what is done before each of its runs, and what was measured."""

    name: str
    command: Sequence[str]
    folder: Path
    before: Callable[[], object] = lambda: None
    seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    megabytes: float = 0.0

    def run(self) -> None:
        """Runs it once."""
        self.before()
        environment = {
            **os.environ,
            "ACCREDIT_CACHE_DIR": str(CACHE / "site-cache"),
            "NO_MKDOCS_2_WARNING": "1",
            "PYTHONPATH": str(ROOT / "generator"),
        }
        started = time.perf_counter()
        child = subprocess.Popen(self.command, env=environment, cwd=self.folder, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        self.seconds.append(time.perf_counter() - started)
        self.cpu_seconds.append(usage.ru_utime + usage.ru_stime)
        self.megabytes = max(self.megabytes, usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10))
        if child.returncode:
            raise SystemExit(f"{self.name} failed with {child.returncode}")

    def told(self, peer: Contender) -> str:
        """Its line in the table, beside the peer."""
        wall, cpu = statistics.median(self.seconds), statistics.median(self.cpu_seconds)
        ratio = wall / statistics.median(peer.seconds)
        cpu_ratio = cpu / statistics.median(peer.cpu_seconds)
        return f"{self.name:28} {wall:7.2f} s {ratio:7.3f} x {cpu:7.2f} s {cpu_ratio:7.3f} x {self.megabytes:6.0f} MB"


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


def mkdocs(where: Path, *packages: str) -> list[str]:
    """The command `mkdocs build` of a virtual environment with these packages."""
    stamp = where / ".installed"
    programs = where / ("Scripts" if sys.platform == "win32" else "bin")
    if not stamp.is_file() or stamp.read_text() != "\n".join(packages):
        shutil.rmtree(where, ignore_errors=True)
        venv.create(where, with_pip=True)
        subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", *packages], check=True)
        stamp.write_text("\n".join(packages))
    return [str(programs / "python"), "-m", "mkdocs", "build", "--quiet"]


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


def contenders(ours: Path, plain: Path, peer: list[str]) -> list[Contender]:
    """Everybody who builds a site."""
    build = [sys.executable, "-m", "accredit", "build", "registry", "--output", "site", "--as-of", AS_OF]
    changed = next((ours / "registry").glob("models/*/versions/*/card.yaml"))

    def forget() -> None:
        shutil.rmtree(CACHE / "site-cache", ignore_errors=True)

    def change() -> None:
        changed.write_text(f"{changed.read_text()}# changed\n")

    return [
        Contender("plain mkdocs-material", peer, plain),
        Contender("accredit, cold", build, ours, forget),
        Contender("accredit, after one change", build, ours, change),
    ]


def prepared(versions: int) -> Path:
    """A project with a registry of so many versions."""
    folder = CACHE / "site"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "docs").mkdir(parents=True)
    multiply(folder / "registry", versions=versions)
    (folder / "mkdocs.yml").write_text(OURS)
    return folder


def main() -> None:
    """Builds, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--versions", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=1)
    chosen = parser.parse_args()
    peer = mkdocs(CACHE / "mkdocs", *PEERS)
    ours = prepared(chosen.versions)
    contenders(ours, CACHE / "plain", peer)[1].run()
    pages, lines, drawings = written_by_hand(ours, CACHE / "plain")
    print(f"{pages:,} version pages of {lines} lines of Markdown with {drawings / 1000:.0f} kB of drawings (medians)")
    all_of_them = contenders(ours, CACHE / "plain", peer)
    for _ in range(chosen.runs):
        for contender in all_of_them:
            contender.run()
    print(f"{'':28} {'wall time':>19} {'processor time':>19} {'memory':>9}")
    for contender in all_of_them:
        print(contender.told(all_of_them[0]))
    report_index(ours / "site", CACHE / "plain" / "site")
    engine = find_engine()
    print(f"lineage laid out by one process of {engine.identity if engine else 'no renderer'}")


def report_index(ours: Path, plain: Path) -> None:
    """Bytes that a visitor's browser loads before the first search."""
    for name, site in (("accredit", ours), ("plain mkdocs-material", plain)):
        index = site / "search" / "search_index.json"
        pages = sum(1 for _ in site.rglob("index.html"))
        entries = len(json.loads(index.read_text(encoding="utf-8"))["docs"])
        print(f"search index of {name}: {index.stat().st_size / pages:,.0f} bytes a page, {entries:,} entries")


if __name__ == "__main__":
    main()
