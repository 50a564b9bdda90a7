"""Documents to entries: which kind is which type, and what to tell a person whose file does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from accredit.domain.card import Card
from accredit.domain.dataset import Dataset
from accredit.domain.determination import Determination
from accredit.domain.evaluation import Evaluation
from accredit.domain.features import FeatureSet
from accredit.domain.framework import Framework
from accredit.domain.incident import Incident
from accredit.domain.model import Model
from accredit.domain.operation import Decisions, Deployment, Monitoring
from accredit.domain.person import Person
from accredit.domain.policy import Policy
from accredit.domain.registry import RegistryIdentity
from accredit.domain.signoff import Approval, ChangeRequest, Closing, Request
from accredit.domain.stored import Record, StorageCheck
from accredit.domain.validation import Validation
from accredit.domain.value import Value
from accredit.domain.version import Version
from accredit.domain.waiver import Hold, Waiver
from accredit.findings import Finding, Location, Route
from accredit.loading.explain import explain_error
from accredit.loading.unwritten import unwritten
from accredit.loading.yaml import MAX_PROBLEMS, Document, Problem, parse

KINDS: dict[str, type[Value]] = {
    "registry": RegistryIdentity,
    "policy": Policy,
    "person": Person,
    "dataset": Dataset,
    "features": FeatureSet,
    "model": Model,
    "version": Version,
    "card": Card,
    "evaluation": Evaluation,
    "validation": Validation,
    "monitoring": Monitoring,
    "deployment": Deployment,
    "decisions": Decisions,
    "record": Record,
    "verification": StorageCheck,
    "transition": Request,
    "approval": Approval,
    "closing": Closing,
    "waiver": Waiver,
    "hold": Hold,
    "incident": Incident,
    "framework": Framework,
    "determination": Determination,
    "change": ChangeRequest,
    "change-approval": Approval,
}
"""Kind of file to the type of its entry."""


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of one file, and which kind of entry its path makes it."""

    kind: str
    path: str
    content: bytes


Reading = tuple[bytes | None, list[Finding]]
"""A sound entry as JSON, or None and the findings that say why there is none."""


def read_entry(kind: str, path: str, content: bytes) -> tuple[Value | None, list[Finding]]:
    """The entry in a file's bytes, or None with the findings that say why it is none."""
    document = parse(content)
    if document.problems:
        return None, [_finding(path, p) for p in document.problems]
    todo = unwritten(KINDS[kind], path, content)
    try:
        value = _validate(kind, document.data)
    except ValidationError as error:
        faults = _findings(kind, path, error, parse(content, positions=True))
        others = (f for f in faults if (f.location.line, f.location.column) not in todo)
        return None, [*todo.values(), *others][:MAX_PROBLEMS]
    return (None, list(todo.values())) if todo else (value, [])


def read_json(source: Source) -> Reading:
    """The entry in a file as JSON, in the form that `from_json` takes."""
    value, findings = read_entry(source.kind, source.path, source.content)
    return None if value is None else to_json(value), findings


def to_json(entry: Value) -> bytes:
    """An entry as compact JSON: what was given, without defaults."""
    return entry.model_dump_json(by_alias=True, exclude_unset=True).encode()


def from_json(kind: str, text: bytes) -> Value | None:
    """The entry that `to_json` wrote; None where the text is no such entry."""
    try:
        return KINDS[kind].model_validate_json(text, by_alias=True, by_name=False)
    except ValidationError:
        return None


def _validate(kind: str, data: Any) -> Value:
    try:
        return KINDS[kind].model_validate(data, by_alias=True, by_name=False)
    except ValidationError as error:
        extensions = [e["loc"] for e in error.errors() if e["type"] == "extra_forbidden" and _is_extension(e["loc"])]
        if not extensions:
            raise
        return KINDS[kind].model_validate(_without(data, set(extensions)), by_alias=True, by_name=False)


def _is_extension(route: Route) -> bool:
    return isinstance(route[-1], str) and route[-1].startswith("x-")


def _without(data: Any, routes: set[Route], here: Route = ()) -> Any:
    """The data without the extension keys at some routes."""
    if isinstance(data, dict):
        kept = {k: v for k, v in data.items() if (*here, k) not in routes}
        return {k: _without(v, routes, (*here, k)) for k, v in kept.items()}
    if isinstance(data, tuple):
        return tuple(_without(v, routes, (*here, i)) for i, v in enumerate(data))
    return data


def _findings(kind: str, path: str, error: ValidationError, document: Document) -> list[Finding]:
    found: dict[Problem, Finding] = {}
    for fault in error.errors(include_url=False):
        if len(found) == MAX_PROBLEMS:
            break
        if fault["type"] == "extra_forbidden" and _is_extension(fault["loc"]):
            continue
        problem = explain_error(KINDS[kind], fault, document)
        found[problem] = _finding(path, problem)
    return list(found.values())


def _finding(path: str, problem: Problem) -> Finding:
    return Finding(Location(path, problem.line, problem.column), "REG001", problem.message, problem.help)
