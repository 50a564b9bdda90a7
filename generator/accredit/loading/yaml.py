"""The one door to YAML: bytes to plain values, by a strict subset, with a position for every key and value.

Everything is checked on parser events, before anything is composed, because libyaml's composer recurses without limit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple, NoReturn

import yaml
from yaml.events import MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent

from accredit.findings import Route
from accredit.loading.characters import describe, hidden_in, is_plain, place, shown
from accredit.loading.scalars import DisputedScalarError, is_word, resolve
from accredit.loading.syntax import slip

MAX_BYTES = 1 << 20
MAX_DEPTH = 16
MAX_NODES = 50_000
MAX_KEY = 300
MAX_PROBLEMS = 50
"""More say nothing new, and a hostile file must not fill a report."""

# libyaml where the wheel has it, which is everywhere usual
_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Why a file is not acceptable YAML. Line and column count from 1."""

    line: int
    column: int
    message: str
    help: str


class Mark(NamedTuple):
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


def yaml_version() -> str:
    """The version of PyYAML, and whether libyaml does the work."""
    return f"{yaml.__version__} {_Parser.__name__}"


def parse(content: bytes, *, positions: bool = False) -> Document:
    """The document in a file, with every problem found; `marks` only where positions are asked for and it is sound."""
    if problem := _unreadable(content):
        return Document(None, [problem])
    document = _Builder(content).document()
    if positions and not document.problems:
        document.marks = marks_of(content)
    return document


def _unreadable(content: bytes) -> Problem | None:
    if len(content) > MAX_BYTES:
        return Problem(1, 1, f"the file has {len(content):,} bytes", f"Keep a file at or below {MAX_BYTES:,} bytes.")
    if is_plain(content):
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        what = f"byte 0x{content[error.start]:02x} is not UTF-8"
        return Problem(*place(before, len(before)), what, "Save the file as UTF-8.")
    index = hidden_in(text)
    return None if index is None else _hidden(text[index], *place(text, index))


def _hidden(character: str, line: int, column: int) -> Problem:
    what = f"character {describe(character)} is invisible, or acts on the text around it"
    return Problem(line, column, what, "Remove it: what a reviewer sees must be what the file says.")


