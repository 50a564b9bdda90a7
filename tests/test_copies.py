"""What a copy of this process delivers, and that it never changes a result."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="copies are made on Linux only")

# In a process of its own, because a copy is never made beside other threads, which test runners have.
SHARED = f"""
import datetime, os, pathlib, sys
sys.path.insert(0, {str(ROOT / "generator")!r})
from accredit import Folder, assess, load
service = sys.modules["accredit.assess"]
import accredit.copies as copies
loaded = load(Folder(pathlib.Path({str(ROOT / "registry")!r})))
day = datetime.date(2026, 11, 23)
alone = assess(loaded, day)
made = []
service.WORTH_SHARING, service.begun = 1, lambda work: made.append(collect := copies.begun(work)) or collect
shared = assess(loaded, day)
assert made and list(shared.models) == list(alone.models)
assert shared.findings == alone.findings
assert [m.versions for m in shared.models.values()] == [m.versions for m in alone.models.values()]
assert copies.begun(lambda: 1 / 0)() is None, "a copy that fails delivers nothing"
assert copies.begun(lambda: os._exit(3))() is None
if len(os.sched_getaffinity(0)) > 1:
    assert copies.begun(os.getpid)() not in (None, os.getpid())
"""


@linux
def test_a_copy_takes_a_share_and_the_assessment_is_the_same() -> None:
    done = subprocess.run([sys.executable, "-c", SHARED], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
