"""What a clone proves about who signed what, for an auditor and for a program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from accredit.domain.separation import NOT_ACHIEVED
from accredit.domain.verification import Breach, Place, Signoff
from accredit.reports.gate import signoff_json
from accredit.reports.plain import one_line
from accredit.reports.tool import NAME, VERSION
from accredit.signing.audit import Audit

FORMAT = 1


def text(audit: Audit) -> str:
    """The history's ends, who changed people and policy, each sign-off with how to check it by hand, and the answer."""
    verification = audit.verification
    landings = verification.tip.position - verification.genesis.position + 1
    lines = [
        f"Begins: {_place(verification.genesis)}",
        f"Ends:   {_place(verification.tip)}, {landings:,} landing{'' if landings == 1 else 's'}",
        "",
    ]
    for signoff in () if audit.subject else verification.authorisations:
        lines += _signoff(signoff.path, signoff, audit)
    for path, signoff in [*audit.signoffs.items(), *audit.attestations.items()]:
        lines += _signoff(path, signoff, audit)
    lines += [
        f"{_standing(b)}: {one_line(b.path or b.subject or 'history')}: {one_line(b.message)}, {_place(b.landed)}"
        for b in audit.breaches
    ]
    lines += [f"About this clone: {one_line(n.message)}. {n.help}" for n in audit.notices]
    return "\n".join([*lines, _answer(audit)]) + "\n"


def _signoff(path: str, signoff: Signoff, audit: Audit) -> Iterator[str]:
    role = f" as {signoff.role}" if signoff.role else ""
    yield one_line(path)
    yield one_line(f"    {signoff.decision} by {signoff.person}{role}")
    yield f"    {signoff.assurance}{f' with {one_line(signoff.key)}' if signoff.key else ''}"
    yield f"    landed in {_place(signoff.landed)}"
    if signoff.counts:
        yield "    counts"
    for own in signoff.conceded:
        yield f"    {NOT_ACHIEVED} ({own.flaw}): {one_line(own.message)}"
    for doubt in signoff.doubts:
        yield f"    does not count ({doubt.flaw}): {one_line(doubt.message)}"
    yield f"    sha256 {signoff.sha256}"
    for command in audit.commands(signoff) or ():
        yield f"    $ {_escaped(command)}"
    yield ""


def _escaped(command: str) -> str:
    """A command on a line of its own; the lines of a key stay, for they are part of it."""
    return "\n".join(one_line(line) for line in command.split("\n"))


def _place(place: Place) -> str:
    return f"{place.commit} ({place.time:%Y-%m-%d})" if place.time else place.commit


def _standing(breach: Breach) -> str:
    return "Stands against it" if breach.standing else "Was so once"


def _answer(audit: Audit) -> str:
    found = [*audit.signoffs.values(), *audit.attestations.values()]
    tally = f"{sum(s.counts for s in found)} of {len(found)} sign-offs count"
    return f"{'Nothing stands against it' if audit.is_clean else 'Something stands against it'}: {tally}."


def as_json(audit: Audit) -> str:
    """One JSON object. A new key does not change the format's version."""
    verification = audit.verification
    content = {
        "format": FORMAT,
        "tool": {"name": NAME, "version": VERSION},
        "subject": audit.subject or None,
        "clean": audit.is_clean,
        "genesis": _place_json(verification.genesis),
        "tip": _place_json(verification.tip),
        "changes": [_signoff_json(s, audit) for s in (() if audit.subject else verification.authorisations)],
        "signoffs": [_signoff_json(s, audit) for s in audit.signoffs.values()],
        "attestations": [_signoff_json(s, audit) for s in audit.attestations.values()],
        "breaches": [_breach(b) for b in audit.breaches],
        "notices": [{"kind": n.kind, "message": n.message, "help": n.help} for n in audit.notices],
    }
    return json.dumps(content, indent=2) + "\n"


def _signoff_json(signoff: Signoff, audit: Audit) -> dict[str, Any]:
    return {**signoff_json(signoff), "check_by_hand": list(audit.commands(signoff) or ())}


def _breach(breach: Breach) -> dict[str, Any]:
    return {
        "flaw": breach.flaw.value,
        "path": breach.path,
        "subject": breach.subject or None,
        "message": breach.message,
        "standing": breach.standing,
        "landed": _place_json(breach.landed),
    }


def _place_json(place: Place) -> dict[str, Any]:
    return {
        "position": place.position,
        "commit": place.commit,
        "time": place.time.isoformat() if place.time else None,
    }
