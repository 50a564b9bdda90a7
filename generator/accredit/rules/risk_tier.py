"""RISK: the tier that decides how much scrutiny a model gets."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.classification import derived_tier
from accredit.domain.paths import model_path
from accredit.domain.prose import is_filled
from accredit.domain.registry import RegisteredModel
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, inconclusive, passes, rule, unknown


@rule(
    "RISK103",
    "Organisation tier is recorded and derived",
    severity="error",
    gate="review",
    waivable=True,
    scope="model",
)
def tier_derived(model: RegisteredModel, context: Context) -> Iterator[Verdict]:
    """Organisation tier is recorded and derived.

    What it checks:
        `risk.tier` in `model.yaml` equals the tier that `policy.yaml` derives from the recorded facts, or there is
        `risk.tier_override` with a reason and an approver who holds a role of `risk.accept_residual` and is not the
        owner. That person signed for it: approved a move whose request binds `model.yaml` as it is now. While no
        version is in production, a signature that is still to come is `inconclusive`.

    Why it matters:
        The tier decides how much scrutiny a model gets. Whoever builds it must not be able to pick a low one.

    Example:
        `tier: 4` for a model whose `decision.effect` is `significant`.

    How to fix:
        Record the derived tier, correct the facts, or let risk approve an override.

    References:
        SR 26-2 on exposure and purpose of a model; NIST AI RMF GOVERN 1.4.
    """
    path, risk = model_path(model.id), model.record.risk
    facts = context.standing(model).facts
    derived = derived_tier(context.policy, facts)
    if derived is None:
        absent = ", ".join(n for n, v in facts.items() if v in (None, ())) or "none of the known ones"
        message = f"no tier can be derived; facts that are not recorded: {absent}"
        yield unknown(
            message, "Record the facts in `model.yaml`, or complete the tiers of the policy.", at(path, "risk")
        )
    elif risk.tier is None:
        yield unknown(f"no tier is recorded; policy derives {derived}", f"Record `tier: {derived}`.", at(path, "risk"))
    elif risk.tier == derived:
        yield passes(f"tier {derived} is recorded and derived")
    elif fault := _override_fault(model, context):
        place = at(path, "risk", "tier")
        remedy = f"Record `tier: {derived}`, or let risk approve an override."
        yield fails(f"tier {risk.tier} is recorded, policy derives {derived}, and {fault}", remedy, place)
    elif _unsigned(model, context):
        place = at(path, "risk", "tier_override")
        signer = risk.tier_override.approved_by if risk.tier_override else ""
        message = f"nothing that {signer} signed binds `model.yaml` with the override as it is now"
        in_use = any(context.stage(v) == "production" for v in model.versions.values())
        verdict = fails if in_use else inconclusive
        yield verdict(message, "Let them approve a move, or a revalidation, of a version of the model.", place)
    else:
        yield passes(f"tier {risk.tier} instead of {derived}, by an approved override")


def _override_fault(model: RegisteredModel, context: Context) -> str:
    override, allowed = model.record.risk.tier_override, context.policy.risk.accept_residual
    if override is None:
        return "there is no override"
    if not is_filled(override.reason):
        return f"the override gives `{override.reason}` as its reason"
    if override.approved_by == model.record.owner:
        return "the owner approved the override"
    if not any(override.approved_by in context.role_holders.get(role, ()) for role in allowed):
        return f"`{override.approved_by}`, who approved the override, does not hold the role {' or '.join(allowed)}"
    return ""


def _unsigned(model: RegisteredModel, context: Context) -> bool:
    """Whether no approval by whom the override names is for a request that binds the model's record as it is."""
    override, path = model.record.risk.tier_override, model_path(model.id)
    digest = context.registry.digests.get(path)
    steps = (s.transition for v in model.versions.values() for s in context.lifecycles[v.key].steps)
    return not any(
        a.reviewer == override.approved_by and a.decision != "reject" and t.request.context.get(path) == digest
        for t in steps
        for a in t.approvals.values()
        if override is not None
    )
