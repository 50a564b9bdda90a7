"""Other processes answer as this one would, and their end is no fault of a registry."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Timer

import pytest
from tests.support.memory_tree import MemoryTree

from accredit.loading import reader
from accredit.loading.schema import Source, read_json
from accredit.loading.tree import load
from accredit.loading.workers import MAX_WORKERS, Workers

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
    sources = [source(n) for n in range(300)]
    for part in (sources, sources[:1], [], sources[:7], sources):
        assert workers.read(part) == [read_json(s) for s in part]
    assert len(workers.processes) == min(os.cpu_count() or 1, MAX_WORKERS) - 1


def test_a_process_that_dies_is_replaced_by_this_one(workers):
    sources = [source(n) for n in range(60)]
    expected = [read_json(s) for s in sources]
    workers.read(sources)
    for process in workers.processes:
        process.kill()
        process.wait()
    assert workers.read(sources) == expected
    assert workers.processes == []
    assert workers.read(sources) == expected


def test_a_process_that_dies_before_it_answers_is_replaced_by_this_one(workers):
    sources = [source(n) for n in range(60)]
    workers.read(sources)
    for process in workers.processes:
        process.send_signal(signal.SIGSTOP)
        Timer(0.2, process.kill).start()
    assert workers.read(sources) == [read_json(s) for s in sources]
    assert workers.processes == []


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
