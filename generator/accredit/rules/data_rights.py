"""DATA: what is owed to the people that data is about: notice, their rights, de-identification, contracts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from accredit.domain.dataset import Dataset, Deidentification
from accredit.domain.lineage import Upstream
from accredit.domain.paths import dataset_path
from accredit.domain.registry import ModelVersion
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, rule
from accredit.rules.upstream import listed, no_personal_data, personal, settled, undecided, unseen, unsettled


@rule("DATA109", "Notice given to data subjects is referenced", severity="error", gate="production", waivable=True)
def privacy_notice(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Notice given to data subjects is referenced.

    What it checks:
        Every dataset with personal data references the privacy notice that its people were given, by id, version
        and date, and the date is not in the future.

    Why it matters:
        People must have been told what their data is used for, at the latest when it is first used. Which notice
        that was cannot be found out years later unless it is written down with the data.

    Example:
        `personal_data: true` without `notice`.

    How to fix:
        Record `notice: {id: PN-4, version: "3", date: 2024-12-01}`. Where the law exempts the use from notice, have
        a waiver granted that names the exemption.

    References:
        GDPR Art. 13 and 14. CCPA 1798.100(a). GLBA Regulation P, 12 CFR 1016.4.
    """
    upstream = context.upstream(version)
    held = personal(upstream)
    found = [*unseen(upstream), *undecided(upstream)]
    for name, dataset in held:
        path, notice = dataset_path(name), dataset.notice
        if notice is None:
            help_ = "Record `notice` with id, version and date."
            found.append(fails(f"`{name}` holds personal data and references no privacy notice", help_, at(path)))
        elif notice.date > context.as_of:
            message = f"the privacy notice {notice.id} of `{name}` is dated {notice.date}, after {context.as_of}"
            found.append(fails(message, "Reference the notice that was given.", at(path, "notice", "date")))
    facts = ((f"notice {d.notice.id}, version {d.notice.version}", name) for name, d in held if d.notice)
    yield from settled(found, facts, no_personal_data(upstream))


