"""DATA: whether personal data may be used: legal basis, special categories, transfers, de-identification."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from accredit.domain.dataset import Dataset, LegalBasis
from accredit.domain.lineage import Upstream
from accredit.domain.paths import dataset_path
from accredit.domain.regions import home_of
from accredit.domain.registry import ModelVersion
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, rule, unknown
from accredit.rules.upstream import no_personal_data, personal, settled, undecided, unseen, unsettled


@rule("DATA103", "Each personal dataset has a valid legal basis", severity="blocker", gate="review", waivable=False)
def legal_basis(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Each personal dataset has a valid legal basis.

    What it checks:
        Every dataset with personal data names its legal basis. Where that is consent, the consent record is there
        with at least one purpose, has not expired, and withdrawals are processed up to the last day on
        which the data was collected; for derived data that is the last day of the data it was made from.

    Why it matters:
        Without a basis in law the data may not be processed, and so no model may be built from it. Consent ends,
        and people withdraw it.

    Example:
        `withdrawals_processed_to: 2026-01-31` for data collected until 2026-03-31.

    How to fix:
        Record `legal_basis` with the privacy officer. For consent, process the withdrawals, renew what expired, and
        register the cleaned state as a new dataset.

    References:
        GDPR Art. 6(1), 7(1) and 7(3); the same question arises under LGPD Art. 7 and PIPL Art. 13.
    """
    upstream = context.upstream(version)
    held = personal(upstream)
    collected = _last_collected(upstream)
    found = [*unseen(upstream), *undecided(upstream)]
    for name, dataset in held:
        found += _basis(name, dataset.legal_basis, collected[name], context.as_of)
    facts = ((f"{d.legal_basis.basis} ({d.legal_basis.reference})", name) for name, d in held if d.legal_basis)
    yield from settled(found, facts, no_personal_data(upstream))


def _last_collected(upstream: Upstream) -> dict[str, date | None]:
    """Dataset to the last day on which it, or anything it was made from, was collected."""
    days: dict[str, date | None] = {}
    for name, dataset in upstream.datasets.items():
        own = dataset.source.collected_to if dataset.source else None
        inputs = dataset.derived_from.inputs if dataset.derived_from else ()
        days[name] = max(filter(None, (own, *(days.get(i.dataset) for i in inputs))), default=None)
    return days


def _basis(name: str, basis: LegalBasis | None, collected_to: date | None, today: date) -> Iterator[Verdict]:
    path = dataset_path(name)
    if basis is None:
        help_ = "Record `legal_basis` with `basis` and `reference`."
        yield fails(f"`{name}` holds personal data and has no legal basis", help_, at(path))
        return
    consent = basis.consent
    if basis.basis != "consent":
        return
    if consent is None:
        help_ = "Record `consent`: record, purposes, obtained, withdrawals_processed_to."
        yield fails(f"`{name}` is used by consent, and no consent is recorded", help_, at(path, "legal_basis"))
        return
    place = ("legal_basis", "consent")
    if not consent.purposes:
        message = f"the consent {consent.record} of `{name}` names no purpose"
        yield fails(message, "Record what people consented to.", at(path, *place, "purposes"))
    if consent.obtained > today:
        yield unsettled(f"the consent of `{name}` is dated {consent.obtained}, after {today} (REG005)")
    if consent.expires is not None and consent.expires < today:
        message = f"the consent {consent.record} of `{name}` expired on {consent.expires}"
        yield fails(message, "Renew the consent or stop using the data.", at(path, *place, "expires"))
    processed = consent.withdrawals_processed_to
    if collected_to is not None and processed < collected_to:
        message = f"withdrawals from `{name}` are processed to {processed}, and data was collected to {collected_to}"
        help_ = "Remove the data of people who withdrew, and register the new state."
        yield fails(message, help_, at(path, *place, "withdrawals_processed_to"))
    elif collected_to is None:
        yield unsettled(f"until when `{name}` was collected is not recorded (DATA101)")


