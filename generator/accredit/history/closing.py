"""Whether the record that closes a condition of an approval counts, judged at the landing that brought it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accredit.domain.paths import EntryPath
from accredit.domain.signoff import Approval, Closing
from accredit.domain.verification import Doubt, Flaw, Signoff, at_least
from accredit.history.judge import Bench
from accredit.history.signature import check_signature
from accredit.history.sshsig import CLOSING


def judged_closing(bench: Bench, path: EntryPath, approvals: Mapping[str, Approval]) -> Signoff:
    """A closing as history shows it.

    Args:
        bench: What it is judged by.
        path: Where it lies.
        approvals: Digest to approval, for those of its request that count.
    """
    state = bench.subject.state
    entry, sha256 = state.entry(path.path), state.sha256(path.path)
    if not isinstance(entry, Closing):
        doubt = Doubt(Flaw.UNREADABLE, "the closing cannot be read")
        return Signoff(path.path, sha256, "", "", "closing", bench.place, "declared", "", (doubt,))
    signed = check_signature(state, path.path, entry.by, CLOSING, bench.governance)
    doubts = [*_about(bench, entry, approvals), *([signed.doubt] if signed.doubt else [])]
    wanted = bench.demand.assurance if bench.demand else "signed"
    if not signed.doubt and not at_least(signed.assurance, wanted):
        doubts.append(Doubt(Flaw.TOO_WEAK, f"it is {signed.assurance}, and policy asks for {wanted}"))
    return Signoff(path.path, sha256, entry.by, "", "closing", bench.place, signed.assurance, signed.key, tuple(doubts))


def _about(bench: Bench, closing: Closing, approvals: Mapping[str, Approval]) -> Iterator[Doubt]:
    """What speaks against it by what it says."""
    approval, person = approvals.get(closing.approval), bench.governance.people.get(closing.by)
    if closing.registry != bench.registry:
        yield Doubt(Flaw.OTHER_REGISTRY, f"the closing is for the registry {closing.registry}")
    if person is None or not person.is_active_on(bench.day):
        yield Doubt(Flaw.UNKNOWN_PERSON, f"{closing.by} did not work here on {bench.day}")
    if approval is None or closing.condition > len(approval.conditions):
        yield Doubt(Flaw.OTHER_REQUEST, "no approval that counts makes the condition that it closes")
    elif closing.by not in (approval.reviewer, owner := approval.conditions[closing.condition - 1].owner):
        who = f"{approval.reviewer} or {owner}" if owner else approval.reviewer
        yield Doubt(Flaw.NO_ROLE, f"{closing.by} cannot close a condition that {who} answers for")