@rule("DATA110", "Objection, opt-out and erasure are handled", severity="error", gate="production", waivable=True)
def subject_rights(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Objection, opt-out and erasure are handled.

    What it checks:
        Every dataset with personal data records the procedure by which objection, opt-out and erasure reach it, and
        when that last ran.

    Why it matters:
        A request that reaches the source system and stops there leaves the person in every copy and in the next
        model that is trained.

    Example:
        `personal_data: true` without `rights`.

    How to fix:
        Record `rights` with `procedure`, `last_run` and the `affected_versions` that had to be looked at.

    References:
        GDPR Art. 17, 19 and 21. CCPA 1798.105 and 1798.120.
    """
    upstream = context.upstream(version)
    held = personal(upstream)
    found = [*unseen(upstream), *undecided(upstream)]
    for name, dataset in held:
        path, rights = dataset_path(name), dataset.rights
        if rights is None:
            message = f"`{name}` holds personal data and does not say how objection and erasure reach it"
            found.append(fails(message, "Record `rights` with `procedure` and `last_run`.", at(path)))
        elif rights.last_run > context.as_of:
            day = f"{rights.last_run}, after {context.as_of}"
            found.append(unsettled(f"the rights procedure of `{name}` last ran on {day} (REG005)"))
    facts = ((f"last run {d.rights.last_run}", name) for name, d in held if d.rights)
    yield from settled(found, facts, no_personal_data(upstream))


@rule("DATA111", "De-identification is evidenced", severity="error", gate="review", waivable=False)
def deidentification(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """De-identification is evidenced.

    What it checks:
        A dataset that claims to be de-identified has valid evidence: a determination that has not expired, with
        an expiry date for an expert's determination, and a re-identification test where policy asks the model's tier
        for one (`data.reidentification_test_tiers`). The claim is made by
        `deidentification`, and also by a dataset that is not personal, or no health information, although a dataset
        it was derived from is.

    Why it matters:
        Data that is said to be anonymous and is not carries all duties of personal data, and nobody fulfils them.

    Example:
        `visits-training` with `phi: false`, derived from `visits-raw` with `phi: true`, without `deidentification`.

    How to fix:
        Record `deidentification` with method, assessor, date, expiry and test, or state that the data is personal.

    References:
        HIPAA 45 CFR 164.514(a) and (b). GDPR recital 26 and Art. 4(5).
    """
    upstream = context.upstream(version)
    tier = context.standing(version).tier
    tested = tier in context.policy.data.reidentification_test_tiers
    found = [*unseen(upstream), *undecided(upstream)]
    for name, dataset in upstream.datasets.items():
        if dataset.deidentification is not None:
            found += _evidence(name, dataset.deidentification, context.as_of, tier if tested else None)
        else:
            found += _unproved_claim(name, dataset, upstream)
    facts = (
        (f"{d.deidentification.method} by {d.deidentification.assessor}", name)
        for name, d in upstream.datasets.items()
        if d.deidentification
    )
    yield from settled(found, facts, f"no dataset claims to be de-identified: {listed(upstream.datasets)}")


def _unproved_claim(name: str, dataset: Dataset, upstream: Upstream) -> Iterator[Verdict]:
    inputs = dataset.derived_from.inputs if dataset.derived_from else ()
    for source in inputs:
        before = upstream.datasets.get(source.dataset)
        if before is None:
            continue
        lost = "phi" if before.phi and not dataset.phi else "personal_data"
        if lost == "phi" or (before.personal_data and dataset.personal_data is False):
            claim = f"`{name}` says `{lost}: false`, is made from `{source.dataset}` with `{lost}: true`"
            message = f"{claim}, and records no de-identification"
            help_ = "Record `deidentification`, or correct the flag."
            yield fails(message, help_, at(dataset_path(name), lost), at(dataset_path(source.dataset), lost))


def _evidence(name: str, evidence: Deidentification, today: date, tier: int | None) -> Iterator[Verdict]:
    path, route = dataset_path(name), "deidentification"
    if evidence.date > today:
        yield unsettled(f"the de-identification of `{name}` is dated {evidence.date}, after {today} (REG005)")
    if evidence.expires is None and evidence.method == "expert_determination":
        message = f"the expert determination on `{name}` has no expiry date"
        yield fails(message, "Record `expires` as the expert limited it.", at(path, route))
    elif evidence.expires is not None and evidence.expires < today:
        message = f"the de-identification of `{name}` expired on {evidence.expires}"
        yield fails(message, "Have it determined again.", at(path, route, "expires"))
    if tier is not None and evidence.reidentification_test is None:
        message = f"`{name}` has no re-identification test, which policy asks of tier {tier}"
        yield fails(message, "Test and record `reidentification_test`.", at(path, route))


@rule("DATA114", "Processors and suppliers are under contract", severity="error", gate="production", waivable=True)
def processor_contracts(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Processors and suppliers are under contract.

    What it checks:
        Every processor of a dataset with personal data or protected health information has a contract reference.

    Why it matters:
        Somebody else who stores or labels the data is bound only by a contract. Without one, the organisation
        answers for what they do and cannot stop it.

    Example:
        `processors: [{name: Example Labelling}]` without `contract`.

    How to fix:
        Record the reference of the data-processing or business-associate agreement, or take the data away from them.

    References:
        GDPR Art. 28(3). HIPAA 45 CFR 164.502(e) and 164.504(e).
    """
    upstream = context.upstream(version)
    held = personal(upstream)
    found = [*unseen(upstream), *undecided(upstream)]
    for name, dataset in held:
        for i, processor in enumerate(dataset.processors):
            if processor.contract is None:
                message = f"the processor {processor.name} of `{name}` has no contract"
                help_ = "Record `contract`, the reference of the agreement."
                found.append(fails(message, help_, at(dataset_path(name), "processors", i)))
    facts = ((f"{p.name}: {p.contract}", name) for name, d in held for p in d.processors)
    nobody = f"no dataset with personal data names a processor: {listed(name for name, _ in held)}"
    yield from settled(found, facts, nobody if held else no_personal_data(upstream))
