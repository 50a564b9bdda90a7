"""What policy asks of approvals beside who gives them: their conditions, and how they end."""

from __future__ import annotations

from pydantic import Field

from accredit.domain.value import Count, Value


class ConditionCriteria(Value):
    """How far an approval may rest on conditions that are met later."""

    max_open: Count | None = Field(None, description="Conditions of one move that may be open at a time; null: any.")
    max_days: Count | None = Field(
        None, description="Days after the approval by which a condition is due at the latest; null: any."
    )


class ExpiryCriteria(Value):
    """What happens before and after an approval ends."""

    warn_days: tuple[Count, ...] = Field((60, 30, 7), description="Days before the end at which it is said.")
    grace_days: int = Field(0, ge=0, le=366, description="Days after the end in which the approval still counts.")


class ApprovalCriteria(Value):
    """Approvals: their conditions and their end."""

    conditions: ConditionCriteria = ConditionCriteria()
    expiry: ExpiryCriteria = ExpiryCriteria()
