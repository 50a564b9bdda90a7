"""Parquet, read in batches of rows by Apache Arrow: the extra `accredit[parquet]`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from accredit.errors import UsageError
from accredit.exchange.prediction_log import Row, refused, says_something, text_of

try:
    import pyarrow as pa
    from pyarrow import parquet
except ImportError:  # the extra is not installed
    AVAILABLE = False
else:
    AVAILABLE = True

BATCH = 16_384
"""Rows in memory at a time."""


class ParquetLog:
    """A log in Parquet. Only the columns that are asked for are read.

    Raises:
        UsageError: where the library is not installed, or the file is no Parquet.
    """

    def __init__(self, path: Path, file: BinaryIO) -> None:
        if not AVAILABLE:
            raise UsageError("Parquet cannot be read here", "Install accredit[parquet], or export the log as CSV.")
        self._path = path
        self.line = 0
        try:
            self._file = parquet.ParquetFile(file)
        except (pa.ArrowException, OSError) as error:
            refused(path, 0, f"is no Parquet: {_short(error)}", "Copy it again, or export it anew.")
        self.columns = tuple(self._file.schema_arrow.names)

    def rows(self, columns: Sequence[str], reasons: str | None) -> Iterator[Row]:
        """Every row."""
        wanted = [*columns, *([reasons] if reasons is not None else [])]
        try:
            for batch in self._file.iter_batches(BATCH, columns=list(dict.fromkeys(wanted))):
                parts = [batch.column(name).to_pylist() for name in wanted]
                texts = [self._texts(name, part) for name, part in zip(columns, parts, strict=False)]
                given = ["+" if says_something(v) else "" for v in parts[-1]] if reasons is not None else None
                heads = zip(*texts, strict=True)
                for index, head in enumerate(heads):
                    self.line += 1
                    yield head, given[index] if given else ""
        except (pa.ArrowException, OSError) as error:
            refused(self._path, self.line, f"cannot be read further: {_short(error)}", "Copy it again.")

    def _texts(self, name: str, values: list[Any]) -> list[str]:
        for index, value in enumerate(values):
            if isinstance(value, list | dict):
                refused(
                    self._path, self.line + index + 1, f"`{name}` is a {type(value).__name__}", "Give it one value."
                )
        return [v if type(v) is str else text_of(v) for v in values]


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
