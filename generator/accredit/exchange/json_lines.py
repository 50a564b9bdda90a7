"""JSON Lines: a log with a JSON object a line, which may leave out what is empty."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

from accredit.exchange.prediction_log import MAX_LINE, Row, lines, refused, says_something, text_of

AHEAD = 1000
"""Records that are read before it is settled which columns there are; fewer where they are long."""


class JsonLog:
    """A log in JSON Lines. Its columns are the keys of its first records.

    Args:
        path: The file, for messages.
        stream: Its bytes.
        names: Keys that must not come up later than in the first records, because they would be counted.
    """

    def __init__(self, path: Path, stream: io.BufferedIOBase, names: frozenset[str]) -> None:
        self._path = path
        self.line = 0
        self._records = self._objects(lines(path, stream))
        self._first: list[tuple[int, dict[str, Any]]] = []
        self._size = 0
        for record in islice(self._records, AHEAD):
            self._first.append((self.line, record))
            if self._size > MAX_LINE:
                break
        self.columns = tuple(dict.fromkeys(key for _, record in self._first for key in record))
        self._late = names.difference(self.columns)

    def _objects(self, texts: Iterator[str]) -> Iterator[dict[str, Any]]:
        decode = json.JSONDecoder(parse_constant=_no_number).decode
        for text in texts:
            self.line += 1
            self._size += len(text)
            if text.isspace():
                continue
            try:
                record = decode(text)
            except (ValueError, RecursionError) as error:
                what = getattr(error, "msg", None) or str(error) or "nested too deeply"
                refused(self._path, self.line, f"is no JSON: {what}", "Write a JSON object a line.")
            if not isinstance(record, dict):
                refused(self._path, self.line, "is JSON, and no object", "Write a JSON object a line.")
            yield record

    def rows(self, columns: Sequence[str], reasons: str | None) -> Iterator[Row]:
        """Every record. A key that one of them lacks is an empty value, as null is."""
        last, seen, late = self.line, len(self._first), self._late
        for line, record in self._first:
            self.line = line
            yield self._row(record, columns, reasons)
        self._first, self.line = [], last
        for record in self._records:
            if not late.isdisjoint(record):
                what = f"has `{min(late.intersection(record))}`, which none of the first {seen:,} records has"
                refused(self._path, self.line, what, "Write it in every record, as null where there is nothing.")
            yield self._row(record, columns, reasons)

    def _row(self, record: dict[str, Any], columns: Sequence[str], reasons: str | None) -> Row:
        get = record.get
        found = tuple([v if type(v := get(c)) is str else self._text(c, v) for c in columns])
        return found, "+" if reasons is not None and says_something(get(reasons)) else ""

    def _text(self, column: str, value: object) -> str:
        if isinstance(value, list | dict):
            refused(self._path, self.line, f"`{column}` is a {type(value).__name__}", "Give it one value.")
        return text_of(value)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
