"""The grammar of paths: which file is which kind of entry. The world is closed: any other path is a finding."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

from accredit.domain.retention import RecordClass

_ID = r"[a-z][a-z0-9-]{0,62}"
_VERSION = r"[0-9A-Za-z][0-9A-Za-z.+-]{0,62}"
_NAME = r"[0-9a-z][0-9a-z.-]{0,62}"
_SEQ = r"[0-9]{4}"
_CLASS = "|".join(get_args(RecordClass))
_V = rf"models/(?P<model>{_ID})/versions/(?P<version>{_VERSION})"

GRAMMAR: dict[str, str] = {
    "registry": r"registry\.yaml",
    "policy": r"policy\.yaml",
    "person": rf"people/(?P<id>{_ID})\.yaml",
    "dataset": rf"datasets/(?P<id>{_ID})\.yaml",
    "features": rf"features/(?P<id>{_ID})\.yaml",
    "model": rf"models/(?P<model>{_ID})/model\.yaml",
    "version": rf"{_V}/version\.yaml",
    "card": rf"{_V}/card\.yaml",
    "evaluation": rf"{_V}/evaluations/(?P<id>{_NAME})\.yaml",
    "validation": rf"{_V}/validations/(?P<id>{_NAME})\.yaml",
    "monitoring": rf"{_V}/monitoring/(?P<id>{_NAME})\.yaml",
    "deployment": rf"{_V}/deployments/(?P<id>{_NAME})\.yaml",
    "decisions": rf"{_V}/decisions/(?P<id>{_NAME})\.yaml",
    "record": rf"{_V}/records/(?P<id>(?:{_CLASS})(?:\.{_NAME})?)\.yaml",
    "verification": rf"{_V}/verifications/(?P<id>{_NAME})\.yaml",
    "transition": rf"{_V}/transitions/(?P<seq>{_SEQ})/request\.yaml",
    "approval": rf"{_V}/transitions/(?P<seq>{_SEQ})/approvals/(?P<id>{_ID})\.yaml",
    "closing": rf"{_V}/transitions/(?P<seq>{_SEQ})/closings/(?P<id>[0-9]{{2}})\.yaml",
    "waiver": rf"waivers/(?P<id>{_NAME})\.yaml",
    "hold": rf"holds/(?P<id>{_NAME})\.yaml",
    "incident": rf"incidents/(?P<id>{_NAME})\.yaml",
    "framework": rf"frameworks/(?P<id>{_ID})\.yaml",
    "determination": rf"determinations/(?P<id>{_NAME})\.yaml",
    "change": rf"changes/(?P<seq>{_SEQ})/request\.yaml",
    "change-approval": rf"changes/(?P<seq>{_SEQ})/approvals/(?P<id>{_ID})\.yaml",
}
"""Kind to the pattern of its paths, relative to the registry's root."""

_SIGNED = rf"(?:request|approvals/{_ID}|closings/[0-9]{{2}})"
_ATTESTED = rf"(?:waivers|determinations|holds)/{_NAME}"
_SIGNATURE = re.compile(rf"(?:(?:{_V}/transitions/{_SEQ}|changes/{_SEQ})/{_SIGNED}|{_ATTESTED})\.yaml\.(?:sig|asc)")
_KINDS: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
"""What a path begins with, up to a slash, to the kinds that it can be."""
for _kind, _pattern in GRAMMAR.items():
    _KINDS.setdefault(_pattern.partition("/")[0].replace("\\", ""), []).append((_kind, re.compile(_pattern)))
_RESERVED = re.compile(r"(?:^|/)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|/|$)", re.IGNORECASE)
_OUTSIDE = re.compile(r"README\.md|\.gitattributes|\.gitignore|\.vscode/settings\.json|\.schema/[a-z-]{1,40}\.json")


@dataclass(frozen=True, slots=True)
class EntryPath:
    """A path of the registry with what it says: kind and ids."""

    path: str
    kind: str
    id: str = ""
    model: str = ""
    version: str = ""
    seq: int = 0


@lru_cache(maxsize=1024)
def parse_path(path: str) -> EntryPath | None:
    """What an entry's path says; None for a path that is no entry."""
    if not path.endswith(".yaml") or _RESERVED.search(path):
        return None
    for kind, pattern in _KINDS.get(path.partition("/")[0], ()):
        if match := pattern.fullmatch(path):
            parts = match.groupdict()
            return EntryPath(
                path,
                kind,
                parts.get("id") or "",
                parts.get("model") or "",
                parts.get("version") or "",
                int(parts.get("seq") or 0),
            )
    return None


def is_signature(path: str) -> bool:
    """Whether the path is that of a detached signature."""
    return path.endswith((".sig", ".asc")) and _SIGNATURE.fullmatch(path) is not None


def is_companion(path: str) -> bool:
    """Whether the path is a file beside the registry that carries no facts, such as a README."""
    return _OUTSIDE.fullmatch(path) is not None


def person_path(person: str) -> str:
    """Path of a person's file."""
    return f"people/{person}.yaml"


def dataset_path(dataset: str) -> str:
    """Path of a dataset's file."""
    return f"datasets/{dataset}.yaml"


def features_path(features: str) -> str:
    """Path of a feature set's file."""
    return f"features/{features}.yaml"


def model_path(model: str) -> str:
    """Path of a model's file."""
    return f"models/{model}/model.yaml"


def version_path(model: str, version: str, name: str = "version.yaml") -> str:
    """Path of a file of a version; `version.yaml` unless told."""
    return f"models/{model}/versions/{version}/{name}"
