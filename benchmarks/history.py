"""How long the history of every file takes beside one pass of git itself: `python benchmarks/history.py`.

The repository is synthetic: every commit adds two files to a registry of forty models. The peer is
`git log --raw -z`, which compares the same trees and says nothing that a program could use at once. Both take turns, so
that a busy machine is busy for both; the median of the rounds counts, and memory is that of the largest process.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "generator"))

from accredit.history.landing import Mark  # noqa: E402 - the checkout's own
from accredit.history.objects import Objects  # noqa: E402
from accredit.history.repository import Repository  # noqa: E402
from accredit.history.walk import landings  # noqa: E402

CACHE = ROOT / ".cache" / "bench"
WANTED = 1.3


def synthetic(folder: Path, commits: int) -> Path:
    """A bare repository with so many commits on its only branch."""
    path = folder / f"history-{commits}.git"
    if not (path / "done").is_file():
        shutil.rmtree(path, ignore_errors=True)
        subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", path], check=True)
        with subprocess.Popen(["git", "-C", path, "fast-import", "--quiet"], stdin=subprocess.PIPE) as process:
            assert process.stdin is not None
            process.stdin.writelines(_commit(number) for number in range(commits))
        if process.returncode:
            raise SystemExit("git fast-import failed")
        (path / "done").touch()
    return path


def _commit(number: int) -> bytes:
    age, model = divmod(number, 40)
    folder = f"registry/models/model-{model}/versions/{age % 25}.0.0"
    content = f"commit: {number}\n" * 20
    when = f"Ada <ada@example.com> {1_600_000_000 + number * 600} +0000"
    lines = [f"commit refs/heads/main\nauthor {when}\ncommitter {when}\ndata 6\nChange\n"]
    names = (f"evaluations/e{age // 25}.yaml", f"transitions/{age // 25:04}/request.yaml")
    lines += [f"M 100644 inline {folder}/{name}\ndata {len(content)}\n{content}\n" for name in names]
    return "".join(lines).encode()


def one_pass(path: Path) -> None:
    """The peer: its output is read and thrown away."""
    with subprocess.Popen(["git", "-C", path, "log", "--raw", "-z", "main"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        while process.stdout.read(1 << 16):
            pass
    if process.returncode:
        raise SystemExit("git log failed")


def measured(rounds: int, **contenders: Callable[[], object]) -> dict[str, float]:
    """The median seconds of each, taking turns."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            started = time.perf_counter()
            contender()
            seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(found) for name, found in seconds.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description="Compares reading the history with a pass of git.")
    parser.add_argument("--commits", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    path = synthetic(CACHE, arguments.commits)
    repository = Repository(path)
    tip = repository.resolve("main")
    before = Mark(arguments.commits - 2, repository.resolve("main~1"))
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def changes() -> int:
        return sum(len(landing.changes) for landing in landings(repository, tip, "registry"))

    def blobs() -> Iterator[object]:
        with Objects(repository.git) as objects:
            oids = (c.new_oid for landing in landings(repository, tip, "registry") for c in landing.changes)
            yield from islice(objects.blobs(oids), 5_000)

    found = changes()
    results = measured(
        arguments.rounds,
        git=lambda: one_pass(path),
        walk=changes,
        later=lambda: list(landings(repository, tip, "registry", before)),
        blobs=lambda: sum(1 for _ in blobs()),
    )
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - own) / unit
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / unit
    print(f"\n{arguments.commits:,} commits, {found:,} changes, median of {arguments.rounds} rounds\n")
    print(f"{'':42}{'seconds':>9}{'ratio':>8}")
    for name, text in {
        "git": "git log --raw -z",
        "walk": "every landing with its changes",
        "later": "one new landing after an earlier walk",
        "blobs": "the first 5,000 files, read",
    }.items():
        print(f"{text:42}{results[name]:9.3f}{results[name] / results['git']:8.2f}")
    print(f"\nMemory: {more:.0f} MB more in this process than before, {children:.0f} MB in the largest git.")
    print(f"Wanted: every landing with its changes at most {WANTED:.2f}.")


if __name__ == "__main__":
    main()
