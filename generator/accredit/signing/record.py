"""The text of a record that is signed: YAML that the strict reader takes, and that a person reads before signing."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from accredit.domain.paths import parse_path
from accredit.errors import UsageError
from accredit.loading.scalars import DisputedScalarError, is_word, resolve
from accredit.loading.schema import read_entry

_PLAIN = re.compile(r"[0-9A-Za-z][0-9A-Za-z_./>@+-]*")


@dataclass(frozen=True, slots=True)
class Draft:
    """A record that nobody has signed yet: its path in the registry and its text."""

    path: str
    text: str


def draft(path: str, fields: Mapping[str, object]) -> Draft:
    """A record of these fields, which the reader is known to accept.

    Raises:
        UsageError: where a value has no place in a record.
    """
    text = fields_of(fields)
    known = parse_path(path)
    if known is None:
        raise UsageError(f"{path} has no place in a registry", "Ids have small letters, digits and hyphens.")
    value, findings = read_entry(known.kind, path, text.encode())
    if value is None:
        raise UsageError(f"the record would not be accepted: {findings[0].message}", findings[0].help)
    return Draft(path, text)


def fields_of(fields: Mapping[str, object]) -> str:
    """The fields as lines of YAML, without asking whether they are a record."""
    return "".join(f"{line}\n" for line in _mapping(fields, ""))


def _mapping(fields: Mapping[str, object], indent: str) -> Iterator[str]:
    for key, value in fields.items():
        if isinstance(value, Mapping):
            yield f"{indent}{_text(key)}:" if value else f"{indent}{_text(key)}: {{}}"
            yield from _mapping(value, f"{indent}  ")
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield f"{indent}{_text(key)}:" if value else f"{indent}{_text(key)}: []"
            for item in value:
                if not isinstance(item, Mapping):
                    yield f"{indent}  - {_scalar(item)}"
                    continue
                first, *rest = _mapping(item, f"{indent}    ")
                yield f"{indent}  - {first.strip()}"
                yield from rest
        else:
            yield f"{indent}{_text(key)}: {_scalar(value)}"


def _scalar(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0") + "0" * value.is_integer()
    return value.isoformat() if isinstance(value, dt.date) else str(value) if isinstance(value, int) else _text(value)


def _text(value: object) -> str:
    text = str(value)
    return text if _PLAIN.fullmatch(text) and _is_itself(text) else json.dumps(text, ensure_ascii=False)


def _is_itself(text: str) -> bool:
    """Whether the text without quotes is text to every reader of YAML."""
    try:
        return resolve(text) == text and not is_word(text)
    except DisputedScalarError:
        return False
