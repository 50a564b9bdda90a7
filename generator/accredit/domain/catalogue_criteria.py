"""Which control catalogues an organisation looks at and how: `catalogue` in `policy.yaml`."""

from __future__ import annotations

from pydantic import Field

from accredit.domain.value import Count, RoleId, Slug, Value


class CatalogueCriteria(Value):
    """Frameworks that are shown and those that gates ask for. Without this section none is looked at."""

    frameworks: tuple[Slug, ...] = Field(
        (),
        examples=[["eu-ai-act", "gdpr"]],
        description="Frameworks that the registry reports on, by id. A voluntary framework listed here is adopted.",
    )
    enforce: tuple[Slug, ...] = Field(
        (), description="Those whose controls must have evidence in the gate to production (CTL101 to CTL103)."
    )
    enforce_early: bool = Field(False, description="Whether a control that is not yet in force is enforced too.")
    max_age_days: Count = Field(180, description="Days after which a catalogue must have been checked again (POL104).")
    determination_days: Count = Field(365, description="Longest term of a determination, in days (CTL103).")
    exempt_by: tuple[RoleId, ...] = Field(
        ("legal", "compliance"), description="Roles that may determine that a control does not apply."
    )

    @property
    def reported(self) -> tuple[str, ...]:
        """Every framework that is looked at, in the order of the policy."""
        return tuple(dict.fromkeys((*self.frameworks, *self.enforce)))
