"""Separation of duties, and a team that is too small for it: `separation_of_duties` of policy.yaml."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from accredit.domain.value import Value

NOT_ACHIEVED = "Separation of duties not achieved"
"""What is said wherever somebody's approval of their own work counts."""


class SmallTeam(Value):
    """Lets people approve their own work where there is nobody else. It is said wherever such an approval is shown."""

    enabled: bool = Field(False, description="Whether whoever asked, trained or contributed may approve.")
    tiers: tuple[Literal[3, 4], ...] = Field((3, 4), description="Tiers in which they may; never 1 or 2.")


class SeparationOfDuties(Value):
    """Who may not approve their own work: everybody, unless a small team is allowed to."""

    small_team: SmallTeam = SmallTeam()

    def is_given_up(self, tier: int) -> bool:
        """Whether approvals of one's own work count at a tier."""
        return self.small_team.enabled and tier in self.small_team.tiers
