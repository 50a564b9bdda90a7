"""Whether there are people for what policy asks, and whether they could sign."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.paths import person_path
from accredit.domain.policy import Policy
from accredit.history.signature import fingerprint, refusal
from accredit.rules.policy_quorum import signed_moves
from accredit.signing.ailment import Ailment
from accredit.signing.workspace import Workspace


def staffing(workspace: Workspace) -> Iterator[Ailment]:
    """Roles that nobody holds, moves that nobody could sign, and people who could not."""
    yield from _moves(workspace)
    yield from _roles(workspace)
    yield from _without_keys(workspace)
    yield from _refused(workspace)
    yield from _shared(workspace)


def _moves(workspace: Workspace) -> Iterator[Ailment]:
    """What the rule about it found: the same for every version of a model."""
    assessment = workspace.assessment
    for name, model in assessment.models.items():
        first = next(iter(model.versions.values()), None)
        for verdict in first.results["POL102"].reasons if first else ():
            if verdict.outcome == "fail":
                place = str(assessment.locate(verdict.at)) if verdict.at else "policy.yaml"
                yield Ailment("move", place, f"of {name}, {verdict.message}", verdict.help, grave=True)


def _roles(workspace: Workspace) -> Iterator[Ailment]:
    policy, holders = workspace.policy, workspace.context.role_holders
    remedy = "Grant it in people/, and have it approved: accredit change"
    wanted, board = policy.policy.change_approvals, policy.policy.approved_by_role
    able = len(holders.get(board, ()))
    if able < wanted:
        message = f"people and policy cannot change: that takes {wanted} with the role {board}, and {able} hold it"
        yield Ailment("role", "policy.yaml", message, remedy, grave=True)
    accepting = {role for roles in policy.waivers.accept_by.values() for role in roles}
    for role in sorted({*policy.roles, *accepting, *_signing(policy)} - {*holders, board}):
        yield Ailment("role", "policy.yaml", f"nobody active holds the role {role}", remedy)


def _signing(policy: Policy) -> frozenset[str]:
    """Every role of which a signature is asked."""
    moves = {role for *_, rules in signed_moves(policy) for sign in rules.sign for role in sign.role}
    stops = policy.emergency.suspend.role if policy.emergency.suspend else ()
    return frozenset({*moves, *stops, policy.policy.approved_by_role})


def _without_keys(workspace: Workspace) -> Iterator[Ailment]:
    policy, people = workspace.policy, workspace.loaded.registry.people
    if not any(profile.assurance == "signed" for profile in policy.profiles.values()):
        return
    for name, roles in sorted(workspace.context.roles_held.items()):
        if not any(key.revoked is None and fingerprint(key) for key in people[name].keys):
            message = f"{name} holds {', '.join(sorted(roles))} and has no key that counts, so cannot sign"
            grave = not roles.isdisjoint(_signing(policy))
            yield Ailment("key", person_path(name), message, f"accredit person rotate {name} --key FILE", grave)


def _refused(workspace: Workspace) -> Iterator[Ailment]:
    for name, person in workspace.loaded.registry.people.items():
        for number, key in enumerate(person.keys, 1):
            why = refusal(key) if key.revoked is None else ""
            if why:
                message = f"key {number} of {name} does not count: {why.removesuffix('.')}"
                yield Ailment("key", person_path(name), message, f"accredit person rotate {name} --key FILE")


def _shared(workspace: Workspace) -> Iterator[Ailment]:
    owners: dict[str, set[str]] = {}
    for name, person in workspace.loaded.registry.people.items():
        for key in person.keys:
            owners.setdefault(fingerprint(key), set()).add(name)
    for key_id, names in sorted(owners.items()):
        if key_id and len(names) > 1:
            first, *_ = sorted(names)
            message = f"the key {key_id} is claimed by {' and '.join(sorted(names))}, so nobody can sign with it"
            yield Ailment("key", person_path(first), message, "Give each a key of their own.", grave=True)
