"""How long the site of a large registry takes, beside those who build as much: `python benchmarks/site.py`.

- build: everything from nothing, beside plain mkdocs-material and, where it is installed, Hugo (HTML only)
- change: one file has changed, beside Zensical
- search: from opening the front page to the first answer in Chromium, beside Material's index of the full text
- scale: processor time a page, beside a registry a fifth as large

The peers build the same version pages from Markdown. They leave out all our other pages (models, comparisons, datasets,
rules and so on) and links, and need not check anything. All are whole processes that take turns, so that a busy machine
is busy for all. Processor time is that of all processes together, memory that of the largest one. Ratios count, not
seconds. `--versions 5000 --parts build,scale` takes the better part of an hour on two cores.
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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "generator"), str(ROOT / "benchmarks")]

from accredit.site.graph import find_engine  # noqa: E402
from search import answers  # noqa: E402 - the checkout's own
from site_peers import MKDOCS, THEME, ZENSICAL, for_hugo, installed, written_by_hand  # noqa: E402
from synthetic import multiply  # noqa: E402

CACHE = ROOT / ".cache" / "bench"
AS_OF = "2026-11-23"
OURS = f"site_name: Bench\n{THEME}\nplugins: [search, accredit: {{registry: registry, as_of: {AS_OF}}}]\n"
OUR_BUILD = [sys.executable, "-m", "accredit", "build", "registry", "--output", "site", "--as-of", AS_OF]
QUESTION = "mortgage"
PARTS = ("build", "change", "search", "scale")


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


def forget() -> None:
    """Makes the next build a cold one."""
    shutil.rmtree(CACHE / "site-cache", ignore_errors=True)


def changes(folder: Path, pattern: str, remark: str) -> Callable[[], None]:
    """Adds a remark to one file of a folder, each time that it is called."""
    changed = min(folder.glob(pattern))

    def change() -> None:
        changed.write_text(f"{changed.read_text()}{remark}\n")

    return change


def builders(ours: Path, plain: Path) -> list[Contender]:
    """Everybody who builds the site from nothing; the first is who the others are compared with."""
    programs = installed(CACHE / "mkdocs", *MKDOCS)
    mkdocs = [str(programs / "python"), "-m", "mkdocs", "build", "--quiet"]
    found = [Contender("plain mkdocs-material", mkdocs, plain), Contender("accredit, cold", OUR_BUILD, ours, forget)]
    if hugo := shutil.which("hugo"):
        for_hugo(plain, CACHE / "hugo")
        found.append(Contender("Hugo, HTML only", [hugo, "--quiet", "--cleanDestinationDir"], CACHE / "hugo"))
    return found


def changers(ours: Path, plain: Path) -> list[Contender]:
    """Everybody who builds the site again after one file has changed."""
    shutil.rmtree(CACHE / "zensical", ignore_errors=True)
    shutil.copytree(plain, CACHE / "zensical", ignore=shutil.ignore_patterns("site"))
    zensical = str(installed(CACHE / "zensical-programs", *ZENSICAL) / "zensical")
    theirs = changes(CACHE / "zensical", "docs/models/*/*.md", "Changed.")
    own = changes(ours, "registry/models/*/versions/*/card.yaml", "# changed")
    found = [
        Contender("Zensical, one change", [zensical, "build"], CACHE / "zensical", theirs),
        Contender("accredit, one change", OUR_BUILD, ours, own),
    ]
    found[0].run()  # from nothing
    found[0].seconds.clear()
    found[0].cpu_seconds.clear()
    return found


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
    parser.add_argument("--parts", default=",".join(PARTS), help="Any of build, change, scale, search.")
    chosen = parser.parse_args()
    parts = chosen.parts.split(",")
    ours, plain = prepared(chosen.versions), CACHE / "plain"
    cold = Contender("accredit, cold", OUR_BUILD, ours, forget)
    cold.run()
    pages, lines, drawings = written_by_hand(ours, plain)
    print(f"{pages:,} version pages of {lines} lines of Markdown with {drawings / 1000:.0f} kB of drawings (medians)")
    engine = find_engine()
    print(f"lineage laid out by one process of {engine.identity if engine else 'no renderer'}")
    if "build" in parts or "search" in parts:
        compared(builders(ours, plain), chosen.runs)
        report_index(ours / "site", plain / "site")
    if "change" in parts:
        compared(changers(ours, plain), chosen.runs)
    if "search" in parts:
        report_search({"plain mkdocs-material": plain / "site", "accredit": ours / "site"}, max(chosen.runs, 3))
    if "scale" in parts:
        report_scale(cold, pages, chosen.versions // 5)


def compared(found: Sequence[Contender], runs: int) -> None:
    """Lets all take turns and prints a line for each, beside the first."""
    for _ in range(runs):
        for contender in found:
            contender.run()
    print(f"{'':28} {'wall time':>19} {'processor time':>19} {'memory':>9}")
    for contender in found:
        print(contender.told(found[0]))


def report_search(sites: Mapping[str, Path], runs: int) -> None:
    """Seconds from opening the front page to the first answer in a browser."""
    found = answers(sites, QUESTION, runs)
    for name, seconds in found.items():
        ratio = seconds / found["plain mkdocs-material"]
        print(f"first answer of the search of {name}: {seconds:.2f} s, {ratio:.2f} x")
    if not found:
        print("search: no Chromium with its driver")


def report_scale(large: Contender, pages: int, versions: int) -> None:
    """Processor time a version page of the site, and of one a fifth as large."""
    small = Contender("accredit, cold", OUR_BUILD, prepared(versions), forget)
    small.run()
    fewer = sum(1 for _ in small.folder.glob("site/models/*/*/index.html"))
    each, before = large.cpu_seconds[0] / pages, small.cpu_seconds[0] / fewer
    print(f"processor time a version page: {each * 1000:.0f} ms of {pages:,}, {before * 1000:.0f} ms of {fewer:,}")
    print(f"ratio: {each / before:.2f}")


def report_index(ours: Path, plain: Path) -> None:
    """Bytes that a visitor's browser loads before the first search."""
    for name, site in (("accredit", ours), ("plain mkdocs-material", plain)):
        index = site / "search" / "search_index.json"
        pages = sum(1 for _ in site.rglob("index.html"))
        entries = len(json.loads(index.read_text(encoding="utf-8"))["docs"])
        print(f"search index of {name}: {index.stat().st_size / pages:,.0f} bytes a page, {entries:,} entries")


if __name__ == "__main__":
    main()
