"""For whoever decides on a change of people or policy, before signing: what it changes, file by file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from accredit.domain.signoff import ChangeRequest
from accredit.reports.plain import one_line
from accredit.reports.policy import field_in_words
from accredit.signing.alteration import Alteration


def report(request: ChangeRequest, found: Iterable[Alteration] | None) -> str:
    """The request, and each field that becomes another. `found` is None where what it starts from is not known."""
    lines = [f"Change {request.seq:04}, asked by {request.requested_by}: {one_line(request.reason)}", ""]
    if found is None:
        lines += [f"What it starts from, {request.from_digest}, is in no commit here: look at the files yourself."]
    else:
        lines += _lines(found)
    lines += ["", f"People and policy from {request.from_digest}", f"                  to   {request.to_digest}"]
    return "\n".join(lines) + "\n"


def _lines(found: Iterable[Alteration]) -> Iterator[str]:
    for file in found:
        note = "" if file.readable else ", and cannot be read"
        yield one_line(f"{file.path}: {file.doing}{note or ('' if file.fields else ', in comments only')}")
        yield from (one_line(f"    {field_in_words(f.field, f.before, f.after)}") for f in file.fields)
