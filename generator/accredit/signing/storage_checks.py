"""A round through the stores: looks at the objects of versions, and what is written down about each version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from accredit.domain.paths import version_path
from accredit.domain.registry import ModelVersion
from accredit.domain.retention import Level
from accredit.domain.stored import CheckedObject
from accredit.signing.record import Draft, draft
from accredit.signing.workspace import Workspace
from accredit.storage.look import Seen, Stores


@dataclass(frozen=True, slots=True)
class Round:
    """What was found of one version."""

    version: ModelVersion
    seen: tuple[Seen, ...]

    @property
    def found(self) -> tuple[CheckedObject, ...]:
        """The objects that were looked at."""
        return tuple(s.found for s in self.seen if s.found is not None)

    @property
    def faults(self) -> tuple[Seen, ...]:
        """The objects that are not as recorded."""
        return tuple(s for s in self.seen if s.found is not None and s.found.result != "ok")


def rounds(workspace: Workspace, stores: Stores, versions: Iterable[ModelVersion]) -> Iterator[Round]:
    """Looks at every object outside the registry that some versions point to. Nothing is changed or deleted."""
    checks = workspace.policy.retention.verify
    for version in versions:
        tier = str(workspace.context.standing(version).tier)
        level: Level = checks.level.get(tier, "digest") if checks else "digest"  # type: ignore[call-overload]
        stored = [k.pointer for k in workspace.agenda.schedule(version) if k.pointer.uri and not k.pointer.tombstone]
        yield Round(version, tuple(stores.look(pointer, level) for pointer in stored))


def written(one: Round, at: datetime, by: str, tool: str) -> Draft:
    """The file about a round: one a version and day. What another round of the day found stays, unless it looked again.

    Args:
        one: What was found.
        at: When.
        by: Who answers for it: a person or a bot in `people/`.
        tool: Version of the program.
    """
    name = at.date().isoformat()
    before = one.version.verifications.get(name)
    objects = {(o.record, o.name, o.uri): o for o in before.objects} if before else {}
    objects |= {(o.record, o.name, o.uri): o for o in one.found}
    path = version_path(one.version.model_id, one.version.id, f"verifications/{name}.yaml")
    told = [o.model_dump(by_alias=True, exclude_none=True) for _, o in sorted(objects.items())]
    fields = {"at": at, "by": by, "tool": {"name": "accredit", "version": tool}, "objects": told}
    return draft(path, fields)
