"""POL: whether the people there are can give the signatures that policy asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from accredit.domain.paths import model_path
from accredit.domain.policy import Policy
from accredit.domain.quorum import signers
from accredit.domain.registry import ModelVersion, RegisteredModel
from accredit.domain.signatures import TransitionPolicy
from accredit.findings import Route
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule


class _Move(NamedTuple):
    """A move and what it needs of a model."""

    name: str
    needed: tuple[tuple[int, tuple[str, ...]], ...]
    """Index in `sign`, and the roles of which one signs."""
    distinct: int
    place: tuple[str, str]


@rule("POL102", "Policy can be satisfied", severity="blocker", gate="always", waivable=False, scope="model")
def policy_satisfiable(model: RegisteredModel, context: Context) -> Iterator[Verdict]:
    """Policy can be satisfied.

    What it checks:
        For every move that policy asks signatures for, given the model's tier and facts, some set of people who are
        active on the day can give them all: one person for one role, as many different people as
        `distinct_people` says, and somebody else left to request the move. The owner of the model does not sign in a
        role that is `independent_of` the owner. For each version that is not archived, neither the person who trained
        it nor, where a request waits, the one who made it signs. A condition on facts that nobody recorded counts as
        met. Where policy lets a small team approve its own work in the model's tier, nobody is barred. The moves of
        `emergency` are looked at like the others.

    Why it matters:
        A sign-off that nobody can give stops every release, or tempts somebody to grant themselves a role. It must be
        known before a release waits for it, and it never counts as given.

    Example:
        Two validators, of whom one left, and the other trained the version.

    How to fix:
        Grant the role to somebody who is independent, in `people/<person>.yaml`; or ask for fewer signatures.

    References:
        SR 26-2 on independence of validation; NIST SP 800-53 AC-5; NIST AI RMF GOVERN 2.1.
    """
    moves = list(_moves(model, context))
    told: set[str] = set()
    for move in moves:
        for why, route in _obstacles(move, model, context):
            if why in told:  # one cause, one finding, at the first move that it stops
                continue
            told.add(why)
            message = f"{move.name} cannot be signed at tier {context.standing(model).tier}: {why}"
            place = at("policy.yaml", *move.place, *route)
            remedy = "Grant the role to somebody independent in `people/`, or ask for less."
            yield fails(message, remedy, place, at(model_path(model.id), "owner"))
    if not moves:
        yield not_applicable(f"policy asks for no signature at tier {context.standing(model).tier}")
    elif not told:
        yield passes(f"the people there are can sign all {len(moves)} moves that need it")


def _moves(model: RegisteredModel, context: Context) -> Iterator[_Move]:
    standing = context.standing(model)
    for name, place, rules in signed_moves(context.policy):
        needed = [(i, s.role) for i, s in enumerate(rules.sign) if s.is_asked(standing.tier, standing.facts)]
        distinct = rules.distinct_people.get(str(standing.tier), 0)  # type: ignore[call-overload]
        if needed or distinct:
            yield _Move(name, tuple(needed), distinct, place)


def signed_moves(policy: Policy) -> Iterator[tuple[str, tuple[str, str], TransitionPolicy]]:
    """Every move that policy knows, the urgent ones too: what it is called, where it stands, and who signs.

    A suspension is none of them: whoever asks for it signs it.
    """
    for name, rules in policy.transitions.items():
        yield name, ("transitions", name), rules
    urgent = policy.emergency
    for kind, wanted in (("rollback", urgent.rollback), ("deploy", urgent.deploy)):
        if wanted is not None:
            yield f"an emergency {kind}", ("emergency", kind), wanted.rules()


def _obstacles(move: _Move, model: RegisteredModel, context: Context) -> Iterator[tuple[str, Route]]:
    """Why nobody can sign a move: for any version, and if somebody could, for each version there is."""
    general = _lacking(move, model, {}, context)
    if general:
        yield from general
        return
    for version in model.versions.values():
        if context.stage(version) != "archived":
            barred = _barred(move, version, context)
            found = _lacking(move, model, barred, context) if barred else ()
            yield from ((f"for {version.id}, {why}", route) for why, route in found)


def _barred(move: _Move, version: ModelVersion, context: Context) -> Mapping[str, str]:
    """Who cannot sign for a version, and why. A bot's deeds are those of the person who is responsible for it."""
    if _is_small_team(version, context):
        return {}
    trained, pending = version.record.trained, context.lifecycles[version.key].pending
    barred = {context.registry.behind(trained.by): "trained it"} if trained else {}
    request = pending.transition.request if pending else None
    if pending is not None and request is not None and (pending.kind or pending.move) == move.place[1]:
        barred.setdefault(context.registry.behind(request.requested_by), "requested it")
    return barred


def _lacking(
    move: _Move, model: RegisteredModel, barred: Mapping[str, str], context: Context
) -> Sequence[tuple[str, Route]]:
    """Every signature that nobody is left to give, with its place in the move; most models have the same answer."""
    owner = model.record.owner
    asks = not _is_small_team(model, context)  # somebody else has to ask
    key = f"{move} {owner} {sorted(barred.items())} {asks}"
    found = lambda: tuple(_found_lacking(move, owner, barred, context, asks=asks))  # noqa: E731
    return context.once("lacking signatures", key, found)


def _is_small_team(subject: ModelVersion | RegisteredModel, context: Context) -> bool:
    return context.policy.separation_of_duties.is_given_up(context.standing(subject).tier)


def _found_lacking(
    move: _Move, owner: str, barred: Mapping[str, str], context: Context, *, asks: bool
) -> Iterator[tuple[str, Route]]:
    able = _able(owner, barred, context)
    wanted = [roles for _, roles in move.needed]
    signer = signers(wanted, able)
    for slot, (index, roles) in enumerate(move.needed):
        if slot not in signer:
            yield _why(roles, owner, barred, able, context), ("sign", index, "role")
    if len(signer) < len(wanted):
        return
    active = sum(context.is_active(person) for person in context.registry.people)
    if len(able) < move.distinct:
        yield f"it needs {move.distinct} different people, and {len(able)} can sign", ("distinct_people",)
    elif asks and active <= max(move.distinct, len(wanted)):
        yield f"it needs everybody of the {active} active people, and one of them has to request it", ()


def _able(owner: str, barred: Mapping[str, str], context: Context) -> Mapping[str, frozenset[str]]:
    """Who can sign, and in which roles."""
    roles = context.policy.roles
    able = {p: held for p, held in context.roles_held.items() if p not in barred}
    if owner in able:
        able[owner] = frozenset(r for r in able[owner] if r not in roles or "owner" not in roles[r].independent_of)
    return able


def _why(
    roles: tuple[str, ...],
    owner: str,
    barred: Mapping[str, str],
    able: Mapping[str, frozenset[str]],
    context: Context,
) -> str:
    role = " or ".join(roles) or "(none is named)"
    holders = sorted({p for r in roles for p in context.role_holders.get(r, ())})
    if not holders:
        return f"nobody active holds the role {role}"
    reasons = [
        barred.get(p, "owns the model" if p == owner and able.get(p, frozenset()).isdisjoint(roles) else "")
        for p in holders
    ]
    if all(reasons):
        parts = (f"{person} {reason}" for person, reason in zip(holders, reasons, strict=True))
        return f"nobody independent holds the role {role}: {', '.join(parts)}"
    left = ", ".join(p for p, reason in zip(holders, reasons, strict=True) if not reason)
    return f"who could sign as {role} ({left}) has to sign in another role, and one person counts for one role"
