"""What a plain YAML scalar means. Text that YAML readers disagree about has no meaning and is refused."""

from __future__ import annotations

import datetime as dt
import math
import re
from functools import lru_cache

Atom = str | int | float | bool | None | dt.date | dt.datetime

_CONSTANTS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""Booleans of YAML 1.1 and other spellings of the constants."""
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?P<fraction>\.[0-9]+(?:[eE][+-][0-9]{1,3})?)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
# Repetitions are possessive (`*+`), so that no text makes the search slow.
_DISPUTED = re.compile(
    r"""(?ix: [-+]?0b[01_]+ | [-+]?0x[0-9a-f_]+ | [-+]?0o[0-7_]+              # binary, hexadecimal, octal
        | [-+]?[0-9][0-9_]*+                               # octal, digits with separators, a plus sign
        | [-+]?(?:[0-9][0-9_]*+)?\.[0-9_]*+(?:e[-+]?[0-9]+)?      # no digit before or after the point
        | [-+]?[0-9][0-9_]*+(?:\.[0-9_]*+)?e[-+]?[0-9]+    # a number in YAML 1.2 and text in 1.1
        | [-+]?\.(?:inf|nan)
        | [-+]?[0-9][0-9_]*+(?::[0-5]?[0-9])++(?:\.[0-9_]*)?      # base sixty, as in 12:30
        | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:t|\s+)[0-9].*)?     # other spellings of dates
        | = | << )"""
)
_NUMERIC = frozenset("0123456789+-.=<")
_FIRST = _NUMERIC | frozenset(word[0] for word in _WORDS) | frozenset(word[0].upper() for word in _WORDS) | {"~"}
_LARGEST = 10**18
"""Beyond it, readers that keep numbers in 64 bits or as floats give another value."""
_YEARS = range(1000, 3000)
"""Days that leave room for adding and subtracting any term."""


class DisputedScalarError(ValueError):
    """The text has no value that every reader of YAML agrees on. The message says why."""


def resolve(text: str) -> Atom:
    """The value of a plain scalar, by what YAML 1.1 and 1.2 have in common plus ISO 8601 dates and instants.

    Raises:
        DisputedScalarError: where YAML 1.1 and 1.2 disagree, as for `no`, `010` and `12:30`, and for days that do
            not exist and numbers that do not fit.
    """
    if text and text[0] not in _FIRST:
        return text
    return _resolved(text) if len(text) < 40 else _rare(text)


@lru_cache(maxsize=4096)
def is_word(text: str) -> bool:
    """Whether a key without quotes is true, false or nothing to some readers; `y` and `n` are keys of the format."""
    return text.lower() in _WORDS - {"y", "n"} or text in ("", "~")


@lru_cache(maxsize=4096)
def _resolved(text: str) -> Atom:
    """Registries repeat dates, levels and counts; the cache is bounded."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    return _rare(text)


def _rare(text: str) -> Atom:
    if text[0] not in _NUMERIC:
        if text.lower() in _WORDS:
            raise DisputedScalarError("means different things to different readers of YAML")
        return text
    if match := _NUMBER.fullmatch(text):
        return _number(text, is_float=match["fraction"] is not None)
    if _DATE.fullmatch(text) or _INSTANT.fullmatch(text):
        return _moment(text)
    if _DISPUTED.fullmatch(text):
        raise DisputedScalarError("means different things to different readers of YAML")
    return text


def _number(text: str, *, is_float: bool) -> int | float:
    """Long digits never reach `int`, which takes time that grows with their square."""
    value = float(text) if is_float or len(text) > 19 else int(text)
    if math.isinf(value) or (not is_float and abs(value) >= _LARGEST):
        raise DisputedScalarError("is too large a number")
    return value


def _moment(text: str) -> dt.date:
    try:
        moment = dt.date.fromisoformat(text) if len(text) == 10 else dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise DisputedScalarError("is no day or time of the calendar") from error
    if moment.year not in _YEARS:
        raise DisputedScalarError(f"is not between the years {_YEARS[0]} and {_YEARS[-1]}")
    return moment
