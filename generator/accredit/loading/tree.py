"""Files to Registry. A file that cannot become an entry becomes findings and is absent; the rest still works."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from accredit.domain.content import FileState, content_digest
from accredit.domain.paths import EntryPath, is_companion, is_signature, parse_path
from accredit.domain.registry import ModelVersion, RegisteredModel, Registry, Transition
from accredit.domain.value import Value
from accredit.findings import Finding, Location, Severity
from accredit.loading.folder import Tree, TreeFile
from accredit.loading.schema import read_entry
from accredit.loading.yaml import MAX_BYTES, parse

Entries = Mapping[EntryPath, Value]


@dataclass(frozen=True)
class Loaded:
    """A registry, what was wrong with its files, and a way to turn a route in a file into line and column."""

    registry: Registry
    findings: tuple[Finding, ...]
    locate: Callable[[Location], Location] = field(compare=False)


def load(tree: Tree, progress: Callable[[int, int], None] = lambda _done, _all: None) -> Loaded:
    """The registry in a tree."""
    findings: list[Finding] = []
    entries: dict[EntryPath, Value] = {}
    states: dict[str, FileState] = {}
    broken: set[str] = set()
    files = list(tree.files())
    for index, file in enumerate(files):
        progress(index, len(files))
        fault = _path_fault(file)
        entry_path = parse_path(file.path)
        if fault is not None:
            findings.append(fault)
            if entry_path is not None:
                broken.add(file.path)
            continue
        content = tree.read(file.path)
        states[file.path] = FileState(file.path, hashlib.sha256(content).hexdigest(), len(content), file.mode)
        if entry_path is None:
            continue
        value, faults = read_entry(entry_path.kind, file.path, content)
        findings += faults
        if value is None:
            broken.add(file.path)
        else:
            entries[entry_path] = value
    registry = _registry(entries, states, frozenset(broken))
    return Loaded(registry, tuple(findings), _locator(tree))


def _path_fault(file: TreeFile) -> Finding | None:
    if file.irregular:
        return _refused(file.path, f"is a {file.irregular}", "Put a plain file there.")
    if file.size > MAX_BYTES:
        return _refused(file.path, f"has {file.size:,} bytes", f"Keep a file below {MAX_BYTES:,} bytes.")
    if parse_path(file.path) or is_signature(file.path) or is_companion(file.path):
        return None
    remedy = "Move it out of the registry, or correct its name: see the layout of the registry in the documentation."
    return _refused(file.path, "has no place in a registry", remedy)


def _refused(path: str, what: str, remedy: str) -> Finding:
    shown = path.encode("unicode_escape", "backslashreplace").decode("ascii")
    return Finding(Location(shown), "REG001", f"`{shown}` {what}", remedy, Severity.ERROR)


def _locator(tree: Tree) -> Callable[[Location], Location]:
    @lru_cache(maxsize=256)
    def marks(path: str) -> Mapping[Any, Any]:
        try:
            return parse(tree.read(path), positions=True).marks
        except OSError:
            return {}

    def locate(location: Location) -> Location:
        """The location with the line and column of its route, or of the nearest key around it."""
        if location.line or not location.path.endswith(".yaml"):
            return location
        known, route = marks(location.path), location.route
        while route and route not in known:
            route = route[:-1]
        mark = known.get(route)
        return replace(location, line=mark.line, column=mark.column) if mark else location

    return locate


def _registry(entries: Entries, states: Mapping[str, FileState], broken: frozenset[str]) -> Registry:
    by_kind: dict[str, dict[str, Any]] = {}
    for path, value in entries.items():
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
        changes=by_kind.get("change", {}),
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
    approvals: dict[int, dict[str, Any]] = {}
    for path, value in parts.items():
        if path.kind == "approval":
            approvals.setdefault(path.seq, {})[path.id] = value
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
        monitoring=named.get("monitoring", {}),
        deployments=named.get("deployment", {}),
        decisions=named.get("decisions", {}),
        transitions=tuple(
            Transition(request, digests[f"transitions/{int(seq):04}/request.yaml"], approvals.get(int(seq), {}))
            for seq, request in requests
        ),
    )
