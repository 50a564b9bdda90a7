"""What a pull request proposes, for programs: one JSON object with a format version."""

from __future__ import annotations

import json
from dataclasses import asdict

from accredit.proposals.contents import field_differences, items
from accredit.proposals.proposal import Proposal
from accredit.proposals.wanted import wanted
from accredit.reports.json import finding_json
from accredit.reports.tool import NAME, VERSION

FORMAT = 1


def as_json(proposal: Proposal) -> str:
    """Everything that the comment tells and a program can act on. A new key does not change the format's version."""
    baseline, blast = proposal.baseline(lambda assessment: assessment), proposal.blast
    content = {
        "format": FORMAT,
        "tool": {"name": NAME, "version": VERSION},
        "as_of": proposal.as_of.isoformat(),
        "base": {"revision": proposal.revision, "commit": proposal.commit},
        "notes": list(proposal.notes),
        "proposed": [
            {"what": i.what, "kind": i.path.kind, "name": i.name, "path": i.path.path, "told": i.told or None}
            for i in items(proposal)
        ],
        "wanted": [asdict(w) for w in wanted(proposal)],
        "findings": [finding_json(f) for f in baseline.caused],
        "unchanged": len(baseline.unchanged),
        "gone": [finding_json(f) for f in baseline.gone],
        "gates": [asdict(effect) for effect in proposal.gates],
        "fields": [asdict(difference) for difference in field_differences(proposal)],
        "governance": {
            "files": list(proposal.governance),
            "authorised_by": list(proposal.authorised_by),
            "effects": [asdict(effect) for effect in blast.effects] if blast else None,
        },
        "clashes": [clash.path.path for clash in proposal.clashes],
    }
    return json.dumps(content, indent=2) + "\n"
