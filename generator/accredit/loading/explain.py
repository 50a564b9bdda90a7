"""Validation errors in words a person can act on: the actual value, what is wanted, and where it stands."""

from __future__ import annotations

import difflib
from functools import lru_cache
from typing import Any

from pydantic_core import ErrorDetails

from accredit.domain.value import Value
from accredit.findings import Route
from accredit.loading.characters import shown
from accredit.loading.yaml import Document, Mark, Problem

_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "date_type": "a date such as 2026-11-23",
    "datetime_type": "a moment such as 2026-11-23T10:00:00Z",
    "dict_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values",
    "tuple_type": "a list",
    "none_required": "nothing",
}
_PATTERNS = {
    r"^[a-z][a-z0-9-]{0,62}$": "small letters, digits and hyphens, starting with a letter",
    r"^[a-z][a-z0-9_]{0,62}$": "small letters, digits and underscores, starting with a letter",
    r"^[0-9a-f]{64}$": "a SHA-256 digest: 64 hexadecimal digits",
    r"^[0-9a-f]{40}$|^[0-9a-f]{64}$": "a full commit id: 40 or 64 hexadecimal digits",
    r"^[^\n]*$": "a single line",
    "^https?://[^\\s<>\"']+$": "an http or https address",
    "^[a-z][a-z0-9+.-]*:[^\\s<>\"']+$": "a URI such as s3://bucket/key",
}


def explain_error(entry: type[Value], fault: ErrorDetails, document: Document) -> Problem:
    """One validation error as a problem with its place in the document."""
    route = _existing(fault["loc"], document)
    mark = document.marks.get(route, Mark(1, 1, 1, 1))
    if fault["type"] == "extra_forbidden":
        unknown = shown(str(fault["loc"][-1]))
        return Problem(mark.line, mark.column, f"unknown key `{unknown}`", _suggestion(entry, fault["loc"]))
    if fault["type"] == "missing":
        return Problem(
            mark.line, mark.column, f"`{_name(fault['loc'])}` is missing", f"Add the key `{fault['loc'][-1]}`."
        )
    if fault["loc"][-1:] == ("[key]",):
        mark = Mark(mark.line, mark.column, mark.line, mark.column, str(fault["input"]))
    message, remedy = _mismatch(fault, mark)
    return Problem(mark.value_line, mark.value_column, f"`{_name(route) or 'file'}`: {message}", remedy)


def _name(route: Route) -> str:
    return shown(".".join(map(str, route)))


def _existing(route: Route, document: Document) -> Route:
    """The longest part of the route that stands in the document; unions add parts that do not."""
    while route and route not in document.marks:
        route = route[:-1]
    return route


def _mismatch(fault: ErrorDetails, mark: Mark) -> tuple[str, str]:
    kind, context = fault["type"], fault.get("ctx", {})
    actual = _shown(fault["input"], mark)
    if kind == "string_type" and mark.text is not None:
        return (
            f"{actual} is read as {_read_as(fault['input'])}, but text is wanted",
            f'Put it in quotes: "{shown(mark.text)}".',
        )
    if kind in _WANTED:
        return f"{actual} is not {_WANTED[kind]}", f"Write {_WANTED[kind]}."
    if kind == "literal_error":
        return f"{actual} is not one of the choices", f"Choose one of {context['expected']}."
    if kind == "string_pattern_mismatch":
        wanted = _PATTERNS.get(context["pattern"], f"text of the form {context['pattern']}")
        return f"{actual} has the wrong form", f"Write {wanted}."
    message = fault["msg"].removeprefix("Value error, ")
    if isinstance(fault["input"], dict):
        return message, "Correct the entry."
    return f"{actual}: {message[0].lower()}{message[1:]}", "Correct the value."


def _shown(value: Any, mark: Mark) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, tuple):
        return "a list"
    if value is None:
        return "an empty value"
    return f"`{shown(mark.text if mark.text is not None else str(value))}`"


def _read_as(value: object) -> str:
    names = {"bool": "true or false", "int": "a number", "float": "a number", "NoneType": "nothing"}
    return names.get(type(value).__name__, "a date")


def _suggestion(entry: type[Value], route: Route) -> str:
    keys = _keys_at(entry, route[:-1])
    close = difflib.get_close_matches(str(route[-1]), keys, n=1)
    if close:
        return f"Did you mean `{close[0]}`? Extensions start with `x-`."
    return f"Remove it, or start it with `x-`. Known keys: {', '.join(keys)}."


def _keys_at(entry: type[Value], route: Route) -> list[str]:
    """The keys that the type at a route knows, by walking its JSON Schema."""
    schema = _schema(entry)
    here: Any = schema
    for part in route:
        here = _step(schema, here, part)
    return list(_resolved(schema, here).get("properties", {}))


def field_help(entry: type[Value], route: Route) -> str:
    """What the format says about the field at a route, in a line; empty where it says nothing."""
    schema = _schema(entry)
    here: Any = schema
    for part in route:
        here = _step(schema, here, part)
    resolved = _resolved(schema, here)
    options = [resolved, *resolved.get("anyOf", ())]
    described = next((o["description"] for o in (here, *options) if "description" in o), "")
    choices = next((f"One of {', '.join(map(str, o['enum']))}." for o in options if "enum" in o), "")
    return " ".join(f"{described} {choices}".split())


@lru_cache(maxsize=32)
def _schema(entry: type[Value]) -> dict[str, Any]:
    return entry.model_json_schema()


def _step(schema: Any, here: Any, part: str | int) -> Any:
    here = _resolved(schema, here)
    if isinstance(part, int):
        return here.get("items", {})
    by_pattern: Any = next(iter(here.get("patternProperties", {}).values()), {})
    return here.get("properties", {}).get(part) or here.get("additionalProperties") or by_pattern


def _resolved(schema: Any, here: Any) -> Any:
    if not isinstance(here, dict):
        return {}
    if "$ref" in here:
        return _resolved(schema, schema["$defs"][here["$ref"].rsplit("/", 1)[1]])
    for option in here.get("anyOf", ()):
        found = _resolved(schema, option)
        if "properties" in found or "items" in found:
            return found
    return here
