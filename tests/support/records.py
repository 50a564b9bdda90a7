"""Requests, approvals and change records as text, with the digests that they bind, and where they lie."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from accredit.domain.content import FileState, content_digest
from accredit.loading.yaml import parse

Files = Mapping[str, bytes]
MODEL = "loan-default"
VERSION = "1.0.0"
SUBJECT = f"{MODEL}@{VERSION}"
REGISTRY = "5f0c1d5e-2b7a-4f0e-9a51-3d1c8b6e7f20"
FOLDER = f"models/{MODEL}/versions/{VERSION}/"
TRANSITIONS = f"{FOLDER}transitions/"


def transition(seq: int, name: str = "request.yaml") -> str:
    """A path below a transition's folder."""
    return f"{TRANSITIONS}{seq:04}/{name}"


def approval(seq: int, who: str) -> str:
    """The path of an approval."""
    return transition(seq, f"approvals/{who}.yaml")


def content_of(files: Files) -> str:
    """The digest of the version's content."""
    return content_digest(_states(files, FOLDER))


def governance_of(files: Files) -> str:
    """The digest of people and policy."""
    return content_digest([*_states(files, "people/", "people/"), *_states(files, "policy.yaml", "policy.yaml")])


def context_of(files: Files) -> dict[str, str]:
    """The digests of what the version names."""
    record: Any = parse(files[f"{FOLDER}version.yaml"]).data
    named = [f"models/{MODEL}/model.yaml", *(f"datasets/{d['dataset']}.yaml" for d in record["datasets"])]
    named += [f"features/{f['features']}.yaml" for f in record["features"]]
    return {path: sha256(files[path]) for path in named}


def _states(files: Files, folder: str, prefix: str = "") -> Iterator[FileState]:
    for path, data in files.items():
        if path.startswith(folder):
            yield FileState(prefix + path.removeprefix(folder), sha256(data), len(data))


def yaml_of(fields: Mapping[str, Any]) -> bytes:
    """A record in YAML; text is quoted, so that nothing is read as something else."""
    moments = ("requested_at", "time")
    lines = [f"{name}: {value if name in moments else _flow(value)}" for name, value in fields.items()]
    return ("\n".join(lines) + "\n").encode()


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}": {_flow(item)}' for key, item in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return str(value) if isinstance(value, int | date) else f'"{value}"'


def sha256(data: bytes) -> str:
    """The digest that records bind."""
    return hashlib.sha256(data).hexdigest()
