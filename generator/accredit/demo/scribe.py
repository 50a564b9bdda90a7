"""Writes the files of each landing as they were signed then: every digest that is bound is that of the day."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from accredit.demo.keys import signature
from accredit.demo.past import key_number
from accredit.demo.plot import Files, Scene
from accredit.domain.content import FileState, content_digest
from accredit.domain.paths import parse_path, person_path
from accredit.domain.policy import Policy
from accredit.history.governance import governs
from accredit.history.sshsig import APPROVAL, ATTESTED, CHANGE, CLOSING, REQUEST
from accredit.loading.schema import read_entry
from accredit.signing.governing import change_path
from accredit.signing.person_file import person_in
from accredit.signing.record import draft

_NAMES = re.compile(rb"[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""What may stand for another file or for the registry: SHA-256, UUID."""
_SIGNERS = {"transition": ("requested_by", REQUEST), "approval": ("reviewer", APPROVAL), "closing": ("by", CLOSING)} | {
    kind: (field, ATTESTED[kind])
    for kind, field in {"waiver": "accepted_by", "determination": "by", "hold": "issued_by"}.items()
}
_HOUR = dt.timedelta(hours=1)


@dataclass
class Scribe:
    """The registry as far as the story has come."""

    finished: Files
    tree: dict[str, bytes] = field(default_factory=dict)
    _anew: dict[bytes, bytes] = field(default_factory=dict)
    """What the finished registry calls something, to what it is called here."""
    _changes: int = 0

    def __post_init__(self) -> None:
        """Another history is another registry, so it has another id."""
        self._anew[self._id(self.finished).encode()] = self.registry.encode()

    @property
    def registry(self) -> str:
        """The id of the registry of the story."""
        return str(uuid.uuid5(uuid.UUID(self._id(self.finished)), "accredit demo"))

    def land(self, scene: Scene) -> Files:
        """What a scene adds to the tree, with signatures."""
        before = dict(self.tree)
        added: dict[str, bytes] = {}
        for path, content in scene.files.items():
            written = _NAMES.sub(lambda found: self._anew.get(found[0], found[0]), content)
            self._anew[_digest(self.finished[path])] = _digest(written)
            added |= {path: written, **self._signed(path, written, scene.at)}
        self.tree |= added
        if before and any(map(governs, scene.files)):
            allowed = dict(self._allowed(scene, before))
            self.tree |= allowed
            added |= allowed
        return added

    def _signed(self, path: str, content: bytes, at: dt.datetime) -> Files:
        known = parse_path(path)
        if known is None or known.kind not in _SIGNERS:
            return {}
        field_, namespace = _SIGNERS[known.kind]
        signer = re.search(rf"^{field_}: (\S+)$", content.decode(), re.MULTILINE)
        return _signature(path, content, signer[1] if signer else "", namespace, at)

    def _allowed(self, scene: Scene, before: Files) -> Iterator[tuple[str, bytes]]:
        """The record that allows a change of people or policy: asked for, and signed by the board, on the same day."""
        self._changes += 1
        path, earlier = change_path(self._changes), before.get(change_path(self._changes - 1))
        asked = {
            "kind": "change-request/v1",
            "registry": self.registry,
            "seq": self._changes,
            "previous": _digest(earlier).decode() if earlier else "none",
            "from": _governance(before),
            "to": _governance(self.tree),
            "requested_by": scene.by,
            "requested_at": scene.at - 3 * _HOUR,
            "reason": f"{scene.message}.",
        }
        request = draft(path, asked).text.encode()
        yield path, request
        yield from _signature(path, request, scene.by, CHANGE, scene.at).items()
        role, board = _board(before, scene)
        for hours, member in enumerate(board):
            approval = {
                "kind": "approval/v1",
                "registry": self.registry,
                "request": _digest(request).decode(),
                "reviewer": member,
                "role": role,
                "decision": "approve",
                "time": scene.at - (2 - hours) * _HOUR,
                "statement": "Read, and agreed to.",
                "assurance": "signed",
            }
            signed = draft(path.replace("request.yaml", f"approvals/{member}.yaml"), approval)
            yield signed.path, signed.text.encode()
            yield from _signature(signed.path, signed.text.encode(), member, APPROVAL, scene.at).items()

    @staticmethod
    def _id(files: Files) -> str:
        found = re.search(rb"^id: (\S+)$", files["registry.yaml"], re.MULTILINE)
        return found[1].decode() if found else ""


def _signature(path: str, content: bytes, person: str, namespace: str, at: dt.datetime) -> Files:
    return {f"{path}.sig": signature(person, namespace, content, key_number(person, at))}


def _board(files: Files, scene: Scene) -> tuple[str, list[str]]:
    """The role that signs changes, and as many who hold it as policy asks for."""
    policy, _ = read_entry("policy", "policy.yaml", files["policy.yaml"])
    if not isinstance(policy, Policy):
        raise TypeError("the policy of the story cannot be read")
    rules, day = policy.policy, scene.at.date()
    people = (path for path in sorted(files) if path.startswith("people/"))
    able = [p for p in people if rules.approved_by_role in person_in(p, files[p].decode()).roles_on(day)]
    return rules.approved_by_role, [p[7:-5] for p in able if p != person_path(scene.by)][: rules.change_approvals]


def _governance(files: Files) -> str:
    ruled = ((path, data) for path, data in files.items() if governs(path))
    return content_digest(FileState(path, _digest(data).decode(), len(data)) for path, data in ruled)


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()
