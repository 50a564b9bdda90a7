"""Who signs a move, as policy says it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from accredit.domain.operating_criteria import TierName
from accredit.domain.predicate import Facts, Predicate
from accredit.domain.value import Count, RoleId, Value


class Signature(Value):
    """A sign-off that a move needs: one person in one of the roles."""

    role: tuple[RoleId, ...]
    tiers: tuple[int, ...] | None = Field(None, description="Tiers for which it is needed; absent: all.")
    when: Predicate | None = None

    def is_asked(self, tier: int, facts: Facts) -> bool:
        """Whether a model of a tier with these facts needs it. A condition that is unknown asks for it."""
        return (self.tiers is None or tier in self.tiers) and (self.when is None or self.when.holds(facts) is not False)


class TransitionPolicy(Value):
    """Who signs a move."""

    sign: tuple[Signature, ...] = ()
    distinct_people: dict[TierName, Count] = Field(
        default_factory=dict, description="How many different people must sign, by tier."
    )
    reason: Literal["required", "optional"] = Field("optional", description="Whether the request must say why.")
