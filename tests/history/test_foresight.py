"""What another processor finds out ahead saves time, and never changes what is proved."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.ceremony import ROOT, a_ceremony, in_production
from tests.support.records import approval, transition

from accredit.history import sshsig

# In a process of its own, because a copy is never made beside other threads, which test runners have.
SHARED = """
import sys
from pathlib import Path
from accredit.copies import Copy, spare_processors
from accredit.history import foresight, verify as service
from accredit.history.repository import Repository

repository = Repository.around(Path(sys.argv[1]))
tip, root = sys.argv[2:]
alone = service.verify(repository, tip, root)
taken = []
result = Copy.result
Copy.is_done = lambda self: self._source >= 0
Copy.result = lambda self: taken.append(found := result(self)) or found
foresight.WORTH_SHARING, foresight._SHARE, service._AHEAD = 1, 1, 1
shared = service.verify(repository, tip, root)
assert shared == alone
if spare_processors():
    [found] = taken
    print(len(found.entries), len(found.fitting))
else:
    print("one processor")
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="copies are made on Linux only")
def test_a_copy_looks_ahead_and_the_same_is_proved(tmp_path: Path) -> None:
    story = in_production(a_ceremony(tmp_path / "story"))
    story.request("staging").approve("vera", key="otto").land("merge")
    story.approve("rita", namespace="request@accredit").land()
    story.write({approval(1, "otto"): story.files[approval(1, "otto")] + b"# later\n"}).land()
    story.write({f"{transition(3)}.sig": "no signature"}).land()
    generator = Path(sshsig.__file__).parents[2]
    command = [sys.executable, "-c", SHARED, str(story.repository.path), story.repository.head, ROOT]
    environment = {"PYTHONPATH": str(generator), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    entries = 3 + 5 + 1 + 1  # requests, approvals, the version, the approval that was rewritten
    fitting = 3 + 5 - 2  # what was rewritten soon after is left to the replay
    assert done.stdout.strip() in (f"{entries} {fitting}", "one processor")
