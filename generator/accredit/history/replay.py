"""The registry's history, replayed landing by landing from its genesis: the one judge of sign-offs.

Trees are compared, never commits, so a merge, a squash and a rebase of the same files are the same landing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from accredit.domain.content import NOT_CONTENT
from accredit.domain.paths import EntryPath, is_signature, parse_path
from accredit.domain.registry import RegistryIdentity
from accredit.domain.signoff import Approval
from accredit.domain.verification import Breach, Doubt, Flaw, Move, Place, Signoff, Verification
from accredit.errors import GitError
from accredit.history.authority import Governance
from accredit.history.chain import Chain, Demand, day_of
from accredit.history.governance import Proposal, digest_of, governs, read_governance
from accredit.history.judge import Bench
from accredit.history.landing import Change, Landing
from accredit.history.objects import Objects
from accredit.history.repository import Repository
from accredit.history.signature import fingerprint
from accredit.history.state import State
from accredit.history.subject import Subject
from accredit.history.walk import landings


def verify(repository: Repository, tip: str, root: str = "") -> Verification:
    """What the history up to a commit proves about the registry in a folder of it.

    Raises:
        GitError: where the repository cannot be read, or no registry begins in its history.
    """
    with Objects(repository.git) as objects:
        replay = _Replay(State(objects), repository)
        for landing in landings(repository, tip, root):
            replay.take(landing)
        return replay.verification()


class _Replay:
    """Everything known after some landings."""

    def __init__(self, state: State, repository: Repository) -> None:
        self._state = state
        self._repository = repository
        self._registry = ""
        self._genesis: Place | None = None
        self._place = Place(0, "")
        self._day = dt.date.min
        self._governance = Governance("", None, "")
        self._chains: dict[str, Chain] = {}
        self._signoffs: dict[str, Signoff] = {}
        self._breaches: list[Breach] = []
        self._moves: list[Move] = []

    def take(self, landing: Landing) -> None:
        """Takes in the next landing."""
        self._state.apply(landing.changes)
        if self._genesis is None and not self._begins():
            return
        self._place = Place(landing.position, landing.commit, landing.committer_time)
        self._day = day_of(self._place, self._day)
        changes = landing.changes
        if self._genesis is None:
            self._genesis, self._governance = self._place, read_governance(self._state)
            changes = tuple(Change(p, "", "", "000000", "100644") for p in self._state.below(""))
        elif any(governs(c.path) for c in changes):
            self._govern()
        self._keep_records(changes)
        for subject, touched in self._subjects(changes):
            self._follow(subject, touched, landing)

    def _begins(self) -> bool:
        identity = self._state.entry("registry.yaml")
        if isinstance(identity, RegistryIdentity):
            self._registry = identity.id
        return bool(self._registry)

    def _govern(self) -> None:
        """A change of people or policy counts only if the governance before it authorised it."""
        if digest_of(self._state) == self._governance.digest:
            return
        doubts = Proposal(self._governance, self._state, self._registry, self._day).doubts()
        if not doubts:
            self._governance = read_governance(self._state)
            return
        why = "; ".join(d.message for d in doubts)
        self._breach(Flaw.UNAUTHORISED, "policy.yaml", f"people or policy changed: {why}")

    def _keep_records(self, changes: Iterable[Change]) -> None:
        """What was signed stays: records and their signatures are only ever added."""
        for change in changes:
            known = parse_path(change.path)
            record = is_signature(change.path) or (known is not None and known.seq)
            if record and not change.is_added:
                what = "deleted" if change.is_deleted else "changed"
                message = f"a signed record was {what} after it landed"
                self._breach(Flaw.REWRITTEN, change.path, message, _subject_of(change.path))

    def _subjects(self, changes: Iterable[Change]) -> Iterator[tuple[Subject, list[str]]]:
        touched: dict[tuple[str, str], list[str]] = {}
        for change in changes:
            parts = change.path.split("/", 4)
            if len(parts) == 5 and parts[0] == "models" and parts[2] == "versions":
                touched.setdefault((parts[1], parts[3]), []).append(change.path)
        for (model, version), paths in sorted(touched.items()):
            yield Subject(self._state, model, version), paths

    def _follow(self, subject: Subject, touched: list[str], landing: Landing) -> None:
        """One version at a landing: who wrote it, what was asked and signed, and whether it stayed what was signed."""
        chain = self._chains.setdefault(subject.key, Chain(subject.key))
        records = [e for p in touched if (e := parse_path(_signed_path(p))) and e.seq]
        if any(not p[len(subject.folder) :].startswith(NOT_CONTENT) for p in touched):
            chain.contributors |= self._authors(subject, landing)
        bench = Bench(
            subject, self._governance, Demand.of(subject, self._governance), self._registry, self._place, self._day
        )
        for seq in sorted({e.seq for e in records}):
            self._sign(seq, [e for e in records if e.seq == seq], bench, chain)
        if chain.bound and subject.content() != chain.bound:
            message = "the content changed after it was submitted"
            self._breach(Flaw.CHANGED_CONTENT, subject.folder, message, subject.key)

    def _sign(self, seq: int, records: list[EntryPath], bench: Bench, chain: Chain) -> None:
        folder = f"{bench.subject.folder}transitions/{seq:04}/"
        path = parse_path(f"{folder}request.yaml")
        if path is not None and path.path in self._state and path.path not in self._signoffs:
            request, signoff = bench.request(path)
            self._signoffs[path.path] = signoff
            if request is not None:
                chain.add(request, signoff, self._governance)
        pending = chain.lifecycle.pending
        for record in records:
            known = self._signoffs.get(record.path)
            # A signature may land after the file that it signs; what counts already is not judged again.
            if record.kind == "approval" and pending is not None and (known is None or not known.counts):
                asked = pending.transition
                self._signoffs[record.path] = bench.approval(record, asked.request, asked.sha256, chain)
        if pending is not None and pending.transition.request.seq == seq:
            approvals = self._approvals(folder)
            if chain.approve(approvals, bench.demand, self._governance):
                self._moves.append(chain.move(self._place))

    def _approvals(self, folder: str) -> dict[str, Approval]:
        """The approvals of a request that count."""
        found = {}
        for path in self._state.below(f"{folder}approvals/"):
            signoff, entry = self._signoffs.get(path), self._state.entry(path)
            if signoff is not None and signoff.counts and isinstance(entry, Approval):
                found[signoff.person] = entry
        return found

    def _authors(self, subject: Subject, landing: Landing) -> set[str]:
        """The people whose addresses the commits that brought the content name. Anybody can write any address."""
        emails = {landing.author_email.lower()}
        if len(landing.parents) > 1:
            emails = set(self._repository.authors(landing.parents, subject.folder))
        return {n for n, p in self._governance.people.items() if p.email and p.email.lower() in emails}

    def _breach(self, flaw: Flaw, path: str, message: str, subject: str = "") -> None:
        self._breaches.append(Breach(flaw, path, self._place, message, subject))

    def verification(self) -> Verification:
        """What all of it comes to."""
        if self._genesis is None:
            raise GitError(
                "no registry begins in this history: registry.yaml never landed",
                "Commit registry.yaml, or name the folder of the registry.",
            )
        lifecycles = {key: chain.lifecycle for key, chain in self._chains.items()}
        signoffs = {path: self._tainted(signoff) for path, signoff in self._signoffs.items()}
        breaches = tuple(replace(b, standing=self._stands(b)) for b in self._breaches)
        return Verification(
            self._genesis, self._place, signoffs, breaches, tuple(self._moves), lifecycles, self._governance.policy
        )

    def _stands(self, breach: Breach) -> bool:
        """Whether what must not be is so at the tip."""
        if breach.flaw == Flaw.UNAUTHORISED:
            return digest_of(self._state) != self._governance.digest
        if breach.flaw == Flaw.CHANGED_CONTENT:
            model, _, version = breach.subject.partition("@")
            bound = self._chains[breach.subject].bound
            return bool(bound) and Subject(self._state, model, version).content() != bound
        landed = self._signoffs.get(_signed_path(breach.path))
        return landed is None or self._state.sha256(landed.path) != landed.sha256 or breach.path not in self._state

    def _tainted(self, signoff: Signoff) -> Signoff:
        """A sign-off by a key that was in wrong hands by then does not count any more."""
        person = self._governance.people.get(signoff.person)
        for key in person.keys if person and signoff.key else ():
            since = key.revoked.compromised_since if key.revoked else None
            when = signoff.landed.time
            if since and fingerprint(key) == signoff.key and (when is None or when.date() >= since):
                doubt = Doubt(Flaw.TAINTED, f"the key of {signoff.person} is compromised since {since}")
                return replace(signoff, doubts=(*signoff.doubts, doubt))
        return signoff


def _signed_path(path: str) -> str:
    """The file that a signature signs, or the file itself."""
    return path.removesuffix(".sig").removesuffix(".asc")


def _subject_of(path: str) -> str:
    known = parse_path(_signed_path(path))
    return f"{known.model}@{known.version}" if known and known.model else ""
