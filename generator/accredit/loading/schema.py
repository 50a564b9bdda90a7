"""Documents to entries: which kind is which type, and what to tell a person whose file does not fit."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from accredit.domain.card import Card
from accredit.domain.dataset import Dataset
from accredit.domain.evaluation import Evaluation
from accredit.domain.features import FeatureSet
from accredit.domain.model import Model
from accredit.domain.operation import Decisions, Deployment, Monitoring
from accredit.domain.person import Person
from accredit.domain.policy import Policy
from accredit.domain.registry import RegistryIdentity
from accredit.domain.signoff import Approval, ChangeRequest, Request
from accredit.domain.value import Value
from accredit.domain.version import Version
from accredit.domain.waiver import Hold, Waiver
from accredit.findings import Finding, Location, Route, Severity
from accredit.loading.explain import explain_error
from accredit.loading.unwritten import unwritten
from accredit.loading.yaml import Document, parse

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
    "monitoring": Monitoring,
    "deployment": Deployment,
    "decisions": Decisions,
    "transition": Request,
    "approval": Approval,
    "waiver": Waiver,
    "hold": Hold,
    "change": ChangeRequest,
    "change-approval": Approval,
}
"""Kind of file to the type of its entry."""


def read_entry(kind: str, path: str, content: bytes) -> tuple[Value | None, list[Finding]]:
    """The entry in a file's bytes, or None with the findings that say why it is none."""
    document = parse(content)
    if document.problems:
        return None, [_finding(path, p.line, p.column, p.message, p.help) for p in document.problems]
    todo = unwritten(KINDS[kind], path, content)
    try:
        value = _validate(kind, document.data)
    except ValidationError as error:
        faults = _findings(kind, path, error, parse(content, positions=True))
        others = (f for f in faults if (f.location.line, f.location.column) not in todo)
        return None, [*todo.values(), *others]
    return (None, list(todo.values())) if todo else (value, [])


def _validate(kind: str, data: Any) -> Value:
    try:
        return KINDS[kind].model_validate(data)
    except ValidationError as error:
        extensions = [e["loc"] for e in error.errors() if e["type"] == "extra_forbidden" and _is_extension(e["loc"])]
        if not extensions:
            raise
        return KINDS[kind].model_validate(_without(data, set(extensions)))


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
    found: dict[tuple[int, int, str], Finding] = {}
    for fault in error.errors(include_url=False):
        if fault["type"] == "extra_forbidden" and _is_extension(fault["loc"]):
            continue
        explained = explain_error(KINDS[kind], fault, document)
        key = (explained.line, explained.column, explained.message)
        found[key] = _finding(path, explained.line, explained.column, explained.message, explained.help)
    return list(found.values())


def _finding(path: str, line: int, column: int, message: str, remedy: str) -> Finding:
    return Finding(Location(path, line, column), "REG001", message, remedy, Severity.ERROR)
