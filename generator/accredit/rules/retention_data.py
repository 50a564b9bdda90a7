"""RET and POL: data that people may ask to have erased: its maximum, what is left of it, and who decides a clash."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.calendar import is_after
from accredit.domain.dataset import Dataset
from accredit.domain.paths import dataset_path, version_path
from accredit.domain.pointers import data_of, looks_at, pointers_of
from accredit.domain.prose import is_filled
from accredit.domain.registry import ModelVersion, Registry
from accredit.domain.schedule import holds_on, latest_allowed
from accredit.domain.stored import Tombstone
from accredit.findings import Location
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, inconclusive, not_applicable, passes, rule, unknown
from accredit.rules.upstream import listed, no_personal_data, personal, settled, undecided, unseen

EXCUSES = ("legal_exception", "restrict")
"""Decisions under which data may stay past its maximum; the others are carried out, and then there is none."""
OPTIONS = "anonymise, pseudonymise, restrict access, keep only statistics, or record a legal exception"


@rule("RET105", "Nothing personal is kept past its maximum", severity="warning", gate="archived", waivable=True)
def not_kept_too_long(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Nothing personal is kept past its maximum.

    What it checks:
        For every dataset with personal data that the version was made from, the day of the assessment is not after
        the end of `max_retention_months`, counted from the last day of the collection. Data under a legal hold may
        stay, and so may data for which people recorded a decision (`retention_decision`) to restrict it or to rely on
        a legal exception. Data that was erased has a tombstone and is not kept.

    Why it matters:
        Personal data is kept no longer than its purpose needs. What was forgotten in a store leaks years later.

    Example:
        `max_retention_months: 36` for data collected until 2022.

    How to fix:
        Erase or anonymise the data, and record the `tombstone`; or let privacy and counsel record what they decided.

    References:
        GDPR Art. 5(1)(e) and 17(3); CCPA 1798.100(a)(3).
    """
    upstream = context.upstream(version)
    found = [*unseen(upstream), *undecided(upstream)]
    facts = []
    for name, dataset in personal(upstream):
        if dataset.max_retention_months is None or dataset.tombstone is not None:
            continue
        last, decision = latest_allowed(context.registry, name), dataset.retention_decision
        place = at(dataset_path(name), "max_retention_months")
        if last is None:
            message = f"`{name}` has a maximum, and when its data was collected is not recorded"
            found.append(unknown(message, "Record `source.collected_to`.", place))
        elif last >= context.as_of:
            facts.append((f"may be kept until {last}", name))
        elif held := holds_on(context.registry, name, context.as_of, data=True):
            facts.append((f"past its maximum of {last} under the legal hold {held[0]}", name))
        elif decision is not None and decision.option in EXCUSES and not is_after(decision.date, context.as_of):
            facts.append((f"past its maximum of {last} by the decision of {decision.decided_by}", name))
        else:
            message = f"`{name}` holds personal data that was to be kept until {last} at most"
            found.append(fails(message, "Erase or anonymise it, or record what was decided.", place))
    limitless = f"no personal data has a maximum: {listed(name for name, _ in personal(upstream))}"
    yield from settled(found, facts, limitless if personal(upstream) else no_personal_data(upstream))


@rule("RET107", "Erased data leaves a tombstone", severity="error", gate="always", waivable=True, scope="registry")
def tombstones_left(registry: Registry, context: Context) -> Iterator[Verdict]:
    """Erased data leaves a tombstone.

    What it checks:
        A stored object that the last verification found missing has a `tombstone`. Every tombstone has a day that is
        not in the future and a note that says what can no longer be repeated; where it names a replacement, that
        dataset exists and is not erased itself. What was erased does not say any more where its bytes are kept, and
        no version that was trained later uses it.

    Why it matters:
        Without the tombstone nobody can tell an erasure that the law demanded from a loss or a cover-up, and nobody
        knows which results can no longer be repeated.

    Example:
        `tombstone: {..., note: TBD}`, or a dataset with a tombstone that keeps its `uri`.

    How to fix:
        Record date, authority, method, reason and note, the replacement if there is one, and take `uri` out. If the
        object was lost and not erased, bring it back.

    References:
        GDPR Art. 5(2), 17 and 30; ISO 15489-1:2016 on disposition.
    """
    looked = 0
    found: list[Verdict] = []
    for name, dataset in registry.datasets.items():
        if dataset.tombstone is not None:
            looked += 1
            found += _incomplete(f"`{name}`", dataset.tombstone, at(dataset_path(name), "tombstone"), context)
            if dataset.uri is not None:
                message = f"`{name}` was erased on {dataset.tombstone.date}, and still says where it is kept"
                found.append(fails(message, "Take `uri` out.", at(dataset_path(name), "uri")))
    for version in registry.versions():
        looked += sum(r.tombstone is not None for r in version.records.values())
        found += _of_version(version, context)
    yield from found
    if not found:
        yield passes(f"tombstones: {looked}, each complete") if looked else not_applicable("nothing was erased")


