"""The one door to YAML: bytes to plain values, by a strict subset, with a position for every key and value.

Everything is checked on parser events, before anything is composed, because libyaml's composer recurses without limit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from accredit.findings import Route
from accredit.loading.scalars import DisputedScalarError, resolve

MAX_BYTES = 1 << 20
MAX_DEPTH = 16
MAX_NODES = 50_000

# Characters that hide or reorder text: bidirectional controls, zero-width characters, the byte order mark, separators.
_HIDDEN = re.compile("[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

_Parser: Any = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # libyaml where the wheel has it, which is everywhere usual


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Why a file is not acceptable YAML. Line and column count from 1."""

    line: int
    column: int
    message: str
    help: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a value stands: its key (or list item) and the value itself, and a scalar's text as written."""

    line: int
    column: int
    value_line: int
    value_column: int
    text: str | None = None


@dataclass(slots=True)
class Document:
    """A parsed file: mappings as dict, sequences as tuple, scalars resolved. `problems` is empty if it is sound."""

    data: Any
    problems: list[Problem] = field(default_factory=list)
    marks: dict[Route, Mark] = field(default_factory=dict)


class _UnsoundError(Exception):
    """The rest of the file cannot be read."""


def parse(content: bytes, *, positions: bool = False) -> Document:
    """The document in a file, with every problem found; `marks` only where positions are asked for."""
    if len(content) > MAX_BYTES:
        return _broken(Problem(1, 1, f"the file has {len(content):,} bytes", f"Keep a file below {MAX_BYTES:,} bytes."))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        return _broken(
            Problem(
                *_place(before, len(before)), f"byte 0x{content[error.start]:02x} is not UTF-8", "Save it as UTF-8."
            )
        )
    if found := _HIDDEN.search(text) or _CONTROL.search(text):
        return _broken(_hidden(found[0], *_place(text, found.start())))
    builder = _Builder(text, positions=positions)
    return builder.document()


def _broken(problem: Problem) -> Document:
    return Document(None, [problem])


def _place(text: str, index: int) -> tuple[int, int]:
    line_start = text.rfind("\n", 0, index) + 1
    return text.count("\n", 0, index) + 1, index - line_start + 1


def _hidden(character: str, line: int, column: int) -> Problem:
    return Problem(
        line,
        column,
        f"character U+{ord(character):04X} is invisible or changes the direction of text",
        "Remove it: what a reviewer sees must be what the file says.",
    )


class _Builder:
    """Builds values from libyaml's events."""

    def __init__(self, text: str, *, positions: bool) -> None:
        self._next = _Parser(text).get_event
        self._positions = positions
        self._nodes = 0
        self._problems: list[Problem] = []
        self._marks: dict[Route, Mark] = {}

    def document(self) -> Document:
        data = None
        try:
            data = self._single_document()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            what = ", ".join(filter(None, (error.context, error.problem)))
            self._problems.append(Problem(line, column, f"not YAML: {what}", "Correct the syntax at this place."))
        except yaml.YAMLError as error:
            self._problems.append(Problem(1, 1, f"not YAML: {error}", "Correct the syntax."))
        except _UnsoundError:
            pass
        return Document(data, self._problems, self._marks)

    def _single_document(self) -> Any:
        self._next()
        start = self._next()
        if isinstance(start, yaml.StreamEndEvent):
            self._stop(start, "the file is empty", "Write the entry, or delete the file.")
        if start.explicit and (start.tags or start.version):
            self._stop(start, "directives are not allowed", "Remove the lines that start with %.")
        data = self._value(self._next(), (), 0)
        self._next()
        if not isinstance(end := self._next(), yaml.StreamEndEvent):
            self._stop(end, "the file holds more than one document", "Keep one document a file; remove the `---` line.")
        return data

    def _value(self, event: Any, route: Route, depth: int) -> Any:
        self._nodes += 1
        if self._nodes > MAX_NODES or depth > MAX_DEPTH:
            limit = f"more than {MAX_NODES:,} values" if self._nodes > MAX_NODES else f"nested deeper than {MAX_DEPTH}"
            self._stop(event, f"the file is {limit}" if "nested" in limit else f"the file holds {limit}", "Flatten it.")
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            self._stop(event, "anchors and aliases are not allowed", "Write the value out where it is needed.")
        if event.tag is not None:
            self._stop(event, f"the tag {event.tag} is not allowed", "Remove the tag.")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(route, depth + 1)
        return self._sequence(route, depth + 1)

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        if event.implicit[0]:
            try:
                return resolve(text)
            except DisputedScalarError:
                self._add(
                    event,
                    f"`{text}` without quotes means different things to different readers of YAML",
                    f'Write "{text}" if it is text; otherwise true, false, null, a decimal number or an ISO date.',
                )
                return text
        if event.style == '"' and (found := _HIDDEN.search(text) or _CONTROL.search(text)):
            self._problems.append(_hidden(found[0], event.start_mark.line + 1, event.start_mark.column + 1))
        return text

    def _mapping(self, route: Route, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                self._stop(event, "a key must be plain text", "Write the key as a word.")
            key: str = event.value
            if key == "<<" and event.implicit[0]:
                self._stop(event, "merge keys are not allowed", "Write the values out where they are needed.")
            if key in result:
                self._add(event, f"the key `{key[:80]}` stands twice in one mapping", "Keep one of the two.")
            if found := _HIDDEN.search(key):
                self._problems.append(_hidden(found[0], event.start_mark.line + 1, event.start_mark.column + 1))
            value = self._next()
            inner = (*route, key) if self._positions else route
            if self._positions:
                self._mark(inner, event, value)
            result[key] = self._value(value, inner, depth)
        return result

    def _sequence(self, route: Route, depth: int) -> tuple[Any, ...]:
        result: list[Any] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            inner = (*route, len(result)) if self._positions else route
            if self._positions:
                self._mark(inner, event, event)
            result.append(self._value(event, inner, depth))
        return tuple(result)

    def _mark(self, route: Route, key: Any, value: Any) -> None:
        at, value_at = key.start_mark, value.start_mark
        text = value.value if isinstance(value, yaml.ScalarEvent) else None
        self._marks[route] = Mark(at.line + 1, at.column + 1, value_at.line + 1, value_at.column + 1, text)

    def _add(self, event: Any, message: str, remedy: str) -> None:
        self._problems.append(Problem(event.start_mark.line + 1, event.start_mark.column + 1, message, remedy))

    def _stop(self, event: Any, message: str, remedy: str) -> None:
        self._add(event, message, remedy)
        raise _UnsoundError
