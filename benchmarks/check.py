"""How long `accredit check` takes on a large registry, beside two peers: `python benchmarks/check.py`.

The peers are a loop that only parses the files with PyYAML's CSafeLoader, and the `check-jsonschema` command with the
schemas that `accredit schema` prints. Both are installed into a virtual environment under `.cache/bench`. Every figure
is the median wall time of whole processes that take turns, so that a busy machine is busy for all of them; memory is
that of the largest single process. Files are in the page cache. Ratios count, not seconds.

Measured with 71 rules on two cores that others kept busy, 10,006 files of 988 versions: parsing alone 3.6 to 4.3 s; a
cold check 1.4 to 1.5 times that, so above what is wanted; an unchanged registry again 0.11 to 0.2 times; after a change
to one file 0.8 to 0.9 times; check-jsonschema 11 to 14 times a cold check; peak memory 204 MB.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "generator"), str(ROOT / "benchmarks")]

from accredit.domain.paths import parse_path  # noqa: E402
from synthetic import multiply  # noqa: E402 - the checkout's own

CACHE = ROOT / ".cache" / "bench"
PEERS = ("PyYAML==6.0.3", "check-jsonschema==0.39.0")
AS_OF = "2026-11-23"
PARSE = """
import sys, yaml
from pathlib import Path
for path in Path(sys.argv[1]).rglob("*.yaml"):
    yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
"""


@dataclass
class Contender:
    """One program, what is done before each of its runs, and what was measured."""

    name: str
    command: Sequence[str]
    before: Callable[[], object] = lambda: None
    seconds: list[float] = field(default_factory=list)
    megabytes: float = 0.0

    def run(self) -> None:
        """Runs it once."""
        self.before()
        started = time.perf_counter()
        environment = {
            **os.environ,
            "ACCREDIT_CACHE_DIR": str(CACHE / "entries"),
            "PYTHONPATH": str(ROOT / "generator"),
        }
        child = subprocess.Popen(self.command, env=environment, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        self.seconds.append(time.perf_counter() - started)
        self.megabytes = max(self.megabytes, usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10))
        if child.returncode not in (0, 1):
            raise SystemExit(f"{self.name} failed")

    @property
    def median(self) -> float:
        """Median wall time in seconds."""
        return statistics.median(self.seconds)


def peers() -> Path:
    """The folder of the peers' programs."""
    folder, stamp = CACHE / "peers", CACHE / "peers" / ".installed"
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    if not stamp.is_file() or stamp.read_text() != "\n".join(PEERS):
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", *PEERS], check=True)
        stamp.write_text("\n".join(PEERS))
    return programs


def contenders(registry: Path, programs: Path) -> list[Contender]:
    """Everybody who reads the whole registry."""
    check = [sys.executable, "-m", "accredit", "check", str(registry), "--as-of", AS_OF]
    changed = next(registry.glob("models/*/versions/*/card.yaml"))

    def forget() -> None:
        shutil.rmtree(CACHE / "entries", ignore_errors=True)

    def change() -> None:
        changed.write_text(f"{changed.read_text()}# changed\n")

    return [
        Contender("PyYAML CSafeLoader, parses only", [str(programs / "python"), "-c", PARSE, str(registry)]),
        Contender("accredit check, cold", check, forget),
        Contender("accredit check, warm", check),
        Contender("accredit check, warm, one file changed", check, change),
    ]


def schema_check_seconds(registry: Path, programs: Path, files: int) -> float:
    """Seconds of check-jsonschema on so many files, spread over the kinds as they are in the registry."""
    by_kind: dict[str, list[str]] = {}
    paths = sorted(registry.rglob("*.yaml"))
    for path in paths[:: max(1, len(paths) // files)][:files]:
        if entry := parse_path(path.relative_to(registry).as_posix()):
            by_kind.setdefault(entry.kind, []).append(str(path))
    seconds = 0.0
    for kind, chosen in by_kind.items():
        schema = CACHE / f"{kind}.schema.json"
        command = [sys.executable, "-m", "accredit", "schema", kind]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "generator")}
        schema.write_bytes(subprocess.run(command, env=environment, check=True, capture_output=True).stdout)
        started = time.perf_counter()
        done = subprocess.run(
            [programs / "check-jsonschema", "--schemafile", schema, *chosen],
            check=False,
            capture_output=True,
            text=True,
        )
        seconds += time.perf_counter() - started
        if done.returncode:  # then it did not do the same work
            raise SystemExit(f"check-jsonschema refuses a {kind}:\n{done.stdout[:2000]}{done.stderr[:2000]}")
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description="Compares the speed of `accredit check` with its peers.")
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    registry, programs = CACHE / f"registry-{arguments.files}", peers()
    shutil.rmtree(registry, ignore_errors=True)
    files = multiply(registry, files=arguments.files)
    runs = contenders(registry, programs)
    for _ in range(arguments.rounds):
        for contender in runs:
            contender.run()
    base = runs[0].median
    print(f"\n{files:,} files, median of {arguments.rounds} runs\n\n{'':42}{'seconds':>9}{'ratio':>8}{'peak MB':>9}")
    for contender in runs:
        print(f"{contender.name:42}{contender.median:9.2f}{contender.median / base:8.2f}{contender.megabytes:9.0f}")
    few, many = (schema_check_seconds(registry, programs, n) for n in (100, 1_000))
    whole = few + (many - few) / 900 * (files - 100)
    print(f"{'check-jsonschema, from 100 and 1,000 files':42}{whole:9.2f}{whole / base:8.2f}")
    print(f"\ncheck-jsonschema takes {whole / runs[1].median:.1f} times as long as a cold check.")
    print("Wanted: cold at most 1.00, warm at most 0.20, check-jsonschema at least 5 times as long as a cold check.")


if __name__ == "__main__":
    main()
