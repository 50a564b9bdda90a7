"""RET: the records that policy wants exist, and are kept for as long as it wants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accredit.domain.calendar import months_after
from accredit.domain.paths import version_path
from accredit.domain.registry import ModelVersion
from accredit.domain.retention import FROM_OPERATION, RecordClass
from accredit.domain.schedule import Kept, schedule_of
from accredit.findings import Location
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule, unknown

Asked = Mapping[RecordClass, tuple[str, bool]]
"""Class of record to who asks for it, and whether it is sure that the asking applies."""


@rule("RET101", "Required record classes exist", severity="error", gate="production", waivable=True)
def classes_exist(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Required record classes exist.

    What it checks:
        For every class of record that `retention.classes` of the policy names, and for every class of an overlay
        whose `when` holds, the version has at least one record. Artifacts, datasets, stored predictions, metrics,
        card and sign-offs are found where they are recorded; other records have a file in `records/`. An object that
        was erased counts if it left a tombstone. Logs, decision records and requests of consumers are asked for once
        the version is in use.

    Why it matters:
        What was never kept cannot be shown later, and it is asked for years after everybody who knew has left.

    Example:
        A policy with `technical_documentation` among its classes, and a version without
        `records/technical_documentation.yaml`.

    How to fix:
        Store the record where it cannot be changed, and write `records/<class>.yaml` with its address and digest.

    References:
        EU AI Act Art. 11, 12 and 18; ISO/IEC 42001:2023 clause 7.5.3; ISO 15489-1:2016.
    """
    kept = schedule(version, context)
    asked = required(version, context)
    faults = 0
    for record, (source, sure) in asked.items():
        found = [k for k in kept if k.pointer.record == record]
        if any(k.pointer.in_git or k.pointer.uri or k.pointer.tombstone for k in found):
            continue
        faults += 1
        place = at(found[0].pointer.path, *found[0].pointer.route) if found else _folder(version)
        missing = "says nowhere where it is" if found else "is not recorded"
        remedy = f"Say where it is kept: {_home(record)}."
        message = f"`{record}` {missing}, and {source} wants it kept"
        yield (
            fails(message, remedy, place)
            if sure
            else unknown(
                f"{message}, and whether {source} applies is not known",
                f"Record the facts it asks for. {remedy}",
                place,
            )
        )
    if not asked:
        yield not_applicable("policy and overlays ask for no class of record yet")
    elif not faults:
        erased = sum(1 for k in kept if k.pointer.tombstone and k.pointer.record in asked)
        yield passes(f"all {len(asked)} classes are there" + (f", {erased} of them as tombstones" if erased else ""))


@rule("RET102", "Kept-until date is long enough", severity="error", gate="production", waivable=True)
def kept_long_enough(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Kept-until date is long enough.

    What it checks:
        Where a store may delete an object after a day (`storage.retain_until`), that day is not before the latest end
        of all minimums that apply: the policy's for the class, and those of overlays. While a clock has not started,
        the end is not known; then the day must leave room for the minimum even if the clock started today. An object
        without such a day is kept.

    Why it matters:
        A store deletes on its day without asking. If the day is too early, nobody notices until the record is needed.

    Example:
        `storage: {retain_until: 2027-01-01}` for an artifact that is kept for three years after its last day in
        production, which has not come.

    How to fix:
        Prolong the retention in the store, and write the new day.

    References:
        EU AI Act Art. 18 and 19; HIPAA 45 CFR 164.316(b)(2); Regulation B 12 CFR 1002.12.
    """
    faults = limited = 0
    for kept in schedule(version, context):
        pointer = kept.pointer
        last = pointer.storage.retain_until
        if last is None or pointer.tombstone is not None:
            continue
        limited += 1
        ends = {t: months_after(t.start or context.as_of, t.months) for t in kept.terms}
        term, end = max(ends.items(), key=lambda item: item[1])
        if last < end:
            faults += 1
            until = f"until {end}" if term.start else f"until {end} even if `{term.clock}` started today"
            message = f"{named(kept)} may be deleted after {last}, and {term.source} keeps it {until}"
            yield fails(message, "Prolong it in the store, and correct the day.", at(pointer.path, *pointer.route))
    if not faults:
        yield passes(f"{limited} objects have a last day, and each is late enough; the others are kept without one")


def schedule(version: ModelVersion, context: Context) -> tuple[Kept, ...]:
    """The retention schedule of a version."""

    def derived() -> tuple[Kept, ...]:
        facts, lifecycle = context.standing(version).facts, context.lifecycles[version.key]
        return schedule_of(version, context.registry, context.policy, facts, lifecycle, context.as_of)

    return context.once("schedule", version.key, derived)


def required(version: ModelVersion, context: Context) -> Asked:
    """The classes of record that the version must have."""
    policy, facts = context.policy.retention, context.standing(version).facts
    operated = any(d.environment == "production" for d in version.deployments.values())
    asked: dict[RecordClass, tuple[str, bool]] = dict.fromkeys(policy.classes, ("policy", True))
    for overlay in policy.overlays:
        holds = overlay.when.holds(facts) if overlay.when else True
        if holds is not False and not asked.get(overlay.record, ("", False))[1]:
            asked[overlay.record] = (overlay.control, holds is True)
    return {c: who for c, who in sorted(asked.items()) if operated or c not in FROM_OPERATION}


def named(kept: Kept) -> str:
    """What a record is called in a message."""
    pointer = kept.pointer
    return f"the record `{pointer.name}` ({pointer.record.replace('_', ' ')})"


def _home(record: str) -> str:
    own = {
        "model_artifact": "`artifacts` with `uri`",
        "training_dataset": "`uri` of the dataset",
        "evaluation_dataset": "`uri` of the dataset",
        "hyperparameters": "`hyperparameters` of version.yaml",
        "metrics": "a file in `evaluations/`",
        "card": "card.yaml",
        "approvals": "the approvals of a transition",
        "audit_log": "a transition",
        "decision_records": "a file in `decisions/`",
    }
    return own.get(record, f"write records/{record}.yaml")


def _folder(version: ModelVersion) -> Location:
    return at(version_path(version.model_id, version.id))
