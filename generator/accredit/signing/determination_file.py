"""A person's decision on a control before it is written: one that would count."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import cast

from accredit.domain.control_status import CatalogueControl
from accredit.domain.determination import Determination
from accredit.domain.registry import ModelVersion
from accredit.errors import UsageError
from accredit.frameworks.determinations import Fault, faults_of
from accredit.loading.schema import read_entry
from accredit.rules.control_subject import subject_of
from accredit.signing.record import Draft, draft
from accredit.signing.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, by whom, in which role, and until when it holds."""

    result: str
    reason: str
    by: str
    role: str
    expires: dt.date


def control_named(workspace: Workspace, control: str, framework: str = "") -> CatalogueControl:
    """The control with an id.

    Raises:
        UsageError: where there is none or more than one.
    """
    catalogue = workspace.context.catalogue
    found = catalogue.find(control, framework)
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(c.framework_id for c in found)
        raise UsageError(f"several frameworks have a control {control}: {names}", "Say which: --framework ID.")
    former = catalogue.former(control)
    if former is not None:
        now = ", ".join(former[1].now) or "nothing"
        raise UsageError(f"{control} stood until {former[1].until}", f"In its place now: {now}.")
    raise UsageError(f"there is no control {control}", "See `accredit controls` and `accredit frameworks`.")


def draft_determination(
    workspace: Workspace, version: ModelVersion, control: CatalogueControl, decided: Decided, name: str = ""
) -> Draft:
    """The determination as of today on the version as it is.

    Raises:
        UsageError: where its values have no place in a determination.
    """
    made = f"{version.key.replace('@', '-')}-{control.id}-{workspace.today}".lower().replace("+", "-")
    fields: dict[str, object] = {
        "registry": workspace.registry_id,
        "framework": control.framework_id,
        "control": control.id,
        "model": version.model_id,
        "version": version.id,
        "result": decided.result,
        "reason": decided.reason,
        "by": decided.by,
        "role": decided.role,
        "date": workspace.today,
        "expires": decided.expires,
        "subject_digest": version.content,
    }
    return draft(f"determinations/{(name or made)}.yaml", fields)


def determination_faults(workspace: Workspace, version: ModelVersion, proposed: Draft) -> tuple[Fault, ...]:
    """Why it would not count if it were written."""
    value, _ = read_entry("determination", proposed.path, proposed.text.encode())
    made = cast("Determination", value)
    model = workspace.loaded.registry.models[version.model_id]
    ended = [Fault(f"it would have ended on {made.expires}", "Name a last day to come.", ("expires",))]
    name = proposed.path.removeprefix("determinations/").removesuffix(".yaml")
    faults = faults_of(name, made, subject_of(model, version, {}, workspace.context))
    return (*(ended if made.expires < workspace.today else []), *faults)