def _of_version(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    folder, registry = version_path(version.model_id, version.id, ""), context.registry
    for name, record in version.records.items():
        if record.tombstone is not None:
            yield from _incomplete(name, record.tombstone, at(f"{folder}records/{name}.yaml", "tombstone"), context)
    trained = version.record.trained
    for index, used in enumerate(version.record.datasets):
        data = registry.datasets.get(used.dataset)
        if data and data.tombstone and trained and trained.at.date() > data.tombstone.date:
            message = f"it was trained on {trained.at.date()} on `{used.dataset}`, erased on {data.tombstone.date}"
            place = at(f"{folder}version.yaml", "datasets", index)
            yield fails(message, "Correct the day, or name the data that was used.", place)
    for (kind, name, uri), look in looks_at(version).items():
        if look.found.result != "missing" or not _still_claimed(version, registry, kind, name, uri):
            continue
        message = f"the {kind.replace('_', ' ')} `{name}` was gone on {look.at.date()}, and there is no tombstone"
        yield fails(message, "Bring it back, or record the `tombstone` of its erasure.", at(look.path))


def _still_claimed(version: ModelVersion, registry: Registry, kind: str, name: str, uri: str) -> bool:
    """Whether the registry still says that an object is kept at an address."""
    pointers = pointers_of(version, registry)
    return any((p.record, p.name, p.uri, p.tombstone) == (kind, name, uri, None) for p in pointers)


def _incomplete(what: str, tombstone: Tombstone, place: Location, context: Context) -> Iterator[Verdict]:
    if is_after(tombstone.date, context.as_of):
        message = f"{what} is said to be erased on {tombstone.date}, after {context.as_of}"
        yield fails(message, "Write the day on which it was erased.", place)
    for field in ("reason", "authority", "method", "note"):
        if not is_filled(getattr(tombstone, field)):
            yield fails(f"the `{field}` of the tombstone of {what} says nothing", f"Write the {field}.", place)
    if tombstone.replacement is not None:
        other = context.registry.datasets.get(tombstone.replacement)
        if other is None or other.tombstone is not None:
            state = "erased itself" if other else "not registered"
            yield fails(f"the replacement of {what}, `{tombstone.replacement}`, is {state}", "Correct it.", place)


@rule("POL105", "Minimum and maximum retention do not clash", severity="warning", gate="always", waivable=True)
def retention_possible(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Minimum and maximum retention do not clash.

    What it checks:
        No dataset that the version was trained or evaluated on has a `max_retention_months` that is shorter than the
        longest minimum that applies to it: that of `retention` in the policy for the classes `training_dataset` and
        `evaluation_dataset`, or the default, and those of overlays. Where the clock of the minimum starts only later
        than the data was made, as with the last day in production, equal lengths clash too. A clash gives
        `inconclusive`, until people record what they decided (`retention_decision` of the dataset): which of the two
        gives way is never decided automatically.

    Why it matters:
        Records must outlive the model so that its decisions can be answered for, and personal data may not be kept
        longer than its purpose needs. A registry that promises both breaks one of the promises.

    Example:
        `max_retention_months: 24` for data of a model whose records are kept for three years.

    How to fix:
        Let privacy and counsel decide: anonymise or pseudonymise the data, keep only statistics, restrict access, or
        record a legal exception. Record the decision; a waiver covers the time until then.

    References:
        GDPR Art. 5(1)(e) and 17(3); EU AI Act Art. 18, which asks for documentation and not for raw data.
    """
    limited = clashes = 0
    facts = context.standing(version).facts
    for name, record in data_of(version).items():
        dataset = context.registry.datasets.get(name)
        if dataset is None or dataset.max_retention_months is None or dataset.tombstone is not None:
            continue
        limited += 1
        longest = dataset.max_retention_months
        source, least = max(context.policy.retention.minimums(record, facts), key=lambda m: m[1].length)
        clash = least.length > longest or (least.length == longest and least.clock != "created")
        if clash and not _is_decided(dataset, context):
            clashes += 1
            who = "policy" if "policy" in source else source
            message = (
                f"`{name}` may be kept for {longest} months, and {who} keeps it for {least.length} from `{least.clock}`"
            )
            remedy = f"Let privacy and counsel decide which gives way: {OPTIONS}."
            yield inconclusive(message, remedy, at(dataset_path(name), "max_retention_months"))
    if not limited:
        yield not_applicable("no data of the version has a longest time to be kept")
    elif not clashes:
        yield passes(
            f"the longest time of {limited} datasets leaves room for the time they must be kept, or was decided"
        )


def _is_decided(dataset: Dataset, context: Context) -> bool:
    decision = dataset.retention_decision
    return decision is not None and not is_after(decision.date, context.as_of)
