"""Who must still sign what a change proposes, and with which command."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accredit.domain.paths import parse_path
from accredit.proposals.proposal import Proposal
from accredit.signing.gating import awaited


@dataclass(frozen=True, slots=True)
class Wanted:
    """A signature that is missing."""

    subject: str
    """What it is about: a version and its move, or a change of people or policy."""
    role: str
    people: tuple[str, ...]
    """Who could give it; nobody where nobody holds the role."""
    command: str


def wanted(proposal: Proposal) -> tuple[Wanted, ...]:
    """Every signature that the proposal still lacks, as the people and policy of the base ask for it."""
    return (*_moves(proposal), *_governance(proposal))


def _moves(proposal: Proposal) -> Iterator[Wanted]:
    context = proposal.now.context
    if context is None:
        return
    paths = (parse_path(path) for path in proposal.touched)
    for key in sorted({f"{p.model}@{p.version}" for p in paths if p and p.version}):
        pending = proposal.now.lifecycles[key].pending if key in proposal.now.lifecycles else None
        if pending is None:
            continue
        version = proposal.now.version(key).version
        for missing in awaited(context, version, pending.move):
            one = f" --role {missing.role}" if missing.role in context.policy.roles else ""
            command = f"accredit approve {version.model_id} {version.id}{one}"
            yield Wanted(f"{key} {pending.move}", missing.role, missing.people, command)


def _governance(proposal: Proposal) -> Iterator[Wanted]:
    context, registry = proposal.now.context, proposal.after.registry
    if not proposal.governance or proposal.judges_itself or context is None or proposal.authorised_by:
        return
    identity = context.policy.policy
    holders = context.role_holders.get(identity.approved_by_role, frozenset())
    paths = (parse_path(path) for path, doing in proposal.touched.items() if doing == "added")
    asked = [str(p.seq) for p in paths if p and p.kind == "change" and str(p.seq) in registry.changes]
    if not asked:
        yield Wanted("people and policy", "whoever proposes it", (), 'accredit change --reason "..."')
    for seq in asked:
        given = {who for who, a in registry.change_approvals.get(seq, {}).items() if a.decision == "approve"}
        able = holders - given - {registry.behind(registry.changes[seq].requested_by)}
        number = f"{int(seq):04}"
        if (more := identity.change_approvals - len(given & holders)) > 0:
            role = f"{more} with the role {identity.approved_by_role}"
            yield Wanted(f"change {number}", role, tuple(sorted(able)), f"accredit change approve {number}")
