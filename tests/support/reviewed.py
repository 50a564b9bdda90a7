"""A registry that takes over reviews of a forge, with a bot, and a review as GitHub lists it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support.office import MODEL, Office

STEP = f"models/{MODEL}/versions/1.0.0/transitions/0001"
DANA, OLGA, OTTO, VERA, ROBOT, NOBODY = 3, 7, 8, 9, 10, 11


def office_with_reviews(folder: Path) -> Office:
    """A registry in which Dana asked for a move in the last commit; the robot signs what reviewers say."""
    accounts = {"dana": DANA, "olga": OLGA, "otto": OTTO, "vera": VERA}
    people = {f"people/{p}.yaml": {"forge": {"github": i, "gitlab": i}} for p, i in accounts.items()}
    levels = {f"profiles.{name}.assurance": "platform" for name in ("strict", "standard", "fast")}
    office = Office(folder, {**people, "policy.yaml": levels})
    robot = {"name": "Review robot", "kind": "bot", "responsible": "gwen", "forge": {"github": ROBOT}}
    keys = [{"type": "ssh", "public": office.new_key("robot")}]
    (office.root / "people/robot.yaml").write_text(json.dumps({**robot, "keys": keys}))
    office.git("add", "--all")
    office.git("commit", "-q", "--amend", "--no-edit")
    assert office.by("dana", "request", MODEL, "1.0.0", "--to", "review").exit_code == 0
    office.commit()
    return office


def head(office: Office) -> str:
    """The commit that is checked out."""
    return office.git("rev-parse", "HEAD").strip()


def review(office: Office, user: int, state: str = "APPROVED", hour: int = 8, **other: Any) -> dict[str, Any]:
    """A review of what is committed last, as GitHub lists it."""
    url = f"https://github.com/bank/registry/pull/12#pullrequestreview-{hour}"
    said = {"id": hour, "user": {"id": user, "login": f"user-{user}"}, "state": state, "html_url": url}
    return {**said, "commit_id": head(office), "submitted_at": f"2026-11-17T{hour:02}:43:43Z"} | other
