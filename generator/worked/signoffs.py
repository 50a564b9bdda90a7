"""Requests and approvals with the digests that they bind, from the story of who moved a version where and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from accredit.demo.keys import signature
from accredit.domain.content import FileState, content_digest
from accredit.domain.paths import parse_path
from accredit.history.sshsig import APPROVAL, ATTESTED, CLOSING, REQUEST
from worked.sources import digest
from worked.yaml_writer import to_yaml

Record = dict[str, Any]
Files = dict[str, bytes]
_CLOSED = ("closed", "evidence")
"""What a condition in the story says, and its closing in the registry."""
_SIGNERS = {"waiver": "accepted_by", "determination": "by", "hold": "issued_by"}


def transitions(files: Files, folder: str, registry: str, moves: list[Record]) -> Files:
    """The files of a version's chain of transitions, by path.

    Args:
        files: Every file written so far, which the requests bind by digest.
        folder: Path of the version's folder.
        registry: The registry's id.
        moves: The story, oldest first.
    """
    model, version = folder.split("/")[1], folder.split("/")[3]
    written: Files = {}
    previous, stage = "none", "staging"
    for seq, move in enumerate(moves, 1):
        request = to_yaml(
            {"kind": "transition-request/v1", "registry": registry, "model": model, "version": version, "seq": seq}
            | {"from": stage, "to": move["to"], "previous": previous}
            | {"content": content_of(files, folder), "context": _context(files, folder, model)}
            | {"policy": digest(files["policy.yaml"])}
            | {"requested_by": move["by"], "requested_at": move["at"], "reason": move["reason"]}
            | ({"emergency": move["emergency"]} if "emergency" in move else {})
        )
        path = f"{folder}/transitions/{seq:04}"
        written |= _signed(f"{path}/request.yaml", request, move["by"], REQUEST)
        for approval in move.get("approvals", []):
            record = _approval(registry, digest(request), approval)
            written |= _signed(f"{path}/approvals/{approval['by']}.yaml", record, approval["by"], APPROVAL)
            for closing in _closings(registry, digest(record), approval):
                number = sum(name.startswith(f"{path}/closings/") for name in written) // 2 + 1
                written |= _signed(f"{path}/closings/{number:02}.yaml", to_yaml(closing), closing["by"], CLOSING)
        previous = digest(request)
        if all(a.get("decision", "approve") != "reject" for a in move.get("approvals", [])):
            stage = move["to"]
    return written


def attestations(files: Files, registry: str) -> Files:
    """The waivers, determinations and holds, for this registry and signed by whoever they name."""
    written: Files = {}
    for path, content in files.items():
        known = parse_path(path)
        if known is not None and known.kind in ATTESTED:
            told: Record = yaml.safe_load(content)
            record = content + f"registry: {registry}\n".encode()
            written |= _signed(path, record, told[_SIGNERS[known.kind]], ATTESTED[known.kind])
    return written


def _signed(path: str, record: bytes, person: str, namespace: str) -> Files:
    return {path: record, f"{path}.sig": signature(person, namespace, record)}


def _approval(registry: str, request: str, story: Record) -> bytes:
    record: Record = {"kind": "approval/v1", "registry": registry, "request": request}
    record |= {"reviewer": story["by"], "role": story["role"], "decision": story.get("decision", "approve")}
    if "conditions" in story:
        record["conditions"] = [{k: v for k, v in c.items() if k not in _CLOSED} for c in story["conditions"]]
    return to_yaml(record | {"time": story["at"], "statement": story["says"], "assurance": "signed"})


def _closings(registry: str, approval: str, story: Record) -> Iterator[Record]:
    """Conditions that were met after the approval: whoever answers for one closes it on the day, at four o'clock."""
    for number, condition in enumerate(story.get("conditions", []), 1):
        if "closed" in condition:
            yield {
                "kind": "closing/v1",
                "registry": registry,
                "approval": approval,
                "condition": number,
                "by": condition["owner"],
                "closed": condition["closed"],
                "evidence": condition["evidence"],
                "time": dt.datetime.combine(condition["closed"], dt.time(16), dt.UTC),
            }


def content_of(files: Files, folder: str) -> str:
    """The digest of a version's content."""
    inside = {
        Path(path).relative_to(folder).as_posix(): data for path, data in files.items() if path.startswith(f"{folder}/")
    }
    return content_digest(FileState(path, digest(data), len(data)) for path, data in inside.items())


def _context(files: Files, folder: str, model: str) -> dict[str, str]:
    named = files[f"{folder}/version.yaml"].decode()
    records = [path for path in files if path.startswith(("datasets/", "features/"))]
    used = [path for path in records if f": {Path(path).stem}," in named or f": {Path(path).stem}\n" in named]
    return {path: digest(files[path]) for path in sorted([f"models/{model}/model.yaml", *used])}
