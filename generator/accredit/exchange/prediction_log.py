"""Prediction logs, row by row: CSV (RFC 4180), JSON Lines and Parquet, the first two also compressed by gzip.

A log is read once, as a stream, and its digest is taken of the same bytes. Memory holds a line, or a batch of rows,
whatever the size of the log. Nothing of a row leaves this module but the values of the columns that were asked for.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal, NoReturn, Protocol

from accredit.errors import UsageError

LogKind = Literal["csv", "jsonl", "parquet"]
MAX_LINE = 1 << 20
"""Bytes of a line; a longer one is refused before it is in memory."""
_PORTION = 1 << 17
_SUFFIXES: dict[str, LogKind] = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
Row = tuple[tuple[str, ...], str]
"""The values of the columns in the order that was asked for, empty for a missing one; and the reasons."""


class Log(Protocol):
    """An open log."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of its columns; of JSON Lines those of the first records."""

    @property
    def line(self) -> int:
        """Number of the line, or of the row, that was read last."""

    def rows(self, columns: Sequence[str], reasons: str | None) -> Iterator[Row]:
        """Every row. Without a column for reasons, they are empty."""


class Hashed(io.RawIOBase):
    """A file whose bytes are digested as they are read."""

    def __init__(self, file: io.RawIOBase) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._known = ""

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Reads some bytes, and digests them."""
        view = memoryview(buffer)
        count = self._file.readinto(view) or 0
        self._digest.update(view[:count])
        return count

    def sha256(self) -> str:
        """The digest of all bytes, in hexadecimal; what nobody has read yet is read for it, once."""
        buffer = bytearray(1 << 16)
        while not self._known:
            if not self.readinto(buffer):
                self._known = self._digest.hexdigest()
        return self._known


def kind_of(path: Path) -> LogKind:
    """What kind of log a file is, by its name.

    Raises:
        UsageError: where the name does not say.
    """
    name = path.name.lower().removesuffix(".gz")
    found = next((kind for suffix, kind in _SUFFIXES.items() if name.endswith(suffix)), None)
    if found is None or (found == "parquet" and path.name.lower().endswith(".gz")):
        known = ", ".join(_SUFFIXES)
        raise UsageError(f"{path.name} is no kind of log that is known", f"Name it {known}; .csv.gz and .jsonl.gz do.")
    return found


@contextmanager
def opened(path: Path, names: frozenset[str] = frozenset()) -> Iterator[tuple[Log, Hashed]]:
    """The log in a file, and its digest, to be asked for at the end.

    Args:
        path: The file.
        names: Columns that are counted if there are any, so that none may come up late.

    Raises:
        UsageError: where the file is none, cannot be understood, or changes meanwhile.
    """
    kind = kind_of(path)
    if not path.is_file():
        raise UsageError(f"there is no file {path}", "Name the file that holds the log.")
    from accredit.exchange.json_lines import JsonLog  # noqa: PLC0415 - it reads lines as they are read here

    with path.open("rb", buffering=0) as file, ExitStack() as stack:
        before, hashed = os.fstat(file.fileno()), Hashed(file)
        log: Log
        try:
            if kind == "parquet":
                from accredit.exchange.parquet import ParquetLog  # noqa: PLC0415 - the extra may be absent

                hashed.sha256()
                log = ParquetLog(path, stack.enter_context(os.fdopen(os.dup(file.fileno()), "rb")))
            else:
                raw = io.BufferedReader(hashed, 1 << 18)
                zipped = path.name.lower().endswith(".gz")
                stream = gzip.GzipFile(fileobj=raw) if zipped else raw
                log = _CsvLog(path, stream) if kind == "csv" else JsonLog(path, stream, names)
            yield log, hashed
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise UsageError(f"{path.name} is not whole as gzip: {error}", "Copy it again.") from error
        after = os.fstat(file.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise UsageError(f"{path.name} changed while it was read", "Record a log when its period is over.")


def refused(path: Path, line: int, what: str, remedy: str) -> NoReturn:
    """Stops at a place in a log."""
    raise UsageError(f"{path.name}:{line}: {what}", remedy)


def lines(path: Path, stream: io.BufferedIOBase) -> Iterator[str]:
    """The lines of a stream as text. They are decoded some thousands at a time, which is faster than one by one."""
    line = 0
    while raw := stream.read(_PORTION):
        rest = b"" if raw.endswith(b"\n") else stream.readline(MAX_LINE + 1)
        raw += rest
        if len(rest) > MAX_LINE:
            place = line + raw.count(b"\n") + 1
            refused(path, place, f"the line has more than {MAX_LINE:,} bytes", "Is it the right file?")
        try:
            text = raw.decode("utf-8" if line else "utf-8-sig")
        except UnicodeDecodeError as error:
            place = line + raw.count(b"\n", 0, error.start) + 1
            refused(path, place, "holds a byte that is not UTF-8", "Write the log as UTF-8.")
        line += raw.count(b"\n")
        yield from io.StringIO(text, newline="\n")


class _CsvLog:
    """Comma-separated values with a header."""

    def __init__(self, path: Path, stream: io.BufferedIOBase) -> None:
        self._path = path
        self._reader = csv.reader(lines(path, stream), strict=True)
        self.columns = tuple(next(self._records(), ()))

    @property
    def line(self) -> int:
        """Number of the line that was read last."""
        return self._reader.line_num

    def _records(self) -> Iterator[list[str]]:
        try:
            yield from self._reader
        except csv.Error as error:
            refused(self._path, self.line, f"is no CSV: {error}", "Quote values that hold commas, quotes or lines.")

    def rows(self, columns: Sequence[str], reasons: str | None) -> Iterator[Row]:
        """Every row. A line without any value is none."""
        width = len(self.columns)
        places = [self.columns.index(c) for c in columns]
        get = itemgetter(*places) if len(places) > 1 else lambda row: (row[places[0]],)
        why = self.columns.index(reasons) if reasons is not None else None
        for row in self._records():
            if len(row) != width:
                if not row:
                    continue
                what = f"has {len(row)} values, and the header names {width} columns"
                refused(self._path, self.line, what, "Quote values that hold commas.")
            yield get(row), row[why] if why is not None else ""


def text_of(value: object) -> str:
    """A value as CSV would have it: empty for a missing one, and for what is no number."""
    if value is None or value != value:  # noqa: PLR0124 - NaN alone differs from itself
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def says_something(value: object) -> bool:
    """Whether reasons are given: text that is not blank, or a list with such an item."""
    if isinstance(value, list | tuple):
        return any(says_something(item) for item in value)
    return bool(text_of(value).strip()) if not isinstance(value, dict) else bool(value)
