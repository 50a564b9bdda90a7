"""Fields that a scaffold left to a person: a value of `TODO` is not a value."""

from __future__ import annotations

from itertools import islice

from accredit.domain.value import Value
from accredit.findings import Finding, Location, Severity
from accredit.loading.characters import shown
from accredit.loading.explain import field_help
from accredit.loading.yaml import MAX_PROBLEMS, parse

PLACEHOLDER = "TODO"


def unwritten(entry: type[Value], path: str, content: bytes) -> dict[tuple[int, int], Finding]:
    """A finding for each field whose value is still `TODO`, by line and column of the value."""
    if PLACEHOLDER.encode() not in content:
        return {}
    marks = parse(content, positions=True).marks
    found = ((route, mark) for route, mark in marks.items() if mark.text == PLACEHOLDER)
    open_fields = dict(islice(found, MAX_PROBLEMS))
    return {
        (mark.value_line, mark.value_column): _finding(entry, Location(path, mark.value_line, mark.value_column, route))
        for route, mark in open_fields.items()
    }


def _finding(entry: type[Value], place: Location) -> Finding:
    wanted = field_help(entry, place.route)
    remedy = f"Replace {PLACEHOLDER}: {wanted}" if wanted else f"Write it in place of {PLACEHOLDER}."
    name = shown(".".join(map(str, place.route)))
    return Finding(place, "REG001", f"`{name}` is still to be written", remedy, Severity.ERROR)
