"""What a test asks of a verification: why something does not count, and in what words that is told."""

from __future__ import annotations

from tests.support.records import SUBJECT

from accredit.domain.verification import Breach, Flaw, Signoff, Verification


def flaws(signoff: Signoff) -> set[Flaw]:
    """Why a sign-off does not count."""
    return {doubt.flaw for doubt in signoff.doubts}


def breaches(found: Verification, *, standing: bool = True) -> dict[Flaw, Breach]:
    """The last breach of each kind."""
    return {b.flaw: b for b in found.breaches if b.standing == standing}


def message(of: Signoff | Breach, flaw: Flaw) -> str:
    """The words with which a flaw is told."""
    if isinstance(of, Breach):
        assert of.flaw == flaw
        return of.message
    return next(d.message for d in of.doubts if d.flaw == flaw)


def only_flaw(found: Verification, path: str) -> Flaw:
    """The one thing that speaks against a sign-off: it fails for this reason and for no other."""
    [doubt] = found.signoffs[path].doubts
    return doubt.flaw


def stage(found: Verification, subject: str = SUBJECT) -> str:
    """The stage that history proves."""
    return found.lifecycles[subject].stage
