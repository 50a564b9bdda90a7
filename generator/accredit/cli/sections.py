"""The sections in which `accredit --help` lists the commands: by what somebody wants to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

SECTIONS = {
    "Start": ("init", "demo", "new", "check"),
    "Propose": ("request", "renumber", "waive", "incident", "decisions"),
    "Review": ("status", "approve", "close", "sign", "review", "determine", "diff", "impact", "comment"),
    "Audit": ("verify", "gate", "history", "audit", "lineage", "controls", "doctor"),
    "Govern": ("person", "change", "policy", "hold", "retention", "codeowners"),
    "Publish": ("build", "serve", "stage", "dossier"),
    "Reference": ("explain", "rules", "schema", "frameworks"),
}
_REST = "Commands"


def sections(names: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Section to the commands in it, of those that there are; those of no section come last."""
    there = dict.fromkeys(names)
    for title, wanted in SECTIONS.items():
        if found := tuple(name for name in wanted if name in there):
            yield title, found
    listed = {name for wanted in SECTIONS.values() for name in wanted}
    if rest := tuple(name for name in there if name not in listed):
        yield _REST, rest
