"""Who may sign what: people and policy of the last authorised state, never those of the proposal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from accredit.domain.person import Person
from accredit.domain.policy import Policy
from accredit.domain.signoff import Approval, ChangeRequest
from accredit.domain.verification import Doubt, Flaw, Signoff
from accredit.history.authority import Governance
from accredit.history.signature import check_signature, fingerprint
from accredit.history.sshsig import APPROVAL, CHANGE
from accredit.history.state import State
from accredit.history.trail import Trail

FOLDERS = ("people/", "policy.yaml", "frameworks/")
"""What governs: only an authorised change of these counts."""


def governs(path: str) -> bool:
    """Whether a path is part of the governance."""
    return path.startswith(FOLDERS)


def digest_of(state: State) -> str:
    """The digest of the governance files as they are in the tree, authorised or not."""
    policy = [p for p in ("policy.yaml",) if p in state]
    return state.digest([*state.below("people/"), *policy, *state.below("frameworks/")])


def read_governance(state: State) -> Governance:
    """The governance in the tree. A person who cannot be read is nobody; an unreadable policy allows nothing."""
    people: dict[str, Person] = {}
    owners: dict[str, set[str]] = {}
    for path in state.below("people/"):
        entry = state.entry(path)
        if isinstance(entry, Person):
            person = path.removeprefix("people/").removesuffix(".yaml")
            people[person] = entry
            for key in entry.keys:
                owners.setdefault(fingerprint(key), set()).add(person)
    policy = state.entry("policy.yaml")
    shared = frozenset(key for key, who in owners.items() if key and len(who) > 1)
    known = policy if isinstance(policy, Policy) else None
    return Governance(digest_of(state), known, state.sha256("policy.yaml"), people, shared)


@dataclass(frozen=True)
class Proposal:
    """A governance that differs from the last authorised one, at the landing that brought it."""

    old: Governance
    state: State
    trail: Trail
    registry: str
    day: dt.date
    used: Collection[str]
    """Digests of the change records that authorised something before: each does so once."""

    def judged(self) -> tuple[str, tuple[Doubt, ...]]:
        """The digest of a change record with enough admins' signatures; otherwise why none authorises it."""
        wanted, found = (self.old.digest, digest_of(self.state)), list(self._unusable())
        if found:
            return "", tuple(found)
        for path in self.state.below("changes/"):
            request = self.state.entry(path) if path.endswith("/request.yaml") else None
            if isinstance(request, ChangeRequest) and (request.from_digest, request.to_digest) == wanted:
                doubts = [*self._about(path, request), *self._signed(path, request)]
                if not doubts:
                    return self.state.sha256(path), ()
                found += doubts
        return "", tuple(found) or (Doubt(Flaw.UNAUTHORISED, "no change record authorises it"),)

    def signoffs(self, record: str) -> Iterator[Signoff]:
        """Who asked for the change of a record that authorises it, and who decided on it, each with the key."""
        path = next(p for p in self.state.below("changes/") if self.state.sha256(p) == record)
        known = [(path, CHANGE), *((p, APPROVAL) for p in self.state.below(path.replace("request.yaml", "approvals/")))]
        for signed, namespace in known:
            entry = self.state.entry(signed)
            if isinstance(entry, ChangeRequest):
                person, role, decision = entry.requested_by, "", "request"
            elif isinstance(entry, Approval) and entry.request == record:
                person, role, decision = entry.reviewer, entry.role, entry.decision
            else:
                continue
            check = check_signature(self.state, signed, person, namespace, self.old)
            if check.assurance == "signed":
                sha256, landed = self.state.sha256(signed), self.trail.chronicle.arrivals[signed]
                yield Signoff(signed, sha256, person, role, decision, landed, "signed", check.key)

    def _unusable(self) -> Iterator[Doubt]:
        """A governance that nobody could ever change again is not adopted, whoever signed for it."""
        new = read_governance(self.state)
        if new.policy is None:
            yield Doubt(Flaw.UNREADABLE, "there is no policy that can be read")
            return
        identity = new.policy.policy
        able = sum(new.holds_role(person, identity.approved_by_role, self.day) for person in new.people)
        if able < identity.change_approvals:
            message = f"{identity.change_approvals} people with the role {identity.approved_by_role} must sign changes"
            yield Doubt(Flaw.UNAUTHORISED, f"{message}, and {able} hold it")

    def _about(self, path: str, request: ChangeRequest) -> Iterator[Doubt]:
        folder = path.removesuffix("request.yaml")
        before = self.state.sha256(f"changes/{request.seq - 1:04}/request.yaml") or "none"
        if request.registry != self.registry:
            yield Doubt(Flaw.OTHER_REGISTRY, f"{path} is for the registry {request.registry}")
        if folder != f"changes/{request.seq:04}/":
            yield Doubt(Flaw.MISPLACED, f"{path} says that it is number {request.seq}")
        elif request.previous != before:
            yield Doubt(Flaw.OUT_OF_ORDER, f"{path} does not follow on the change before it")
        if self.state.sha256(path) in self.used:
            yield Doubt(Flaw.OUT_OF_ORDER, f"{path} authorised a change before, and does so once")
        if any(record.startswith(folder) for record in self.trail.rewritten):
            yield Doubt(Flaw.REWRITTEN, f"{folder} holds records that were rewritten")

    def _signed(self, path: str, request: ChangeRequest) -> list[Doubt]:
        if self.old.policy is None:
            return [Doubt(Flaw.UNREADABLE, "no policy was in force under which anybody could allow it")]
        requester = self.old.people.get(request.requested_by)
        if requester is None or not requester.is_active_on(self.day):
            return [Doubt(Flaw.UNKNOWN_PERSON, f"{request.requested_by} did not work here on {self.day}")]
        signed = check_signature(self.state, path, request.requested_by, CHANGE, self.old)
        if signed.assurance != "signed":
            return [signed.doubt or Doubt(Flaw.TOO_WEAK, f"{path} is not signed by {request.requested_by}")]
        role, needed = self.old.policy.policy.approved_by_role, self.old.policy.policy.change_approvals
        approvals, doubts = self._approvals(path, self.old.behind(request.requested_by), role)
        if rejected := [a.reviewer for a in approvals if a.decision == "reject"]:
            return [Doubt(Flaw.UNAUTHORISED, f"{', '.join(rejected)} rejected the change")]
        if len(approvals) >= needed:
            return []
        return [*doubts, Doubt(Flaw.UNAUTHORISED, f"{len(approvals)} of {needed} people with the role {role} signed")]

    def _approvals(self, path: str, requester: str, role: str) -> tuple[list[Approval], list[Doubt]]:
        """The approvals that count, and what speaks against others."""
        counted: list[Approval] = []
        doubts: list[Doubt] = []
        asked = self.state.sha256(path)
        for approval_path in self.state.below(f"{path.removesuffix('request.yaml')}approvals/"):
            approval = self.state.entry(approval_path)
            if not isinstance(approval, Approval) or (approval.request, approval.registry) != (asked, self.registry):
                continue
            check = check_signature(self.state, approval_path, approval.reviewer, APPROVAL, self.old)
            allowed = self.old.holds_role(approval.reviewer, role, self.day) and approval.reviewer != requester
            named = approval_path.endswith(f"/{approval.reviewer}.yaml")
            if check.assurance == "signed" and allowed and named:
                counted.append(approval)
            elif check.doubt:
                doubts.append(check.doubt)
        return counted, doubts
