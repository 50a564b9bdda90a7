"""How long `accredit decisions record` takes on a large prediction log: `python benchmarks/decisions.py [ROWS]`.

The peer reads the same file once with `csv.reader` (or `json.loads`) and once with SHA-256, and counts nothing: no
program of this language that looks at each value can do less. Contenders take turns, each in a process of its own, and
the figure is the median of three; memory is the peak of the process. Ratios count, not seconds. With pyarrow installed,
Parquet is read too, next to Arrow turning the batches into values.

Measured on two cores that others kept busy, 1,000,000 rows of six columns, with the start of the program and the
reading of the policy: CSV 730,000 rows a second, 2.6 times the peer's time; JSON Lines 260,000 and 1.7 times; Parquet
650,000 and 2.9 times. Peak memory 49 MB, with Arrow 114 MB (the peer 14 and 108 MB). 10,000,000 rows of CSV (546 MB):
11.6 s and 49 MB.
"""

from __future__ import annotations

import csv
import json
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".cache" / "bench"
RUNS = 3
_OURS = """
import datetime as dt, sys
from pathlib import Path
from accredit.exchange.decision_manifest import Request, manifest
from accredit.loading.folder import Folder
from accredit.loading.tree import load
policy = load(Folder(Path(sys.argv[2]))).registry.policy
day = dt.date(2026, 10, 1)
fields, _ = manifest(Request(Path(sys.argv[1]), day, day, "", {}, "approved", "recorded"), policy)
assert fields["records"] == int(sys.argv[3]), fields["records"]
"""
_PEERS = {
    "csv": "import csv, sys, hashlib\nf = sys.argv[1]\nfor _ in csv.reader(open(f, newline='')): pass\n"
    "hashlib.file_digest(open(f, 'rb'), 'sha256')",
    "jsonl": "import json, sys, hashlib\nf = sys.argv[1]\nfor line in open(f): json.loads(line)\n"
    "hashlib.file_digest(open(f, 'rb'), 'sha256')",
    "parquet": "import sys, hashlib\nfrom pyarrow import parquet\nf = sys.argv[1]\n"
    "for b in parquet.ParquetFile(f).iter_batches(16384):\n    [c.to_pylist() for c in b.columns]\n"
    "hashlib.file_digest(open(f, 'rb'), 'sha256')",
}
COLUMNS = ("id", "score", "outcome", "reasons", "gender", "age-band")
AGES = ("under-25", "25-34", "35-49", "50-64", "65-and-over")


def rows(count: int) -> list[tuple[str, ...]]:
    draw = random.Random(1)
    return [
        (
            f"a{i:09}", f"{draw.random():.6f}", draw.choice(("approved", "refused")), "income; term",
            draw.choice(("female", "male", "")), draw.choice(AGES),
        )
        for i in range(count)
    ]  # fmt: skip


def written(kind: str, count: int) -> Path:
    """A log of so many rows, made once; a thousandth of it is drawn and repeated."""
    path = CACHE / f"decisions-{count}.{kind}"
    if path.exists():
        return path
    CACHE.mkdir(parents=True, exist_ok=True)
    block = rows(max(count // 1000, 1))
    times = count // len(block)
    if kind == "parquet":
        import pyarrow as pa  # noqa: PLC0415 - the extra may be absent
        from pyarrow import parquet  # noqa: PLC0415

        table = pa.table({name: [r[i] for r in block] for i, name in enumerate(COLUMNS)})
        with parquet.ParquetWriter(path, table.schema) as writer:
            for _ in range(times):
                writer.write_table(table)
        return path
    with path.open("w", newline="") as file:
        if kind == "csv":
            csv.writer(file).writerow(COLUMNS)
        for _ in range(times):
            if kind == "csv":
                csv.writer(file).writerows(block)
            else:
                file.writelines(json.dumps(dict(zip(COLUMNS, r, strict=True))) + "\n" for r in block)
    return path


def measured(script: str, *arguments: object) -> tuple[float, float]:
    """Seconds, and megabytes at the peak, of a process."""
    wrapped = f"{script}\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    started = time.perf_counter()
    command = [sys.executable, "-c", wrapped, *map(str, arguments)]
    out = subprocess.run(
        command, check=True, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT / "generator")}
    )
    return time.perf_counter() - started, float(out.stdout)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    for kind, peer in _PEERS.items():
        try:
            path = written(kind, count)
        except ImportError:
            print(f"{kind}: pyarrow is not installed")
            continue
        ours: list[tuple[float, float]] = []
        theirs: list[tuple[float, float]] = []
        for _ in range(RUNS):
            theirs.append(measured(peer, path))
            ours.append(measured(_OURS, path, ROOT / "registry", count))
        one, other = (statistics.median(s for s, _ in found) for found in (ours, theirs))
        memory, plain = (max(m for _, m in found) for found in (ours, theirs))
        print(
            f"{kind}: {count / one:,.0f} rows/s, {memory:.0f} MB; "
            f"peer {count / other:,.0f} rows/s, {plain:.0f} MB; {one / other:.2f} times the peer's time"
        )


if __name__ == "__main__":
    main()
