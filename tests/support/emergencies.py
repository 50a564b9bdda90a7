"""Emergencies in a ceremony: what policy allows, and requests that cannot wait."""

from __future__ import annotations

from typing import Any

from tests.support.cast import POLICY
from tests.support.ceremony import Ceremony, in_production
from tests.support.records import SUBJECT

from accredit.domain.lifecycle import Lifecycle
from accredit.domain.verification import Verification

EMERGENCY: dict[str, Any] = {
    "suspend": {"role": ["owner", "release"], "review_days": 2},
    "rollback": {"sign": [{"role": ["owner"]}, {"role": ["release"]}], "approval_may_be_expired_days": 90},
    "deploy": {"sign": [{"role": ["owner"]}, {"role": ["release"]}], "max_hours": 72, "review_days": 5},
}
MOVES = POLICY["transitions"] | {"production->review": {"sign": [{"role": ["owner"]}]}}
MOVES |= {"archived->review": {"sign": [{"role": ["owner"]}]}}
STOP = {"kind": "suspend", "incident": "INC-7: scores are wrong"}
BACK = {"kind": "rollback", "incident": "INC-8: 2.0.0 fails"}
NOW = {"kind": "deploy", "incident": "INC-9: fraud wave", "hours": 48}


def life(found: Verification) -> Lifecycle:
    """The steps of the version, as history proves them."""
    return found.lifecycles[SUBJECT]


def archived(story: Ceremony) -> Ceremony:
    """A version that was in production, and is not any more."""
    return in_production(story).request("archived").approve("otto").land()
