"""What validators reported, from the story of their sign-offs: one report for each move into production."""

from __future__ import annotations

from typing import Any

from worked.sources import digest

Record = dict[str, Any]


def validations(content: str, moves: list[Record]) -> dict[str, Record]:
    """Name to report of a version, by what its validators said when they signed.

    Args:
        content: Digest of the version's content.
        moves: The story of the version's moves.
    """
    found = {}
    for move in moves:
        signed = [a for a in move.get("approvals", []) if a["role"] == "validator" and move["to"] == "production"]
        for approval in signed:
            if approval.get("decision") != "reject":
                found[f"{move['at']:%Y-%m}"] = _report(content, move, approval)
    return found


def _report(content: str, move: Record, approval: Record) -> Record:
    said, conditions = approval["says"], approval.get("conditions", [])
    uri = f"https://documents.northlake.example/validation/{content[:12]}"
    report: Record = {"content": content, "by": approval["by"], "date": move["at"].date()}
    report |= {"outcome": "approved-with-findings" if conditions else "approved", "scope": said, "report": uri}
    report["sha256"] = digest(f"{uri}\n{said}\n".encode())
    if conditions:
        report["findings"] = [_finding(number, condition) for number, condition in enumerate(conditions, 1)]
    return report


def _finding(number: int, condition: Record) -> Record:
    return {
        "id": f"finding-{number}",
        "severity": "medium",
        "text": condition["text"],
        "owner": condition["owner"],
        "tracked": f"condition {number} of the approval",
        "due": condition["due"],
    }