@rule("DATA105", "Sensitive data has a specific condition", severity="blocker", gate="review", waivable=False)
def sensitive_condition(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Sensitive data has a specific condition.

    What it checks:
        Every entry under `sensitive` names the condition, authorisation or exclusion that allows its use, and a
        dataset with `phi: true` has at least one entry.

    Why it matters:
        Data about health, origin, belief or criminal record is forbidden to process unless one of few exceptions
        applies. A legal basis alone does not open that door.

    Example:
        `sensitive: [{category: health, columns: [diagnosis]}]` without `condition`.

    How to fix:
        Record the condition, for example explicit consent, a HIPAA authorisation, or bias detection under the
        safeguards of the AI Act, or drop the columns.

    References:
        GDPR Art. 9(2) and 10. EU AI Act Art. 10(5). HIPAA 45 CFR 164.502(a) and 164.508. CCPA 1798.121. Croissant
        `rai:personalSensitiveInformation`.
    """
    upstream = context.upstream(version)
    found = [*unseen(upstream), *undecided(upstream)]
    for name, dataset in upstream.datasets.items():
        found += _condition(name, dataset)
    facts = ((f"{s.category}: {s.condition}", name) for name, d in upstream.datasets.items() for s in d.sensitive)
    yield from settled(found, facts, "no dataset lists sensitive columns or protected health information")


def _condition(name: str, dataset: Dataset) -> Iterator[Verdict]:
    for i, entry in enumerate(dataset.sensitive):
        if entry.condition is None:
            columns = ", ".join(entry.columns)
            message = f"`{name}` names no condition that allows the use of {entry.category} ({columns})"
            yield fails(message, "Record `condition`, or drop the columns.", at(dataset_path(name), "sensitive", i))
    if dataset.phi and not dataset.sensitive:
        message = f"`{name}` holds protected health information and names no authorisation for it"
        yield fails(message, "Record it under `sensitive` with its `condition`.", at(dataset_path(name), "phi"))


@rule("DATA107", "Transfers have a mechanism", severity="error", gate="production", waivable=True)
def transfer_mechanism(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Transfers have a mechanism.

    What it checks:
        Every dataset with personal data records where its people live and where it is stored. Where storage leaves
        a region of the people, a transfer mechanism is recorded, not dated in the future. The countries of the
        European Economic Area count as one region; every other country is its own.

    Why it matters:
        The protection that the law of a region gives must travel with the data. A copy in another region without a
        mechanism is unlawful however well it is guarded.

    Example:
        `region: {subjects: [DE], storage: [US]}` without `transfer`.

    How to fix:
        Store the data in its region, or record the mechanism: adequacy decision, standard contractual clauses,
        binding corporate rules.

    References:
        GDPR Art. 44 to 49 and the UK's equivalents; PIPL Art. 38.
    """
    upstream = context.upstream(version)
    held = personal(upstream)
    found = [*unseen(upstream), *undecided(upstream)]
    for name, dataset in held:
        found += _transfer(name, dataset, context.as_of)
    facts = ((_stays(d), name) for name, d in held)
    yield from settled(found, facts, no_personal_data(upstream))


def _stays(dataset: Dataset) -> str:
    region = dataset.region
    if region is None:
        return ""
    where = ", ".join(region.storage)
    return f"stored in {where} ({region.transfer.mechanism})" if region.transfer else f"stored in {where}"


def _transfer(name: str, dataset: Dataset, today: date) -> Iterator[Verdict]:
    path, region = dataset_path(name), dataset.region
    if region is None or not region.subjects or not region.storage:
        absent = "region" if region is None else "region.storage" if region.subjects else "region.subjects"
        place = at(path) if region is None else at(path, "region")
        help_ = "Record `region` with `subjects` and `storage`."
        yield unknown(f"`{name}` holds personal data and does not record `{absent}`", help_, place)
        return
    homes = {home_of(r) for r in region.subjects}
    outside = [r for r in region.storage if homes != {home_of(r)}]
    if not outside:
        return
    people = ", ".join(region.subjects)
    if region.transfer is None:
        message = (
            f"`{name}` is stored in {', '.join(outside)}, its people live in {people}, and no transfer is recorded"
        )
        yield fails(message, "Record `transfer` or move the data.", at(path, "region", "storage"))
    elif region.transfer.date > today:
        message = f"the transfer mechanism of `{name}` is dated {region.transfer.date}, after {today}"
        yield fails(message, "Correct the date, or wait for it.", at(path, "region", "transfer", "date"))
