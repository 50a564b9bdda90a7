"""CARD: whether a card keeps up with the model."""

from __future__ import annotations

import re
from collections.abc import Iterator

from accredit.domain.calendar import is_after, is_older
from accredit.domain.card import DocumentPointer
from accredit.domain.prose import is_filled
from accredit.domain.regions import in_eu
from accredit.domain.registry import ModelVersion
from accredit.rules.card import card_place, no_card
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, fails, not_applicable, passes, rule, unknown

_POINTS = ("1", "2", "3", "4", "5", "6", "7", "8", "9")
_FILE = re.compile(r"[^#\s]+")


@rule("CARD108", "Changes since the last approved version are listed", severity="warning", gate="review", waivable=True)
def changes_listed(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Changes since the last approved version are listed.

    What it checks:
        The card of every version but the model's first lists its `changes`, each with whether it is material.

    Why it matters:
        Reviewers look at what changed. Without the list they look at everything, or at nothing.

    Example:
        The card of version 2.0.0 without `changes`, where 1.0.0 exists.

    How to fix:
        List the changes. Material is what could change a decision, a risk or a right.

    References:
        EU AI Act Annex IV point 6; SR 26-2 section V.
    """
    first = next(iter(context.model(version).versions), version.id)
    if version.card is None:
        yield no_card(version)
    elif version.id == first:
        yield not_applicable(f"{version.id} is the model's first version")
    elif not version.card.changes:
        remedy = "List the `changes`, each with `material: true` or `false`."
        yield fails(f"no change is listed, and {first} came before", remedy, card_place(version, "changes"))
    else:
        hollow = [i for i, c in enumerate(version.card.changes) if not is_filled(c.change)]
        for index in hollow:
            place = card_place(version, "changes", index, "change")
            yield fails(f"change {index + 1} says nothing", "Write what changed.", place)
        if not hollow:
            material = sum(c.material for c in version.card.changes)
            yield passes(f"{len(version.card.changes)} changes are listed, {material} of them material")


@rule("CARD109", "Technical documentation index is complete", severity="error", gate="production", waivable=True)
def documentation_indexed(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Technical documentation index is complete.

    What it checks:
        `technical_documentation` of the card has, for each of the nine points of Annex IV, the path of a file in the
        registry, an address with a digest, or the reason why there is nothing. A path is looked up beside the card,
        beside `model.yaml` and at the registry's root; what follows `#` is the section. The rule does not apply where
        no region is in the EU or the recorded risk class is `limited` or `minimal`.

    Why it matters:
        An authority that asks for the documentation asks for these nine points.

    Example:
        An index without point 9, the plan for monitoring after the release.

    How to fix:
        Add the missing points.

    References:
        EU AI Act Art. 11(1) and Annex IV.
    """
    record = context.model(version).record
    regions, risk = record.regions, record.risk.ai_act.risk
    if regions and not in_eu(regions):
        yield not_applicable(f"the people affected live in {', '.join(regions)}, none of it in the EU")
    elif risk in ("limited", "minimal"):
        yield not_applicable(f"the AI Act class is {risk}")
    elif version.card is None:
        yield no_card(version)
    else:
        yield from _index(version, version.card.technical_documentation, context)


def _index(version: ModelVersion, index: tuple[DocumentPointer, ...], context: Context) -> Iterator[Verdict]:
    listed = {pointer.point for pointer in index}
    sound = True
    for position, pointer in enumerate(index):
        if fault := _pointer_fault(pointer, version, context):
            sound = False
            place = card_place(version, "technical_documentation", position)
            yield fails(
                f"point {pointer.point} {fault}", "Give a path, an address with its digest, or a reason.", place
            )
    if missing := [p for p in _POINTS if p not in listed]:
        sound = False
        what = f"the index lacks point {', '.join(missing)} of Annex IV"
        yield fails(what, "Add them, or the reason why not.", card_place(version, "technical_documentation"))
    if sound:
        yield passes("all nine points of Annex IV are indexed")


def _pointer_fault(pointer: DocumentPointer, version: ModelVersion, context: Context) -> str:
    if pointer.path is not None:
        file = _FILE.match(pointer.path)
        model = f"models/{version.model_id}/"
        roots = (f"{model}versions/{version.id}/", model, "")
        known = file and any(f"{root}{file[0]}" in context.registry.digests for root in roots)
        return "" if known else f"names `{pointer.path}`, which is no file of the registry"
    if pointer.uri is not None:
        return "" if pointer.sha256 else "has an address without a digest"
    return "" if is_filled(pointer.reason) else "has neither a path, nor an address, nor a reason"


@rule("CARD110", "Card was reviewed recently", severity="warning", gate="production", waivable=True)
def card_reviewed(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Card was reviewed recently.

    What it checks:
        `reviewed` of the card is not older than `card.review_months` of the policy for the model's profile.

    Why it matters:
        The world that a card describes changes even where the model does not.

    Example:
        `reviewed: 2024-03-01`, where the profile asks for a review every 12 months.

    How to fix:
        Read the card against the model as it runs, correct it, and write the day in `reviewed`.

    References:
        NIST AI RMF GOVERN 1.5; SR 26-2 on documentation.
    """
    profile = context.standing(version).profile
    months = context.policy.card.review_months.get(profile)
    if months is None:
        yield not_applicable(f"policy sets no review period for the profile {profile}")
        return
    if version.card is None:
        yield no_card(version)
        return
    reviewed, place = version.card.reviewed, card_place(version, "reviewed")
    remedy = "Review the card, and write the day in `reviewed`."
    if reviewed is None:
        yield unknown("no review of the card is recorded", remedy, place)
    elif is_after(reviewed, context.as_of):
        yield fails(f"the review of {reviewed} lies after {context.as_of}", remedy, place)
    elif is_older(reviewed, months, context.as_of):
        yield fails(f"the card was reviewed on {reviewed}, more than {months} months ago", remedy, place)
    else:
        yield passes(f"the card was reviewed on {reviewed}")
