"""What policy asks of the audit trail."""

from __future__ import annotations

from pydantic import Field

from accredit.domain.value import Count, Value


class AuditCriteria(Value):
    """Audit trail: how far claimed times may be from those of history."""

    max_clock_skew_hours: Count = Field(
        168, description="Hours that a claimed time may be away from the commit's: a sign-off waits in a pull request."
    )
