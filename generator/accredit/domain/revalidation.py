"""What calls for a revalidation before its time is up: `revalidation` of policy.yaml."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from accredit.domain.value import Value

Trigger = Literal[
    "material_change",
    "drift_breach",
    "incident",
    "threshold_breach",
    "data_basis_lost",
    "dependency_end_of_life",
    "new_control_in_force",
]
TRIGGER_WORDS: dict[Trigger, str] = {
    "drift_breach": "a breach of a limit on drift",
    "incident": "a serious or widespread incident",
    "threshold_breach": "a breach that monitoring reported",
    "data_basis_lost": "the end of a consent, or the erasure of data it was made from",
    "dependency_end_of_life": "the end of support for a base model",
    "new_control_in_force": "the day on which a new control comes into force",
}
"""What each trigger is. A material change needs none: it is a new version, with an approval of its own."""


class RevalidationCriteria(Value):
    """Events in use after which somebody looks at a version again, whenever it was approved."""

    triggers: tuple[Trigger, ...] = Field(
        (),
        description="incident: a serious or widespread one; threshold_breach: one that monitoring reported; "
        "drift_breach: only one of a metric of drift, or an incident of that kind; data_basis_lost: a consent ended or "
        "data was erased; dependency_end_of_life: a base model is past `supported_until`; new_control_in_force: one "
        "that may apply, of a framework that policy reports on; material_change: always a new version, so it asks for "
        "nothing more.",
    )
    within_days: int = Field(30, ge=0, le=3660, description="Days after the event by which it is validated anew.")
