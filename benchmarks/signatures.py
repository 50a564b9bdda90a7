"""How long it takes to verify every sign-off beside git's own check of commits: `python benchmarks/signatures.py`.

The repository is synthetic. Every landing brings one request or one approval, each with an SSH signature: five landings
take a version of one of ten models to production. The peer is `git log --format=%G?` on the same commits, which are all
signed with SSH too; since it starts `ssh-keygen` for each, it is measured on the latest ones and scaled linearly.

Cold is a verification from nothing, warm one after another of the same commit, and new one after another of the commit
before. All take turns, so that a busy machine is busy for all of them; the best round of each counts.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "generator"), str(ROOT)]

from benchmarks.signed_registry import synthetic  # noqa: E402

from accredit.history.repository import Repository  # noqa: E402
from accredit.history.savepoint import Savepoints  # noqa: E402
from accredit.history.verify import verify  # noqa: E402

CACHE = ROOT / ".cache" / "bench"
WANTED = 25
WARM = 0.10
NEW = 0.15
"""At most so much of a cold one."""


def peer(path: Path, sample: int) -> None:
    """Lets git check the latest commits, all of which it must find good."""
    settings = ["-c", "gpg.format=ssh", "-c", f"gpg.ssh.allowedSignersFile={path / 'allowed'}"]
    command = ["git", "-C", str(path), *settings, "log", "--format=%G?", f"-{sample}", "main"]
    told = subprocess.run(command, check=True, capture_output=True).stdout
    if told.split() != [b"G"] * sample:
        raise SystemExit("git does not find every commit signed")


def own(path: Path, count: int, cache: Path | None = None, tip: str = "main") -> None:
    """A whole verification, which must find every record good."""
    repository = Repository(path)
    found = verify(repository, repository.resolve(tip), cache=cache)
    good = sum(s.counts for s in found.signoffs.values())
    if good != count or found.breaches:
        raise SystemExit(f"{good} of {count} records count, and there are {len(found.breaches)} breaches")


def prepared(path: Path, folder: Path, count: int, tip: str) -> Path:
    """A cache as a verification of an earlier tip left it."""
    own(path, count, folder, tip)
    repository = Repository(path)
    if Savepoints(folder, repository, "", None).latest(repository.resolve(tip)) is None:
        raise SystemExit("nothing was kept")
    return folder


def best(rounds: int, **contenders: Callable[[], None]) -> dict[str, float]:
    """The fewest seconds of each, taking turns."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            started = time.perf_counter()
            contender()
            seconds[name].append(time.perf_counter() - started)
    return {name: min(found) for name, found in seconds.items()}


def peak_memory() -> str:
    """The most that this process held, and the most of any that it started, git among them."""
    try:
        import resource  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return "unknown here"
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    own, other = (resource.getrusage(who).ru_maxrss / unit for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return f"{own:.0f} MB in this process, {other:.0f} MB in the largest that it started"


def main() -> None:
    parser = argparse.ArgumentParser(description="Compares verifying sign-offs with git's check of signed commits.")
    parser.add_argument("--landings", type=int, default=5_000)
    parser.add_argument("--sample", type=int, default=200, help="commits that git checks")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    path, count = synthetic(CACHE, arguments.landings), arguments.landings
    sample = min(arguments.sample, count)
    with tempfile.TemporaryDirectory() as folder:
        warm = prepared(path, Path(folder) / "warm", count, "main")
        before = prepared(path, Path(folder) / "new", count - 1, "main~1")
        seconds = best(
            arguments.rounds,
            peer=lambda: peer(path, sample),
            cold=lambda: own(path, count),
            warm=lambda: own(path, count, warm),
            new=lambda: own(path, count, before),
        )
    seconds["peer"] *= count / sample
    report(seconds, count, sample, arguments.rounds)


def report(seconds: dict[str, float], count: int, sample: int, rounds: int) -> None:
    """Prints the seconds of each, and how they compare with what is wanted."""
    print(f"\n{count:,} signed records in as many signed commits, best of {rounds} rounds\n")
    print(f"{'':54}{'seconds':>9}{'ms each':>9}{'of cold':>9}")
    for name, text in {
        "peer": f"git log --format=%G?, {sample:,} commits scaled to {count:,}",
        "cold": "cold: all sign-offs verified, from nothing",
        "warm": "warm: nothing new",
        "new": "one new commit",
    }.items():
        took = seconds[name]
        print(f"{text:54}{took:9.2f}{took / count * 1e3:9.2f}{took / seconds['cold']:9.2f}")
    faster = seconds["peer"] / seconds["cold"]
    print(f"\nFaster than git: {faster:.1f} times, wanted {WANTED}. Of cold at most: warm {WARM:.2f}, new {NEW:.2f}.")
    print(f"Peak memory: {peak_memory()}.")


if __name__ == "__main__":
    main()
