"""Sits over the sign-offs of every version: each record is judged when it lands, and stays what it was then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from accredit.domain.content import NOT_CONTENT
from accredit.domain.lifecycle import Lifecycle
from accredit.domain.paths import parse_path
from accredit.domain.signoff import Approval
from accredit.domain.verification import Doubt, Flaw, Move, Signoff
from accredit.history.authority import Governance
from accredit.history.chain import Chain, moment_of
from accredit.history.closing import judged_closing
from accredit.history.judge import Bench
from accredit.history.landing import Landing
from accredit.history.repository import Repository
from accredit.history.signature import fingerprint, tainted
from accredit.history.trail import Trail, signed_path


@dataclass
class Docket:
    """What a court remembers from landing to landing: all of it is here, so that a replay can go on from it."""

    chains: dict[str, Chain] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    signoffs: dict[str, Signoff] = field(default_factory=dict)
    days: dict[str, dt.date] = field(default_factory=dict)
    filed: dict[str, set[str]] = field(default_factory=dict)
    """Folder of a request's approvals to their paths, the deleted ones too: a rejection stays one."""
    judged: dict[str, str] = field(default_factory=dict)
    """Path of an approval to git's id of what it was when it was judged."""
    compromised: dict[str, dt.date] = field(default_factory=dict)


