"""What libyaml says about a file that is no YAML, in words that name the likely slip and the remedy."""

from __future__ import annotations

_QUOTE = "Put the text in quotes."
_INDENT = "Indent keys of one mapping, and items of one list, by the same number of spaces."

_SLIPS: dict[str, tuple[str, str]] = {
    "mapping values are not allowed in this context": (
        "a `:` stands where no key can be",
        "Put text that holds a colon in quotes, and give each key its own line.",
    ),
    "found character that cannot start any token": ("a value cannot start with this character", _QUOTE),
    "found a tab character that violates indentation": ("a tab indents the line", "Indent with spaces."),
    "could not find expected ':'": ("a key without `:`", "Write `key: value`."),
    "did not find expected key": ("no key stands where one is wanted", _INDENT),
    "did not find expected '-' indicator": ("no list item stands where one is wanted", _INDENT),
    "block sequence entries are not allowed in this context": (
        "a list item stands where none can be",
        "Start the list on its own line below the key.",
    ),
    "block mapping entries are not allowed in this context": ("a mapping starts where none can be", _INDENT),
    "did not find expected ',' or ']'": ("the list is not closed", "Write `,` between items and `]` at the end."),
    "did not find expected ',' or '}'": ("the mapping is not closed", "Write `,` between entries and `}` at the end."),
    "did not find expected node content": ("a value is missing", "Write the value, or remove what announces it."),
    "found unexpected end of stream": ("a quote is not closed", "Write the closing quote."),
    "found unexpected document indicator": ("a quote is not closed", "Write the closing quote."),
    "did not find expected <document start>": ("text stands after the end of the entry", "Remove it."),
    "found unknown escape character": (
        "an unknown escape after a backslash",
        "Write the backslash twice, or use single quotes.",
    ),
    "found invalid Unicode character escape code": (
        "the escape is no character",
        "Write the character itself.",
    ),
    "did not find expected alphabetic or numeric character": ("a `*` or `&` starts the value", _QUOTE),
    "found unknown directive name": ("directives are not allowed", "Remove the lines that start with %."),
    "found duplicate %YAML directive": ("directives are not allowed", "Remove the lines that start with %."),
    "found incompatible YAML document": ("directives are not allowed", "Remove the lines that start with %."),
    "found undefined tag handle": ("tags are not allowed", "Remove the tag, or put the text in quotes."),
}


def slip(problem: str, character: str) -> tuple[str, str]:
    """Message and remedy for a problem of libyaml at a character of the file, empty at its end."""
    if character == "\t" and "token" in problem:
        problem = "found a tab character that violates indentation"
    message, remedy = _SLIPS.get(problem, (problem, "Correct the syntax at this place."))
    return f"not YAML: {message}", remedy
