"""Other processes answer as this one would, and their end is no fault of a registry."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import deque
from pathlib import Path

import pytest
from tests.support.memory_tree import MemoryTree

from accredit.loading import reader
from accredit.loading.schema import Source, read_json
from accredit.loading.tree import load
from accredit.loading.workers import MAX_WORKERS, Workers, delegate

PACKAGE_ROOT = Path(reader.__file__).parents[2]
IDENTITY = b"format: 1\nid: 0b8a5f0e-1111-4222-8333-444455556666\nname: Test\n"


def source(number: int) -> Source:
    content = b"name: Person %d\n" % number if number % 7 else b"name: %d\nnam: [x, {y: 1}]\n" % number
    return Source("person", f"people/p{number}.yaml", content)


@pytest.fixture
def workers():
    made = Workers()
    yield made
    made.stop()


def test_answers_are_those_of_this_process_in_the_order_of_the_questions(workers):
    batches = [[source(10 * b + n) for n in range(10)] for b in range(30)]
    assert workers.read(batches) == [[read_json(s) for s in batch] for batch in batches]


def test_a_process_that_dies_is_replaced_by_this_one(workers):
    batches = [[source(n)] for n in range(20)]
    expected = [[read_json(s) for s in batch] for batch in batches]
    workers.read(batches)
    for process in workers.processes:
        process.kill()
        process.wait()
    assert workers.read(batches) == expected
    assert workers.read(batches) == expected


def test_a_large_registry_is_the_same_however_it_is_read(monkeypatch):
    files = {"registry.yaml": IDENTITY, **{s.path: s.content for s in map(source, range(reader.WORTH_SPREADING + 50))}}
    spread = load(MemoryTree(files))
    monkeypatch.setattr(reader, "WORTH_SPREADING", 10**9)
    assert spread == load(MemoryTree(files))
    assert len(spread.registry.people) + len(spread.registry.broken) == len(files) - 1


def test_a_script_without_a_main_guard_may_load_and_a_module_in_the_registry_is_not_run(tmp_path):
    (tmp_path / "registry.yaml").write_bytes(IDENTITY)
    (tmp_path / "people").mkdir()
    for s in map(source, range(reader.WORTH_SPREADING + 50)):
        (tmp_path / s.path).write_bytes(s.content)
    for name in ("json", "pickle", "signal", "yaml", "accredit"):
        (tmp_path / f"{name}.py").write_text("open('executed', 'w')\n")
    script = tmp_path.parent / f"{tmp_path.name}.py"
    script.write_text(
        f"import sys; sys.path.insert(0, {str(PACKAGE_ROOT)!r})\n"
        "from pathlib import Path\nfrom accredit import Folder, load\n"
        "print(len(load(Folder(Path())).registry.people))\n"
    )
    done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert int(done.stdout) == len([n for n in range(reader.WORTH_SPREADING + 50) if n % 7])
    assert not (tmp_path / "executed").exists()


def test_another_process_alone_answers_every_question():
    batches = [[source(10 * b + n) for n in range(10)] for b in range(3)]
    workers, answers = Workers(), [[] for _ in batches]
    workers.read([])
    for process in workers.processes:
        waiting = deque(enumerate(batches))
        delegate(process, waiting, answers)
        assert (waiting, answers) == (deque(), [[read_json(s) for s in batch] for batch in batches])
    workers.stop()
    assert len(workers.processes) == min(os.cpu_count() or 1, MAX_WORKERS) - 1
    assert all(process.returncode is not None for process in workers.processes)
