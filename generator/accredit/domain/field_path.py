"""Paths to fields of the registry's format, as catalogues cite them: `dataset.quality.known_gaps`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from accredit.domain.card import Card
from accredit.domain.dataset import Dataset
from accredit.domain.evaluation import Evaluation
from accredit.domain.model import Model
from accredit.domain.operation import Monitoring
from accredit.domain.policy import Policy
from accredit.domain.version import Version
from accredit.findings import Route

ROOTS: Mapping[str, type[BaseModel]] = {
    "model": Model,
    "version": Version,
    "card": Card,
    "dataset": Dataset,
    "evaluation": Evaluation,
    "monitoring": Monitoring,
    "policy": Policy,
}
"""The first word of a path to the kind of file that it speaks of."""


def is_field(path: str) -> bool:
    """Whether the path leads to a field of the format. Items of a list are passed through; a key of a map is a step."""
    root, *steps = path.split(".")
    return root in ROOTS and bool(steps) and _leads(ROOTS[root], steps)


def _leads(kind: Any, steps: list[str]) -> bool:
    if not steps:
        return True
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        names = {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
        return steps[0] in names and _leads(names[steps[0]], steps[1:])
    if get_origin(kind) is dict:
        return _leads(get_args(kind)[1], steps[1:])
    return any(_leads(option, steps) for option in get_args(kind) if option is not Ellipsis)


def values_at(value: object, steps: tuple[str, ...], route: Route = ()) -> Iterator[tuple[Route, object]]:
    """Every value that the steps lead to, with its place. Where the way ends early there is none."""
    if isinstance(value, tuple) and steps:
        for index, item in enumerate(value):
            yield from values_at(item, steps, (*route, index))
    elif not steps:
        yield route, value
    elif isinstance(value, Mapping):
        if steps[0] in value:
            yield from values_at(value[steps[0]], steps[1:], (*route, steps[0]))
    elif isinstance(value, BaseModel):
        fields = {field.alias or name: name for name, field in type(value).model_fields.items()}
        yield from values_at(getattr(value, fields[steps[0]]), steps[1:], (*route, steps[0]))
