"""Edits of a person's file that leave every other byte of it alone: a new key, and the end of an old one."""

from __future__ import annotations

import datetime as dt
import json

from accredit.domain.person import Person
from accredit.errors import UsageError
from accredit.history.signature import fingerprint
from accredit.loading.schema import read_entry
from accredit.loading.yaml import marks_of


def with_key(path: str, text: str, public: str) -> str:
    """The file with one more key.

    Raises:
        UsageError: where the file or the key cannot be read, or the key is there already.
    """
    person = person_in(path, text)
    kind = "openpgp" if public.startswith("-----BEGIN PGP") else "ssh"
    entry = f"{{type: {kind}, public: {json.dumps(public)}}}"
    if any(key.public == public for key in person.keys):
        raise UsageError(f"{path} has this key already", "Name another key.")
    marks = marks_of(text.encode())
    if ("keys", 0) in marks:
        mark = marks["keys", 0]
        edited = _before_item(text, mark.value_line, mark.value_column, entry)
    elif ("keys",) in marks:
        raise UsageError(f"{path} has an empty list of keys", "Remove the line with `keys`, and try again.")
    else:
        edited = f"{text.rstrip()}\nkeys:\n  - {entry}\n"
    return _checked(path, edited, len(person.keys) + 1)


def _before_item(text: str, line: int, column: int, entry: str) -> str:
    lines = text.splitlines(keepends=True)
    before, after = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
    is_block = before.strip() == "-"
    lines[line - 1] = f"{before}{entry}\n{before}{after}" if is_block else f"{before}{entry}, {after}"
    return "".join(lines)


def with_revocation(path: str, text: str, key: str, reason: str, since: dt.date | None) -> str:
    """The file with a key, named by its fingerprint, that counts no more.

    Raises:
        UsageError: where there is no such key, or it is revoked already.
    """
    person = person_in(path, text)
    index = next((i for i, k in enumerate(person.keys) if fingerprint(k) == key), None)
    if index is None:
        known = ", ".join(fingerprint(k) for k in person.keys) or "none"
        raise UsageError(f"{path} has no key {key}", f"Its keys: {known}.")
    if person.keys[index].revoked is not None:
        raise UsageError(f"the key {key} is revoked already", "Edit the file to correct the reason.")
    compromised = f", compromised_since: {since}" if since else ""
    entry = f"revoked: {{reason: {json.dumps(reason, ensure_ascii=False)}{compromised}}}"
    mark = marks_of(text.encode())["keys", index]
    lines = text.splitlines(keepends=True)
    line, column = lines[mark.value_line - 1], mark.value_column - 1
    if line[column] == "{":
        lines[mark.value_line - 1] = f"{line[: column + 1]}{entry}, {line[column + 1 :]}"
    else:
        lines[mark.value_line - 1] = f"{line[:column]}{entry}\n{' ' * column}{line[column:]}"
    return _checked(path, "".join(lines), len(person.keys))


def person_in(path: str, text: str) -> Person:
    """The person in a file.

    Raises:
        UsageError: where the file cannot be read.
    """
    value, findings = read_entry("person", path, text.encode())
    if not isinstance(value, Person):
        raise UsageError(f"{path} cannot be read: {findings[0].message}", findings[0].help)
    return value


def _checked(path: str, text: str, keys: int) -> str:
    """An edited file, once it is known that every key in it can be read."""
    person = person_in(path, text)
    if len(person.keys) != keys or not all(fingerprint(key) for key in person.keys):
        raise UsageError(f"the keys of {path} could not be read after the change", "Is it a public key? Edit by hand.")
    return text
