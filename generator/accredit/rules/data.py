"""DATA: what is recorded about the data that a version was made from. Privacy, quality and inputs have own files."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.dataset import Dataset
from accredit.domain.paths import dataset_path, model_path
from accredit.domain.registry import ModelVersion
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, rule
from accredit.rules.upstream import settled, unseen

_NOT_A_LICENCE = frozenset({"unknown", "noassertion", "none", "n/a", "tbd"})


@rule("DATA101", "Every dataset has a data record", severity="error", gate="review", waivable=True)
def data_record(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Every dataset has a data record.

    What it checks:
        Every dataset that the version was made from, near or far, has an active owner and the SHA-256 of its bytes.
        A dataset that was not derived from others also says where it comes from and in which period it was
        collected. Its licence is the business of DATA108.

    Why it matters:
        Data without an owner, an origin and a digest cannot be traced, refreshed, corrected or withdrawn, and nobody
        can show that the model was trained on what the registry describes.

    Example:
        A file of kind `raw` with `source: {name: Core banking extract}` and no `collected_to`.

    How to fix:
        Fill in `owner`, `sha256` (from `sha256sum FILE`), and for raw data `source` with `collected_from` and
        `collected_to`.

    References:
        EU AI Act Art. 10(2)(b) (origin and collection of data). Croissant `distribution.sha256`, `version` and
        `rai:dataCollectionTimeframe`; MLflow dataset `digest`.
    """
    upstream = context.upstream(version)
    found = [*unseen(upstream)]
    for name, dataset in upstream.datasets.items():
        found += _record(name, dataset, context)
    facts = ((f"version {d.version}, sha256 {str(d.sha256)[:12]}", name) for name, d in upstream.datasets.items())
    yield from settled(found, facts, "")


def _record(name: str, dataset: Dataset, context: Context) -> Iterator[Verdict]:
    path = dataset_path(name)
    if dataset.owner in context.registry.people and not context.is_active(dataset.owner):
        message = f"the owner `{dataset.owner}` of `{name}` is not an active person on {context.as_of}"
        yield fails(message, "Name a successor.", at(path, "owner"))
    if dataset.sha256 is None:
        yield fails(f"`{name}` has no digest", "Record `sha256`, as `sha256sum` prints it.", at(path))
    if dataset.derived_from is not None:
        return
    source = dataset.source
    if source is None:
        help_ = "Record `source` with name and collection period, or `derived_from`."
        yield fails(f"`{name}` says neither where it comes from nor what it was derived from", help_, at(path))
    elif source.collected_from is None or source.collected_to is None:
        absent = " and ".join(f for f in ("collected_from", "collected_to") if getattr(source, f) is None)
        yield fails(f"the collection period of `{name}` lacks {absent}", f"Record {absent}.", at(path, "source"))


