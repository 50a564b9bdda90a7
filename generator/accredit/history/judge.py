"""Whether one request or one approval counts, judged at the landing that brought it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from accredit.domain.lifecycle import rules_of
from accredit.domain.paths import EntryPath
from accredit.domain.signatures import TransitionPolicy
from accredit.domain.signoff import Approval, Request
from accredit.domain.urgency import hindrances
from accredit.domain.verification import Doubt, Flaw, Place, Signoff, at_least
from accredit.history.authority import Governance
from accredit.history.chain import Chain, Demand
from accredit.history.custody import Custody
from accredit.history.signature import Signature, check_review, check_signature
from accredit.history.sshsig import APPROVAL, REQUEST
from accredit.history.subject import Subject


@dataclass(frozen=True)
class Bench:
    """What a sign-off is judged by: the tree and the governance of its landing, and what went before."""

    subject: Subject
    chain: Chain
    custody: Custody
    governance: Governance
    demand: Demand | None
    registry: str
    place: Place
    day: dt.date

    def request(self, path: EntryPath) -> tuple[Request | None, Signoff]:
        """A request as history shows it."""
        entry = self.subject.state.entry(path.path)
        if not isinstance(entry, Request):
            return None, self._unreadable(path, "request")
        signed = self._signature(path, entry.requested_by, REQUEST)
        doubts = [*self._request_doubts(path, entry), *self.outdated(entry)]
        doubts += [*self.chain.doubts(entry, path.seq), *self._weak(signed)]
        return entry, self._signoff(path, entry.requested_by, "", "request", signed, doubts)

    def approval(self, path: EntryPath) -> tuple[Approval | None, Signoff]:
        """An approval of the request beside it as history shows it."""
        entry = self.subject.state.entry(path.path)
        if not isinstance(entry, Approval):
            return None, self._unreadable(path, "approval")
        signed = self._signature(path, entry.reviewer, APPROVAL)
        if entry.assurance == "platform" and signed.assurance != "signed":
            signed = check_review(self.subject.state, path.path, APPROVAL, self.governance)
        doubts = [*self._approval_doubts(path, entry), *self._weak(signed)]
        step, own = self.chain.step(path.seq), []
        if step is None or step.status == "broken":
            doubts.append(Doubt(Flaw.OTHER_REQUEST, "the request that it is for does not count"))
        else:
            doubts += self._authority(entry, step.transition.request)
            own = [*self._duties(entry, step.transition.request)]
        if not self._is_small_team:
            doubts, own = [*doubts, *own], []
        signoff = self._signoff(path, entry.reviewer, entry.role, entry.decision, signed, doubts)
        return entry, replace(signoff, conceded=tuple(own))

    @property
    def _is_small_team(self) -> bool:
        """Whether policy lets approvals of one's own work count here."""
        policy, demand = self.governance.policy, self.demand
        return policy is not None and demand is not None and policy.separation_of_duties.is_given_up(demand.tier)

    def rules(self, request: Request) -> TransitionPolicy | None:
        """Who signs a move under the policy in force; None for a move that is not allowed."""
        policy, move = self.governance.policy, f"{request.from_stage}->{request.to_stage}"
        return rules_of(move, request.emergency, policy, self.chain.lifecycle) if policy else None

    def hindered(self, request: Request) -> Iterator[Doubt]:
        """What stands against an emergency here; nothing for an ordinary request."""
        policy, demand, by = self.governance.policy, self.demand, request.requested_by
        if request.emergency is None or policy is None or demand is None:  # without these two nothing counts
            return
        around = self.custody.holds, self.custody.incidents
        found = hindrances(request, self.chain.lifecycle, policy, demand.tier, self.day, *around)
        yield from (Doubt(Flaw(flaw), message) for flaw, message in found)
        if request.emergency.kind == "rollback" and (unread := self.subject.unreadable("holds/", "incidents/")):
            yield Doubt(Flaw.UNREADABLE, f"{unread[0]} cannot be read, so it may be about this version")
        stops = policy.emergency.suspend if request.emergency.kind == "suspend" else None
        if stops and not any(self.governance.holds_role(by, role, self.day) for role in stops.role):
            yield Doubt(Flaw.NO_ROLE, f"{by} did not hold the role {' or '.join(stops.role)} on {self.day}")

    def outdated(self, request: Request) -> Iterator[Doubt]:
        """What a request binds that is not so here."""
        if request.content != (content := self.subject.content):
            yield Doubt(Flaw.OTHER_CONTENT, f"the request binds {request.content[:12]}, the content is {content[:12]}")
        if request.policy != self.governance.policy_sha256:
            yield Doubt(Flaw.OTHER_POLICY, "the request binds a policy that is not the authorised one")
        context = self.subject.context
        differs = sorted(p for p in {**context, **request.context} if request.context.get(p) != context.get(p))
        if differs:
            yield Doubt(Flaw.OTHER_CONTEXT, f"the request binds another state of {', '.join(differs[:3])}")

    def _request_doubts(self, path: EntryPath, request: Request) -> Iterator[Doubt]:
        if request.registry != self.registry:
            yield Doubt(Flaw.OTHER_REGISTRY, f"the request is for the registry {request.registry}")
        if (request.model, request.version, request.seq) != (path.model, path.version, path.seq):
            yield Doubt(Flaw.MISPLACED, f"the request is number {request.seq} of {request.model}@{request.version}")
        if request.requested_by not in self.governance.people:
            yield Doubt(Flaw.UNKNOWN_PERSON, f"{request.requested_by} is nobody registered")
        elif not self.governance.people[request.requested_by].is_active_on(self.day):
            yield Doubt(Flaw.UNKNOWN_PERSON, f"{request.requested_by} did not work here on {self.day}")
        if self.subject.record() is None:
            yield Doubt(Flaw.UNREADABLE, "there is no version.yaml that can be read")
        if self.rules(request) is None:
            what = f" by {request.emergency.kind}" if request.emergency else ""
            yield Doubt(Flaw.NOT_ALLOWED, f"policy knows no move {request.from_stage}->{request.to_stage}{what}")
        yield from self.hindered(request)

    def _approval_doubts(self, path: EntryPath, approval: Approval) -> Iterator[Doubt]:
        if approval.registry != self.registry:
            yield Doubt(Flaw.OTHER_REGISTRY, f"the approval is for the registry {approval.registry}")
        if approval.reviewer != path.id:
            yield Doubt(Flaw.MISPLACED, f"the file says {approval.reviewer} and is named after {path.id}")
        if approval.request != self.chain.landed.get(path.seq):
            yield Doubt(Flaw.OTHER_REQUEST, f"it approves the request {approval.request[:12]}, not this one")
        if approval.reviewer not in self.governance.people:
            yield Doubt(Flaw.UNKNOWN_PERSON, f"{approval.reviewer} is nobody registered")

    def _authority(self, approval: Approval, request: Request) -> Iterator[Doubt]:
        """Roles. Whoever asked may reject it without one."""
        reviewer, role = approval.reviewer, approval.role
        if self.governance.behind(request.requested_by) == reviewer and approval.decision == "reject":
            return
        rules = self.rules(request)
        if not self.governance.holds_role(reviewer, role, self.day):
            yield Doubt(Flaw.NO_ROLE, f"{reviewer} did not hold the role {role} on {self.day}")
        elif rules is None or not any(role in s.role for s in rules.sign):
            yield Doubt(Flaw.NO_ROLE, f"policy asks no {role} for this move")

    def _duties(self, approval: Approval, request: Request) -> Iterator[Doubt]:
        """Separation of duties: who asked, trained or wrote it does not approve it, but may reject it."""
        reviewer, record = approval.reviewer, self.subject.record()
        if approval.decision == "reject":
            return
        if self.governance.behind(request.requested_by) == reviewer:
            yield Doubt(Flaw.REQUESTER, f"{reviewer} asked for it")
        if record is not None and record.trained is not None and reviewer == self.governance.behind(record.trained.by):
            yield Doubt(Flaw.TRAINER, f"{reviewer} trained the version")
        person = self.governance.people.get(reviewer)
        if {reviewer, ((person and person.email) or reviewer).lower()} & self.chain.contributors:
            yield Doubt(Flaw.CONTRIBUTOR, f"{reviewer} committed content of the version")

    def _weak(self, signed: Signature) -> Iterator[Doubt]:
        if signed.doubt is not None:
            yield signed.doubt
        elif self.demand is None:
            yield Doubt(Flaw.UNREADABLE, "there is no policy or no model record to judge it by")
        elif not at_least(signed.assurance, self.demand.assurance):
            yield Doubt(Flaw.TOO_WEAK, f"it is {signed.assurance}, and policy asks for {self.demand.assurance}")

    def _signature(self, path: EntryPath, person: str, namespace: str) -> Signature:
        return check_signature(self.subject.state, path.path, person, namespace, self.governance)

    def _signoff(  # noqa: PLR0913, PLR0917 - one value
        self, path: EntryPath, person: str, role: str, decision: str, signed: Signature, doubts: list[Doubt]
    ) -> Signoff:
        sha256 = self.subject.state.sha256(path.path)
        return Signoff(
            path.path, sha256, person, role, decision, self.place, signed.assurance, signed.key, tuple(doubts)
        )

    def _unreadable(self, path: EntryPath, what: str) -> Signoff:
        doubt = Doubt(Flaw.UNREADABLE, f"the {what} cannot be read")
        return self._signoff(path, path.id, "", what, Signature("declared"), [doubt])
