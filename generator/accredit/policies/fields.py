"""The policy field by field, each value in words: what a comparison of two policies looks at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accredit.domain.predicate import Predicate
from accredit.domain.value import Value
from accredit.policies.conditions import in_words
from accredit.policies.words import listed

_LABELS = ("role", "metric", "kind", "control", "at_least", "public")
"""Fields by which an item of a list is known, so that inserting one does not change the names of the others."""


def leaves(value: Value) -> dict[str, str]:
    """Dotted name of every field that says something, to its value in words."""
    return dict(_leaves(value, ""))


def _leaves(value: object, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Predicate):
        yield name, f"if {in_words(value)}"
    elif isinstance(value, Value):
        for field, info in type(value).model_fields.items():
            yield from _leaves(getattr(value, field), _below(name, info.alias or field))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, _below(name, str(key)))
    elif isinstance(value, tuple) and any(isinstance(item, Value) for item in value):
        for label, item in _labelled(value):
            yield from _leaves(item, f"{name}[{label}]")
    elif value is not None and value != ():
        yield name, shown(value)


def _below(name: str, field: str) -> str:
    return f"{name}.{field}" if name else field


def _labelled(items: tuple[object, ...]) -> Iterator[tuple[str, object]]:
    """Each item of a list with a name that its place does not change; of equal names the second is `#2`."""
    seen: dict[str, int] = {}
    for item in items:
        parts = (getattr(item, field, None) for field in _LABELS)
        label = next((shown(p) for p in parts if p is not None), "item")
        seen[label] = seen.get(label, 0) + 1
        yield (label if seen[label] == 1 else f"{label} #{seen[label]}"), item


def shown(value: object) -> str:
    """A value as a person says it: `yes`, `0.8`, `risk or governance`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return listed(map(shown, value), "or")
    return f"{value:g}" if isinstance(value, float) else str(value)
