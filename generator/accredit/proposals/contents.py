"""What a change proposes, entry by entry: new models and versions, requests, sign-offs, data, waivers, policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from accredit.domain.determination import Determination
from accredit.domain.paths import EntryPath, parse_path
from accredit.domain.registry import Registry
from accredit.domain.signoff import Approval, ChangeRequest, Request
from accredit.domain.value import Value
from accredit.domain.waiver import Waiver
from accredit.policies.fields import leaves
from accredit.proposals.proposal import Doing, Proposal

WORDS = {
    "registry": "identity of the registry",
    "policy": "policy",
    "features": "feature set",
    "decisions": "decision log",
    "record": "pointer to a record",
    "verification": "check of stored records",
    "transition": "request",
    "approval": "sign-off",
    "closing": "end of a condition",
    "hold": "legal hold",
    "framework": "control catalogue",
    "change": "request to change people or policy",
    "change-approval": "sign-off on a change of people or policy",
}
"""Kind of an entry to what a reader calls it; of the others the kind is the word."""
_CONTENT = ("card", "evaluation", "validation")
_ORDER = ("model", "version", "transition", "approval", "change", "change-approval", "policy", "person", "waiver")


@dataclass(frozen=True, slots=True)
class Item:
    """One entry that is added, changed or removed."""

    doing: Doing
    path: EntryPath
    told: str = ""
    """What it says, in its author's words."""

    @property
    def what(self) -> str:
        """What it is: `new version`, `changed dataset`."""
        word = WORDS.get(self.path.kind, self.path.kind)
        return f"{'new' if self.doing == 'added' else self.doing} {word}"

    @property
    def name(self) -> str:
        """Which one: `model@version`, with the number or name of what belongs to it."""
        subject = f"{self.path.model}@{self.path.version}" if self.path.version else self.path.model
        number = f"{self.path.seq:04}" if self.path.seq else ""
        return " ".join(filter(None, (subject, number, self.path.id)))


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field of an entry that is on both sides. None stands for a field that is not there."""

    path: str
    field: str
    before: str | None
    after: str | None


def items(proposal: Proposal) -> tuple[Item, ...]:
    """Every entry that differs, the weightiest first. What belongs to a new version is told with it."""
    found = [_item(proposal, path, doing) for path, doing in proposal.touched.items()]
    fresh = {(i.path.model, i.path.version) for i in found if i and i.path.kind == "version" and i.doing == "added"}
    kept = [i for i in found if i and not (i.path.kind in _CONTENT and (i.path.model, i.path.version) in fresh)]
    return tuple(sorted(kept, key=lambda i: (_rank(i.path.kind), i.path.path)))


def _rank(kind: str) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def _item(proposal: Proposal, path: str, doing: Doing) -> Item | None:
    known = parse_path(path)
    if known is None:
        return None
    side = proposal.before if doing == "removed" else proposal.after
    value = entry_of(side.registry, known) if side else None
    return Item(doing, known, _told(value))


def _told(value: Value | None) -> str:
    said = ""
    match value:
        case Request():
            urgent = f", an emergency {value.emergency.kind}" if value.emergency else ""
            said = f"{value.from_stage} -> {value.to_stage}{urgent}, asked by {value.requested_by}: {value.reason}"
        case Approval():
            said = f"{value.decision} by {value.reviewer} as {value.role}: {value.statement}"
        case ChangeRequest():
            said = f"asked by {value.requested_by}: {value.reason}"
        case Waiver():
            said = f"{value.rule} of {value.model}@{value.version} until {value.expires}: {value.reason}"
        case Determination():
            said = f"{value.framework} {value.control} of {value.model}: {value.result}"
        case _:
            named = (getattr(value, field, "") for field in ("name", "summary", "title", "reason"))
            said = next((str(text) for text in named if text), "")
    return said


def entry_of(registry: Registry, path: EntryPath) -> Value | None:
    """The entry at a path; None for what cannot be read, and for parts of a version that have no words of their own."""
    simple: dict[str, Mapping[str, Value]] = {
        "person": registry.people,
        "dataset": registry.datasets,
        "features": registry.features,
        "waiver": registry.waivers,
        "hold": registry.holds,
        "incident": registry.incidents,
        "framework": registry.frameworks,
        "determination": registry.determinations,
    }
    if path.kind in simple:
        return simple[path.kind].get(path.id)
    single: dict[str, Value | None] = {
        "policy": registry.policy,
        "registry": registry.identity,
        "change": registry.changes.get(str(path.seq)),
        "change-approval": registry.change_approvals.get(str(path.seq), {}).get(path.id),
    }
    if path.kind in single:
        return single[path.kind]
    model = registry.models.get(path.model)
    return (model.record if path.kind == "model" else _of_version(registry, path)) if model else None


def _of_version(registry: Registry, path: EntryPath) -> Value | None:
    version = registry.models[path.model].versions.get(path.version)
    if version is None or path.kind == "version":
        return version.record if version else None
    if path.kind == "deployment":
        return version.deployments.get(path.id)
    digest = registry.digests.get(f"{path.path.partition('/transitions/')[0]}/transitions/{path.seq:04}/request.yaml")
    step = next((t for t in version.transitions if t.sha256 == digest), None)
    if step is None:
        return None
    return {"transition": step.request, **step.approvals}.get(path.id or "transition")


def field_differences(proposal: Proposal) -> Iterator[FieldDifference]:
    """Every field that differs, of entries on both sides that are no part of a version's content."""
    for path, doing in proposal.touched.items():
        known = parse_path(path)
        if known is None or doing != "changed" or known.kind == "version" or proposal.before is None:
            continue
        sides = (entry_of(side.registry, known) for side in (proposal.before, proposal.after))
        old, new = (leaves(value) if value is not None else {} for value in sides)
        for field in dict.fromkeys([*new, *old]):
            if old.get(field) != new.get(field):
                yield FieldDifference(path, field, old.get(field), new.get(field))
