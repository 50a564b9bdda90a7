"""What calls for a revalidation before its time is up: `revalidation` of policy.yaml."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from accredit.domain.value import Value

Trigger = Literal["incident", "threshold_breach"]


class RevalidationCriteria(Value):
    """Events in use after which somebody looks at a version again, whenever it was approved."""

    triggers: tuple[Trigger, ...] = Field(
        (),
        description="incident: a serious or widespread one; threshold_breach: one that monitoring reported.",
    )
    within_days: int = Field(30, ge=0, le=3660, description="Days after the event by which it is validated anew.")