@rule("DATA102", "Personal-data status is explicit", severity="blocker", gate="review", waivable=False)
def personal_data_status(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Personal-data status is explicit.

    What it checks:
        `personal_data` is `true` or `false` for every dataset that the version was made from, and a `false` is not
        contradicted by a column marked `personal` or by `phi: true`.

    Why it matters:
        Every duty of data-protection law hangs on this one answer. A status that nobody recorded is not a no.

    Example:
        A dataset without `personal_data`, or with `personal_data: false` and a column `{name: email, personal: true}`.

    How to fix:
        Decide with the privacy officer whether the data relates to identifiable people, and record it.

    References:
        GDPR Art. 4(1) and recital 26. Croissant `rai:personalSensitiveInformation`; SPDX 3
        `hasSensitivePersonalInformation`.
    """
    upstream = context.upstream(version)
    found = [*unseen(upstream)]
    for name, dataset in upstream.datasets.items():
        found += _status(name, dataset)
    facts = (("personal data" if d.personal_data else "not personal", name) for name, d in upstream.datasets.items())
    yield from settled(found, facts, "")


def _status(name: str, dataset: Dataset) -> Iterator[Verdict]:
    path = dataset_path(name)
    if dataset.personal_data is None:
        help_ = "Record `personal_data: true` or `personal_data: false`."
        yield fails(f"whether `{name}` holds personal data is not recorded", help_, at(path))
    elif not dataset.personal_data:
        marked = next((i for i, c in enumerate(dataset.columns) if c.personal), None)
        if dataset.phi:
            message = f"`{name}` says `personal_data: false` and `phi: true`"
            yield fails(message, "Correct the one or the other.", at(path, "personal_data"), at(path, "phi"))
        elif marked is not None:
            message = (
                f"`{name}` says `personal_data: false`, but its column `{dataset.columns[marked].name}` is personal"
            )
            place = at(path, "columns", marked, "personal")
            yield fails(message, "Correct the one or the other.", at(path, "personal_data"), place)


@rule("DATA104", "Model purpose is permitted by each dataset", severity="blocker", gate="review", waivable=False)
def permitted_purpose(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Model purpose is permitted by each dataset.

    What it checks:
        The model's `purpose` is one of the `permitted_purposes` of every dataset that the version was made from, or
        a `compatibility` assessment of that purpose is recorded. For data used by consent the consent itself must
        name the purpose; an assessment cannot replace it.

    Why it matters:
        Data collected for one purpose may not be put to another without a reason in law. Models are where this
        happens unnoticed.

    Example:
        Data with `permitted_purposes: [service-improvement]` behind a model with `purpose: credit-scoring`.

    How to fix:
        Ask the dataset's owner whether the purpose may be added, record an assessment of compatibility, ask people
        for consent again, or leave the data out.

    References:
        GDPR Art. 5(1)(b) and 6(4). Croissant `rai:dataUseCases`.
    """
    upstream = context.upstream(version)
    purpose = context.model(version).record.purpose
    asked_in = at(model_path(version.model_id), "purpose")
    found = [*unseen(upstream)]
    for name, dataset in upstream.datasets.items():
        reason = _not_permitted(name, dataset, purpose, context)
        if reason is not None:
            key, text = reason
            help_ = f"Have the owner of `{name}` decide whether `{purpose}` is permitted, or leave the data out."
            place = at(dataset_path(name), *key)
            found.append(fails(f"{text}, and the model's purpose is {purpose}", help_, place, asked_in))
    yield from settled(found, ((f"{purpose} is permitted", name) for name in upstream.datasets), "")


def _not_permitted(name: str, dataset: Dataset, purpose: str, context: Context) -> tuple[tuple[str, ...], str] | None:
    """Where it says that the purpose is not permitted, and in which words; None where it is permitted."""
    basis = dataset.legal_basis
    if basis is not None and basis.basis == "consent":
        if basis.consent is not None and purpose not in basis.consent.purposes:
            covered = ", ".join(basis.consent.purposes) or "nothing"
            return ("legal_basis", "consent", "purposes"), f"people in `{name}` consented to {covered}"
    elif any(c.purpose == purpose and c.date <= context.as_of for c in dataset.compatibility):
        return None
    if purpose in dataset.permitted_purposes:
        return None
    permitted = ", ".join(dataset.permitted_purposes)
    text = f"`{name}` permits {permitted}" if permitted else f"`{name}` records no permitted purpose"
    return ("permitted_purposes",), text


@rule("DATA108", "Licence allows training and this use", severity="error", gate="review", waivable=False)
def licence(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Licence allows training and this use.

    What it checks:
        Every dataset that the version was made from has a licence with a known identifier (`other` needs `terms`),
        and somebody recorded that it allows training models and, unless the model is only for research, commercial
        use. What nobody recorded counts as not allowed.

    Why it matters:
        A model learnt from data without permission may have to be withdrawn, and cannot be mended by a new licence
        for the code.

    Example:
        `licence: {id: CC-BY-NC-4.0, allows_training: true}` behind a model that grants credit.

    How to fix:
        Record the SPDX identifier, read the terms and record `allows_training` and `allows_commercial_use`. Replace
        data that may not be used.

    References:
        Directive (EU) 2019/790 Art. 4 (text and data mining, reservation of rights). SPDX licence list; Croissant
        and Hugging Face `license`; Model Card Toolkit `licenses`.
    """
    upstream = context.upstream(version)
    commercial = set(context.model(version).record.domain) != {"research"}
    found = [*unseen(upstream)]
    for name, dataset in upstream.datasets.items():
        found += _licence(name, dataset, commercial=commercial)
    facts = ((f"{d.licence.id} allows it", name) for name, d in upstream.datasets.items() if d.licence)
    yield from settled(found, facts, "")


def _licence(name: str, dataset: Dataset, *, commercial: bool) -> Iterator[Verdict]:
    path, terms = dataset_path(name), dataset.licence
    if terms is None:
        yield fails(f"`{name}` has no licence", "Record `licence` with its SPDX identifier.", at(path))
        return
    if terms.id.lower() in _NOT_A_LICENCE or (terms.id == "other" and not terms.terms):
        help_ = "Record the SPDX identifier, or `other` with `terms`."
        yield fails(f"the licence `{terms.id}` of `{name}` says nothing", help_, at(path, "licence", "id"))
    asked = {"allows_training": terms.allows_training}
    if commercial:
        asked["allows_commercial_use"] = terms.allows_commercial_use
    for field, allowed in asked.items():
        what = field.removeprefix("allows_").replace("_", " ")
        if allowed is None:
            message = f"whether the licence `{terms.id}` of `{name}` allows {what} is not recorded"
            yield fails(message, f"Read the terms and record `{field}`.", at(path, "licence"))
        elif not allowed:
            message = f"the licence `{terms.id}` of `{name}` does not allow {what}"
            yield fails(message, "Obtain a licence that does, or leave the data out.", at(path, "licence", field))
    if commercial and terms.allows_commercial_use and "-nc" in terms.id.lower():
        message = f"`{name}` says that `{terms.id}` allows commercial use; a non-commercial licence does not"
        yield fails(message, "Correct the one or the other.", at(path, "licence", "allows_commercial_use"))