class _Builder:
    """Builds values from libyaml's events."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._next = _Parser(content).get_event
        self._has_properties = b"!" in content or b"&" in content
        self._has_escapes = b"\\" in content
        self._nodes = 0
        self._problems: list[Problem] = []

    def document(self) -> Document:
        data = None
        try:
            data = self._single_document()
        except yaml.MarkedYAMLError as error:
            self._problems.append(self._syntax(error))
        except yaml.YAMLError as error:
            self._problems.append(Problem(1, 1, f"not YAML: {shown(str(error))}", "Correct the syntax."))
        except _UnsoundError:
            pass
        return Document(data, self._problems)

    def _syntax(self, error: yaml.MarkedYAMLError) -> Problem:
        """Shown at the start of what was left open where the parser only noticed at the end of the file."""
        text = self._content.decode()
        end = len(text.rstrip())
        at = [mark.index for mark in (error.problem_mark, error.context_mark) if mark is not None]
        index = next((i for i in at if i < end), end)
        return Problem(*place(text, index), *slip(error.problem or "", text[index : index + 1]))

    def _single_document(self) -> Any:
        self._next()
        start = self._next()
        if isinstance(start, yaml.StreamEndEvent):
            self._problems.append(Problem(1, 1, "the file is empty", "Write the entry, or delete the file."))
            return None
        if start.tags or start.version:
            self._stop(start, "directives are not allowed", "Remove the lines that start with %.")
        data = self._value(self._next(), 0)
        self._next()
        if not isinstance(end := self._next(), yaml.StreamEndEvent):
            self._stop(end, "the file holds more than one document", "Keep one document a file; remove the `---` line.")
        return data

    def _value(self, event: Any, depth: int) -> Any:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._stop(event, f"the file holds more than {MAX_NODES:,} values", "Split it, or leave out detail.")
        kind = event.__class__
        if kind is ScalarEvent:
            if self._has_properties:
                self._refuse_properties(event)
            return self._quoted(event) if event.style else self._plain(event)
        if depth == MAX_DEPTH:
            self._stop(event, f"the file is nested deeper than {MAX_DEPTH}", "Flatten it.")
        self._refuse_properties(event)
        return self._mapping(depth + 1) if kind is MappingStartEvent else self._sequence(depth + 1)

    def _refuse_properties(self, event: Any) -> None:
        if event.anchor is not None:
            self._stop(event, "anchors and aliases are not allowed", "Write the value out where it is needed.")
        if event.tag is not None:
            self._stop(event, f"the tag `{shown(event.tag)}` is not allowed", "Remove the tag.")

    def _plain(self, event: Any) -> Any:
        text: str = event.value
        try:
            return resolve(text)
        except DisputedScalarError as error:
            remedy = f'Write "{shown(text)}" if it is text; else true, false, null, a decimal number or an ISO date.'
            self._add(event, f"`{shown(text)}` without quotes {error}", remedy)
            return text

    def _quoted(self, event: Any) -> str:
        text: str = event.value
        if self._has_escapes and (index := hidden_in(text)) is not None:
            self._add_problem(_hidden(text[index], event.start_mark.line + 1, event.start_mark.column + 1))
        return text

    def _mapping(self, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        next_event, value = self._next, self._value
        while (event := next_event()).__class__ is not MappingEndEvent:
            key = self._key(event)
            if key in result:
                self._add(event, f"the key `{shown(key)}` stands twice in one mapping", "Keep one of the two.")
            result[key] = value(next_event(), depth)
        return result

    def _key(self, event: Any) -> str:
        if event.__class__ is not ScalarEvent or event.anchor is not None or event.tag is not None:
            self._stop(event, "a key must be plain text", "Write the key as a word.")
        key: str = event.value
        if len(key) > MAX_KEY:
            self._stop(event, f"a key has {len(key):,} characters", f"Keep it at or below {MAX_KEY}.")
        if event.style:
            return self._quoted(event)
        if key == "<<":
            self._stop(event, "merge keys are not allowed", "Write the values out where they are needed.")
        if is_word(key):
            self._add(event, f"the key `{key}` without quotes is not text to every reader of YAML", f'Write "{key}".')
        return key

    def _sequence(self, depth: int) -> tuple[Any, ...]:
        result: list[Any] = []
        next_event, value = self._next, self._value
        while (event := next_event()).__class__ is not SequenceEndEvent:
            result.append(value(event, depth))
        return tuple(result)

    def _add(self, event: Any, message: str, remedy: str) -> None:
        self._add_problem(Problem(event.start_mark.line + 1, event.start_mark.column + 1, message, remedy))

    def _add_problem(self, problem: Problem) -> None:
        self._problems.append(problem)
        if len(self._problems) == MAX_PROBLEMS:
            raise _UnsoundError

    def _stop(self, event: Any, message: str, remedy: str) -> NoReturn:
        self._add(event, message, remedy)
        raise _UnsoundError


def marks_of(content: bytes) -> dict[Route, Mark]:
    """Where every value stands in a file that `parse` found sound."""
    marks: dict[Route, Mark] = {}
    next_event = _Parser(content).get_event

    def visit(event: Any, route: Route, at: Any) -> None:
        kind, value_at, text = event.__class__, event.start_mark, None
        if kind is ScalarEvent:
            text = event.value
        elif kind is MappingStartEvent:
            while (key := next_event()).__class__ is not MappingEndEvent:
                visit(next_event(), (*route, key.value), key.start_mark)
        else:
            index = 0
            while (item := next_event()).__class__ is not SequenceEndEvent:
                visit(item, (*route, index), item.start_mark)
                index += 1
        marks[route] = Mark(at.line + 1, at.column + 1, value_at.line + 1, value_at.column + 1, text)

    next_event()
    next_event()
    root = next_event()
    visit(root, (), root.start_mark)
    del marks[()]  # the file as a whole has no line
    return marks
