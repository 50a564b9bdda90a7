"""Whether a file of the registry is signed by the person whom it names, with a key that is theirs and live."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from accredit.domain.person import Key
from accredit.domain.signoff import Assurance
from accredit.domain.verification import Doubt, Flaw, Signoff
from accredit.history import keys, openpgp, sshsig
from accredit.history.authority import Governance
from accredit.history.keys import PublicKey
from accredit.history.state import State
from accredit.history.verdict import RefusedError


@dataclass(frozen=True, slots=True)
class Signature:
    """What the signature beside a file proves. Without a doubt and without a key there is none."""

    assurance: Assurance
    key: str = ""
    doubt: Doubt | None = None


def check_signature(state: State, path: str, person: str, namespace: str, governance: Governance) -> Signature:
    """The signature beside a file, held against the keys of the person whom the file names."""
    content, ssh, pgp = (state.content(f"{path}{end}") for end in ("", ".sig", ".asc"))
    if content is None or (ssh is None and pgp is None):
        return Signature("declared")
    try:
        claimed = sshsig.read(ssh).fingerprint if ssh is not None else openpgp.claimed_fingerprint(pgp or b"")
    except RefusedError as error:
        return _refused(Flaw.BAD_SIGNATURE, str(error))
    key = _live_key(claimed, person, governance)
    if isinstance(key, Signature):
        return key
    if ssh is not None:
        verdict = sshsig.verify(ssh, content, namespace, _ssh_key(key.public), fitting=state.fits(path))
    else:
        verdict = openpgp.verify(pgp or b"", content, key.public)
    return Signature("signed", claimed) if verdict.valid else _refused(Flaw.BAD_SIGNATURE, verdict.reason)


def check_review(state: State, path: str, namespace: str, governance: Governance) -> Signature:
    """The signature of a bot beside a review that it took over from a forge: it proves that the bot said so."""
    bots = [name for name, person in governance.people.items() if person.kind == "bot"]
    checks = [check_signature(state, path, bot, namespace, governance) for bot in bots]
    signed = next((check for check in checks if check.assurance == "signed"), None)
    return replace(signed, assurance="platform") if signed else _refused(Flaw.OTHER_SIGNER, "no bot signed the review")


def tainted(signoff: Signoff, day: dt.date, compromised: Mapping[str, dt.date]) -> Signoff:
    """A sign-off that landed on a day, with a doubt if its key was in wrong hands by then."""
    since = compromised.get(signoff.key)
    if since is None or day < since:
        return signoff
    doubt = Doubt(Flaw.TAINTED, f"the key of {signoff.person} is compromised since {since}")
    return replace(signoff, doubts=(*signoff.doubts, doubt))


def _live_key(claimed: str, person: str, governance: Governance) -> Key | Signature:
    """The person's own key of that fingerprint, or why there is none that counts."""
    if person not in governance.people:
        return _refused(Flaw.UNKNOWN_PERSON, f"{person} is nobody registered")
    key = next((k for k in governance.people[person].keys if fingerprint(k) == claimed), None)
    if key is None:
        return _refused(Flaw.OTHER_SIGNER, f"the signature is by {_whose(claimed, governance)}, not by {person}")
    if key.revoked is not None:
        return _refused(Flaw.REVOKED_KEY, f"the key {claimed} of {person} is revoked")
    if claimed in governance.shared_keys:
        return _refused(Flaw.SHARED_KEY, f"the key {claimed} is claimed by more than one person")
    return key


@lru_cache(maxsize=1024)
def _ssh_key(line: str) -> PublicKey:
    """The key in a line. The same few keys are asked for again and again."""
    return keys.parse_line(line)


def _refused(flaw: Flaw, message: str) -> Signature:
    return Signature("declared", doubt=Doubt(flaw, message))


def fingerprint(key: Key) -> str:
    """The fingerprint of a registered key; empty for one that cannot be read."""
    try:
        return _ssh_key(key.public).fingerprint if key.type == "ssh" else openpgp.fingerprint(key.public)
    except RefusedError:
        return ""


def refusal(key: Key) -> str:
    """Why a registered key cannot be used, as it cannot be read or is weak; empty for one that can."""
    try:
        _ = keys.parse_line(key.public).fingerprint if key.type == "ssh" else openpgp.fingerprint(key.public)
    except RefusedError as error:
        return str(error)
    return ""


def _whose(claimed: str, governance: Governance) -> str:
    owner = next((n for n, p in governance.people.items() for k in p.keys if fingerprint(k) == claimed), None)
    return f"{owner} ({claimed})" if owner else f"the unknown key {claimed}"
