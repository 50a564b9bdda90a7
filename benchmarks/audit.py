"""How long the audit log of 100,000 events takes: `python benchmarks/audit.py [events]`.

Pages, the parts that a browser filters, and the NDJSON are made of the same synthetic events. The peers, in the same
run: `json.dumps` of the same records for the NDJSON, and SQLite with a full-text index of the same rows, which is what
a server would keep to filter them, for pages and parts. Ratios count, not seconds.
"""

from __future__ import annotations

import json
import random
import resource
import sqlite3
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "generator"))

from accredit.assess import Assessment, assess  # noqa: E402
from accredit.domain.event import KINDS, Event  # noqa: E402
from accredit.domain.events import ndjson, record  # noqa: E402
from accredit.domain.verification import Place  # noqa: E402
from accredit.loading.folder import Folder  # noqa: E402
from accredit.loading.tree import load  # noqa: E402
from accredit.site.diagrams import Diagrams  # noqa: E402
from accredit.site.log import log_files  # noqa: E402
from accredit.site.pages.audit import ROWS, log_pages  # noqa: E402
from accredit.site.pages.catalogue import Catalogue  # noqa: E402
from accredit.site.render import Renderer  # noqa: E402

T = TypeVar("T")
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)


def synthetic(count: int, assessment: Assessment) -> tuple[Event, ...]:
    """So many events by the people of a registry about its versions, oldest first."""
    chance = random.Random(7)
    people, versions = [*assessment.registry.people], [v.key for v in assessment.registry.versions()]
    return tuple(_event(n, chance, people, versions, count) for n in range(count))


def _event(number: int, chance: random.Random, people: list[str], versions: list[str], count: int) -> Event:
    time_ = BEGAN + timedelta(days=1000) * (number / count)
    subject, actor, kind = chance.choice(versions), chance.choice(people), chance.choice(KINDS)
    model, _, version = subject.partition("@")
    path = f"models/{model}/versions/{version}/transitions/{number % 9999:04}/approvals/{actor}.yaml"
    landed = Place(number // 3, f"{number // 3:040x}", time_ + timedelta(hours=3))
    return Event(kind, "approve", subject, time_, actor, "looked at all of it", path, landed, "signed", counts=True)


def timed(make: Callable[[], T]) -> tuple[T, float]:
    """What a function makes, and in how many seconds."""
    started = time.perf_counter()
    made = make()
    return made, time.perf_counter() - started


def searchable(found: tuple[Event, ...], file: Path) -> int:
    """Writes the events into SQLite with a full-text index; returns the bytes."""
    with sqlite3.connect(file) as base:
        base.execute(
            "CREATE VIRTUAL TABLE log USING fts5(time, landed, actor, kind, action, detail, subject, assurance)"
        )
        names = ("time", "landed", "actor", "kind", "action", "detail", "subject", "assurance")
        rows = ([record(event)[name] for name in names] for event in found)
        base.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    return file.stat().st_size


def drawn(found: tuple[Event, ...], assessment: Assessment) -> list[int]:
    """Bytes of the body of each page."""
    renderer = Renderer(assessment, Diagrams(assessment.lineage, None))
    return [len(renderer.body(page).encode()) for page in log_pages(found[::-1], Catalogue(assessment), "")]


def main(count: int) -> None:
    """Prints a table."""
    assessment = replace(assess(load(Folder(ROOT / "registry")), date(2026, 11, 23)), findings=())
    found = synthetic(count, assessment)
    lines, ours = timed(lambda: ndjson(found))
    plain, peer = timed(lambda: "".join(f"{json.dumps(record(event))}\n" for event in found))
    assert lines == plain
    with TemporaryDirectory() as folder:
        size, searching = timed(lambda: searchable(found, Path(folder) / "log.sqlite"))
    bodies, drawing = timed(lambda: drawn(found, assessment))
    parts, parting = timed(lambda: log_files(found[::-1], assessment.registry, ROWS))
    sizes = [len(text) for text in parts.values()]
    print(f"{count:,} events")
    print(f"NDJSON        {ours:6.2f} s  {ours / peer:5.2f} x json.dumps    {len(lines) / 1e6:7.1f} MB")
    told = f"{len(bodies)} pages, {max(bodies) / 1e3:.0f} kB the largest"
    print(f"pages         {drawing:6.2f} s  {drawing / searching:5.2f} x SQLite FTS5   {told}")
    told = f"{len(sizes)} files, {max(sizes) / 1e6:.2f} MB the largest, {sum(sizes) / size:.2f} x the bytes of SQLite"
    print(f"filter parts  {parting:6.2f} s  {parting / searching:5.2f} x SQLite FTS5   {told}")
    print(f"memory        {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at the peak")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
