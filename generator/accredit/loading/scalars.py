"""What a plain YAML scalar means. Text that YAML readers disagree about has no meaning and is refused."""

from __future__ import annotations

import datetime as dt
import re

Atom = str | int | float | bool | None | dt.date | dt.datetime

_CONSTANTS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?P<fraction>\.[0-9]+)?(?P<exponent>[eE][+-]?[0-9]{1,3})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_DISPUTED = re.compile(
    r"""(?ix: y|n|yes|no|on|off|true|false|null          # booleans of YAML 1.1, other spellings of the constants
        | [-+]?0[0-9_]+ | [-+]?0b[01_]+ | [-+]?0x[0-9a-f_]+ | [-+]?0o[0-7]+   # octal, binary, hexadecimal
        | [-+]?[0-9][0-9_]*                               # digits with separators, a plus sign, or too many
        | [-+]?(?:[0-9][0-9_]*)?\.[0-9_]*(?:e[-+]?[0-9]+)?| [-+]?[0-9][0-9_]*\.?[0-9_]*e[-+]?[0-9]+
        | [-+]?\.(?:inf|nan) | \.
        | [-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)? # base sixty, as in 12:30
        | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:t|\s+)[0-9].*)?                 # other spellings of dates
        | = | << )"""
)
_FIRST = frozenset("0123456789+-.~=<ynotfYNOTF")


class DisputedScalarError(ValueError):
    """The text means different things to different readers of YAML."""


def resolve(text: str) -> Atom:
    """The value of a plain scalar, by the JSON schema of YAML 1.2 plus ISO 8601 dates and instants.

    Raises:
        DisputedScalarError: where YAML 1.1 and 1.2 disagree, as for `no`, `010` and `12:30`.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _FIRST:
        return text
    if match := _NUMBER.fullmatch(text):
        is_float = match["fraction"] or match["exponent"]
        return float(text) if is_float else int(text)
    try:
        if _DATE.fullmatch(text):
            return dt.date.fromisoformat(text)
        if _INSTANT.fullmatch(text):
            return dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise DisputedScalarError(text) from error
    if _DISPUTED.fullmatch(text):
        raise DisputedScalarError(text)
    return text
