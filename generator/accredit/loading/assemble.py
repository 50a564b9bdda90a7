"""Entries to Registry: which entry belongs to which version of which model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from accredit.domain.content import FileState, content_digest
from accredit.domain.paths import EntryPath
from accredit.domain.registry import ModelVersion, RegisteredModel, Registry, Transition
from accredit.domain.value import Value

Entries = Mapping[EntryPath, Value]
Parts = list[tuple[EntryPath, Value]]
VersionKey = tuple[str, str]


def registry_of(entries: Entries, states: Mapping[str, FileState], broken: frozenset[str]) -> Registry:
    """The registry of some entries. `states` are all files that could be read, `broken` those that are no entry."""
    by_kind: dict[str, dict[str, Any]] = {}
    decided: dict[str, dict[str, Any]] = {}
    for path, value in entries.items():
        if path.kind == "change-approval":
            decided.setdefault(str(path.seq), {})[path.id] = value
        elif not path.model:
            by_kind.setdefault(path.kind, {})[path.id or str(path.seq)] = value
    return Registry(
        identity=by_kind.get("registry", {}).get("0"),
        policy=by_kind.get("policy", {}).get("0"),
        people=by_kind.get("person", {}),
        datasets=by_kind.get("dataset", {}),
        features=by_kind.get("features", {}),
        models=_models(entries, states),
        waivers=by_kind.get("waiver", {}),
        holds=by_kind.get("hold", {}),
        incidents=by_kind.get("incident", {}),
        frameworks=by_kind.get("framework", {}),
        determinations=by_kind.get("determination", {}),
        changes=by_kind.get("change", {}),
        change_approvals=decided,
        digests={path: state.sha256 for path, state in states.items()},
        broken=broken,
    )


def _models(entries: Entries, states: Mapping[str, FileState]) -> dict[str, RegisteredModel]:
    parts: dict[str, dict[str, dict[EntryPath, Value]]] = {}
    for path, value in entries.items():
        if path.version:
            parts.setdefault(path.model, {}).setdefault(path.version, {})[path] = value
    contents = _version_files(states)
    models = {}
    for path, value in entries.items():
        if path.kind == "model":
            versions = [_version(path.model, v, p, contents) for v, p in parts.get(path.model, {}).items()]
            known = sorted((v for v in versions if v is not None), key=_age)
            models[path.model] = RegisteredModel(path.model, value, {v.id: v for v in known})  # type: ignore[arg-type]
    return models


def _version_files(states: Mapping[str, FileState]) -> dict[tuple[str, str], list[FileState]]:
    found: dict[tuple[str, str], list[FileState]] = {}
    for path, state in states.items():
        parts = path.split("/", 4)
        if len(parts) == 5 and parts[0] == "models":
            found.setdefault((parts[1], parts[3]), []).append(replace(state, path=parts[4]))
    return found


def _age(version: ModelVersion) -> tuple[str, str]:
    trained = version.record.trained
    return (trained.at.isoformat() if trained else "9999", version.id)


def _version(
    model: str,
    version: str,
    parts: Mapping[EntryPath, Value],
    contents: Mapping[tuple[str, str], list[FileState]],
) -> ModelVersion | None:
    named: dict[str, dict[str, Any]] = {}
    signed: dict[tuple[str, int], dict[str, Any]] = {}
    for path, value in parts.items():
        if path.kind in ("approval", "closing"):
            signed.setdefault((path.kind, path.seq), {})[path.id] = value
        else:
            named.setdefault(path.kind, {})[path.id or str(path.seq)] = value
    record = named.get("version", {}).get("0")
    if record is None:
        return None
    files = contents[model, version]
    digests = {state.path: state.sha256 for state in files}
    requests = sorted(named.get("transition", {}).items(), key=lambda item: int(item[0]))
    return ModelVersion(
        model_id=model,
        id=version,
        record=record,
        content=content_digest(files),
        card=named.get("card", {}).get("0"),
        evaluations=named.get("evaluation", {}),
        validations=named.get("validation", {}),
        monitoring=named.get("monitoring", {}),
        deployments=named.get("deployment", {}),
        decisions=named.get("decisions", {}),
        records=named.get("record", {}),
        verifications=named.get("verification", {}),
        transitions=tuple(
            Transition(
                request,
                digests[f"transitions/{int(seq):04}/request.yaml"],
                signed.get(("approval", int(seq)), {}),
                signed.get(("closing", int(seq)), {}),
            )
            for seq, request in requests
        ),
    )
