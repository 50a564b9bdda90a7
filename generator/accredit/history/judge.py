"""Whether one request or one approval counts, judged at the landing that brought it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from accredit.domain.paths import EntryPath
from accredit.domain.signoff import Approval, Request
from accredit.domain.verification import Doubt, Flaw, Place, Signoff, at_least
from accredit.history.authority import Governance
from accredit.history.chain import Chain, Demand
from accredit.history.signature import Signature, check_signature
from accredit.history.sshsig import APPROVAL, REQUEST
from accredit.history.subject import Subject


@dataclass(frozen=True)
class Bench:
    """What a sign-off is judged by: the tree and the governance of its landing, and the registry's id."""

    subject: Subject
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
        doubts = (*self._request_doubts(path, entry), *self._weak(signed))
        return entry, self._signoff(path, entry.requested_by, "", "request", signed, doubts)

    def approval(self, path: EntryPath, request: Request, request_sha256: str, chain: Chain) -> Signoff:
        """An approval of a request as history shows it."""
        entry = self.subject.state.entry(path.path)
        if not isinstance(entry, Approval):
            return self._unreadable(path, "approval")
        signed = self._signature(path, entry.reviewer, APPROVAL)
        doubts = [*self._approval_doubts(path, entry, request_sha256), *self._weak(signed)]
        doubts += self._duties(entry.reviewer, request, chain) if entry.decision != "reject" else []
        return self._signoff(path, entry.reviewer, entry.role, entry.decision, signed, tuple(doubts))

    def _request_doubts(self, path: EntryPath, request: Request) -> Iterator[Doubt]:
        if request.registry != self.registry:
            yield Doubt(Flaw.OTHER_REGISTRY, f"the request is for the registry {request.registry}")
        if (request.model, request.version, request.seq) != (path.model, path.version, path.seq):
            yield Doubt(Flaw.MISPLACED, f"the request is number {request.seq} of {request.model}@{request.version}")
        if request.content != (content := self.subject.content()):
            yield Doubt(Flaw.OTHER_CONTENT, f"the request binds {request.content[:12]}, the content is {content[:12]}")
        if request.policy != self.governance.policy_sha256:
            yield Doubt(Flaw.OTHER_POLICY, "the request binds a policy that is not the authorised one")
        differs = [p for p, digest in self.subject.context().items() if request.context.get(p) != digest]
        if differs:
            yield Doubt(Flaw.OTHER_CONTEXT, f"the request binds another state of {', '.join(differs[:3])}")
        if request.requested_by not in self.governance.people:
            yield Doubt(Flaw.UNKNOWN_PERSON, f"{request.requested_by} is nobody registered")

    def _approval_doubts(self, path: EntryPath, approval: Approval, request_sha256: str) -> Iterator[Doubt]:
        if approval.registry != self.registry:
            yield Doubt(Flaw.OTHER_REGISTRY, f"the approval is for the registry {approval.registry}")
        if approval.reviewer != path.id:
            yield Doubt(Flaw.MISPLACED, f"the file says {approval.reviewer} and is named after {path.id}")
        if approval.request != request_sha256:
            yield Doubt(Flaw.OTHER_REQUEST, f"it approves the request {approval.request[:12]}, not this one")
        if approval.reviewer not in self.governance.people:
            yield Doubt(Flaw.UNKNOWN_PERSON, f"{approval.reviewer} is nobody registered")
        elif not self.governance.holds_role(approval.reviewer, approval.role, self.day):
            yield Doubt(Flaw.NO_ROLE, f"{approval.reviewer} did not hold the role {approval.role} on {self.day}")

    def _duties(self, reviewer: str, request: Request, chain: Chain) -> Iterator[Doubt]:
        """Separation of duties: who asked, trained or wrote it does not approve it."""
        record = self.subject.record()
        if reviewer == request.requested_by:
            yield Doubt(Flaw.REQUESTER, f"{reviewer} asked for it")
        if record is not None and record.trained is not None and reviewer == record.trained.by:
            yield Doubt(Flaw.TRAINER, f"{reviewer} trained the version")
        if reviewer in chain.contributors:
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
        self, path: EntryPath, person: str, role: str, decision: str, signed: Signature, doubts: tuple[Doubt, ...]
    ) -> Signoff:
        sha256 = self.subject.state.sha256(path.path)
        return Signoff(path.path, sha256, person, role, decision, self.place, signed.assurance, signed.key, doubts)

    def _unreadable(self, path: EntryPath, what: str) -> Signoff:
        doubt = Doubt(Flaw.UNREADABLE, f"the {what} cannot be read")
        return self._signoff(path, path.id, "", what, Signature("declared"), (doubt,))
