"""OWN: who answers for a model."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.calendar import is_after, is_older
from accredit.domain.paths import model_path, person_path
from accredit.domain.registry import RegisteredModel
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule, unknown


@rule("OWN101", "One accountable human owner", severity="blocker", gate="staging", waivable=False, scope="model")
def accountable_owner(model: RegisteredModel, context: Context) -> Iterator[Verdict]:
    """One accountable human owner.

    What it checks:
        `owner` in `model.yaml` names one registered person who works here on the day of the assessment. A bot, a
        team or somebody who has left does not count.

    Why it matters:
        When a model fails, somebody must be able to stop it. A team alias answers to nobody; people who left
        answer to nobody either.

    Example:
        `owner: credit-team`, where `people/credit-team.yaml` does not exist.

    How to fix:
        Name the id of a person in `people/`, and if needed add that person first.

    References:
        EU AI Act Art. 17(1)(m) asks providers for an accountability framework.
    """
    owner = model.record.owner
    place = at(model_path(model.id), "owner")
    person = context.registry.people.get(owner)
    if person is None:
        yield fails(f"the owner `{owner}` is nobody registered", f"Name a person, or add `people/{owner}.yaml`.", place)
    elif person.kind == "bot":
        yield fails(f"the owner `{owner}` is a bot", "Name the person who answers for the model.", place)
    elif not person.is_active_on(context.as_of):
        left = at(person_path(owner), "active_to")
        yield fails(f"the owner {person.name} is not active on {context.as_of}", "Name a successor.", place, left)
    else:
        yield passes(f"{person.name} owns the model")


@rule(
    "OWN102", "Every required role has an active member", severity="error", gate="review", waivable=True, scope="model"
)
def roles_filled(model: RegisteredModel, context: Context) -> Iterator[Verdict]:
    """Every required role has an active member.

    What it checks:
        For every signature that `policy.yaml` asks of a model of this tier, at least one person who is active on the
        day of the assessment holds one of the roles that may give it. A condition on facts that nobody recorded
        counts as met.

    Why it matters:
        A sign-off that nobody can give is either never given or given by the wrong person. It is better to know
        before a release waits for it.

    Example:
        The policy asks for the role `validator`, and the only validator left in June.

    How to fix:
        Grant the role to somebody, with the first day on which they hold it, in `people/<person>.yaml`.

    References:
        US interagency guidance SR 26-2 on roles and responsibilities; NIST AI RMF GOVERN 2.1.
    """
    standing = context.standing(model)
    asked: set[tuple[str, ...]] = set()
    for move, transition in context.policy.transitions.items():
        for index, signature in enumerate(transition.sign):
            if signature.role in asked or not signature.is_asked(standing.tier, standing.facts):
                continue
            asked.add(signature.role)
            if not any(context.role_holders.get(role) for role in signature.role):
                yield fails(
                    f"nobody active holds the role {' or '.join(signature.role)}, which signs {move} at tier "
                    f"{standing.tier}",
                    "Grant the role to a person in `people/`.",
                    at("policy.yaml", "transitions", move, "sign", index, "role"),
                    at(model_path(model.id), "risk", "tier"),
                )
    if asked:
        yield passes(f"the signatures that tier {standing.tier} needs can be given")
    else:
        yield not_applicable(f"policy asks for no signature at tier {standing.tier}")


@rule(
    "OWN103", "A deputy owner is named (high tier)", severity="warning", gate="production", waivable=True, scope="model"
)
def deputy_owner(model: RegisteredModel, context: Context) -> Iterator[Verdict]:
    """A deputy owner is named (high tier).

    What it checks:
        In the tiers that policy lists under `ownership.deputy_tiers`, `deputy` in `model.yaml` names an active person
        who is not the owner.

    Why it matters:
        The owner of a model that decides about people will be ill or on leave on the day it fails.

    Example:
        `owner: ada` and `deputy: ada`.

    How to fix:
        Name a second person in `deputy`.

    References:
        NIST AI RMF GOVERN 2.1 on roles and lines of communication.
    """
    tier, deputy = context.standing(model).tier, model.record.deputy
    place = at(model_path(model.id), "deputy" if deputy else "owner")
    if tier not in context.policy.ownership.deputy_tiers:
        yield not_applicable(f"policy asks for no deputy at tier {tier}")
    elif deputy is None:
        yield fails(f"no deputy is named, and tier {tier} needs one", "Name a person in `deputy`.", place)
    elif deputy == model.record.owner:
        yield fails(f"the deputy `{deputy}` is also the owner", "Name a second person.", place)
    elif not context.is_active(deputy):
        remedy = "Name a registered person who works here."
        yield fails(f"the deputy `{deputy}` is no active person on {context.as_of}", remedy, place)
    else:
        yield passes(f"{context.registry.people[deputy].name} stands in for the owner")


@rule("OWN104", "Owner re-confirmed ownership", severity="warning", gate="production", waivable=True, scope="model")
def ownership_confirmed(model: RegisteredModel, context: Context) -> Iterator[Verdict]:
    """Owner re-confirmed ownership.

    What it checks:
        `owner_confirmed` in `model.yaml` is not older than `ownership.confirm_months` of the policy.

    Why it matters:
        An owner who was named years ago may not know that the model still runs.

    Example:
        `owner_confirmed: 2024-02-01`, where policy asks for a confirmation every 12 months.

    How to fix:
        The owner looks at the model and writes the day in `owner_confirmed`.

    References:
        NIST AI RMF GOVERN 1.5 on periodic review of responsibilities.
    """
    confirmed, months = model.record.owner_confirmed, context.policy.ownership.confirm_months
    place = at(model_path(model.id), "owner_confirmed" if confirmed else "owner")
    remedy = "Let the owner confirm, and write the day in `owner_confirmed`."
    if confirmed is None:
        yield unknown("nobody recorded that the owner confirmed the ownership", remedy, place)
    elif is_after(confirmed, context.as_of):
        yield fails(f"the confirmation of {confirmed} lies after {context.as_of}", remedy, place)
    elif is_older(confirmed, months, context.as_of):
        yield fails(f"the owner confirmed on {confirmed}, more than {months} months ago", remedy, place)
    else:
        yield passes(f"the owner confirmed on {confirmed}")