class Court:
    """The chains of all versions, and every sign-off.

    Args:
        repository: Where commits say who wrote what.
        root: The registry's folder in it; empty for the top.
        trail: What was rewritten.
        docket: What it remembers; None where it begins.
    """

    def __init__(self, repository: Repository, root: str, trail: Trail, docket: Docket | None = None) -> None:
        self.docket = docket or Docket()
        self.trail = trail
        self._repository = repository
        self._root = f"{root}/" if root else ""
        self.moves = self.docket.moves
        self._chains = self.docket.chains
        self._signoffs = self.docket.signoffs
        self._days = self.docket.days
        self._filed = self.docket.filed
        self._judged = self.docket.judged
        self._compromised = self.docket.compromised

    def chain(self, key: str) -> Chain:
        """The chain of a version."""
        return self._chains.setdefault(key, Chain(key))

    def chains(self) -> Iterator[tuple[str, Chain]]:
        """Every version with its chain."""
        return iter(sorted(self._chains.items()))

    def learn(self, governance: Governance) -> None:
        """Remembers which keys were in wrong hands since when, even if the keys are struck from the files later."""
        for person in governance.people.values():
            for key in person.keys:
                if key.revoked is not None and (since := key.revoked.compromised_since):
                    known = self._compromised.get(fingerprint(key), since)
                    self._compromised[fingerprint(key)] = min(known, since)

    def sit(self, bench: Bench, touched: Iterable[str], landing: Landing) -> None:
        """One version at a landing: who wrote it, what was asked and signed, and what took effect."""
        subject, chain = bench.subject, bench.chain
        content = [p for p in touched if not p.startswith(NOT_CONTENT, len(subject.folder))]
        if content:
            chain.contributors |= self._authors(bench, landing, content)
        records = {e.path: e for p in touched if (e := parse_path(signed_path(p))) and e.seq}
        numbers = sorted({e.seq for e in records.values()})
        for seq in numbers:
            folder = f"{subject.folder}transitions/{seq:04}/"
            paths = {p for p, e in records.items() if e.seq == seq and e.kind == "approval"}
            if self._ask(bench, f"{folder}request.yaml"):
                paths |= {p for p in subject.state.below(f"{folder}approvals/") if p == signed_path(p)}
            for path in sorted(paths):
                self._sign(bench, path)
            for path in sorted(p for p, e in records.items() if e.seq == seq and e.kind == "closing"):
                self._close(bench, path)
            self._settle(bench)
        if not numbers:
            self._settle(bench)

    def _ask(self, bench: Bench, path: str) -> bool:
        """Takes in a request, if it is a new one. A request that binds what is no longer so gives way to it."""
        known = parse_path(path)
        if known is None or path not in bench.subject.state or path in self._signoffs:
            return False
        pending = bench.chain.lifecycle.pending
        if pending is not None and any(bench.outdated(pending.transition.request)):
            bench.chain.drop_pending()
        request, judged = bench.request(known)
        signoff = self._as_it_landed(judged)
        self._record(bench, signoff)
        bench.chain.add(known.seq, request, signoff)
        return True

    def _sign(self, bench: Bench, path: str) -> None:
        """Judges an approval. A signature may land after the file; what counts already is not judged again."""
        before, known = self._signoffs.get(path), parse_path(path)
        if known is None or path not in bench.subject.state or (before is not None and before.counts):
            return
        entry, signoff = bench.approval(known)
        self._record(bench, self._as_it_landed(before if before and self.trail.is_rewritten(path) else signoff))
        if entry is not None:
            self._judged[path] = bench.subject.state.oid(path)

    def _close(self, bench: Bench, path: str) -> None:
        """Judges what closes a condition. A signature may land after the file."""
        before, known = self._signoffs.get(path), parse_path(path)
        if known is None or path not in bench.subject.state or (before is not None and before.counts):
            return
        folder = path.rpartition("closings/")[0]
        signed = (self._signoffs[p] for p in self._filed.get(f"{folder}approvals", ()))
        approvals = {s.sha256: approval for s, approval in self._approvals(bench, signed)}
        signoff = judged_closing(bench, known, approvals)
        self._record(bench, self._as_it_landed(before if before and self.trail.is_rewritten(path) else signoff))

    def _as_it_landed(self, signoff: Signoff) -> Signoff:
        """A record that did not stay as it landed does not come to count."""
        if not self.trail.is_rewritten(signoff.path):
            return signoff
        doubt = Doubt(Flaw.REWRITTEN, "it was changed after it landed, so it does not come to count")
        return replace(signoff, doubts=(*(d for d in signoff.doubts if d != doubt), doubt))

    def _record(self, bench: Bench, signoff: Signoff) -> None:
        self._signoffs[signoff.path] = signoff
        self._filed.setdefault(signoff.path.rpartition("/")[0], set()).add(signoff.path)
        self._days[signoff.path] = bench.day

    def _settle(self, bench: Bench) -> None:
        """Lets the pending request take effect, if all that it binds is still so and enough people signed."""
        pending, subject = bench.chain.lifecycle.pending, bench.subject
        if pending is None or bench.demand is None:
            return
        request = pending.transition.request
        rules = bench.rules(request)
        folder = f"{subject.folder}transitions/{request.seq:04}/"
        asked = self._as_it_landed(self._tainted(self._signoffs[f"{folder}request.yaml"]))
        policy = bench.governance.policy
        if rules is None or policy is None or not asked.counts or any(bench.outdated(request)):
            return
        if any(bench.hindered(request)):
            return
        signed = (self._tainted(self._signoffs[p]) for p in sorted(self._filed.get(f"{folder}approvals", ())))
        approvals = {s.person: approval for s, approval in self._approvals(bench, signed)}
        if bench.chain.approve(approvals, bench.demand, rules, policy, moment_of(bench.place, bench.day)):
            self.moves.append(bench.chain.last_move(bench.place))

    def _approvals(self, bench: Bench, signoffs: Iterable[Signoff]) -> Iterator[tuple[Signoff, Approval]]:
        """The approvals that count, as they were when they were judged."""
        for signoff in signoffs:
            if signoff.counts:
                entry = bench.subject.state.written("approval", signoff.path, self._judged[signoff.path])
                if isinstance(entry, Approval):
                    yield signoff, entry

    def _authors(self, bench: Bench, landing: Landing, content: list[str]) -> set[str]:
        """Addresses in the commits that brought the content, and who is known by them. Anybody can write any address.

        Whoever merges is no contributor, unless the merge holds what no branch did.
        """
        emails = {landing.author_email.lower()}
        if len(landing.parents) > 1:
            folder = f"{self._root}{bench.subject.folder}"
            emails = set(self._repository.authors(landing.parents, folder))
            if self._is_own_work(landing, folder, content):
                emails.add(landing.author_email.lower())
        people = bench.governance.people.items()
        return emails | {bench.governance.behind(n) for n, p in people if p.email and p.email.lower() in emails}

    def _is_own_work(self, landing: Landing, folder: str, content: list[str]) -> bool:
        """Whether a merge holds content that differs from each branch that it merges."""
        own = {f"{self._root}{path}" for path in content}
        for parent in landing.parents[1:]:
            options = ("-r", "--name-only", "-z", "--no-renames", "--end-of-options")
            told = self._repository.git.run("diff-tree", *options, parent, landing.commit, "--", folder).output
            own &= set(told.decode("utf-8", "surrogateescape").split("\0"))
        return bool(own)

    def signoffs(self) -> Mapping[str, Signoff]:
        """Every sign-off by its path, with what came out about keys later."""
        return {path: self._tainted(signoff) for path, signoff in self._signoffs.items()}

    def lifecycles(self) -> Mapping[str, Lifecycle]:
        """The steps of every version."""
        return {key: chain.lifecycle for key, chain in self.chains()}

    def _tainted(self, signoff: Signoff) -> Signoff:
        """A sign-off by a key that was in wrong hands by then does not count any more."""
        return tainted(signoff, self._days[signoff.path], self._compromised)
