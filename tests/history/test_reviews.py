"""Reviews of a forge that a bot took over: worth as much as policy says, and never as much as a person's key."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.cast import member
from tests.support.ceremony import Ceremony, a_ceremony
from tests.support.proof import only_flaw, stage
from tests.support.records import approval

from accredit.domain.verification import Flaw

OTTO = approval(1, "otto")
ROBOT = member("robot").file() + "kind: bot\nresponsible: gwen\n"


def with_robot(folder: Path, assurance: str) -> Ceremony:
    """A registry whose policy asks for an assurance, and whose bot has a key."""
    levels = {f"profiles.{profile}.assurance": assurance for profile in ("strict", "standard", "fast")}
    return a_ceremony(folder, **levels).change({"people/robot.yaml": ROBOT}).land()


def test_a_review_counts_where_policy_takes_reviews(tmp_path: Path) -> None:
    story = with_robot(tmp_path, "platform").request("review").approve("otto", key="robot", assurance="platform")
    found = story.land().verify()
    assert (stage(found), found.signoffs[OTTO].assurance) == ("review", "platform")


def test_a_review_is_too_weak_where_policy_asks_for_keys(tmp_path: Path) -> None:
    story = with_robot(tmp_path, "signed").request("review").approve("otto", key="robot", assurance="platform")
    found = story.land().verify()
    assert (stage(found), only_flaw(found, OTTO)) == ("staging", Flaw.TOO_WEAK)


@pytest.mark.parametrize("options", [{"key": "dana"}, {"key": "nobody"}, {"sign": False}])
def test_a_review_that_no_bot_signed_does_not_count(tmp_path: Path, options: dict[str, str]) -> None:
    story = with_robot(tmp_path, "platform").request("review").approve("otto", assurance="platform", **options)
    found = story.land().verify()
    assert (stage(found), only_flaw(found, OTTO)) == ("staging", Flaw.OTHER_SIGNER)


def test_a_bot_signs_nothing_that_does_not_say_it_is_a_review(tmp_path: Path) -> None:
    found = with_robot(tmp_path, "platform").request("review").approve("otto", key="robot").land().verify()
    assert (stage(found), only_flaw(found, OTTO)) == ("staging", Flaw.OTHER_SIGNER)


def test_a_reviewer_may_sign_the_review_too(tmp_path: Path) -> None:
    found = with_robot(tmp_path, "signed").request("review").approve("otto", assurance="platform").land().verify()
    assert (stage(found), found.signoffs[OTTO].assurance) == ("review", "signed")
