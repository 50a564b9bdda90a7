"""Facts about the organisation that decide which law reaches it: `organisation` in `policy.yaml`.

They stand in the policy, because whoever proposes a model must not choose which duties the organisation has.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from accredit.domain.reach import Document
from accredit.domain.value import Line, Value


class Organisation(Value):
    """What the organisation is in the eyes of laws. What is absent is unknown, and never taken for false."""

    bank: bool | None = Field(None, description="Whether it is a bank or belongs to a banking group.")
    us_bank: bool | None = Field(None, description="Whether a United States banking agency supervises it.")
    public_service: bool | None = Field(
        None, description="Whether it is a public body or provides a public service (EU AI Act Art. 27)."
    )
    hipaa_role: tuple[Literal["covered_entity", "business_associate", "none"], ...] = Field(
        (), description="Its roles under HIPAA; `[none]` where it has none."
    )
    federal_health_funds: bool | None = Field(
        None, description="Whether it receives federal funds for health care in the United States (45 CFR 92)."
    )
    ccpa_business: bool | None = Field(None, description="Whether it is a business under the California CCPA.")
    ccpa_audit_threshold: bool | None = Field(
        None, description="Whether it reaches the thresholds of the Californian cybersecurity audit (11 CCR 7120)."
    )
    role: tuple[Literal["developer", "deployer", "none"], ...] = Field(
        (), description="Its roles under Colorado SB 26-189: it makes the technology for others, or uses it on people."
    )
    revalidation_rationale: Line | None = Field(
        None, description="Why models are validated anew as often as the tiers say."
    )
    documents: tuple[Document, ...] = Field(
        (), description="Documents about the whole organisation that frameworks ask for, such as a quality manual."
    )
