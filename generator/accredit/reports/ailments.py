"""What ails a registry, a line each, and for a program."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from accredit.reports.plain import one_line
from accredit.reports.tool import NAME, VERSION
from accredit.signing.ailment import Ailment

FORMAT = 1


def text(ailments: Sequence[Ailment], root: str) -> str:
    """Each ailment with its place and its remedy, and how many there are. `root` goes before every place."""
    if not ailments:
        return "Nothing ails this registry.\n"
    lines = [_line(ailment, root) for ailment in ailments]
    grave = sum(a.grave for a in ailments)
    return "\n".join([*lines, "", f"{len(ailments)} to see to, of which {grave} stop something."]) + "\n"


def _line(ailment: Ailment, root: str) -> str:
    place = f"{root}{ailment.place}" if ailment.place else "clone"
    remedy = ailment.remedy.rstrip(".")
    return one_line(f"{'STOPS' if ailment.grave else 'note '} {place}: {ailment.message}. Remedy: {remedy}.")


def as_json(ailments: Sequence[Ailment], root: str) -> str:
    """One JSON object. A new key does not change the format's version."""
    content = {
        "format": FORMAT,
        "tool": {"name": NAME, "version": VERSION},
        "root": root,
        "ailments": [asdict(ailment) for ailment in ailments],
    }
    return json.dumps(content, indent=2) + "\n"
