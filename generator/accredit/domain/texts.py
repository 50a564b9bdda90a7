"""Every free text of an entry: prose, lines, addresses and keys. Identifiers, digests and numbers are left out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import StringConstraints

from accredit.domain.value import GitCommit, Region, RoleId, RuleCode, Sha256, Slug, Value
from accredit.findings import Route

_CLOSED = {get_args(kind)[1].pattern for kind in (GitCommit, Region, RoleId, RuleCode, Sha256, Slug)}
"""Patterns that leave no room for free text."""


def gather(value: object, into: list[str]) -> None:
    """Appends every text of an entry, in no particular order: the quick way to look whether there is something."""
    kind = type(value)
    if kind is str:
        into.append(value)  # type: ignore[arg-type]
    elif kind is tuple:
        for item in value:  # type: ignore[attr-defined]
            gather(item, into)
    elif kind is dict:
        into += value  # type: ignore[arg-type]
        for item in value.values():  # type: ignore[attr-defined]
            gather(item, into)
    elif isinstance(value, Value):
        fields = value.__dict__
        for name, _ in _fields(type(value)):
            if type(found := fields[name]) is str:
                into.append(found)
            elif found:
                gather(found, into)


def texts(value: object, route: Route = ()) -> Iterator[tuple[Route, str]]:
    """Every text of an entry with its place. A mapping's key is at the place of its value."""
    if isinstance(value, str):
        yield route, value
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from texts(item, (*route, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield (*route, key), key
            yield from texts(item, (*route, key))
    elif isinstance(value, Value):
        fields = value.__dict__
        for name, key in _fields(type(value)):
            if type(found := fields[name]) is str:
                yield (*route, key), found
            elif found:
                yield from texts(found, (*route, key))


@cache
def _fields(kind: type[Value]) -> tuple[tuple[str, str], ...]:
    """Name and key in the file of the fields that may hold text, worked out once a type."""
    found = []
    for name, field in kind.model_fields.items():
        annotated = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
        if _holds_text(annotated, frozenset({kind})):
            found.append((name, field.alias or name))
    return tuple(found)


def _holds_text(annotation: Any, seen: frozenset[type]) -> bool:
    if annotation is str:
        return True
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        closed = any(isinstance(m, StringConstraints) and m.pattern in _CLOSED for m in metadata)
        return not closed and _holds_text(inner, seen)
    if isinstance(annotation, type) and issubclass(annotation, Value):
        if annotation in seen:
            return False
        fields = annotation.model_fields.values()
        kinds = [Annotated[(f.annotation, *f.metadata)] if f.metadata else f.annotation for f in fields]
        return any(_holds_text(k, seen | {annotation}) for k in kinds)
    return any(_holds_text(a, seen) for a in get_args(annotation) if a is not Ellipsis and not isinstance(a, str))
