from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.ceremony import SUBJECT, Ceremony, How, a_ceremony, approval


@pytest.fixture
def story(tmp_path: Path) -> Ceremony:
    return a_ceremony(tmp_path)


@pytest.mark.parametrize("how", ["direct", "merge", "squash", "rebase"])
def test_however_it_is_merged_a_signed_request_moves_the_version(story: Ceremony, how: How) -> None:
    found = story.request("review").approve("otto").land(how).verify()
    assert (found.lifecycles[SUBJECT].stage, found.breaches) == ("review", ())
    assert [s.doubts for s in found.signoffs.values()] == [(), ()]
    assert found.signoffs[approval(1, "otto")].assurance == "signed"
    assert [(m.subject, m.seq, m.source, m.target) for m in found.moves] == [(SUBJECT, 1, "staging", "review")]
    assert found.moves[0].landed.commit in (found.tip.commit,)
